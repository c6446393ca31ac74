#include "invoice/payment_reference.h"

#include "support/sentence.h"

namespace cstims::test {
namespace {

SENTENCE(payment_reference, "a creditor reference has the check digits of ISO 11649") {
  EXPECT_EQ(creditor_reference("539007547034"), "RF18539007547034");  // the standard's example
  EXPECT_TRUE(is_creditor_reference("RF18 5390 0754 7034"));
  EXPECT_TRUE(is_creditor_reference("rf18539007547034"));
  EXPECT_FALSE(is_creditor_reference("RF19539007547034"));
  EXPECT_FALSE(is_creditor_reference("RF1853900754703A4"));
  EXPECT_FALSE(is_creditor_reference("RF18"));
  EXPECT_FALSE(is_creditor_reference("RF18-539007547034"));
  EXPECT_FALSE(is_creditor_reference(""));
}

SENTENCE(payment_reference,
         "every number of ours gives one that is right and finds one wrong key") {
  for (int n = 1; n <= 2000; ++n) {
    const std::string number = "F2026-" + std::to_string(1'000'000 + n).substr(1);
    const auto made = creditor_reference(number).value();
    EXPECT_TRUE(is_creditor_reference(made)) << made;
    EXPECT_TRUE(made.ends_with(normal_reference(number)));
    std::string wrong = made;
    wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
    EXPECT_FALSE(is_creditor_reference(wrong)) << wrong;
  }
}

SENTENCE(payment_reference, "what is empty or too long gives none") {
  EXPECT_FALSE(creditor_reference("-- /"));
  EXPECT_TRUE(creditor_reference(std::string(21, '7')));
  EXPECT_FALSE(creditor_reference(std::string(22, '7')));
}

SENTENCE(payment_reference, "references are compared by their letters and digits alone") {
  EXPECT_EQ(normal_reference("fra. F2026-000123 ñ"), "FRAF2026000123");
  EXPECT_EQ(short_reference("F2026-000012"), "F202612");
  EXPECT_EQ(short_reference("F2026-12"), "F202612");
  EXPECT_EQ(short_reference("2026/F/000"), "2026F0");
  EXPECT_EQ(short_reference("ABC"), "ABC");
  EXPECT_EQ(grouped_in_fours("RF97F2026000123"), "RF97 F202 6000 123");
}

}  // namespace
}  // namespace cstims::test
