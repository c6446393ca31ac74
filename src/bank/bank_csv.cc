// CSV files of banks: the rows of a table (bank_csv_table.h) as transactions.
#include <algorithm>
#include <map>

#include "bank/bank_csv_table.h"
#include "bank/bank_readers.h"
#include "base/text.h"

namespace cstims {
namespace {

[[noreturn]] void fault(int line, Message said) {
  throw LineFault{line, std::move(said)};
}

/// The sign and what is left of "-1.234,56 €".
struct Digits {
  bool negative = false;
  std::string text;  // digits, commas and points
};

std::optional<Digits> digits_of(std::string_view said) {
  Digits digits;
  for (const std::string_view noise : {"EUR", "€", "\u00A0", "\u202F", " ", "'", "\""}) {
    digits.text = replace_all(digits.text.empty() ? std::string(said) : digits.text, noise, "");
  }
  digits.text = replace_all(digits.text, "\u2212", "-");
  if (digits.text.starts_with('-') || digits.text.starts_with('+')) {
    digits.negative = digits.text.front() == '-';
    digits.text.erase(0, 1);
  } else if (digits.text.ends_with('-')) {
    digits.negative = true;
    digits.text.pop_back();
  }
  const bool plain = digits.text.find_first_not_of("0123456789.,") == std::string::npos;
  const bool any = digits.text.find_first_of("0123456789") != std::string::npos;
  return plain && any ? std::optional(digits) : std::nullopt;
}

/// What one amount says about the decimal sign: ',' or '.', '?' when it may be either, 0 when it
/// has none.
char sign_in(std::string_view digits) {
  const auto last = digits.find_last_of(".,");
  if (last == digits.npos) return 0;
  const char sign = digits[last];
  const char other = sign == ',' ? '.' : ',';
  if (digits.contains(other)) return sign;
  if (std::ranges::count(digits, sign) > 1) return other;
  return digits.size() - last - 1 == 3 ? '?' : sign;
}

class DecimalSign {
 public:
  explicit DecimalSign(const CsvRules& rules) {
    if (!rules.decimal_sign.empty()) sign_ = rules.decimal_sign.front();
    told_ = sign_ != 0;
  }
  void look_at(int line, std::string_view said) {
    const auto digits = digits_of(said);
    if (told_ || !digits) return;
    const char found = sign_in(digits->text);
    if (found == '?' && unsure_line_ == 0) {
      unsure_line_ = line;
      unsure_ = said;
    }
    if (found == 0 || found == '?') return;
    if (sign_ != 0 && sign_ != found) {
      fault(line, message("Line {}: in \"{}\" the decimal sign is another than before.",
                          {bank_words(said, 30)}));
    }
    sign_ = found;
  }
  char decided() const {
    if (sign_ == 0 && unsure_line_ != 0) {
      fault(unsure_line_, message("Line {}: \"{}\" may be thousands or a fraction. Say the decimal "
                                  "sign with bank.csv_decimal.",
                                  {bank_words(unsure_, 30)}));
    }
    return sign_ == 0 ? '.' : sign_;
  }

