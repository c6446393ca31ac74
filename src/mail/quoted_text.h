// What is new in a reply, apart from what it quotes and from its signature. Nothing is deleted: the
// rest is folded. Linear time, whatever the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cstims {

struct SplitText {
  std::string text;    // new
  std::string quoted;  // what came below, empty when nothing was folded
};

/// `marked_from`: where the sender's program began to quote, if it said so. Nothing is folded when
/// somebody wrote below or between quoted lines, or when nothing would be left.
SplitText fold_quoted(std::string_view text, std::optional<std::size_t> marked_from = {});

/// The first line of our mails, in every language of the program.
inline constexpr std::string_view reply_line_en = "Reply above this line";
inline constexpr std::string_view reply_line_es = "Responda por encima de esta línea";

}  // namespace cstims
