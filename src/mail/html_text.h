// The words of an HTML body, for people who are never shown a stranger's HTML.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cstims {

struct HtmlText {
  std::string text;
  /// Where the part begins that the sender's program marked as quoted; absent when it marked none.
  std::optional<std::size_t> quoted_from;
};

/// Without head, styles, scripts, comments and hidden elements; blocks end lines, links are
/// "text <address>", quotes begin with "> ". Any input, in linear time.
HtmlText html_to_text(std::string_view html);

}  // namespace cstims
