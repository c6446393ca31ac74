#include <fmt/format.h>

#include <charconv>

#include "db/database.h"

namespace cstims {
namespace {

std::int64_t number_of(std::string_view column, std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw DatabaseError(fmt::format("column {} is no whole number", column));
  return number;
}

}  // namespace

Row::Cells::Cells(std::size_t columns, std::size_t bytes) {
  texts_.reserve(bytes);
  ends_.reserve(columns);
}

void Row::Cells::add(std::string_view text) {
  texts_ += text;
  ends_.push_back({texts_.size(), false});
}

void Row::Cells::add_null() {
  ends_.push_back({texts_.size(), true});
}

std::optional<std::string_view> Row::Cells::at(std::size_t column) const {
  if (ends_[column].null) return std::nullopt;
  const std::size_t start = column == 0 ? 0 : ends_[column - 1].place;
  return std::string_view(texts_).substr(start, ends_[column].place - start);
}

std::optional<std::string_view> Row::cell(std::string_view column) const {
  for (std::size_t tried = 0; tried < cells_.size(); ++tried) {
    const std::size_t here = next_;
    next_ = here + 1 < cells_.size() ? here + 1 : 0;
    if ((*columns_)[here] == column) return cells_.at(here);
  }
  throw DatabaseError(fmt::format("the result has no column {}", column));
}

std::string_view Row::view(std::string_view column) const {
  const auto value = cell(column);
  if (!value) throw DatabaseError(fmt::format("column {} is null", column));
  return *value;
}

std::int64_t Row::number(std::string_view column) const {
  return number_of(column, view(column));
}

std::optional<std::int64_t> Row::maybe_number(std::string_view column) const {
  const auto value = cell(column);
  return value ? std::optional(number_of(column, *value)) : std::nullopt;
}

std::optional<std::string> Row::maybe_text(std::string_view column) const {
  const auto value = cell(column);
  return value ? std::optional(std::string(*value)) : std::nullopt;
}

bool Row::is_null(std::string_view column) const {
  return !cell(column).has_value();
}

std::optional<Date> Row::maybe_date(std::string_view column) const {
  const auto value = cell(column);
  return value ? std::optional(Date::stored(*value)) : std::nullopt;
}

std::optional<Instant> Row::maybe_instant(std::string_view column) const {
  const auto value = cell(column);
  return value ? std::optional(Instant::stored(*value)) : std::nullopt;
}

}  // namespace cstims
