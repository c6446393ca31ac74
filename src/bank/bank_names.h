// Words as banks write them: in capitals, without accents, names the other way round. For comparing
// only, never shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cstims {

/// Lower case, accents taken off, everything but letters and digits a single space: "José, García"
/// is "jose garcia". Letters without a base of A to Z are kept.
std::string folded(std::string_view utf8);
/// Its words, each once, sorted.
std::vector<std::string> folded_words(std::string_view utf8);

}  // namespace cstims
