#include "base/iban.h"

#include "support/sentence.h"

namespace cstims::test {
namespace {

SENTENCE(iban, "accounts are read with or without spaces, in any case") {
  EXPECT_EQ(parse_iban("ES91 2100 0418 4502 0005 1332").value(), "ES9121000418450200051332");
  EXPECT_EQ(parse_iban("de89370400440532013000").value(), "DE89370400440532013000");
  for (const auto* iban :
       {"GB82WEST12345698765432", "FR1420041010050500013M02606", "NL91ABNA0417164300",
        "BE68539007547034", "AT611904300234573201", "IT60X0542811101000000123456",
        "PT50000201231234567890154", "MT84MALT011000012345MTLCAST001S", "NO9386011117947",
        "BR1800360305000010009795493C1"}) {
    EXPECT_TRUE(parse_iban(iban)) << iban;
  }
  EXPECT_EQ(show_iban("ES9121000418450200051332"), "ES91 2100 0418 4502 0005 1332");
}

SENTENCE(iban, "any single digit mistyped, and two swapped, is noticed") {
  const std::string right = "ES9121000418450200051332";
  for (std::size_t i = 2; i < right.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = right;
      wrong[i] = digit;
      EXPECT_EQ(parse_iban(wrong).has_value(), wrong == right) << wrong;
    }
    if (i + 1 == right.size() || right[i] == right[i + 1]) continue;
    std::string swapped = right;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_FALSE(parse_iban(swapped)) << swapped;
  }
}

SENTENCE(iban, "what is no account says what is wrong") {
  EXPECT_TRUE(parse_iban("").error().english().contains("two letters"));
  EXPECT_TRUE(parse_iban("ES9121000418450200051").error().english().contains("24 characters"));
  EXPECT_TRUE(parse_iban("ES9121000418450200051333").error().english().contains("check digits"));
  for (const auto* text : {"ES91-2100-0418-4502-0005-1332", "9121000418450200051332", "ES",
                           "ESX121000418450200051332", "ES91 2100 0418 4502 0005 133é"}) {
    EXPECT_FALSE(parse_iban(text)) << text;
  }
}

SENTENCE(iban, "a bank code has eight or eleven characters") {
  EXPECT_EQ(parse_bic("caixesbbxxx").value(), "CAIXESBBXXX");
  EXPECT_EQ(parse_bic("DEUTDEFF").value(), "DEUTDEFF");
  for (const auto* text : {"", "CAIXESB", "CAIXESBBX", "C4IXESBB", "CAIXESBBXXXX", "CAIX-SBB"}) {
    EXPECT_FALSE(parse_bic(text)) << text;
  }
}

}  // namespace
}  // namespace cstims::test
