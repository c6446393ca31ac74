#include "base/refusal.h"

namespace cstims {

std::string Message::english() const {
  std::string filled;
  std::size_t next_argument = 0;
  std::size_t from = 0;
  while (next_argument < arguments.size()) {
    const auto gap = text.find("{}", from);
    if (gap == std::string::npos) break;
    filled.append(text, from, gap - from).append(arguments[next_argument++]);
    from = gap + 2;
  }
  return filled.append(text, from);
}

Message message(std::string_view text, std::vector<std::string> arguments) {
  return {std::string(text), std::move(arguments)};
}

Refusal& Refusal::add(std::string_view field, Message message) {
  items.push_back({std::string(field), std::move(message)});
  return *this;
}

const Message* Refusal::find(std::string_view field) const {
  for (const auto& item : items) {
    if (item.field == field) return &item.message;
  }
  return nullptr;
}

std::string Refusal::english() const {
  std::string joined;
  for (const auto& item : items) {
    if (!joined.empty()) joined += "; ";
    if (!item.field.empty()) joined += item.field + ": ";
    joined += item.message.english();
  }
  return joined;
}

std::unexpected<Refusal> refuse(std::string_view field, Message message) {
  return std::unexpected(Refusal().add(field, std::move(message)));
}

}  // namespace cstims
