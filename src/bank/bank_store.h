// Rows of bank statements and their transactions. Both are for accountants and admins alone: the
// verbs and pages ask. A transaction's facts never change; its state moves only as the functions
// below say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bank/bank_matching.h"
#include "bank/bank_statement.h"
#include "base/listing.h"
#include "db/database.h"

namespace cstims {

struct StoredStatement {
  BankStatementId id;
  std::string file_name;
  BankFormat format;
  std::string account;
  Currency currency;
  std::optional<Date> first_day;
  std::optional<Date> last_day;
  std::int64_t transactions;  // in the file
  std::int64_t added;         // of them new
  Instant imported_at;
  std::string imported_by;  // user name; empty: a command
};

enum class LikelyWhy { unknown, reference, account, name };
std::string_view text(LikelyWhy why);
/// "named", "paid from this account before", "the name": why a client is offered.
Message shown(LikelyWhy why);

/// Whose a transaction probably is.
struct LikelyClient {
  UserId client;
  LikelyWhy why;
  std::string name = {};
};

struct StoredTransaction {
  BankTransactionId id;
  BankStatementId statement;
  BankFormat format;
  std::string account;
  BankTransaction facts;
  BankState state;
  BankDoubt doubt;
  std::optional<LikelyClient> likely;
  std::optional<PaymentId> payment;
  std::string paid_by;            // of a matched one: the client's user name
  bool payment_reversed = false;  // since, on the payment's page
  bool automatic = false;
  std::string reason;
  std::optional<Instant> decided_at;
  std::string decided_by;  // user name; empty: nobody, or a command

  /// Somebody has to look at it.
  bool waits() const { return state == BankState::unmatched; }
};

struct NewStatement {
  std::string sha256;
  int position;
  std::string file_name;
  BankFormat format;
  const BankStatement& statement;
  std::optional<UserId> author;
};
/// Absent, and nothing written, when this part of this file is there already.
std::optional<BankStatementId> insert_bank_statement(Transaction& tx, const NewStatement& row);
void set_added(Transaction& tx, BankStatementId id, std::int64_t added);
bool has_bank_file(Transaction& tx, const std::string& sha256);
/// False, and nothing written, when a transaction with that key is there already.
bool insert_bank_transaction(Transaction& tx, BankStatementId statement, const std::string& account,
                             const BankTransaction& transaction, const std::string& key);
bool has_bank_transaction(Transaction& tx, const std::string& key);

std::vector<StoredStatement> list_bank_statements(Transaction& tx, int limit);
StoredStatement require_bank_statement(Transaction& tx, BankStatementId id);  // throws NotFound

StoredTransaction require_bank_transaction(Transaction& tx, BankTransactionId id);
/// Filter "state" (unmatched, matched, ignored, outgoing); search by words, name, account, amount.
ListingRules bank_transaction_listing_rules();
Page<StoredTransaction> list_bank_transactions(Transaction& tx, const Listing& listing,
                                               std::optional<BankStatementId> statement = {});
/// Not tried to match yet, oldest first.
std::vector<BankTransactionId> list_new_transactions(Transaction& tx);
/// How many of a statement were not tried yet.
std::int64_t count_new_transactions(Transaction& tx, BankStatementId statement);
std::int64_t count_waiting_transactions(Transaction& tx);
/// The whole queue is to be tried again, but for what somebody undid.
std::int64_t renew_queue(Transaction& tx);

/// Claims a transaction that waits, for the rest of this transaction: false when it does not wait
/// (any more).
bool claim_transaction(Transaction& tx, BankTransactionId id);
void mark_queued(Transaction& tx, BankTransactionId id, BankDoubt doubt,
                 const std::optional<LikelyClient>& likely);
void mark_outgoing(Transaction& tx, BankTransactionId id);
struct Decision {
  std::optional<UserId> author;
  bool automatic = false;
};
void mark_matched(Transaction& tx, BankTransactionId id, PaymentId payment,
                  const Decision& decision);
void mark_ignored(Transaction& tx, BankTransactionId id, const std::string& reason,
                  const Decision& decision);
/// Back to the queue; false when it is neither matched nor ignored.
bool mark_unmatched(Transaction& tx, BankTransactionId id, const Decision& decision);

/// Issued ordinary invoices of these years and numbers.
std::vector<PayableInvoice> list_invoices_of_guesses(Transaction& tx,
                                                     const std::vector<NumberGuess>& guesses);
/// Open invoices of a client, by due date.
std::vector<PayableInvoice> list_payable_of_client(Transaction& tx, UserId client, int limit);
/// Open invoices of which exactly this is left, by due date.
std::vector<PayableInvoice> list_payable_of_amount(Transaction& tx, const Money& amount, int limit);
/// An issued ordinary invoice by its number, as typed (case does not matter).
std::optional<PayableInvoice> find_payable(Transaction& tx, const std::string& number);
/// Whose payments came from this account, the newest.
std::optional<UserId> find_client_of_account(Transaction& tx, const std::string& iban);
/// The same day, amount and account came with a file of another format than `format`.
bool maybe_came_twice(Transaction& tx, const std::string& account,
                      const BankTransaction& transaction, BankFormat format);
ClientNames load_client_names(Transaction& tx);

}  // namespace cstims
