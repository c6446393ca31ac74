// Cuaderno 43 of the AEB, as Spanish banks export accounts: records of 80 characters, of which the
// first two say what it is. 11 begins an account, 22 is a transaction, 23 its words (up to five),
// 24 its amount in another currency, 33 ends the account with counts and sums, 88 ends the file.
// An optional 00 names the file.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bank/bank_readers.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t record_length = 80;
constexpr int most_words = 5;  // records 23 of one transaction
// "Conceptos comunes" of money that comes back: returned and unpaid, cancelled entries.
constexpr std::array<std::string_view, 2> returns{"14", "98"};

struct CurrencyNumber {
  std::string_view number;
  std::string_view code;
};
/// ISO 4217 numbers of the currencies of Spanish accounts.
constexpr std::array<CurrencyNumber, 12> currencies{{{"978", "EUR"},
                                                     {"840", "USD"},
                                                     {"826", "GBP"},
                                                     {"756", "CHF"},
                                                     {"392", "JPY"},
                                                     {"752", "SEK"},
                                                     {"578", "NOK"},
                                                     {"208", "DKK"},
                                                     {"124", "CAD"},
                                                     {"036", "AUD"},
                                                     {"985", "PLN"},
                                                     {"484", "MXN"}}};

/// The two check digits of a Spanish account number (entity and branch, then account).
std::string check_digits(std::string_view bank_and_branch, std::string_view account) {
  constexpr std::array<int, 10> weights{1, 2, 4, 8, 5, 10, 9, 7, 3, 6};
  const auto digit_of = [&](const std::string& ten) {
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += (ten[i] - '0') * weights.at(i);
    const int digit = 11 - sum % 11;
    return digit == 11 ? 0 : digit == 10 ? 1 : digit;
  };
  return fmt::format("{}{}", digit_of("00" + std::string(bank_and_branch)),
                     digit_of(std::string(account)));
}

/// The IBAN of a Spanish account: bank and branch (8 digits), account (10 digits).
std::string spanish_iban(std::string_view bank_and_branch, std::string_view account) {
  const auto number =
      fmt::format("{}{}{}", bank_and_branch, check_digits(bank_and_branch, account), account);
  int remainder = 0;
  for (const char digit : number + "142800") remainder = (remainder * 10 + (digit - '0')) % 97;
  return fmt::format("ES{:02}{}", 98 - remainder, number);
}

/// One line, cut into characters: a place is one character also where a letter has two bytes.
class Record {
 public:
  Record(std::string_view utf8, int line) : line_(line) {
    if (utf8.size() > record_length && count_characters(utf8) > record_length) {
      fail(message("Line {}: a record of Norma 43 has 80 characters, this one has {}.",
                   {std::to_string(count_characters(utf8))}));
    }
    while (!utf8.empty()) {
      const auto point = first_code_point(utf8);
      const auto bytes = point ? point->bytes : 1;
      letters_.emplace_back(utf8.substr(0, bytes));
      utf8.remove_prefix(bytes);
    }
    // Trailing blanks are often cut off.
    letters_.resize(record_length, " ");
  }

  [[noreturn]] void fail(Message fault) const { throw LineFault{line_, std::move(fault)}; }
  int line() const { return line_; }

  /// Places from 1, both included, as the Cuaderno counts.
  std::string part(std::size_t first, std::size_t last) const {
    std::string text;
    for (std::size_t place = first; place <= last; ++place) text += letters_[place - 1];
    return text;
  }
  std::string digits(std::size_t first, std::size_t last) const {
    auto text = part(first, last);
    if (text.find_first_not_of("0123456789") != text.npos) {
      fail(message("Line {}: characters {} to {} must be digits, not \"{}\".",
                   {std::to_string(first), std::to_string(last), bank_words(text, 40)}));
    }
    return text;
  }
  Date date(std::size_t first) const {
    const auto said = digits(first, first + 5);
    const auto date =
        Date::parse("20" + said.substr(0, 2) + "-" + said.substr(2, 2) + "-" + said.substr(4, 2));
    if (!date) fail(message("Line {}: \"{}\" is no date.", {said}));
    return *date;
  }
  /// 14 digits of minor units.
  Money amount(std::size_t first, Currency currency) const {
    return {std::stoll(digits(first, first + 13)), currency};
  }
  /// 1 is debit, 2 is credit.
  bool is_credit(std::size_t place) const {
    const auto said = part(place, place);
    if (said == "2") return true;
    if (said == "1") return false;
    fail(message("Line {}: character {} must be 1 (debit) or 2 (credit), not \"{}\".",
                 {std::to_string(place), bank_words(said, 2)}));
  }
  Money signed_amount(std::size_t sign, Currency currency) const {
    const auto money = amount(sign + 1, currency);
    return is_credit(sign) ? money : -money;
  }

 private:
  int line_;
  std::vector<std::string> letters_;
};

class Norma43 {
 public:
  BankFile read(std::string_view bytes) {
    const auto text = bank_text(bytes);
    int number = 0;
    for (auto line : split(text, '\n')) {
      ++number;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (trim(line).empty() || line == "\x1A") continue;
      take(Record(line, number));
    }
    if (statement_) fail_at(number, message("Line {}: the last account does not end (record 33)."));
    if (!ended_)
      fail_at(number, message("Line {}: the file breaks off: its last record (88) is "
                              "missing."));
    if (file_.statements.empty()) {
      fail_at(1, message("Line {}: the file has no statement in it."));
    }
    return std::move(file_);
  }

 private:
  [[noreturn]] static void fail_at(int line, Message fault) {
    throw LineFault{line, std::move(fault)};
  }

