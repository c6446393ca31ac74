#include "html/escape.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {
namespace {

std::string_view entity(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

void append_escaped(std::string& html, std::string_view text) {
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view replacement = entity(text[at]);
    if (replacement.empty()) continue;
    html.append(text, done, at - done).append(replacement);
    done = at + 1;
  }
  html.append(text, done, text.size() - done);
}

bool is_safe_address(std::string_view address) {
  constexpr std::array<std::string_view, 4> allowed = {"http://", "https://", "mailto:", "#"};
  const auto begins = [&](std::string_view start) {
    return starts_with_ignoring_case(address, start);
  };
  const bool path_of_ours =
      address.starts_with('/') && !address.starts_with("//") && address.find('\\') == address.npos;
  return path_of_ours || std::ranges::any_of(allowed, begins);
}

}  // namespace cstims
