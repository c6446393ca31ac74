// Addresses, queries, forms and cookies as browsers write them, decoded exactly once. Whatever is
// not well-formed, not UTF-8 or holds control characters is BadRequest; so is a name that comes
// twice.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cstims {

using Fields = std::map<std::string, std::string, std::less<>>;

enum class LineBreaks { refused, allowed };

inline constexpr std::size_t most_fields = 1000;

/// application/x-www-form-urlencoded: "a=1&b=%C3%A9+x". TAB, CR and LF in values only where allowed
/// (posted forms).
Fields parse_fields(std::string_view text, LineBreaks line_breaks);
/// Throws BadRequest unless `text` is UTF-8 without controls.
void require_clean(std::string_view text, LineBreaks line_breaks);

struct Target {
  std::string path;  // decoded
  Fields query;
  std::string_view
      authority;  // of the absolute form ("http://host/path"), a view into the target; else empty
};
/// The request line's target in origin or absolute form (RFC 9112 §3.2). BadRequest also for "..",
/// "." and empty inner segments, encoded slashes, backslashes and fragments: one resource has one
/// spelling.
Target parse_target(std::string_view target);

/// A name that comes twice with different values is left out: nobody can say which one is meant.
Fields parse_cookies(std::string_view header);

}  // namespace cstims
