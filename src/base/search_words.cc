#include "base/search_words.h"

#include <algorithm>

#include "base/text.h"
#include "base/word_table.h"

namespace cstims {
namespace {

constexpr std::size_t before_the_word = 60;  // bytes of an excerpt that lead to it

template <std::size_t count>
bool is_in(const std::array<CharacterRange, count>& ranges, char32_t character) {
  const auto after = std::ranges::upper_bound(ranges, character, {}, &CharacterRange::first);
  return after != ranges.begin() && character <= std::prev(after)->last;
}

bool is_word_character(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  return is_in(word_characters, c);
}

char32_t fold(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  const auto found = std::ranges::lower_bound(folded_characters, c, {}, [](const auto& each) {
    return static_cast<char32_t>(each.character);
  });
  return found != folded_characters.end() && found->character == c ? found->folded : c;
}

void append(std::string& text, char32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xc0 | (c >> 6));
    text += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    text += static_cast<char>(0xe0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (c & 0x3f));
  }
}

bool is_found(const SearchWord& word, const std::vector<std::string>& words) {
  if (std::ranges::find(words, word.folded) != words.end()) return true;
  return !words.empty() && count_characters(words.back()) >= 2 &&
         word.folded.starts_with(words.back());
}

/// Where a character begins, at `at` or before it.
std::size_t character_at(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return std::min(at, text.size());
}

void add(std::vector<ExcerptPiece>& pieces, std::string_view text, bool found) {
  if (!text.empty()) pieces.push_back({std::string(text), found});
}

}  // namespace

std::vector<SearchWord> search_words(std::string_view text) {
  std::vector<SearchWord> words;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto next = first_code_point(text.substr(at));
    const std::size_t bytes = next ? next->bytes : 1;
    if (next && is_word_character(next->value)) {
      if (!inside) words.push_back({{}, at, at});
      inside = true;
      append(words.back().folded, fold(next->value));
      words.back().end = at + bytes;
    } else if (inside && next && is_in(accents, next->value)) {
      words.back().end = at + bytes;
    } else {
      inside = false;
    }
    at += bytes;
  }
  return words;
}

std::vector<ExcerptPiece> excerpt_of(std::string_view whole, const std::vector<std::string>& words,
                                     std::size_t longest) {
  const auto text = single_line(whole);
  const auto all = search_words(text);
  const auto first =
      std::ranges::find_if(all, [&](const SearchWord& word) { return is_found(word, words); });
  std::size_t start = 0;
  if (first != all.end() && first->begin > before_the_word) {
    // From the beginning of a word.
    const auto wanted = first->begin - before_the_word;
    start = std::ranges::find_if(all, [&](const SearchWord& word) {
              return word.begin >= wanted;
            })->begin;
  }
  const auto rest = std::string_view(text).substr(start);
  const auto end = start + first_characters(rest, longest).size();
  std::vector<ExcerptPiece> pieces;
  if (start > 0) add(pieces, "…", false);
  std::size_t told = start;
  for (const auto& word : all) {
    if (word.begin < told || !is_found(word, words)) continue;
    if (word.end > end) break;
    add(pieces, std::string_view(text).substr(told, word.begin - told), false);
    add(pieces, std::string_view(text).substr(word.begin, word.end - word.begin), true);
    told = word.end;
  }
  add(pieces, std::string_view(text).substr(told, character_at(text, end) - told), false);
  if (end < text.size()) add(pieces, "…", false);
  return pieces;
}

}  // namespace cstims
