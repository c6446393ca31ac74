#include "base/text.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cstims {
namespace {

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Length and first bits by the first byte; the smallest value of each length, below which it is
/// overlong.
struct Form {
  unsigned char mask;
  unsigned char lead;
  char32_t least;
};
constexpr std::array forms = {Form{0x80, 0x00, 0x0}, Form{0xE0, 0xC0, 0x80},
                              Form{0xF0, 0xE0, 0x800}, Form{0xF8, 0xF0, 0x10000}};

bool is_scalar_value(char32_t value) {
  return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

/// Takes no room, or turns the direction of what follows: a name must not look like another.
bool is_invisible(char32_t value) {
  return value == 0x00AD || value == 0x061C || value == 0x180E ||
         (value >= 0x200B && value <= 0x200F) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF ||
         (value >= 0xFFF9 && value <= 0xFFFB) || (value >= 0xE0000 && value <= 0xE007F);
}

bool is_space(char32_t value) {
  return value == ' ' || (value >= '\t' && value <= '\r') || value == 0x85 || value == 0xA0 ||
         value == 0x1680 || (value >= 0x2000 && value <= 0x200A) || value == 0x2028 ||
         value == 0x2029 || value == 0x202F || value == 0x205F || value == 0x3000;
}

/// Calls `visit(code point, its bytes)` for each; bytes that are no UTF-8 are passed over.
template <typename Visit>
void for_each_character(std::string_view utf8, Visit visit) {
  std::size_t at = 0;
  while (at < utf8.size()) {
    const auto plain = static_cast<unsigned char>(utf8[at]);
    if (plain < 0x80) {
      visit(static_cast<char32_t>(plain), utf8.substr(at, 1));
      ++at;
      continue;
    }
    const auto next = first_code_point(utf8.substr(at));
    if (next) visit(next->value, utf8.substr(at, next->bytes));
    at += next ? next->bytes : 1;
  }
}

std::string encode(std::string_view bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // the terminator
  return text;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return CodePoint{first, 1};
  for (std::size_t length = 1; length <= forms.size(); ++length) {
    const auto& form = forms.at(length - 1);
    if ((first & form.mask) != form.lead) continue;
    if (text.size() < length) return std::nullopt;
    char32_t value = first & static_cast<unsigned char>(~form.mask);
    for (const char next : text.substr(1, length - 1)) {
      const auto byte = static_cast<unsigned char>(next);
      if ((byte & 0xC0) != 0x80) return std::nullopt;
      value = value << 6 | (byte & 0x3F);
    }
    if (value < form.least || !is_scalar_value(value)) return std::nullopt;
    return CodePoint{value, length};
  }
  return std::nullopt;
}

bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) || code_point == 0x2028 ||
         code_point == 0x2029;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto next = first_code_point(text);
    if (!next) return false;
    text.remove_prefix(next->bytes);
  }
  return true;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view first_characters(std::string_view utf8, std::size_t count) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < utf8.size(); ++at) {
    if ((utf8[at] & 0xC0) != 0x80 && characters++ == count) return utf8.substr(0, at);
  }
  return utf8;
}

std::string shorten(std::string_view utf8, std::size_t count) {
  if (count_characters(utf8) <= count) return std::string(utf8);
  if (count == 0) return {};
  return std::string(first_characters(utf8, count - 1)) + "…";
}

bool has_controls(std::string_view utf8, bool line_breaks_too) {
  bool found = false;
  for_each_character(utf8, [&](char32_t value, std::string_view) {
    const bool line_break = value == '\t' || value == '\n';
    found = found || (is_control(value) && (line_breaks_too || !line_break));
  });
  return found;
}

std::string single_line(std::string_view utf8) {
  std::string line;
  line.reserve(utf8.size());
  bool space_due = false;
  for_each_character(utf8, [&](char32_t value, std::string_view bytes) {
    if (value > ' ' && value < 0x7F) {
      if (std::exchange(space_due, false)) line += ' ';
      line += static_cast<char>(value);
    } else if (is_space(value)) {
      space_due = !line.empty();
    } else if (!is_control(value) && !is_invisible(value)) {
      if (space_due) line += ' ';
      space_due = false;
      line += bytes;
    }
  });
  return line;
}

std::string normal_lines(std::string_view utf8) {
  std::string lines;
  bool after_return = false;
  for_each_character(utf8, [&](char32_t value, std::string_view bytes) {
    if (value == '\r' || (value == '\n' && !after_return)) {
      lines += '\n';
    } else if (value == '\t' || (value != '\n' && !is_control(value))) {
      lines += bytes;
    }
    after_return = value == '\r';
  });
  return lines;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower, lower);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (auto at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    pieces.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  pieces.push_back(text);
  return pieces;
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string joined;
  for (const auto& piece : pieces) {
    if (&piece != &pieces.front()) joined += separator;
    joined += piece;
  }
  return joined;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  std::string replaced;
  std::size_t at = 0;
  for (auto found = text.find(from); found != std::string::npos; found = text.find(from, at)) {
    replaced.append(text, at, found - at).append(to);
    at = found + from.size();
  }
  return replaced.append(text, at);
}

std::string escape_like(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string base64(std::string_view bytes) {
  return encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<std::string> parse_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int failed =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
  if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace cstims
