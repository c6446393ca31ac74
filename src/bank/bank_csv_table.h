// A CSV file of a bank as a table: its separator, where the titles stand, and which column holds
// what. For bank/ only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bank/bank_readers.h"

namespace cstims {

enum class CsvColumn {
  date,
  value_date,
  amount,
  debit,
  credit,
  text,
  reference,
  name,
  iban,
  currency,
  account
};
constexpr std::size_t csv_columns = 11;
/// "value_date" of the rules.
std::optional<CsvColumn> parse_csv_column(std::string_view text);

struct CsvRow {
  int line;
  std::vector<std::string> cells;
};

struct CsvTable {
  std::array<std::vector<std::size_t>, csv_columns> places;  // by CsvColumn
  std::size_t width;                                         // of the titles
  std::vector<CsvRow> before;                                // what stands above the titles
  std::vector<CsvRow> rows;                                  // below them

  bool has(CsvColumn column) const;
  /// The cells of that column, trimmed, those that are not empty joined by spaces.
  std::string cell(const CsvRow& row, CsvColumn column) const;
};

/// Throws LineFault.
CsvTable read_csv_table(std::string_view utf8, const CsvRules& rules);

}  // namespace cstims
