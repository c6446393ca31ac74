// What a bank says happened on an account: types and rules, nothing but base. Readers of the files
// that banks give out make them (bank_file.h); bank_store.h keeps them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

using BankStatementId = Id<struct StoredStatement>;
using BankTransactionId = Id<struct StoredTransaction>;

enum class BankFormat { camt053, csv, norma43 };
std::string_view text(BankFormat format);
/// "camt053", "csv", "norma43"; absent for anything else.
std::optional<BankFormat> parse_bank_format(std::string_view text);
BankFormat stored_bank_format(std::string_view text);  // throws DatabaseError
/// "CAMT.053", "CSV", "Norma 43".
std::string_view shown(BankFormat format);

struct BankTransaction {
  int line = 0;  // of the file, where it begins
  Date date;     // on which it was booked
  std::optional<Date> value_date = {};
  Money amount;                         // below zero: it went out; never zero
  std::string name = {};                // of the other side
  std::string iban = {};                // of the other side, without spaces
  std::string reference = {};           // by which the bank knows it
  std::string text = {};                // what the payer wrote, and what the bank added
  std::string creditor_reference = {};  // of a structured field
  bool returned = false;                // a transfer or direct debit that came back
};

/// Of one account.
struct BankStatement {
  int line = 0;
  std::string account;  // an IBAN without spaces, or what the bank calls it
  Currency currency;
  std::optional<Date> first_day = {};
  std::optional<Date> last_day = {};
  std::optional<Money> opening = {};
  std::optional<Money> closing = {};
  std::vector<BankTransaction> transactions = {};

  /// The days it speaks of: those it names, else those of its transactions; absent when it has
  /// neither.
  std::optional<Date> from() const;
  std::optional<Date> to() const;
};

struct BankFile {
  BankFormat format;
  std::vector<BankStatement> statements;
};

constexpr std::size_t largest_bank_file = std::size_t{10} * 1024 * 1024;
constexpr std::size_t most_bank_transactions = 20'000;  // in one file

/// By which each transaction is known again in another file, in their order: account, day, amount,
/// and the bank's reference or else all its words. Equal ones are counted, so that two transfers
/// alike on one day stay two, and a statement that overlaps another adds nothing twice.
std::vector<std::string> transaction_keys(const BankStatement& statement);

/// Why a transaction could not be settled by itself.
enum class BankDoubt {
  none,            // it was not tried yet
  no_reference,    // it names no invoice
  near_reference,  // it nearly names one, and the amount differs
  many_invoices,   // it names several, and their sum differs
  many_clients,    // it names invoices of different clients
  paid_already,    // what it names is paid, or was rectified
  other_currency,  // not that of the invoice
  maybe_twice,     // the same amount of that day came with a file of another format
  closed_month,    // its day lies in a closed month
  future_day,      // its day is still to come
  went_out,        // money that came back or was paid back
  undone           // somebody undid what was recorded
};
std::string_view text(BankDoubt doubt);              // none: ""
BankDoubt stored_bank_doubt(std::string_view text);  // throws DatabaseError
/// A sentence.
Message shown(BankDoubt doubt);

/// `outgoing`: money that went out, about which there is nothing to do.
enum class BankState { unmatched, matched, ignored, outgoing };
std::string_view text(BankState state);
BankState stored_bank_state(std::string_view text);  // throws DatabaseError
Message shown(BankState state);

}  // namespace cstims
