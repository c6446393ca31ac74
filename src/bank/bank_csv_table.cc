#include "bank/bank_csv_table.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "bank/bank_names.h"
#include "base/text.h"

namespace cstims {
namespace {

using Places = std::array<std::vector<std::size_t>, csv_columns>;

constexpr std::size_t rows_to_titles = 40;  // banks put their name and the account above
constexpr std::size_t most_cells = 200;
constexpr std::size_t longest_cell = 10'000;

constexpr std::array<std::string_view, csv_columns> column_texts{
    "date",      "value_date", "amount", "debit",    "credit", "text",
    "reference", "name",       "iban",   "currency", "account"};

struct Title {
  std::string_view words;  // folded, without "eur"
  CsvColumn column;
};
using enum CsvColumn;
/// What Spanish and English banks call their columns.
constexpr Title titles[] = {
    {"fecha", date},
    {"fecha operacion", date},
    {"fecha de operacion", date},
    {"f operacion", date},
    {"fecha contable", date},
    {"f contable", date},
    {"fecha operativa", date},
    {"f operativa", date},
    {"fecha mov", date},
    {"fecha movimiento", date},
    {"date", date},
    {"booking date", date},
    {"transaction date", date},
    {"operation date", date},
    {"posting date", date},
    {"completed date", date},
    {"fecha valor", value_date},
    {"fecha de valor", value_date},
    {"f valor", value_date},
    {"valor", value_date},
    {"value date", value_date},
    {"importe", amount},
    {"cantidad", amount},
    {"importe movimiento", amount},
    {"amount", amount},
    {"transaction amount", amount},
    {"debe", debit},
    {"cargo", debit},
    {"cargos", debit},
    {"adeudo", debit},
    {"gasto", debit},
    {"debit", debit},
    {"debit amount", debit},
    {"paid out", debit},
    {"money out", debit},
    {"haber", credit},
    {"abono", credit},
    {"abonos", credit},
    {"ingreso", credit},
    {"ingresos", credit},
    {"credit", credit},
    {"credit amount", credit},
    {"paid in", credit},
    {"money in", credit},
    {"concepto", text},
    {"concepto ampliado", text},
    {"descripcion", text},
    {"observaciones", text},
    {"mas datos", text},
    {"movimiento", text},
    {"detalle", text},
    {"remesa", text},
    {"informacion adicional", text},
    {"description", text},
    {"details", text},
    {"narrative", text},
    {"memo", text},
    {"remittance information", text},
    {"payment reference", text},
    {"message", text},
    {"purpose", text},
    {"referencia", reference},
    {"n operacion", reference},
    {"numero de operacion", reference},
    {"reference", reference},
    {"transaction id", reference},
    {"id", reference},
    {"ordenante", name},
    {"nombre", name},
    {"nombre ordenante", name},
    {"ordenante beneficiario", name},
    {"beneficiario ordenante", name},
    {"contrapartida", name},
    {"payer", name},
    {"sender", name},
    {"counterparty", name},
    {"counterparty name", name},
    {"partner name", name},
    {"name", name},
    {"iban ordenante", iban},
    {"cuenta ordenante", iban},
    {"cuenta contrapartida", iban},
    {"iban contrapartida", iban},
    {"cuenta origen", iban},
    {"counterparty iban", iban},
    {"partner iban", iban},
    {"payer iban", iban},
    {"sender iban", iban},
    {"divisa", currency},
    {"moneda", currency},
    {"currency", currency},
    {"cuenta", account},
    {"iban", account},
    {"cuenta iban", account},
    {"account", account},
    {"account iban", account},
    {"numero de cuenta", account},
};

/// Rows one by one (RFC 4180, with any separator and any line end).
class CsvReader {
 public:
  CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}

