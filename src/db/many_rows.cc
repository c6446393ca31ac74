#include "db/many_rows.h"

#include <algorithm>

namespace cstims {

namespace {

constexpr std::string_view blank = " \n\t";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// How much of `text` stands in the brackets it begins with; 0 when they do not end. Our own
/// statements have no comments and no quoted names.
std::size_t bracketed(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
  }
  return 0;
}

}  // namespace

std::string PlainInsert::repeated(std::size_t times) const {
  std::string text(head);
  for (std::size_t i = 0; i < times; ++i) {
    text += i == 0 ? " " : ", ";
    text += rows;
  }
  text += '\n';
  text += tail;
  return text;
}

std::optional<PlainInsert> plain_insert(std::string_view text) {
  constexpr std::string_view values = "values";
  text = trimmed(text);
  if (!text.starts_with("insert into ")) return std::nullopt;
  // The table's name, its columns in brackets, and then at once the values.
  const auto columns = text.find('(');
  if (columns == std::string_view::npos) return std::nullopt;
  const auto behind = columns + bracketed(text.substr(columns));
  const auto word = text.find_first_not_of(blank, behind);
  if (word == std::string_view::npos || !text.substr(word).starts_with(values)) {
    return std::nullopt;
  }
  PlainInsert insert{text.substr(0, word + values.size()), {}, {}, 0};
  auto rest = trimmed(text.substr(insert.head.size()));
  const auto start = rest;
  while (rest.starts_with('(')) {
    const auto size = bracketed(rest);
    if (size == 0) return std::nullopt;
    ++insert.row_count;
    rest.remove_prefix(size);
    insert.rows = start.substr(0, start.size() - rest.size());
    rest = trimmed(rest);
    if (rest.starts_with(',')) rest = trimmed(rest.substr(1));
  }
  if (insert.row_count == 0) return std::nullopt;
  if (!rest.empty() && !rest.starts_with("returning ")) return std::nullopt;
  insert.tail = rest;
  return insert;
}

}  // namespace cstims
