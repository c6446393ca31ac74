#include "base/search_words.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

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

/// Reads the words of a text one after another.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  std::optional<SearchWord> next() {
    std::optional<SearchWord> word;
    while (at_ < text_.size()) {
      // Most characters are ASCII, and need no tables.
      const char plain = text_[at_];
      if (static_cast<unsigned char>(plain) < 0x80) {
        if (is_word_character(static_cast<char32_t>(plain))) {
          if (!word) word = SearchWord{{}, at_, at_};
          word->folded += static_cast<char>(fold(static_cast<char32_t>(plain)));
          word->end = at_ + 1;
        } else if (word) {
          break;
        }
        ++at_;
        continue;
      }
      const auto character = first_code_point(text_.substr(at_));
      const std::size_t bytes = character ? character->bytes : 1;
      if (character && is_word_character(character->value)) {
        if (!word) word = SearchWord{{}, at_, at_};
        append(word->folded, fold(character->value));
        word->end = at_ + bytes;
      } else if (word && character && is_in(accents, character->value)) {
        word->end = at_ + bytes;
      } else if (word) {
        break;
      }
      at_ += bytes;
    }
    return word;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Where an excerpt begins: with a word, shortly before the first that is found.
std::size_t start_of_excerpt(std::string_view text, const std::vector<std::string>& words) {
  WordReader reader(text);
  std::deque<std::size_t> before;
  while (const auto word = reader.next()) {
    before.push_back(word->begin);
    while (before.front() + before_the_word < word->begin) before.pop_front();
    if (!is_found(*word, words)) continue;
    return word->begin > before_the_word ? before.front() : 0;
  }
  return 0;
}

void add(std::vector<ExcerptPiece>& pieces, std::string_view text, bool found) {
  if (!text.empty()) pieces.push_back({std::string(text), found});
}

}  // namespace

std::vector<SearchWord> search_words(std::string_view text) {
  std::vector<SearchWord> words;
  WordReader reader(text);
  while (auto word = reader.next()) words.push_back(std::move(*word));
  return words;
}

std::vector<ExcerptPiece> excerpt_of(std::string_view whole, const std::vector<std::string>& words,
                                     std::size_t longest) {
  // Of a long text no more is made into a line than is shown.
  const auto start = start_of_excerpt(whole, words);
  const auto rest = whole.substr(start, 3 * longest);
  const auto line = single_line(rest);
  const std::string_view text = first_characters(line, longest);
  std::vector<ExcerptPiece> pieces;
  if (start > 0) add(pieces, "…", false);
  std::size_t told = 0;
  for (const auto& word : search_words(text)) {
    const bool cut = word.end == text.size() && text.size() < line.size();
    if (cut || !is_found(word, words)) continue;
    add(pieces, text.substr(told, word.begin - told), false);
    add(pieces, text.substr(word.begin, word.end - word.begin), true);
    told = word.end;
  }
  add(pieces, text.substr(told), false);
  if (text.size() < line.size() || start + rest.size() < whole.size()) add(pieces, "…", false);
  return pieces;
}

}  // namespace cstims
