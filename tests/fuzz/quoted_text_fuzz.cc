// Folding loses nothing: both parts together have every character that is no white space, in order.
// HTML on the way to text.
#include <cstdint>
#include <cstdlib>

#include "mail/charset.h"
#include "mail/html_text.h"
#include "mail/quoted_text.h"

using namespace cstims;

namespace {

std::string without_space(std::string_view text) {
  std::string rest;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\v' && c != '\f') rest += c;
  }
  return rest;
}

void fold(std::string_view text, std::optional<std::size_t> marked) {
  const SplitText folded = fold_quoted(text, marked);
  if (without_space(folded.text) + without_space(folded.quoted) != without_space(text))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = body_to_utf8({reinterpret_cast<const char*>(data), size}, "utf-8");
  fold(text, {});
  fold(text, size / 2);
  const HtmlText read = html_to_text(text);
  fold(read.text, read.quoted_from);
  return 0;
}
