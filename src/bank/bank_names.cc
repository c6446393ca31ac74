#include "bank/bank_names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {
namespace {

/// What U+00C0 to U+017F are without accents; a space: no letter.
constexpr std::string_view bases =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"    // C0 to FF
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllll"  // 100 to 141
    "lnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";     // 142 to 17F
static_assert(bases.size() == 0x180 - 0xC0);

}  // namespace

std::string folded(std::string_view utf8) {
  std::string words;
  const auto add = [&](char letter) {
    if (letter != ' ') {
      words += letter;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  };
  while (!utf8.empty()) {
    const auto point = first_code_point(utf8);
    const std::size_t bytes = point ? point->bytes : 1;
    const char32_t value = point ? point->value : U' ';
    if (value >= 0xC0 && value < 0x180) {
      add(bases[value - 0xC0]);
    } else if (value >= 0x180 && value != 0x2019 && !(value >= 0x2000 && value < 0x2100)) {
      words += utf8.substr(0, bytes);
    } else if (value >= 'A' && value <= 'Z') {
      add(static_cast<char>(value - 'A' + 'a'));
    } else if ((value >= 'a' && value <= 'z') || (value >= '0' && value <= '9')) {
      add(static_cast<char>(value));
    } else {
      add(' ');
    }
    utf8.remove_prefix(bytes);
  }
  if (words.ends_with(' ')) words.pop_back();
  return words;
}

std::vector<std::string> folded_words(std::string_view utf8) {
  std::vector<std::string> words;
  const auto text = folded(utf8);
  for (const auto word : split(text, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace cstims
