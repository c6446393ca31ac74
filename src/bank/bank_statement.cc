#include "bank/bank_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/failure.h"
#include "base/secret.h"

namespace cstims {
namespace {

constexpr std::array format_texts{std::string_view("camt053"), std::string_view("csv"),
                                  std::string_view("norma43")};
constexpr std::array state_texts{std::string_view("unmatched"), std::string_view("matched"),
                                 std::string_view("ignored"), std::string_view("outgoing")};
constexpr std::array doubt_texts{std::string_view(""),
                                 std::string_view("no reference"),
                                 std::string_view("near reference"),
                                 std::string_view("many invoices"),
                                 std::string_view("many clients"),
                                 std::string_view("paid already"),
                                 std::string_view("other currency"),
                                 std::string_view("maybe twice"),
                                 std::string_view("closed month"),
                                 std::string_view("future day"),
                                 std::string_view("went out"),
                                 std::string_view("undone")};

/// The enumerator that is spelt so; absent for anything else.
template <typename Enumerator, std::size_t count>
std::optional<Enumerator> find_in(const std::array<std::string_view, count>& texts,
                                  std::string_view text) {
  const auto found = std::ranges::find(texts, text);
  if (found == texts.end()) return std::nullopt;
  return static_cast<Enumerator>(found - texts.begin());
}

template <typename Value>
Value stored(std::optional<Value> found, std::string_view text) {
  if (!found) throw DatabaseError(fmt::format("'{}' says nothing about a bank statement", text));
  return *found;
}

/// Letters and digits only, in lower case: banks wrap and pad the same words in different ways.
std::string bare(std::string_view text) {
  std::string bare;
  for (const char letter : text) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    const bool kept = upper || (letter >= 'a' && letter <= 'z') ||
                      (letter >= '0' && letter <= '9') || static_cast<unsigned char>(letter) > 127;
    if (kept) bare += upper ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return bare;
}

std::string content_of(const BankStatement& statement, const BankTransaction& transaction) {
  const std::string words = !transaction.reference.empty()
                                ? "reference " + bare(transaction.reference)
                                : bare(transaction.name) + "|" + bare(transaction.iban) + "|" +
                                      bare(transaction.text + transaction.creditor_reference);
  return fmt::format("{}|{}|{}{}|{}", statement.account, transaction.date.text(),
                     transaction.amount.currency().code(), transaction.amount.minor(), words);
}

std::optional<Date> day_of(const BankStatement& statement, bool last) {
  std::optional<Date> found;
  for (const auto& transaction : statement.transactions) {
    if (!found || (last ? transaction.date > *found : transaction.date < *found)) {
      found = transaction.date;
    }
  }
  return found;
}

}  // namespace

std::string_view text(BankFormat format) {
  return format_texts.at(static_cast<std::size_t>(format));
}

std::optional<BankFormat> parse_bank_format(std::string_view text) {
  return find_in<BankFormat>(format_texts, text);
}

BankFormat stored_bank_format(std::string_view text) {
  return stored(parse_bank_format(text), text);
}

std::string_view shown(BankFormat format) {
  switch (format) {
    case BankFormat::camt053:
      return "CAMT.053";
    case BankFormat::csv:
      return "CSV";
    case BankFormat::norma43:
      return "Norma 43";
  }
  return {};
}

std::optional<Date> BankStatement::from() const {
  return first_day ? first_day : day_of(*this, false);
}

std::optional<Date> BankStatement::to() const {
  return last_day ? last_day : day_of(*this, true);
}

std::vector<std::string> transaction_keys(const BankStatement& statement) {
  std::map<std::string, int> seen;
  std::vector<std::string> keys;
  for (const auto& transaction : statement.transactions) {
    const auto content = content_of(statement, transaction);
    keys.push_back(sha256_hex(fmt::format("{}|{}", content, ++seen[content])));
  }
  return keys;
}

std::string_view text(BankDoubt doubt) {
  return doubt_texts.at(static_cast<std::size_t>(doubt));
}

BankDoubt stored_bank_doubt(std::string_view text) {
  return stored(find_in<BankDoubt>(doubt_texts, text), text);
}

Message shown(BankDoubt doubt) {
  switch (doubt) {
    case BankDoubt::none:
      return message("It was not tried yet.");
    case BankDoubt::no_reference:
      return message("It names no invoice.");
    case BankDoubt::near_reference:
      return message("It nearly names an invoice, but the amount is another.");
    case BankDoubt::many_invoices:
      return message("It names several invoices, and is not their sum.");
    case BankDoubt::many_clients:
      return message("It names invoices of different clients.");
    case BankDoubt::paid_already:
      return message("Nothing is left to pay of the invoice it names.");
    case BankDoubt::other_currency:
      return message("Its currency is not that of the invoice.");
    case BankDoubt::maybe_twice:
      return message("A file of another format had the same amount on that day.");
    case BankDoubt::closed_month:
      return message("Its month is closed.");
    case BankDoubt::future_day:
      return message("Its day is still to come.");
    case BankDoubt::went_out:
      return message("Money went back: look which payment that undoes.");
    case BankDoubt::undone:
      return message("What was recorded of it was undone.");
  }
  return {};
}

std::string_view text(BankState state) {
  return state_texts.at(static_cast<std::size_t>(state));
}

BankState stored_bank_state(std::string_view text) {
  return stored(find_in<BankState>(state_texts, text), text);
}

Message shown(BankState state) {
  switch (state) {
    case BankState::unmatched:
      return message("in the queue");
    case BankState::matched:
      return message("recorded");
    case BankState::ignored:
      return message("set aside");
    case BankState::outgoing:
      return message("went out");
  }
  return {};
}

}  // namespace cstims
