// A refusal is a value: the person can put it right (a bad field, a closed ticket, a taken
// address). Failures, which nobody in between can act on, are exceptions: base/failure.h.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cstims {

/// A sentence for people, in English, that can be translated: `text` is looked up in the catalogue,
/// then each
/// `{}` is replaced by the next argument. Write it with the literal inside `message("…")`, so that
/// the translation tools find it.
struct Message {
  std::string text;
  std::vector<std::string> arguments;

  /// The sentence in English, arguments filled in.
  std::string english() const;
  bool operator==(const Message&) const = default;
};

/// Marks `text` for translation.
Message message(std::string_view text, std::vector<std::string> arguments = {});

/// Why an act was refused. An item with an empty field is about the whole form.
struct Refusal {
  struct Item {
    std::string field;
    Message message;
    bool operator==(const Item&) const = default;
  };
  std::vector<Item> items;

  Refusal& add(std::string_view field, Message message);
  /// The message of the first item about `field`; null when there is none.
  const Message* find(std::string_view field) const;
  /// All items in English, "field: message", joined by "; " (commands, logs, tests).
  std::string english() const;
};

template <typename T>
using Result = std::expected<T, Refusal>;

/// `return refuse("body", message("Write something."));` Field empty: about the whole form.
std::unexpected<Refusal> refuse(std::string_view field, Message message);

}  // namespace cstims
