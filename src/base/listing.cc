#include "base/listing.h"

#include <algorithm>

#include "base/failure.h"
#include "base/id.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_search = 100;

std::string_view without_sign(std::string_view sort) {
  return sort.starts_with('-') ? sort.substr(1) : sort;
}

bool may_sort(const ListingRules& rules, std::string_view sort) {
  return std::ranges::any_of(rules.sorts, [sort](const std::string& allowed) {
    return without_sign(allowed) == without_sign(sort);
  });
}

int page_number(std::string_view text) {
  const auto number = parse_id_number(text);
  return number ? static_cast<int>(std::min<std::int64_t>(*number, Listing::last_page)) : 1;
}

/// In CSV a sign may begin a number, which is no formula.
bool is_signed_number(std::string_view cell) {
  if (cell.empty() || (cell.front() != '-' && cell.front() != '+')) return false;
  const auto digits = cell.substr(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !digits.empty() && is_digit(digits.front()) && is_digit(digits.back()) &&
         std::ranges::count(digits, '.') <= 1 &&
         std::ranges::all_of(digits, [&](char c) { return c == '.' || is_digit(c); });
}

/// What a spreadsheet takes for a formula, the full-width signs of East Asian editions included.
bool begins_formula(std::string_view cell) {
  if (cell.empty() || is_signed_number(cell)) return false;
  constexpr std::string_view signs("=+-@\t\r\n\0", 8);
  if (signs.find(cell.front()) != std::string_view::npos) return true;
  return cell.starts_with("＝") || cell.starts_with("＋") || cell.starts_with("－") ||
         cell.starts_with("＠");
}

std::string csv_cell(std::string_view cell) {
  std::string text = begins_formula(cell) ? "'" : "";
  text += cell;
  const bool quoted = text.find_first_of(",;\"\r\n\t") != std::string::npos ||
                      text.starts_with(' ') || text.ends_with(' ');
  return quoted ? "\"" + replace_all(std::move(text), "\"", "\"\"") + "\"" : text;
}

}  // namespace

std::string Listing::filter(std::string_view name) const {
  const auto found = filters.find(name);
  return found == filters.end() ? std::string() : found->second;
}

Listing parse_listing(const QueryFields& query, const ListingRules& rules) {
  Listing listing;
  if (!rules.sorts.empty()) listing.sort = rules.sorts.front();
  for (const auto& [name, value] : query) {
    const auto filter = rules.filters.find(name);
    if (name == "search") {
      listing.search = trim(first_characters(single_line(value), longest_search));
    } else if (name == "sort") {
      if (may_sort(rules, value)) listing.sort = value;
    } else if (name == "page") {
      listing.page = page_number(value);
    } else if (name == "format") {
      listing.csv = value == "csv";
    } else if (filter == rules.filters.end()) {
      throw BadRequest("unknown field '" + single_line(name) + "' in the address");
    } else if (std::ranges::find(filter->second, value) != filter->second.end()) {
      listing.filters.emplace(name, value);
    }
  }
  return listing;
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (const auto& cell : cells) {
    if (&cell != &cells.front()) row += ',';
    row += csv_cell(cell);
  }
  return row += "\r\n";
}

}  // namespace cstims
