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

/// A passage of a text, for people: on one line.
struct Excerpt {
  struct Place {
    std::size_t begin;  // bytes
    std::size_t end;
  };
  std::string text;
  std::vector<Place> found;  // where the words stand that were looked for, in order
};
/// About `longest` characters of the text, from shortly before the first of `words` that stands in
/// it (the last of `words` matches what begins with it, from two letters on). The beginning when
/// none does.
Excerpt excerpt_of(std::string_view text, const std::vector<std::string>& words,
                   std::size_t longest);

}  // namespace cstims