 private:
  char sign_ = 0;
  bool told_ = false;
  int unsure_line_ = 0;
  std::string unsure_;
};

/// With a point and no thousands; absent when the groups are no thousands.
std::optional<std::string> plain_digits(const std::string& digits, char decimal) {
  const char thousands = decimal == ',' ? '.' : ',';
  if (std::ranges::count(digits, decimal) > 1) return std::nullopt;
  const auto point = std::min(digits.find(decimal), digits.size());
  const auto whole = digits.substr(0, point);
  const auto groups = split(whole, thousands);
  for (std::size_t n = 1; n < groups.size(); ++n) {
    if (groups[n].size() != 3 || groups[0].empty() || groups[0].size() > 3) return std::nullopt;
  }
  if (digits.find(thousands, point) != digits.npos) return std::nullopt;
  std::string plain = replace_all(whole, std::string(1, thousands), "");
  if (plain.empty()) plain = "0";
  if (point + 1 < digits.size()) plain += "." + digits.substr(point + 1);
  return plain;
}

Date read_date(int line, std::string_view said, std::string_view order) {
  // A time behind the day is of no interest.
  const auto day = said.substr(0, said.find_first_of(" T"));
  std::vector<std::string> parts;
  std::string normal(day);
  std::ranges::replace(normal, '/', '-');
  std::ranges::replace(normal, '.', '-');
  for (const auto part : split(normal, '-')) parts.emplace_back(part);
  const bool compact = parts.size() == 1 && parts[0].size() == 8;
  if (compact) parts = {normal.substr(0, 4), normal.substr(4, 2), normal.substr(6, 2)};
  if (parts.size() == 3) {
    if (parts[0].size() != 4) {
      if (order == "mdy") std::swap(parts[0], parts[1]);
      std::swap(parts[0], parts[2]);
      if (parts[0].size() == 2) parts[0].insert(0, "20");
    }
    for (auto& part : parts) {
      if (part.size() == 1) part.insert(0, "0");
    }
    if (const auto date = Date::parse(join(parts, "-"))) return *date;
  }
  fault(line, message("Line {}: \"{}\" is no date (bank.csv_dates says in which order day, month "
                      "and year stand).",
                      {bank_words(said, 30)}));
}

/// The first valid IBAN above the titles: "Cuenta: ES91 …".
std::string account_above(const CsvTable& table) {
  for (const auto& row : table.before) {
    for (const auto& cell : row.cells) {
      const std::string_view whole = trim(cell);
      const auto colon = whole.find(':');
      for (const auto part : {whole, colon == whole.npos ? whole : trim(whole.substr(colon + 1))}) {
        if (auto iban = bank_iban(part); !iban.empty()) return iban;
      }
    }
  }
  return {};
}

class CsvFile {
 public:
  CsvFile(const CsvTable& table, const BankFileRules& rules)
      : table_(table), rules_(rules), account_(account_above(table)) {
    if (account_.empty()) account_ = rules.account;
    DecimalSign sign(rules.csv);
    for (const auto& row : table.rows) {
      for (const auto column : {CsvColumn::amount, CsvColumn::debit, CsvColumn::credit}) {
        sign.look_at(row.line, table.cell(row, column));
      }
    }
    decimal_ = sign.decided();
  }

  BankFile read() {
    for (const auto& row : table_.rows) {
      if (is_blank(row)) continue;
      check_width(row);
      take(row);
    }
    if (file_.statements.empty()) {
      fault(1, message("Line {}: below the titles there is no transaction."));
    }
    return std::move(file_);
  }

 private:
  /// Also the totals that stand below, which have no day and no amount.
  bool is_blank(const CsvRow& row) const {
    return table_.cell(row, CsvColumn::date).empty() &&
           table_.cell(row, CsvColumn::amount).empty() &&
           table_.cell(row, CsvColumn::debit).empty() &&
           table_.cell(row, CsvColumn::credit).empty();
  }

  void check_width(const CsvRow& row) const {
    for (std::size_t n = table_.width; n < row.cells.size(); ++n) {
      if (trim(row.cells[n]).empty()) continue;
      fault(row.line, message("Line {}: it has {} columns, the titles have {}.",
                              {std::to_string(row.cells.size()), std::to_string(table_.width)}));
    }
  }

  void take(const CsvRow& row) {
    const auto currency = currency_of(row);
    BankTransaction transaction{
        .line = row.line,
        .date = read_date(row.line, table_.cell(row, CsvColumn::date), rules_.csv.dates),
        .amount = amount_of(row, currency),
        .name = bank_words(table_.cell(row, CsvColumn::name), longest_bank_name),
        .iban = bank_iban(table_.cell(row, CsvColumn::iban)),
        .reference = bank_words(table_.cell(row, CsvColumn::reference), longest_bank_reference),
        .text = bank_words(table_.cell(row, CsvColumn::text), longest_bank_text)};
    const auto value = table_.cell(row, CsvColumn::value_date);
    if (!value.empty()) transaction.value_date = read_date(row.line, value, rules_.csv.dates);
    // Columns called "reference" hold what the payer wrote as often as what the bank made up.
    if (!transaction.reference.empty()) {
      transaction.text =
          bank_words(transaction.text + " " + transaction.reference, longest_bank_text);
      transaction.reference.clear();
    }
    if (transaction.amount.is_zero()) return;
    check_count(++read_, row.line);
    statement_of(row, currency).transactions.push_back(std::move(transaction));
  }