  std::optional<CsvRow> next() {
    if (text_.empty()) return std::nullopt;
    CsvRow row{.line = line_, .cells = {}};
    do {
      if (row.cells.size() >= most_cells) {
        throw LineFault{line_, message("Line {}: there are more than 200 columns.")};
      }
      row.cells.push_back(take_cell());
      if (row.cells.back().size() > longest_cell) {
        throw LineFault{row.line, message("Line {}: a cell is too long.")};
      }
    } while (take(separator_));
    take('\r');
    take('\n');
    ++line_;
    return row;
  }

 private:
  bool take(char letter) {
    if (!text_.starts_with(letter)) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string take_cell() {
    if (text_.starts_with('"')) return take_quoted();
    const char stops[] = {separator_, '\r', '\n'};
    const auto end = std::min(text_.find_first_of(std::string_view(stops, 3)), text_.size());
    std::string cell(text_.substr(0, end));
    text_.remove_prefix(end);
    return cell;
  }

  std::string take_quoted() {
    const int begun = line_;
    text_.remove_prefix(1);
    std::string cell;
    while (true) {
      const auto quote = text_.find('"');
      if (quote == text_.npos) {
        throw LineFault{begun, message("Line {}: a quotation mark opens and never closes.")};
      }
      cell += text_.substr(0, quote);
      text_.remove_prefix(quote + 1);
      if (!take('"')) break;
      cell += '"';
    }
    line_ += static_cast<int>(std::ranges::count(cell, '\n'));
    const bool ends = text_.empty() || text_.front() == separator_ || text_.front() == '\r' ||
                      text_.front() == '\n';
    if (!ends)
      throw LineFault{line_, message("Line {}: something follows a closing quotation "
                                     "mark.")};
    return cell;
  }

  std::string_view text_;
  char separator_;
  int line_ = 1;
};

/// "Importe (EUR)" is "importe".
std::string title_of(std::string_view cell) {
  std::string words;
  const auto whole = folded(cell);
  for (const auto word : split(whole, ' ')) {
    if (word == "eur" || word == "euros") continue;
    words += (words.empty() ? "" : " ") + std::string(word);
  }
  return words;
}

bool are_enough(const Places& places) {
  const auto has = [&](CsvColumn column) {
    return !places[static_cast<std::size_t>(column)].empty();
  };
  return has(date) && (has(amount) || has(debit) || has(credit));
}

std::optional<CsvColumn> find_title(std::string_view words) {
  // "Referencia 1", "Concepto 2": numbered ones are joined.
  if (words.size() > 2 && words[words.size() - 2] == ' ' && words.back() >= '0' &&
      words.back() <= '9') {
    words.remove_suffix(2);
  }
  const auto* found = std::ranges::find(titles, words, &Title::words);
  return found == std::end(titles) ? std::nullopt : std::optional(found->column);
}

std::optional<Places> recognise(const CsvRow& row) {
  Places places;
  for (std::size_t n = 0; n < row.cells.size(); ++n) {
    if (const auto column = find_title(title_of(row.cells[n]))) {
      places[static_cast<std::size_t>(*column)].push_back(n);
    }
  }
  return are_enough(places) ? std::optional(places) : std::nullopt;
}

/// "date" → its titles or numbers.
std::map<CsvColumn, std::vector<std::string>> wanted_columns(const CsvRules& rules) {
  std::map<CsvColumn, std::vector<std::string>> wanted;
  for (const auto rule : split(rules.columns, ';')) {
    const auto equals = rule.find('=');
    if (equals == rule.npos) continue;
    const auto column = parse_csv_column(trim(rule.substr(0, equals)));
    if (!column) continue;
    for (const auto title : split(rule.substr(equals + 1), ',')) {
      if (!trim(title).empty()) wanted[*column].emplace_back(trim(title));
    }
  }
  return wanted;
}

std::optional<std::size_t> column_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= 1 && number <= most_cells ? std::optional(number) : std::nullopt;
}

/// By numbers alone there may be no row of titles.
bool only_numbers(const CsvRules& rules) {
  const auto wanted = wanted_columns(rules);
  return !wanted.empty() && std::ranges::all_of(wanted, [](const auto& column) {
    return std::ranges::all_of(column.second,
                               [](const auto& title) { return column_number(title).has_value(); });
  });
}

std::optional<Places> find_wanted(const CsvRow& row, const CsvRules& rules) {
  Places places;
  for (const auto& [column, names] : wanted_columns(rules)) {
    for (const auto& name_of : names) {
      auto& into = places[static_cast<std::size_t>(column)];
      if (const auto number = column_number(name_of)) {
        into.push_back(*number - 1);
        continue;
      }
      const auto found = std::ranges::find(row.cells, title_of(name_of), title_of);
      if (found == row.cells.end()) return std::nullopt;
      into.push_back(static_cast<std::size_t>(found - row.cells.begin()));
    }
  }
  return are_enough(places) ? std::optional(places) : std::nullopt;
}

struct Titles {
  Places places;
  std::size_t row;  // 0: before the first
  std::size_t width;
};

std::optional<Titles> find_titles(std::string_view text, char separator, const CsvRules& rules) {
  CsvReader reader(text, separator);
  for (std::size_t n = 1; n <= rows_to_titles; ++n) {
    const auto row = reader.next();
    if (!row) return std::nullopt;
    const auto places = rules.columns.empty() ? recognise(*row) : find_wanted(*row, rules);
    if (!places) continue;
    const bool titled = rules.columns.empty() || !only_numbers(rules);
    return Titles{*places, titled ? n : 0, row->cells.size()};
  }
  return std::nullopt;
}

std::vector<char> separators_of(const CsvRules& rules, std::string_view& text) {
  if (rules.separator == "tab") return {'\t'};
  if (!rules.separator.empty()) return {rules.separator.front()};
  // What spreadsheets write above everything: "sep=;".
  if (text.starts_with("sep=") && text.size() > 5 && (text[5] == '\r' || text[5] == '\n')) {
    return {text[4]};
  }
  return {';', '\t', ',', '|'};
}

}  // namespace

