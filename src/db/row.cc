#include <fmt/format.h>

#include <charconv>

#include "db/database.h"

namespace cstims {

const std::optional<std::string>& Row::cell(std::string_view column) const {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if ((*columns_)[i] == column) return cells_[i];
  throw DatabaseError(fmt::format("the result has no column {}", column));
}

const std::string& Row::text(std::string_view column) const {
  const auto& value = cell(column);
  if (!value) throw DatabaseError(fmt::format("column {} is null", column));
  return *value;
}

std::int64_t Row::number(std::string_view column) const {
  const auto& digits = text(column);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw DatabaseError(fmt::format("column {} is no whole number", column));
  return number;
}

std::optional<std::int64_t> Row::maybe_number(std::string_view column) const {
  if (is_null(column)) return std::nullopt;
  return number(column);
}

std::optional<std::string> Row::maybe_text(std::string_view column) const {
  return cell(column);
}

bool Row::is_null(std::string_view column) const {
  return !cell(column).has_value();
}

std::optional<Date> Row::maybe_date(std::string_view column) const {
  const auto& value = cell(column);
  return value ? std::optional(Date::stored(*value)) : std::nullopt;
}

std::optional<Instant> Row::maybe_instant(std::string_view column) const {
  const auto& value = cell(column);
  return value ? std::optional(Instant::stored(*value)) : std::nullopt;
}

}  // namespace cstims
