#include "pdf/pdf_document.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <thread>

#include "support/pdf_reading.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

PdfDocument letter() {
  PdfDocument document{.title = "Invoice F2026-000123",
                       .author = "ARFNET",
                       .created = Instant(1773133200),
                       .name = "ARFNET",
                       .kind = "Invoice",
                       .number = "F2026-000123",
                       .footer = "ARFNET · B12345678"};
  document.blocks = {PdfFacts{{{"Issue date", "10 Mar 2026"}}},
                     PdfParties{{{"From", "ARFNET\nCalle 1"}, {"Bill to", "Ada Lovelace\nLondon"}}},
                     PdfTable{.columns = {{.title = "Description", .share = 3},
                                          {.title = "Net", .share = 1, .number = true}},
                              .rows = {{{"Small VPS", "1 Mar 2026 – 31 Mar 2026"}, {"9.50 €"}}}},
                     PdfSums{{{"Net", "9.50 €"}, {"Total", "11.50 €", true}}},
                     PdfNote{"How to pay", "By bank transfer."}};
  return document;
}

PdfDocument letter_to(const std::string& buyer) {
  PdfDocument document = letter();
  std::get<PdfParties>(document.blocks[1]).parties[1].text = buyer;
  return document;
}

PdfDocument long_letter(int rows) {
  PdfDocument document = letter();
  auto& table = std::get<PdfTable>(document.blocks[2]);
  for (int i = 0; i < rows; ++i) {
    table.rows.push_back({{fmt::format("Row {:03}", i), "detail"}, {"1.00 €"}});
  }
  return document;
}

SENTENCE(pdf, "a document shows all of its texts") {
  const auto text = text_of_pdf(render_pdf(letter()));
  for (const auto* words :
       {"ARFNET", "Invoice", "F2026-000123", "10 Mar 2026", "Ada Lovelace", "London", "Small VPS",
        "1 Mar 2026 – 31 Mar 2026", "9.50 €", "11.50 €", "By bank transfer.", "Page 1 of 1"}) {
    EXPECT_TRUE(text.contains(words)) << words << " in\n" << text;
  }
}

SENTENCE(pdf, "qpdf finds no fault") {
  EXPECT_EQ(faults_of_pdf(render_pdf(letter())), "");
  EXPECT_EQ(faults_of_pdf(render_pdf(long_letter(150))), "");
}

SENTENCE(pdf, "the same description gives the same bytes, on any thread") {
  const auto here = render_pdf(letter());
  std::string there;
  std::thread([&] { there = render_pdf(letter()); }).join();
  EXPECT_EQ(here, render_pdf(letter()));
  EXPECT_EQ(here, there);
}

SENTENCE(pdf, "another time of creation gives other bytes") {
  PdfDocument later = letter();
  later.created = later.created.plus(std::chrono::seconds(1));
  EXPECT_NE(render_pdf(later), render_pdf(letter()));
}

SENTENCE(pdf, "a long table goes on over pages with its head on each and the sums once") {
  const auto bytes = render_pdf(long_letter(100));
  const auto text = text_of_pdf(bytes);
  EXPECT_GE(pages_of_pdf(bytes), 4);
  EXPECT_EQ(count_of("Description", text), pages_of_pdf(bytes));
  EXPECT_EQ(count_of("11.50 €", text), 1);
  EXPECT_EQ(count_of("Row 000", text), 1);
  EXPECT_EQ(count_of("Row 099", text), 1);
  const auto last = pages_of_pdf(bytes);
  EXPECT_TRUE(text.contains(fmt::format("Page {} of {}", last, last))) << text;
}

SENTENCE(pdf, "text is text: operators, markup and escapes are shown as they were typed") {
  const std::string hostile = ")Tj (PAID\n<img src=file:///etc/passwd> \\ %&{}[]/JS";
  const auto bytes = render_pdf(letter_to(hostile));
  const auto text = text_of_pdf(bytes);
  EXPECT_TRUE(text.contains(")Tj (PAID")) << text;
  EXPECT_TRUE(text.contains("<img src=file:///etc/passwd> \\ %&{}[]/JS")) << text;
  EXPECT_EQ(faults_of_pdf(bytes), "");
}

