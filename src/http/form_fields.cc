#include "http/form_fields.h"

#include <algorithm>
#include <set>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

enum class Plus { stays, is_space };

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) throw BadRequest("a percent sign without two hexadecimal digits");
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

std::string decode_path(std::string_view text) {
  if (!text.starts_with('/')) throw BadRequest("the target is no path");
  std::string path;
  for (const std::string_view piece : split(text.substr(1), '/')) {
    const std::string segment = decode(piece, Plus::stays);
    if (segment == "." || segment == ".." || segment.find_first_of("/\\") != std::string::npos) {
      throw BadRequest("a path that walks");
    }
    path += '/';
    path += segment;
  }
  if (path.find("//") != std::string::npos) throw BadRequest("an empty segment in the path");
  require_clean(path, LineBreaks::refused);
  return path;
}

}  // namespace

void require_clean(std::string_view text, LineBreaks line_breaks) {
  // Most text is printable ASCII: only the rest is looked at character by character.
  const auto plain = [](char c) { return c >= ' ' && c < '\x7f'; };
  if (std::ranges::all_of(text, plain)) return;
  if (!is_utf8(text)) throw BadRequest("text that is not UTF-8");
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const bool line_break = point->value == '\t' || point->value == '\n' || point->value == '\r' ||
                            point->value == 0x2028 || point->value == 0x2029;
    const bool excused = line_break && line_breaks == LineBreaks::allowed;
    if (is_control(point->value) && !excused) throw BadRequest("control characters in text");
    text.remove_prefix(point->bytes);
  }
}

Fields parse_fields(std::string_view text, LineBreaks line_breaks) {
  Fields fields;
  if (text.empty()) return fields;
  std::size_t count = 0;
  while (true) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    if (!pair.empty()) {
      if (++count > most_fields) throw BadRequest("too many fields");
      const auto equals = pair.find('=');
      std::string name = decode(pair.substr(0, equals), Plus::is_space);
      std::string value;
      if (equals != std::string_view::npos) value = decode(pair.substr(equals + 1), Plus::is_space);
      require_clean(name, LineBreaks::refused);
      require_clean(value, line_breaks);
      if (!fields.emplace(std::move(name), std::move(value)).second) {
        throw BadRequest("a field that comes twice");
      }
    }
    if (end == std::string_view::npos) return fields;
    text.remove_prefix(end + 1);
  }
}

Target parse_target(std::string_view target) {
  Target parsed;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!starts_with_ignoring_case(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = target.find_first_of("/?");
    parsed.authority = target.substr(0, end);
    if (parsed.authority.empty()) throw BadRequest("a target without host");
    target.remove_prefix(std::min(end, target.size()));
    break;
  }
  if (target.find('#') != std::string_view::npos) throw BadRequest("a fragment in the target");
  const auto question = target.find('?');
  const bool no_path = !parsed.authority.empty() && (target.empty() || question == 0);
  parsed.path = no_path ? "/" : decode_path(target.substr(0, question));
  if (question != std::string_view::npos) {
    parsed.query = parse_fields(target.substr(question + 1), LineBreaks::refused);
  }
  return parsed;
}

Fields parse_cookies(std::string_view header) {
  Fields cookies;
  std::set<std::string, std::less<>> contradicted;
  while (!header.empty()) {
    const auto end = header.find(';');
    const std::string_view pair = trim(header.substr(0, end));
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string_view name = trim(pair.substr(0, equals));
    const std::string_view value = trim(pair.substr(equals + 1));
    const auto [cookie, added] = cookies.emplace(name, value);
    if (!added && cookie->second != value) contradicted.emplace(name);
  }
  for (const std::string& name : contradicted) cookies.erase(name);
  return cookies;
}

}  // namespace cstims
