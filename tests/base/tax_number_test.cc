#include "base/tax_number.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "support/sentence.h"

namespace cstims::test {
namespace {

using Numbers = std::vector<std::pair<std::string_view, std::string_view>>;  // country, number

std::string why(std::string_view text, std::string_view country) {
  const auto parsed = parse_tax_number(text, country);
  return parsed ? "accepted as " + *parsed : parsed.error().english();
}

const Numbers& registered() {
  static const Numbers numbers{
      {"AT", "ATU13585627"},    {"BE", "BE0428759497"}, {"BG", "BG175074752"},
      {"CY", "CY10259033P"},    {"CZ", "CZ25123891"},   {"DE", "DE136695976"},
      {"DK", "DK13585628"},     {"EE", "EE100931558"},  {"FI", "FI20774740"},
      {"FR", "FR40303265045"},  {"GR", "EL094259216"},  {"HR", "HR33392005961"},
      {"HU", "HU12892312"},     {"IE", "IE6433435F"},   {"IE", "IE6433435OA"},
      {"IT", "IT00743110157"},  {"LT", "LT119511515"},  {"LU", "LU15027442"},
      {"LV", "LV40003521600"},  {"MT", "MT11679112"},   {"NL", "NL004495445B01"},
      {"PL", "PL8567346215"},   {"PT", "PT501964843"},  {"RO", "RO18547290"},
      {"SE", "SE123456789701"}, {"SI", "SI50223054"},   {"SK", "SK2022749619"},
  };
  return numbers;
}

SENTENCE(tax_number, "every country of the EU has its form, with or without its prefix") {
  for (const auto& [country, number] : registered()) {
    EXPECT_EQ(why(number, country), "accepted as " + std::string(number));
    EXPECT_EQ(why(number.substr(2), country), "accepted as " + std::string(number));
    EXPECT_TRUE(is_eu_country(country));
  }
  EXPECT_FALSE(is_eu_country("GB"));
  EXPECT_FALSE(is_eu_country("CH"));
  EXPECT_FALSE(is_eu_country(""));
  EXPECT_FALSE(is_eu_country("EL")) << "the prefix is no country";
}

SENTENCE(tax_number, "spaces, dots, dashes and case do not matter") {
  EXPECT_EQ(why(" de 136.695-976 ", "DE"), "accepted as DE136695976");
  EXPECT_EQ(why("es b-58378431", "ES"), "accepted as B58378431");
}

SENTENCE(tax_number, "a digit mistyped is noticed wherever there is a check digit") {
  const std::vector<std::string_view> without{"BG", "CY", "CZ", "LT", "LV"};
  for (const auto& [country, number] : registered()) {
    if (std::ranges::find(without, country) != without.end()) continue;
    for (std::size_t i = 3; i + 3 < number.size(); ++i) {
      std::string wrong(number);
      if (wrong[i] < '0' || wrong[i] > '9') continue;
      wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
      EXPECT_FALSE(parse_tax_number(wrong, country)) << wrong;
    }
  }
}

SENTENCE(tax_number, "Spanish persons, foreigners and companies have their control characters") {
  for (const auto* right : {"54362315K", "12345678Z", "X5253868R", "M1234567L", "B58378431",
                            "A13585625", "J99216582", "ESB58378431", "Q2818002D"}) {
    EXPECT_TRUE(parse_tax_number(right, "ES")) << right;
  }
  for (const auto* wrong :
       {"54362315Z", "12345678", "X5253868T", "M1234567A", "B58378432", "A1358562E", "Q28180024",
        "Ñ5837843X", "B5837843", "I12345678", "", "ES", "ESES58378431"}) {
    EXPECT_FALSE(parse_tax_number(wrong, "ES")) << wrong;
  }
}

SENTENCE(tax_number, "a refusal says what is wrong: the form, or the check digit") {
  EXPECT_EQ(why("DE12345", "DE"), "Tax numbers of DE look like DE136695976.");
  EXPECT_EQ(why("FR40303265045", "DE"), "Tax numbers of DE look like DE136695976.");
  EXPECT_TRUE(why("DE136695977", "DE").contains("check digit"));
}

SENTENCE(tax_number, "outside the EU letters and digits are taken as they are") {
  EXPECT_EQ(why("GB 123 4567 89", "GB"), "accepted as GB123456789");
  EXPECT_EQ(why("12-3456789", "US"), "accepted as 123456789");
  EXPECT_EQ(why("CHE-123.456.788", ""), "accepted as CHE123456788");
  EXPECT_FALSE(parse_tax_number("<b>", "US"));
}

}  // namespace
}  // namespace cstims::test
