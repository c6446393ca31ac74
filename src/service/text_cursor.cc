#include "service/text_cursor.h"

#include <algorithm>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::string_view no_break_space = "\u00a0";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_word(char c) {
  return is_word_start(c) || is_digit(c);
}

}  // namespace

char TextCursor::peek() {
  skip_space();
  return place_ < text_.size() ? text_[place_] : '\0';
}

bool TextCursor::take(std::string_view symbol) {
  skip_space();
  if (!text_.substr(place_).starts_with(symbol)) return false;
  place_ += symbol.size();
  return true;
}

bool TextCursor::take_word(std::string_view word) {
  if (peek_word() != word) return false;
  place_ += word.size();
  return true;
}

std::string_view TextCursor::peek_word() {
  if (!is_word_start(peek())) return {};
  const auto rest = text_.substr(place_);
  const auto end = std::ranges::find_if_not(rest, is_word);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

std::string_view TextCursor::take_number() {
  if (!is_digit(peek())) return {};
  const auto start = place_;
  const auto digits = [&] {
    while (place_ < text_.size() && is_digit(text_[place_])) ++place_;
  };
  digits();
  const bool fraction =
      place_ + 1 < text_.size() && text_[place_] == '.' && is_digit(text_[place_ + 1]);
  if (fraction) {
    ++place_;
    digits();
  }
  return text_.substr(start, place_ - start);
}

std::string_view TextCursor::take_until(char stop) {
  const auto start = place_;
  place_ = std::min(text_.find(stop, start), text_.size());
  return trim(text_.substr(start, place_ - start));
}

std::size_t TextCursor::mark() {
  skip_space();
  return place_;
}

void TextCursor::fail(Message fault) {
  fail_at(mark(), std::move(fault));
}

void TextCursor::fail_at(std::size_t place, Message fault) {
  if (fault_) return;
  const auto character = count_characters(text_.substr(0, place)) + 1;
  fault.arguments.insert(fault.arguments.begin(), std::to_string(character));
  if (line_ > 0) fault.arguments.insert(fault.arguments.begin(), std::to_string(line_));
  fault_ = std::move(fault);
  place_ = text_.size();
}

void TextCursor::skip_space() {
  while (place_ < text_.size()) {
    if (text_[place_] == ' ') {
      ++place_;
    } else if (text_.substr(place_).starts_with(no_break_space)) {
      place_ += no_break_space.size();
    } else {
      return;
    }
  }
}

}  // namespace cstims
