// Reads a notation from left to right and keeps the first fault with its place, counted in
// characters from 1. After a fault it behaves as if the text had ended, so that a parser needs no
// check after every step.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace cstims {

class TextCursor {
 public:
  /// With a line number every fault names the line before the character.
  explicit TextCursor(std::string_view text, std::size_t line = 0) : text_(text), line_(line) {}

  /// The next byte that is no space; NUL at the end.
  char peek();
  bool at_end() { return peek() == '\0'; }
  /// Takes `symbol` if it comes next.
  bool take(std::string_view symbol);
  /// Takes `word` if it comes next and no letter, digit or `_` follows it.
  bool take_word(std::string_view word);
  /// The word (letters, digits and `_`, no digit first) that comes next, not taken; empty when
  /// there is none.
  std::string_view peek_word();
  /// Takes digits, maybe a point and digits; empty when none comes next.
  std::string_view take_number();
  /// Everything up to `stop` (not taken) or the end, trimmed.
  std::string_view take_until(char stop);
  /// The next fault is reported at this place, though more has been read since.
  std::size_t mark();

  /// Keeps the first fault. Its text begins with "Character {}" or "Line {}, character {}"; these
  /// arguments are filled in here, before those given.
  void fail(Message fault);
  void fail_at(std::size_t place, Message fault);
  bool failed() const { return fault_.has_value(); }
  const std::optional<Message>& fault() const { return fault_; }

 private:
  void skip_space();
  std::string_view text_;
  std::size_t line_;
  std::size_t place_ = 0;
  std::optional<Message> fault_;
};

}  // namespace cstims
