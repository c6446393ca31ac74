// Text from outside: validated once at the edge.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

struct CodePoint {
  char32_t value;
  std::size_t bytes;
};
/// What `text` begins with; absent when that is no well-formed UTF-8, or nothing.
std::optional<CodePoint> first_code_point(std::string_view text);
/// C0, C1, DEL, U+2028 and U+2029.
bool is_control(char32_t code_point);
/// Well-formed UTF-8: no overlong forms, surrogates or code points above 10FFFF.
bool is_utf8(std::string_view text);
std::size_t count_characters(std::string_view utf8);
std::string_view first_characters(std::string_view utf8, std::size_t count);
/// At most `count` characters, never splitting one; "…" (counted too) is appended when something
/// was cut.
std::string shorten(std::string_view utf8, std::size_t count);
/// Contains a C0 or C1 control, DEL, or U+2028/9. TAB and LF count only if `line_breaks_too`.
bool has_controls(std::string_view utf8, bool line_breaks_too);
/// Without controls, bidi and zero-width characters, white space collapsed, trimmed: names,
/// subjects, file names.
std::string single_line(std::string_view utf8);
/// CRLF and CR become LF; other controls but TAB and LF are dropped; trailing space of lines stays.
std::string normal_lines(std::string_view utf8);
std::string_view trim(std::string_view text);  // ASCII white space
std::string lower_ascii(std::string_view text);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty pieces
/// The pieces would outlive their text: `for (… : split(made_just_now(), ','))`.
std::vector<std::string_view> split(std::string&& text, char separator) = delete;
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);
/// LIKE wildcards of SQL escaped by a backslash; use with `escape '\'`.
std::string escape_like(std::string_view text);

std::string base64(std::string_view bytes);
std::optional<std::string> parse_base64(std::string_view text);
std::string hex(std::string_view bytes);

}  // namespace cstims
