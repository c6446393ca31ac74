#include "account/password_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cstims {
namespace {

// What each piece of a password adds to its strength; below `enough` in all it is a first guess.
constexpr int cost_of_pattern =
    2;  // a word, a walk over the keyboard, a sequence, one sign repeated
constexpr int cost_of_tail =
    1;  // up to four digits (a year, a pin) or the same sign up to three times
constexpr int cost_of_character = 2;
constexpr int enough = 7;

constexpr std::size_t shortest_context_word = 3;
constexpr std::size_t enough_beside_context_words = 12;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

/// "p4ssw0rd" → "password": the usual swaps. `one_is` is what "1", "!" and "|" stand for: "i" or
/// "l".
std::string without_swaps(std::string text, char one_is) {
  for (char& c : text) {
    switch (c) {
      case '0':
        c = 'o';
        break;
      case '1':
      case '!':
      case '|':
        c = one_is;
        break;
      case '3':
        c = 'e';
        break;
      case '4':
      case '@':
        c = 'a';
        break;
      case '5':
      case '$':
        c = 's';
        break;
      case '7':
      case '+':
        c = 't';
        break;
      case '8':
        c = 'b';
        break;
      default:
        break;
    }
  }
  return text;
}

constexpr std::array<std::string_view, 11> keyboard_rows{"1234567890",
                                                         "qwertyuiop",
                                                         "asdfghjkl",
                                                         "zxcvbnm",
                                                         "abcdefghijklmnopqrstuvwxyz",
                                                         "azertyuiop",
                                                         "qsdfghjklm",
                                                         "qwertzuiop",
                                                         "1q2w3e4r5t6y7u8i9o0p",
                                                         "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
                                                         "qazwsxedcrfvtgbyhnujm"};

/// How far text[at…] goes along a row, forwards or backwards, from anywhere in it; the digits go
/// round.
std::size_t walk_length(std::string_view text, std::size_t at) {
  std::size_t longest = 0;
  for (const auto row : keyboard_rows) {
    const auto size = row.size();
    const bool round = is_digit(row.front()) && is_digit(row.back());
    for (const std::size_t step : {std::size_t{1}, size - 1}) {
      for (auto from = row.find(text[at]); from != std::string_view::npos;
           from = row.find(text[at], from + 1)) {
        std::size_t length = 1;
        auto place = from;
        while (at + length < text.size()) {
          const auto next = (place + step) % size;
          const bool wrapped = step == 1 ? next < place : next > place;
          if ((wrapped && !round) || text[at + length] != row[next]) break;
          place = next;
          ++length;
        }
        longest = std::max(longest, length);
      }
    }
  }
  return longest;
}

std::size_t run_length(std::string_view text, std::size_t at) {
  const auto end = text.find_first_not_of(text[at], at);
  return (end == std::string_view::npos ? text.size() : end) - at;
}

std::size_t digits_length(std::string_view text, std::size_t at) {
  std::size_t length = 0;
  while (at + length < text.size() && is_digit(text[at + length])) ++length;
  return length;
}

/// The longest of the sorted `words` that `text` begins with, at least two letters; 0: none.
std::size_t word_length(std::string_view text, const std::vector<std::string_view>& words) {
  for (auto length = std::min<std::size_t>(text.size(), 20); length >= 2; --length) {
    if (std::ranges::binary_search(words, text.substr(0, length))) return length;
  }
  return 0;
}

class Guess {
 public:
  Guess(std::string_view folded, const std::vector<std::string>& context_words)
      : plain_(folded),
        with_i_(without_swaps(plain_, 'i')),
        with_l_(without_swaps(plain_, 'l')),
        context_words_(context_words) {}