  Currency currency_of(const CsvRow& row) const {
    const auto said = table_.cell(row, CsvColumn::currency);
    if (said.empty() || said == rules_.currency.sign()) return rules_.currency;
    const auto currency = Currency::parse(said);
    if (!currency) {
      fault(row.line, message("Line {}: \"{}\" is no currency.", {bank_words(said, 10)}));
    }
    return *currency;
  }

  /// Zero when the cell is empty.
  Money money_in(const CsvRow& row, CsvColumn column, Currency currency) const {
    const auto said = table_.cell(row, column);
    if (said.empty()) return Money::zero(currency);
    const auto digits = digits_of(said);
    const auto plain = digits ? plain_digits(digits->text, decimal_) : std::nullopt;
    const auto money = plain ? exact_amount(*plain, currency) : std::nullopt;
    if (!money) {
      fault(row.line, message("Line {}: \"{}\" is no amount.", {bank_words(said, 30)}));
    }
    return digits->negative ? -*money : *money;
  }

  Money amount_of(const CsvRow& row, Currency currency) const {
    if (table_.has(CsvColumn::amount)) {
      if (table_.cell(row, CsvColumn::amount).empty()) {
        fault(row.line, message("Line {}: the amount is missing."));
      }
      return money_in(row, CsvColumn::amount, currency);
    }
    const auto in = money_in(row, CsvColumn::credit, currency);
    auto out = money_in(row, CsvColumn::debit, currency);
    if (out.is_negative()) out = -out;
    if (!in.is_zero() && !out.is_zero()) {
      fault(row.line, message("Line {}: money cannot come in and go out in one line."));
    }
    return in - out;
  }

  BankStatement& statement_of(const CsvRow& row, Currency currency) {
    const auto said = table_.cell(row, CsvColumn::account);
    const auto iban = bank_iban(said);
    std::string account = said.empty() ? account_ : iban.empty() ? bank_words(said, 40) : iban;
    if (account.empty()) {
      fault(row.line, message("Line {}: the file does not say whose account it is of. Set "
                              "billing.iban, or name the column."));
    }
    for (auto& statement : file_.statements) {
      if (statement.account == account && statement.currency == currency) return statement;
    }
    if (file_.statements.size() >= most_accounts) {
      fault(row.line, message("Line {}: these are too many different accounts."));
    }
    return file_.statements.emplace_back(
        BankStatement{.line = row.line, .account = std::move(account), .currency = currency});
  }

  static constexpr std::size_t most_accounts = 50;
  const CsvTable& table_;
  const BankFileRules& rules_;
  std::string account_;
  char decimal_ = '.';
  std::size_t read_ = 0;
  BankFile file_{.format = BankFormat::csv, .statements = {}};
};

}  // namespace

std::string fault_of_csv_rules(const CsvRules& rules) {
  const bool separator = rules.separator.empty() || rules.separator == "tab" ||
                         (rules.separator.size() == 1 && rules.separator != "\"");
  if (!separator) return "bank.csv_separator: one character, or tab";
  if (!rules.decimal_sign.empty() && rules.decimal_sign != "," && rules.decimal_sign != ".") {
    return "bank.csv_decimal: a comma or a point";
  }
  if (rules.dates != "" && rules.dates != "dmy" && rules.dates != "mdy" && rules.dates != "ymd") {
    return "bank.csv_dates: dmy, mdy or ymd";
  }
  bool has_date = false;
  bool has_amount = false;
  for (const auto rule : split(rules.columns, ';')) {
    if (trim(rule).empty()) continue;
    const auto column = parse_csv_column(trim(rule.substr(0, rule.find('='))));
    if (!column || !rule.contains('=')) {
      return "bank.csv_columns: write it as date=Fecha;amount=Importe;text=Concepto";
    }
    has_date = has_date || *column == CsvColumn::date;
    has_amount = has_amount || *column == CsvColumn::amount || *column == CsvColumn::debit ||
                 *column == CsvColumn::credit;
  }
  if (!trim(rules.columns).empty() && !(has_date && has_amount)) {
    return "bank.csv_columns: name at least the date and the amount (or debit and credit)";
  }
  return {};
}

BankFile read_bank_csv(std::string_view bytes, const BankFileRules& rules) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") || bytes.contains('\0')) {
    fault(1, message("Line {}: this is no text in UTF-8 or Latin-1. Save it as CSV in UTF-8."));
  }
  const auto text = bank_text(bytes);
  const auto table = read_csv_table(text, rules.csv);
  return CsvFile(table, rules).read();
}

}  // namespace cstims