  void take(const Record& record) {
    const auto kind = record.part(1, 2);
    if (ended_) record.fail(message("Line {}: something follows the end of the file (record 88)."));
    if (kind == "88") return end_file(record);
    if (kind == "00" && records_ == 0 && !statement_) return;  // names the file, is not counted
    ++records_;
    if (kind == "11") return begin_account(record);
    const bool inside = kind == "22" || kind == "23" || kind == "24" || kind == "33";
    if (!inside) {
      record.fail(message("Line {}: Norma 43 has no record \"{}\".", {bank_words(kind, 4)}));
    }
    if (!statement_) {
      record.fail(message("Line {}: a record {} stands outside an account.", {kind}));
    }
    if (kind == "22") return begin_transaction(record);
    if (kind == "33") return end_account(record);
    if (statement_->transactions.empty() || closed_) {
      record.fail(message("Line {}: a record {} follows no transaction (record 22).", {kind}));
    }
    if (kind == "23") add_words(record);
  }

  void begin_account(const Record& record) {
    if (statement_) record.fail(message("Line {}: the account before does not end (record 33)."));
    const auto number = record.part(48, 50);
    const auto* found = std::ranges::find(currencies, number, &CurrencyNumber::number);
    if (found == currencies.end()) {
      record.fail(message("Line {}: \"{}\" is no currency.", {bank_words(number, 4)}));
    }
    const auto currency = Currency::parse(found->code).value();
    statement_ = BankStatement{.line = record.line(),
                               .account = spanish_iban(record.digits(3, 10), record.digits(11, 20)),
                               .currency = currency,
                               .first_day = record.date(21),
                               .last_day = record.date(27),
                               .opening = record.signed_amount(33, currency)};
    owner_ = record.part(3, 20);
    debits_ = credits_ = Money::zero(currency);
    debit_count_ = credit_count_ = 0;
    closed_ = true;
  }

  void begin_transaction(const Record& record) {
    const auto amount = record.signed_amount(28, statement_->currency);
    (amount.is_negative() ? debits_ : credits_) += amount.is_negative() ? -amount : amount;
    ++(amount.is_negative() ? debit_count_ : credit_count_);
    check_count(++read_, record.line());
    const auto concept_number = record.part(23, 24);
    words_ = 0;
    closed_ = false;
    // Document, reference 1 and 2: what the bank knows it by, but not alone; many are all zeros.
    const auto references =
        record.part(43, 52) + " " + record.part(53, 64) + " " + record.part(65, 80);
    statement_->transactions.push_back(
        {.line = record.line(),
         .date = record.date(11),
         .value_date = record.date(17),
         .amount = amount,
         .text = bank_words(without_zeros(references), longest_bank_text),
         .returned = std::ranges::count(returns, concept_number) > 0});
  }

  /// References that are nothing but zeros say nothing.
  static std::string without_zeros(const std::string& references) {
    std::vector<std::string> kept;
    for (const auto word : split(references, ' ')) {
      if (word.find_first_not_of('0') != word.npos) kept.emplace_back(word);
    }
    return join(kept, " ");
  }

  /// Words run on from field to field, where the bank cut them.
  void add_words(const Record& record) {
    if (++words_ > most_words) {
      record.fail(message("Line {}: a transaction has at most five records 23."));
    }
    auto& text = statement_->transactions.back().text;
    for (const auto& field : {record.part(5, 42), record.part(43, 80)}) {
      const auto words = bank_words(field, longest_bank_text);
      if (!words.empty()) text += (text.empty() ? "" : " ") + words;
    }
    text = bank_words(text, longest_bank_text);
  }

  void end_account(const Record& record) {
    auto& statement = *statement_;
    if (record.part(3, 20) != owner_) {
      record.fail(message("Line {}: this ends another account than the one that began."));
    }
    require_equal(record, record.digits(21, 25), debit_count_);
    require_equal(record, record.amount(26, statement.currency), debits_);
    require_equal(record, record.digits(40, 44), credit_count_);
    require_equal(record, record.amount(45, statement.currency), credits_);
    statement.closing = record.signed_amount(59, statement.currency);
    check_balance(statement);
    std::erase_if(statement.transactions,
                  [](const BankTransaction& one) { return one.amount.is_zero(); });
    file_.statements.push_back(std::move(statement));
    statement_.reset();
  }

  static void require_equal(const Record& record, const std::string& said, int counted) {
    if (std::stoi(said) == counted) return;
    record.fail(message("Line {}: the bank counts {} transactions, the file has {}.",
                        {std::to_string(std::stoi(said)), std::to_string(counted)}));
  }
  static void require_equal(const Record& record, const Money& said, const Money& summed) {
    if (said == summed) return;
    record.fail(message("Line {}: the bank's sum is {}, that of the file is {}.",
                        {said.show(), summed.show()}));
  }

  /// Some banks count the end itself.
  void end_file(const Record& record) {
    if (statement_) record.fail(message("Line {}: the account before does not end (record 33)."));
    const auto said = std::stoi(record.digits(21, 26));
    if (said != records_ && said != records_ + 1) {
      record.fail(message("Line {}: the bank counts {} records, the file has {}.",
                          {std::to_string(said), std::to_string(records_)}));
    }
    ended_ = true;
  }

  BankFile file_{.format = BankFormat::norma43, .statements = {}};
  std::optional<BankStatement> statement_;  // the account that is being read
  std::string owner_;                       // its number, which its end must repeat
  Money debits_ = Money::zero(Currency::eur());
  Money credits_ = Money::zero(Currency::eur());
  int debit_count_ = 0;
  int credit_count_ = 0;
  int words_ = 0;
  bool closed_ = true;  // no transaction for more words
  int records_ = 0;
  std::size_t read_ = 0;
  bool ended_ = false;
};

}  // namespace

BankFile read_norma43(std::string_view bytes) {
  return Norma43().read(bytes);
}

}  // namespace cstims