  /// The cheapest way to build the password from known pieces.
  int cost() const {
    std::vector<int> cheapest(plain_.size() + 1, 0);
    for (auto at = plain_.size(); at-- > 0;) {
      int best = cost_of_character + cheapest[at + 1];
      const auto take = [&](std::size_t length, int price) {
        if (length > 0) best = std::min(best, price + cheapest[at + length]);
      };
      for (const auto* text : {&plain_, &with_i_, &with_l_}) {
        const auto rest = std::string_view(*text).substr(at);
        take(word_length(rest, weak_words()), cost_of_pattern);
        take(context_length(rest), cost_of_pattern);
      }
      const auto walk = walk_length(plain_, at);
      if (walk >= 3) take(walk, cost_of_pattern);
      const auto run = run_length(plain_, at);
      if (run >= 3) take(run, cost_of_pattern);
      if (!is_letter(plain_[at])) take(std::min<std::size_t>(run, 3), cost_of_tail);
      const auto digits = digits_length(plain_, at);
      take(std::min<std::size_t>(digits, 4), cost_of_tail);
      take(std::min<std::size_t>(digits, 8), cost_of_pattern);  // a date
      cheapest[at] = best;
    }
    return cheapest[0];
  }

 private:
  std::size_t context_length(std::string_view text) const {
    std::size_t longest = 0;
    for (const auto& word : context_words_) {
      if (text.starts_with(word)) longest = std::max(longest, word.size());
    }
    return longest;
  }

  std::string plain_;
  std::string with_i_;
  std::string with_l_;
  const std::vector<std::string>& context_words_;
};

/// "abcabcab" → "abc": what a repeated password is made of; the text itself when it does not
/// repeat.
std::string_view unit(std::string_view text) {
  for (std::size_t period = 1; period * 2 <= text.size(); ++period) {
    if (text.substr(period) == text.substr(0, text.size() - period)) return text.substr(0, period);
  }
  return text;
}

std::vector<std::string> context_words(const PasswordContext& context) {
  std::vector<std::string> words{"arfnet"};
  const auto add = [&](std::string_view word) {
    if (word.size() >= shortest_context_word) words.push_back(lower_ascii(word));
  };
  add(context.username);
  add(context.email);
  add(std::string_view(context.email).substr(0, context.email.find('@')));
  add(context.site.name);
  for (const auto piece : split(context.site.name, ' ')) add(piece);
  // The longest first, so that "ada.lovelace" goes before "ada".
  std::ranges::sort(words,
                    [](const auto& one, const auto& other) { return one.size() > other.size(); });
  return words;
}

std::size_t length_without(std::string text, const std::vector<std::string>& words) {
  for (const auto& word : words) text = replace_all(std::move(text), word, "");
  return count_characters(text);
}

}  // namespace

bool is_easily_guessed(std::string_view password, const std::vector<std::string>& words) {
  // Longer ones are beyond every list, and the work below grows with the length.
  if (password.size() > 128) return unit(password).size() < 8;
  const auto folded = lower_ascii(password);
  return Guess(unit(folded), words).cost() < enough;
}

std::optional<Message> password_complaint(std::string_view password,
                                          const PasswordContext& context) {
  const auto shortest = static_cast<std::size_t>(std::max(8, context.site.shortest_password));
  const auto count = count_characters(password);
  if (count < shortest) {
    return message("At least {} characters.", {std::to_string(shortest)});
  }
  if (count > longest_password) {
    return message("At most {} characters.", {std::to_string(longest_password)});
  }
  if (password.find('\0') != std::string_view::npos) {
    return message("The password holds a character that cannot be typed.");
  }
  const auto words = context_words(context);
  const auto folded = lower_ascii(password);
  const auto left = length_without(folded, words);
  if (left < count && left < std::min(shortest, enough_beside_context_words)) {
    return message("Leave out your name, your address and ours.");
  }
  if (count_characters(unit(folded)) < std::min<std::size_t>(shortest, 8) ||
      is_easily_guessed(password, words)) {
    return message("This password is among the first that are tried. Choose another.");
  }
  return std::nullopt;
}

}  // namespace cstims
