#include "invoice/payment_reference.h"

#include <fmt/format.h>

namespace cstims {

namespace {

constexpr std::size_t longest_reference = 21;  // ISO 11649, without "RF" and check digits
constexpr std::size_t longest_creditor_reference = longest_reference + 4;

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

/// ISO/IEC 7064 MOD 97-10 of letters and digits, A being 10.
int remainder_of_97(std::string_view text) {
  int remainder = 0;
  for (const char letter : text) {
    const int value = is_digit(letter) ? letter - '0' : letter - 'A' + 10;
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
  }
  return remainder;
}

}  // namespace

std::string payment_reference(const Invoice& invoice) {
  return invoice.number;
}

std::optional<std::string> creditor_reference(std::string_view reference) {
  const std::string body = normal_reference(reference);
  if (body.empty() || body.size() > longest_reference) return std::nullopt;
  return fmt::format("RF{:02}{}", 98 - remainder_of_97(body + "RF00"), body);
}

bool is_creditor_reference(std::string_view text) {
  std::string plain;
  for (const char letter : text) {
    if (letter == ' ') continue;
    const auto normal = normal_reference(std::string_view(&letter, 1));
    if (normal.empty()) return false;
    plain += normal;
  }
  if (plain.size() < 5 || plain.size() > longest_creditor_reference) return false;
  if (!plain.starts_with("RF") || !is_digit(plain[2]) || !is_digit(plain[3])) return false;
  return remainder_of_97(plain.substr(4) + plain.substr(0, 4)) == 1;
}

std::string grouped_in_fours(std::string_view text) {
  std::string grouped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % 4 == 0) grouped += ' ';
    grouped += text[i];
  }
  return grouped;
}

std::string normal_reference(std::string_view text) {
  std::string normal;
  for (const char letter : text) {
    if (is_digit(letter) || (letter >= 'A' && letter <= 'Z')) normal += letter;
    if (letter >= 'a' && letter <= 'z') normal += static_cast<char>(letter - 'a' + 'A');
  }
  return normal;
}

std::string short_reference(std::string_view text) {
  // The last run of digits as written: "F2026-000012" has the runs 2026 and 000012.
  std::size_t end = text.size();
  while (end > 0 && !is_digit(text[end - 1])) --end;
  std::size_t start = end;
  while (start > 0 && is_digit(text[start - 1])) --start;
  std::size_t first = start;
  while (first + 1 < end && text[first] == '0') ++first;
  return normal_reference(text.substr(0, start)) + normal_reference(text.substr(first));
}

}  // namespace cstims