std::optional<CsvColumn> parse_csv_column(std::string_view wanted) {
  const auto found = std::ranges::find(column_texts, wanted);
  if (found == column_texts.end()) return std::nullopt;
  return static_cast<CsvColumn>(found - column_texts.begin());
}

bool CsvTable::has(CsvColumn column) const {
  return !places.at(static_cast<std::size_t>(column)).empty();
}

std::string CsvTable::cell(const CsvRow& row, CsvColumn column) const {
  std::string joined;
  for (const auto place : places.at(static_cast<std::size_t>(column))) {
    if (place >= row.cells.size() || trim(row.cells[place]).empty()) continue;
    joined += (joined.empty() ? "" : " ") + std::string(trim(row.cells[place]));
  }
  return joined;
}

CsvTable read_csv_table(std::string_view text, const CsvRules& rules) {
  std::optional<Titles> titles_found;
  char separator = ';';
  std::optional<LineFault> fault;
  for (const char tried : separators_of(rules, text)) {
    try {
      titles_found = find_titles(text, tried, rules);
    } catch (const LineFault& wrong) {
      if (!fault) fault = wrong;  // of the first: with another separator all may be well
      continue;
    }
    separator = tried;
    if (titles_found) break;
  }
  if (!titles_found && fault) throw LineFault(*fault);
  if (!titles_found) {
    throw LineFault{1,
                    message("Line {}: no line of column titles is found, with at least a date "
                            "and an amount. Say which columns hold what with bank.csv_columns.")};
  }
  CsvTable table{
      .places = titles_found->places, .width = titles_found->width, .before = {}, .rows = {}};
  CsvReader reader(text, separator);
  for (std::size_t n = 1; auto row = reader.next(); ++n) {
    if (n < titles_found->row) table.before.push_back(std::move(*row));
    if (n > titles_found->row) table.rows.push_back(std::move(*row));
    check_count(table.rows.size() > rows_to_titles ? table.rows.size() - rows_to_titles : 0,
                static_cast<int>(n));
  }
  return table;
}

}  // namespace cstims
