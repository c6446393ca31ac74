// Words as a search knows them: letters and digits of any script, small and without accents.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

struct SearchWord {
  std::string folded;  // "cafe" for "Café"
  std::size_t begin;   // in the text, bytes
  std::size_t end;
};
/// In the order in which they stand. Bytes that are no UTF-8 part words.
std::vector<SearchWord> search_words(std::string_view text);

/// A piece of a text, for people.
struct ExcerptPiece {
  std::string text;
  bool found;  // one of the words that were looked for
};
/// About `longest` characters of the text on one line, from shortly before the first of `words`
/// that stands in it (the last of `words` matches what begins with it, from two letters on). The
/// beginning when none does.
std::vector<ExcerptPiece> excerpt_of(std::string_view text, const std::vector<std::string>& words,
                                     std::size_t longest);

}  // namespace cstims
