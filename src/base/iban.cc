#include "base/iban.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cstims {

namespace {

struct Length {
  std::string_view country;
  std::size_t length;
};

/// Of the countries of SEPA (IBAN registry of SWIFT); accounts elsewhere are checked by their
/// digits alone.
constexpr std::array<Length, 41> lengths{{
    {"AD", 24}, {"AL", 28}, {"AT", 20}, {"BE", 16}, {"BG", 22}, {"CH", 21}, {"CY", 28},
    {"CZ", 24}, {"DE", 22}, {"DK", 18}, {"EE", 20}, {"ES", 24}, {"FI", 18}, {"FR", 27},
    {"GB", 22}, {"GI", 23}, {"GR", 27}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IS", 26},
    {"IT", 27}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"MC", 27}, {"MD", 24},
    {"ME", 22}, {"MK", 19}, {"MT", 31}, {"NL", 18}, {"NO", 15}, {"PL", 28}, {"PT", 25},
    {"RO", 24}, {"RS", 22}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27},
}};

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_upper(char letter) {
  return letter >= 'A' && letter <= 'Z';
}

bool is_letter_or_digit(char letter) {
  return is_digit(letter) || is_upper(letter);
}

std::string without_spaces_upper(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == ' ') continue;
    result += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return result;
}

/// ISO/IEC 7064 MOD 97-10 with A = 10.
int remainder_of_97(std::string_view text) {
  int remainder = 0;
  for (const char letter : text) {
    const int value = is_digit(letter) ? letter - '0' : letter - 'A' + 10;
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
  }
  return remainder;
}

}  // namespace

Result<std::string> parse_iban(std::string_view text) {
  std::string iban = without_spaces_upper(text);
  const bool shaped = iban.size() >= 15 && iban.size() <= 34 && is_upper(iban[0]) &&
                      is_upper(iban[1]) && is_digit(iban[2]) && is_digit(iban[3]) &&
                      std::ranges::all_of(iban, is_letter_or_digit);
  if (!shaped) {
    return refuse("", message("An IBAN is two letters, two digits and the account: ES91 2100 0418 "
                              "4502 0005 1332."));
  }
  const auto known =
      std::ranges::find(lengths, std::string_view(iban).substr(0, 2), &Length::country);
  if (known != lengths.end() && known->length != iban.size()) {
    return refuse("", message("An IBAN of {} has {} characters, this one {}.",
                              {iban.substr(0, 2), std::to_string(known->length),
                               std::to_string(iban.size())}));
  }
  if (remainder_of_97(iban.substr(4) + iban.substr(0, 4)) != 1) {
    return refuse("", message("The check digits of this IBAN are wrong: a digit is mistyped."));
  }
  return iban;
}

Result<std::string> parse_bic(std::string_view text) {
  std::string bic = without_spaces_upper(text);
  const bool shaped = (bic.size() == 8 || bic.size() == 11) &&
                      std::ranges::all_of(bic.substr(0, 6), is_upper) &&
                      std::ranges::all_of(bic, is_letter_or_digit);
  if (!shaped) return refuse("", message("A BIC has 8 or 11 characters: CAIXESBBXXX."));
  return bic;
}

std::string show_iban(std::string_view iban) {
  std::string grouped;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    if (i > 0 && i % 4 == 0) grouped += ' ';
    grouped += iban[i];
  }
  return grouped;
}

}  // namespace cstims
