#include "pdf/qr_code.h"

#include <stdexcept>

#include "pdf/pdf_document.h"
#include "support/pdf_reading.h"
#include "support/sentence.h"
#include "support/test_database.h"

namespace cstims::test {
namespace {

SENTENCE(qr_code, "it has the finder squares in three corners") {
  const auto code = qr_code("hello");
  EXPECT_EQ(code.width, 21u);
  for (const auto& [x, y] : {std::pair{0u, 0u}, std::pair{14u, 0u}, std::pair{0u, 14u}}) {
    for (unsigned i = 0; i < 7; ++i) {
      EXPECT_TRUE(code.at(x + i, y));
      EXPECT_TRUE(code.at(x, y + i));
    }
    EXPECT_FALSE(code.at(x + 1, y + 1));
    EXPECT_TRUE(code.at(x + 3, y + 3));
  }
}

SENTENCE(qr_code, "331 bytes at level M are at most version 13, what fits no code throws") {
  EXPECT_LE(qr_code(std::string(331, 'x')).width, 17u + 4 * 13);
  EXPECT_THROW(qr_code(std::string(3000, 'x')), std::length_error);
}

SENTENCE(qr_code, "drawn on a page it is read again, the longest too") {
  for (const auto& content : {std::string("hello"), std::string(331, 'x'), std::string("ñ\n€\n")}) {
    PdfDocument document{.title = "t", .author = "a", .created = Instant(0), .name = "n"};
    document.blocks.push_back(
        PdfCode{.label = "Pay", .text = "words", .content = content, .caption = "scan"});
    const auto bytes = render_pdf(document);
    EXPECT_EQ(codes_of_pdf(bytes), content);
    EXPECT_EQ(faults_of_pdf(bytes), "");
  }
}

SENTENCE(qr_code, "a file that is no PNG cannot be the logo, and the fault names it") {
  EXPECT_EQ(fault_of_logo(""), "");
  EXPECT_TRUE(fault_of_logo("/no/such/file.png").contains("/no/such/file.png"));
  EXPECT_TRUE(fault_of_logo("/etc/passwd").contains("cannot be read as PNG"));
}

}  // namespace
}  // namespace cstims::test
