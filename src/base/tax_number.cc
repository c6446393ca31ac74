#include "base/tax_number.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

namespace cstims {

namespace {

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_letter(char letter) {
  return letter >= 'A' && letter <= 'Z';
}

int digit(std::string_view text, std::size_t at) {
  return text[at] - '0';
}

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char letter : digits) value = value * 10 + (letter - '0');
  return value;
}

int weighted(std::string_view digits, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t at = 0;
  for (const int weight : weights) sum += weight * digit(digits, at++);
  return sum;
}

/// Luhn's sum, the last digit counted once.
bool luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int value = digit(digits, digits.size() - 1 - i);
    if (i % 2 == 1) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

/// ISO/IEC 7064 MOD 11,10.
bool mod_11_10(std::string_view digits) {
  int check = 10;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    check = (check + digit(digits, i)) % 10;
    check = (check == 0 ? 10 : check) * 2 % 11;
  }
  return (check + digit(digits, digits.size() - 1)) % 10 == 1;
}

// Each gets the number without its prefix, of the right form already.

bool austria(std::string_view n) {
  int sum = 4;
  for (std::size_t i = 1; i <= 7; ++i) {
    const int value = digit(n, i) * (i % 2 == 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return digit(n, 8) == (10 - sum % 10) % 10;
}

bool belgium(std::string_view n) {
  return 97 - number(n.substr(0, 8)) % 97 == number(n.substr(8));
}

bool denmark(std::string_view n) {
  return weighted(n, {2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool estonia(std::string_view n) {
  return digit(n, 8) == (10 - weighted(n, {3, 7, 1, 3, 7, 1, 3, 7}) % 10) % 10;
}

bool finland(std::string_view n) {
  return weighted(n, {7, 9, 10, 5, 8, 4, 2, 1}) % 11 == 0;
}

/// Old keys are digits; new ones have letters, whose rule is not public for certain.
bool france(std::string_view n) {
  const auto siren = n.substr(2);
  if (!siren.starts_with("000") && !luhn(siren)) return false;  // 000: Monaco
  if (!is_digit(n[0]) || !is_digit(n[1])) return true;
  return number(n.substr(0, 2)) == (12 + 3 * (number(siren) % 97)) % 97;
}

bool greece(std::string_view n) {
  return weighted(n, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == digit(n, 8);
}

bool hungary(std::string_view n) {
  return digit(n, 7) == (10 - weighted(n, {9, 7, 3, 1, 9, 7, 3}) % 10) % 10;
}

bool ireland(std::string_view n) {
  if (!is_digit(n[1])) return true;  // the form before 2013 of few companies
  int sum = weighted(n, {8, 7, 6, 5, 4, 3, 2});
  if (n.size() == 9 && n[8] != 'W') sum += 9 * (n[8] - 'A' + 1);
  return n[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23];
}

bool luxembourg(std::string_view n) {
  return number(n.substr(0, 6)) % 89 == number(n.substr(6));
}

bool malta(std::string_view n) {
  return (weighted(n, {3, 4, 6, 7, 8, 9}) + number(n.substr(6))) % 37 == 0;
}

/// Companies: the eleven-test; one-person businesses since 2020: MOD 97-10 of the whole.
bool netherlands(std::string_view n) {
  const int eleven = weighted(n, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  if (eleven == digit(n, 8)) return true;
  int rest = 2321 % 97;  // "NL"
  for (const char letter : n) {
    const int value = is_digit(letter) ? letter - '0' : letter - 'A' + 10;
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  return rest == 1;
}

bool poland(std::string_view n) {
  return weighted(n, {6, 5, 7, 2, 3, 4, 5, 6, 7}) % 11 == digit(n, 9);
}

bool portugal(std::string_view n) {
  const int check = 11 - weighted(n, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return digit(n, 8) == (check > 9 ? 0 : check);
}

bool romania(std::string_view n) {
  const std::string padded = std::string(10 - n.size(), '0') + std::string(n);
  return weighted(padded, {7, 5, 3, 2, 1, 7, 5, 3, 2}) * 10 % 11 % 10 == digit(padded, 9);
}

bool sweden(std::string_view n) {
  return luhn(n.substr(0, 10));
}

bool slovenia(std::string_view n) {
  const int check = 11 - weighted(n, {8, 7, 6, 5, 4, 3, 2}) % 11;
  return check != 11 && digit(n, 7) == check % 10;
}

bool slovakia(std::string_view n) {
  return number(n) % 11 == 0;
}

bool any(std::string_view) {
  return true;
}

/// In a form 9 is a digit, A a letter, X either; everything else stands for itself.
struct VatNumber {
  std::string_view country;
  std::string_view prefix;
  std::array<std::string_view, 3> forms;
  bool (*check)(std::string_view);
  std::string_view example;
};

constexpr std::array<VatNumber, 27> eu{{
    {"AT", "AT", {"U99999999"}, austria, "ATU13585627"},
    {"BE", "BE", {"0999999999", "1999999999"}, belgium, "BE0428759497"},
    {"BG", "BG", {"999999999", "9999999999"}, any, "BG175074752"},
    {"CY", "CY", {"99999999A"}, any, "CY10259033P"},
    {"CZ", "CZ", {"99999999", "999999999", "9999999999"}, any, "CZ25123891"},
    {"DE", "DE", {"999999999"}, mod_11_10, "DE136695976"},
    {"DK", "DK", {"99999999"}, denmark, "DK13585628"},
    {"EE", "EE", {"999999999"}, estonia, "EE100931558"},
    {"ES", "", {"X9999999X"}, is_spanish_tax_number, "B58378431"},
    {"FI", "FI", {"99999999"}, finland, "FI20774740"},
    {"FR", "FR", {"XX999999999"}, france, "FR40303265045"},
    {"GR", "EL", {"999999999"}, greece, "EL094259216"},
    {"HR", "HR", {"99999999999"}, mod_11_10, "HR33392005961"},
    {"HU", "HU", {"99999999"}, hungary, "HU12892312"},
    {"IE", "IE", {"9999999A", "9999999AA", "9A99999A"}, ireland, "IE6433435F"},
    {"IT", "IT", {"99999999999"}, luhn, "IT00743110157"},
    {"LT", "LT", {"999999999", "999999999999"}, any, "LT119511515"},
    {"LU", "LU", {"99999999"}, luxembourg, "LU15027442"},
    {"LV", "LV", {"99999999999"}, any, "LV40003521600"},
    {"MT", "MT", {"99999999"}, malta, "MT11679112"},
    {"NL", "NL", {"999999999B99"}, netherlands, "NL004495445B01"},
    {"PL", "PL", {"9999999999"}, poland, "PL8567346215"},
    {"PT", "PT", {"999999999"}, portugal, "PT501964843"},
    {"RO", "RO", {}, romania, "RO18547290"},
    {"SE", "SE", {"999999999901"}, sweden, "SE123456789701"},
    {"SI", "SI", {"99999999"}, slovenia, "SI50223054"},
    {"SK", "SK", {"9999999999"}, slovakia, "SK2022749619"},
}};

bool fits(std::string_view text, std::string_view form) {
  if (form.empty() || text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool same = form[i] == '9'   ? is_digit(text[i])
                      : form[i] == 'A' ? is_letter(text[i])
                      : form[i] == 'X' ? is_digit(text[i]) || is_letter(text[i])
                                       : text[i] == form[i];
    if (!same) return false;
  }
  return true;
}

bool has_form(const VatNumber& vat, std::string_view text) {
  if (vat.country == "RO") {  // two to ten digits
    return text.size() >= 2 && text.size() <= 10 && std::ranges::all_of(text, is_digit);
  }
  return std::ranges::any_of(vat.forms, [&](auto form) { return fits(text, form); });
}

const VatNumber* find_country(std::string_view country) {
  const auto found = std::ranges::find(eu, country, &VatNumber::country);
  return found == eu.end() ? nullptr : &*found;
}

/// Without what people write between the characters; nothing when something else is left.
std::string compact(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == ' ' || letter == '.' || letter == '-' || letter == '/') continue;
    const char upper =
        letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    if (!is_digit(upper) && !is_letter(upper)) return {};
    result += upper;
  }
  return result;
}

bool is_natural_person(std::string_view n) {
  constexpr std::string_view letters = "TRWAGMYFPDXBNJZSQVHLCKE";
  std::string digits(n.substr(0, 8));
  if (const auto foreigner = std::string_view("XYZ").find(n[0]); foreigner != std::string::npos) {
    digits[0] = static_cast<char>('0' + foreigner);
  } else if (std::string_view("KLM").contains(n[0])) {
    digits.erase(0, 1);
  }
  if (!std::ranges::all_of(digits, is_digit)) return false;
  return n[8] == letters[static_cast<std::size_t>(number(digits) % 23)];
}

bool is_legal_person(std::string_view n) {
  if (!std::string_view("ABCDEFGHJNPQRSUVW").contains(n[0])) return false;
  if (!std::ranges::all_of(n.substr(1, 7), is_digit)) return false;
  int sum = 0;
  for (std::size_t i = 1; i <= 7; ++i) {
    const int value = digit(n, i) * (i % 2 == 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  const int check = (10 - sum % 10) % 10;
  const bool as_digit = n[8] == static_cast<char>('0' + check);
  const bool as_letter = n[8] == "JABCDEFGHI"[check];
  if (std::string_view("ABEH").contains(n[0])) return as_digit;
  if (std::string_view("NPQRSW").contains(n[0])) return as_letter;
  return as_digit || as_letter;
}

}  // namespace

bool is_eu_country(std::string_view country) {
  return find_country(country) != nullptr;
}

bool is_spanish_tax_number(std::string_view n) {
  if (n.size() != 9) return false;
  return is_legal_person(n) || is_natural_person(n);
}

Result<std::string> parse_tax_number(std::string_view text, std::string_view country) {
  const std::string typed = compact(text);
  if (typed.empty()) return refuse("", message("A tax number consists of letters and digits."));
  const auto* vat = find_country(country);
  if (!vat) return typed;
  std::string_view own = typed;
  const std::string_view prefix = vat->prefix.empty() ? vat->country : vat->prefix;
  if (own.starts_with(prefix) && !has_form(*vat, own)) own.remove_prefix(prefix.size());
  const Message example =
      message("Tax numbers of {} look like {}.", {std::string(country), std::string(vat->example)});
  if (!has_form(*vat, own)) return refuse("", example);
  if (!vat->check(own)) {
    return refuse("", message("The check digit of this tax number is wrong: something is "
                              "mistyped."));
  }
  return std::string(vat->prefix) + std::string(own);
}

}  // namespace cstims