SENTENCE(pdf, "nothing in it acts: no scripts, actions, files or addresses") {
  const auto plain =
      uncompressed_pdf(render_pdf(letter_to("http://evil.test javascript:alert(1)")));
  for (const auto* name : {"/JS ", "/JavaScript", "/Launch", "/OpenAction", "/EmbeddedFile", "/URI",
                           "/AA ", "/AcroForm", "/Annots", "/GoToR", "/SubmitForm"}) {
    EXPECT_FALSE(plain.contains(name)) << name;
  }
}

SENTENCE(pdf, "metadata is escaped and bears no other time than the given one") {
  PdfDocument document = letter();
  document.title = "Invoice ) /JS (evil \\";
  const auto bytes = render_pdf(document);
  EXPECT_EQ(faults_of_pdf(bytes), "");
  const auto information = information_of_pdf(bytes);
  EXPECT_TRUE(information.contains("Invoice ) /JS (evil \\")) << information;
  EXPECT_TRUE(information.contains("2026-03-10T09:00:00Z")) << information;
}

SENTENCE(pdf, "any script is drawn with embedded fonts and can be read back") {
  const auto bytes =
      render_pdf(letter_to("Ωμέγα Жук\nשלום\nالسلام عليكم\n株式会社 東京都\n한국어\n😀"));
  const auto text = text_of_pdf(bytes);
  for (const auto* words : {"Ωμέγα", "Жук", "שלום", "株式会社", "東京都", "한국어"}) {
    EXPECT_TRUE(text.contains(words)) << words << " in\n" << text;
  }
  EXPECT_FALSE(fonts_of_pdf(bytes).contains(" no ")) << fonts_of_pdf(bytes);
}

SENTENCE(pdf, "a name of 10 kB goes on over pages and covers nothing") {
  std::string name;
  while (name.size() < 10'000) name += "Ada Lovelace of London ";
  for (const auto& buyer : {name, std::string(10'000, 'x')}) {
    const auto bytes = render_pdf(letter_to(buyer));
    const auto text = text_of_pdf(bytes);
    EXPECT_EQ(faults_of_pdf(bytes), "");
    EXPECT_GT(pages_of_pdf(bytes), 1);
    EXPECT_EQ(count_of("11.50 €", text), 1);
    EXPECT_TRUE(text.contains("Small VPS"));
  }
}

SENTENCE(pdf, "a row higher than a page is broken between its lines and loses none") {
  PdfDocument document = letter();
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += fmt::format("line {:03}\n", i);
  std::get<PdfTable>(document.blocks[2]).rows.push_back({{lines, ""}, {"1.00 €"}});
  const auto text = text_of_pdf(render_pdf(document));
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(count_of(fmt::format("line {:03}", i), text), 1) << i;
  }
}

SENTENCE(pdf, "what turns, hides or piles up text is left out") {
  EXPECT_EQ(printable("a\u202Eb\u2066c\u200Bd\uFEFFe"), "abcde");
  EXPECT_EQ(printable("a\tb\rc\x01\x7F"), "a bc  ");
  EXPECT_EQ(printable("one\ntwo\u2028three"), "one\ntwo\nthree");
  EXPECT_EQ(printable("e\u0301\u0301\u0301\u0301\u0301"), "e\u0301\u0301\u0301");
  EXPECT_EQ(printable("\xFF"), "\uFFFD");
}

SENTENCE(pdf, "an empty document is a page") {
  const auto bytes = render_pdf({.title = "", .author = "", .created = Instant(0), .name = ""});
  EXPECT_EQ(faults_of_pdf(bytes), "");
  EXPECT_EQ(pages_of_pdf(bytes), 1);
}

SENTENCE(pdf, "a logo that cannot be read is a failure that names it") {
  PdfDocument document = letter();
  document.logo = "/nowhere/logo.png";
  try {
    render_pdf(document);
    FAIL() << "drawn without its logo";
  } catch (const std::exception& error) {
    EXPECT_TRUE(std::string(error.what()).contains("/nowhere/logo.png"));
  }
}

}  // namespace
}  // namespace cstims::test
