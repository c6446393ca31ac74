#include "base/email_address.h"

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 5322 §3.2.3.
bool is_atom_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
}

bool is_local_part(std::string_view text) {
  if (text.size() > 64) return false;  // RFC 5321 §4.5.3.1.1
  return std::ranges::all_of(split(text, '.'), [](std::string_view atom) {
    return !atom.empty() && std::ranges::all_of(atom, is_atom_character);
  });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return c == '-' || is_letter_or_digit(c); });
}

bool is_domain(std::string_view text) {
  const auto labels = split(text, '.');
  if (!std::ranges::all_of(labels, is_label)) return false;
  if (labels.size() == 1) return lower_ascii(text) == "localhost";
  // A top-level domain of digits would be an IPv4 address.
  return !std::ranges::all_of(labels.back(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<EmailAddress> EmailAddress::parse(std::string_view text) {
  const auto address = trim(text);
  const auto at = address.find('@');
  if (address.size() > 254 || at == std::string_view::npos ||
      !is_local_part(address.substr(0, at)) || !is_domain(address.substr(at + 1))) {
    return refuse("", message("Write an email address like name@example.org."));
  }
  return EmailAddress(std::string(address.substr(0, at)) + lower_ascii(address.substr(at)));
}

EmailAddress EmailAddress::stored(std::string_view text) {
  auto address = parse(text);
  if (!address) throw DatabaseError("a stored email address is none");
  return std::move(*address);
}

std::string EmailAddress::key() const {
  return lower_ascii(text_);
}

std::string_view EmailAddress::local_part() const {
  return std::string_view(text_).substr(0, text_.find('@'));
}

std::string_view EmailAddress::domain() const {
  return std::string_view(text_).substr(text_.find('@') + 1);
}

}  // namespace cstims
