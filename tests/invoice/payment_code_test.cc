#include "invoice/payment_code.h"

#include <algorithm>

#include "support/sentence.h"

namespace cstims::test {
namespace {

Money euro(std::int64_t cents) {
  return Money(cents, Currency::eur());
}

const Payee red_cross{"Red Cross of Belgium", "BE72000000001616", ""};

SENTENCE(payment_code, "it is the text of EPC069-12, version 002, line by line") {
  EXPECT_EQ(payment_code({"ARFNET", "ES9121000418450200051332", "CAIXESBBXXX"}, euro(1210),
                         "F2026-000001"),
            "BCD\n002\n1\nSCT\nCAIXESBBXXX\nARFNET\nES9121000418450200051332\nEUR12.10\n\n\n"
            "F2026-000001");
  EXPECT_EQ(
      payment_code(red_cross, euro(100), "Urgency fund"),
      "BCD\n002\n1\nSCT\n\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\n\n\nUrgency fund");
}

SENTENCE(payment_code, "there is none for nothing, too much, other currencies and credit notes") {
  EXPECT_TRUE(payment_code(red_cross, euro(1), "x"));
  EXPECT_TRUE(payment_code(red_cross, euro(99'999'999'999), "x"));
  EXPECT_FALSE(payment_code(red_cross, euro(0), "x"));
  EXPECT_FALSE(payment_code(red_cross, euro(-100), "x"));
  EXPECT_FALSE(payment_code(red_cross, euro(100'000'000'000), "x"));
  EXPECT_FALSE(payment_code(red_cross, Money(100, Currency::parse("USD").value()), "x"));
  EXPECT_FALSE(payment_code({"ARFNET", "", ""}, euro(100), "x"));
  EXPECT_FALSE(payment_code({"", "BE72000000001616", ""}, euro(100), "x"));
}

SENTENCE(payment_code, "names and references are shortened, and no line can be smuggled in") {
  const auto code = payment_code({std::string(90, 'n') + "\nEUR9.99", "BE72000000001616", ""},
                                 euro(100), "a\nb" + std::string(200, 'r'))
                        .value();
  EXPECT_EQ(std::count(code.begin(), code.end(), '\n'), 10);
  EXPECT_LE(code.size(), 331u);
  EXPECT_FALSE(payment_code({"x", "BE72000000001616", ""}, euro(1), std::string(140, 'x') + "ü")
                   .value()
                   .contains("ü"));
}

}  // namespace
}  // namespace cstims::test
