#include "base/search_words.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <iterator>

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

/// Of those beyond ASCII.
bool is_word_character(char32_t c) {
  return is_in(word_characters, c);
}

char32_t fold(char32_t c) {
  const auto found = std::ranges::lower_bound(folded_characters, c, {}, [](const auto& each) {
    return static_cast<char32_t>(each.character);
  });
  return found != folded_characters.end() && found->character == c ? found->folded : c;
}

void append(std::string& text, char32_t c) {
  if (c < 0x80) {  // "ª" is an a
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

/// ASCII as words have it; 0 where a word ends.
constexpr auto plain_letters = [] {
  std::array<char, 0x80> letters{};
  for (char c = '0'; c <= '9'; ++c) letters[static_cast<std::size_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    letters[static_cast<std::size_t>(c)] = c;
    letters[static_cast<std::size_t>(c - 32)] = c;
  }
  return letters;
}();

bool is_plain(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

char letter(char plain) {
  return plain_letters[static_cast<unsigned char>(plain)];
}

/// Which letters words begin with.
using FirstLetters = std::bitset<0x80>;

/// What is looked for.
class Wanted {
 public:
  explicit Wanted(const std::vector<std::string>& words) : words_(words) {
    if (!words.empty() && count_characters(words.back()) >= 2) beginning_ = words.back();
    for (const auto& word : words) {
      if (!word.empty() && is_plain(word.front())) {
        first_letters_.set(static_cast<unsigned char>(word.front()));
      }
    }
  }
  const FirstLetters& first_letters() const { return first_letters_; }
  bool has(const SearchWord& word) const {
    if (std::ranges::find(words_, word.folded) != words_.end()) return true;
    return !beginning_.empty() && word.folded.starts_with(beginning_);
  }

 private:
  const std::vector<std::string>& words_;
  std::string_view beginning_;
  FirstLetters first_letters_;
};

/// Reads the words of a text one after another.
class WordReader {
 public:
  /// With `only`, words that begin with another letter of ASCII are passed over.
  explicit WordReader(std::string_view text, const FirstLetters* only = nullptr)
      : text_(text), only_(only) {}

  /// The next one; null at the end. It lasts until it is asked again.
  const SearchWord* next() {
    word_.folded.clear();
    while (at_ < text_.size() && (is_plain(text_[at_]) ? add_plain() : add_other())) {
    }
    return word_.folded.empty() ? nullptr : &word_;
  }

 private:
  bool in_word() const { return !word_.folded.empty(); }

  /// Most characters are ASCII: they are taken in runs, and need no tables. False: the word has
  /// ended before them.
  bool add_plain() {
    if (letter(text_[at_]) == 0) {
      if (in_word()) return false;
      while (at_ < text_.size() && is_plain(text_[at_]) && letter(text_[at_]) == 0) ++at_;
      return true;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && is_plain(text_[at_]) && letter(text_[at_]) != 0) ++at_;
    if (!in_word()) {
      if (is_unwanted(start)) return true;
      word_.begin = start;
    }
    const auto run = text_.substr(start, at_ - start);
    const auto before = word_.folded.size();
    word_.folded.resize(before + run.size());
    std::ranges::transform(run, word_.folded.begin() + static_cast<std::ptrdiff_t>(before), letter);
    word_.end = at_;
    return true;
  }

  /// Whether the word from `start` to here is whole, and none that is asked for.
  bool is_unwanted(std::size_t start) const {
    const bool whole = at_ == text_.size() || is_plain(text_[at_]);
    return only_ != nullptr && whole &&
           !only_->test(static_cast<unsigned char>(letter(text_[start])));
  }

  bool add_other() {
    const auto character = first_code_point(text_.substr(at_));
    const std::size_t bytes = character ? character->bytes : 1;
    if (character && is_word_character(character->value)) {
      if (!in_word()) word_.begin = at_;
      append(word_.folded, fold(character->value));
      word_.end = at_ + bytes;
    } else if (in_word() && character && is_in(accents, character->value)) {
      word_.end = at_ + bytes;
    } else if (in_word()) {
      return false;
    }
    at_ += bytes;
    return true;
  }

  std::string_view text_;
  const FirstLetters* only_;
  std::size_t at_ = 0;
  SearchWord word_{{}, 0, 0};
};

/// The first word that begins at `from` or behind it.
std::size_t begin_of_word(std::string_view text, std::size_t from) {
  // A word may have begun before it.
  const auto blank = text.substr(0, from).rfind(' ');
  const std::size_t start = blank == std::string_view::npos ? 0 : blank;
  WordReader reader(text.substr(start));
  while (const auto* word = reader.next()) {
    if (start + word->begin >= from) return start + word->begin;
  }
  return from;
}

/// Where an excerpt begins: with a word, shortly before the first that is found.
std::size_t start_of_excerpt(std::string_view text, const Wanted& wanted) {
  WordReader reader(text, &wanted.first_letters());
  while (const auto* word = reader.next()) {
    if (!wanted.has(*word)) continue;
    return word->begin > before_the_word ? begin_of_word(text, word->begin - before_the_word) : 0;
  }
  return 0;
}

}  // namespace

std::vector<SearchWord> search_words(std::string_view text) {
  std::vector<SearchWord> words;
  WordReader reader(text);
  while (const auto* word = reader.next()) words.push_back(*word);
  return words;
}

Excerpt excerpt_of(std::string_view whole, const std::vector<std::string>& words,
                   std::size_t longest) {
  constexpr std::string_view left_out = "…";
  const Wanted wanted(words);
  // Of a long text no more is made into a line than is shown.
  const auto start = start_of_excerpt(whole, wanted);
  const auto rest = whole.substr(start, 3 * longest);
  Excerpt excerpt{single_line(rest), {}};
  auto& line = excerpt.text;
  const std::size_t size = first_characters(line, longest).size();
  const bool cut = size < line.size();
  line.resize(size);
  const std::size_t shift = start > 0 ? left_out.size() : 0;
  WordReader reader(line, &wanted.first_letters());
  while (const auto* word = reader.next()) {
    const bool cut_off = cut && word->end == size;
    if (cut_off || !wanted.has(*word)) continue;
    excerpt.found.push_back({word->begin + shift, word->end + shift});
  }
  if (start > 0) line.insert(0, left_out);
  if (cut || start + rest.size() < whole.size()) line += left_out;
  return excerpt;
}

}  // namespace cstims
