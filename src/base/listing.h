// One page of a long list: what the address asked for, and what the store gave back.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cstims {

/// Read from the query: ?search=…&sort=…&page=N plus filters. Values outside the closed lists fall
/// back to the default.
struct Listing {
  static constexpr int rows_per_page = 25;
  static constexpr int last_page = 400;  // deeper pages want a search, not a scan
  static constexpr int most_counted = 1000;
  static constexpr int most_exported = 100'000;

  std::string search;  // trimmed, at most 100 characters; empty: all
  std::string sort;    // one of the allowed keys; a leading "-" means descending
  std::map<std::string, std::string, std::less<>>
      filters;       // only allowed names and values; absent: no filter
  int page = 1;      // from 1
  bool csv = false;  // ?format=csv: all rows up to most_exported, as a file

  int rows = rows_per_page;
  bool counting = true;  // false: the caller does not show a total (home pages)

  int limit() const { return csv ? most_exported : rows; }
  /// Where counting stops: one past what is told, so that "more" is known.
  int count_limit() const { return counting ? most_counted + 1 : 1; }
  int offset() const { return csv ? 0 : (page - 1) * rows; }
  std::string filter(std::string_view name) const;  // empty when absent
};

/// What a listing page may be asked: the keys map to columns in the store, never text from outside.
struct ListingRules {
  std::vector<std::string>
      sorts;  // allowed keys; the first is the default ("-" in front: descending by default)
  std::map<std::string, std::vector<std::string>, std::less<>> filters;  // name → allowed values
};

using QueryFields = std::map<std::string, std::string, std::less<>>;

/// Throws BadRequest for an unknown name.
Listing parse_listing(const QueryFields& query, const ListingRules& rules);

/// Rows of one page. `total` counts up to Listing::most_counted, a search of tickets up to the rows
/// of the page; `more_than_counted` says there are more.
template <typename T>
struct Page {
  std::vector<T> rows;
  std::int64_t total = 0;
  bool more_than_counted = false;
};

/// A row of a CSV file (RFC 4180), cells that begin with = + - @ TAB CR are preceded by '
/// (spreadsheet formulas); numbers stay.
std::string csv_row(const std::vector<std::string>& cells);

}  // namespace cstims
