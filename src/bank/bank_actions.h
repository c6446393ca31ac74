// The verbs of bank statements: accountants and admins only (else Forbidden), and the system.
// Importing stores a file whole or not at all; matching records payments by the same function as
// the payment form (invoice/payment_actions.h), one transaction after the other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bank/bank_matching.h"
#include "bank/bank_statement.h"
#include "bank/bank_store.h"
#include "mail/outbox.h"

namespace cstims {

struct NamedBankFile {
  std::string name;
  std::string sha256;  // hex, of its bytes
  const BankFile& file;
};
struct ImportedFile {
  bool known = false;             // the very same file was imported before: nothing was added
  std::int64_t transactions = 0;  // in the file
  std::int64_t added = 0;         // of them new
  std::vector<BankStatementId> statements = {};
};
ImportedFile import_bank_file(Act& act, const NamedBankFile& named);

/// What became of a transaction that was tried.
struct MatchedTransaction {
  BankTransactionId id;
  BankTransaction facts;
  MatchOutcome outcome;
  BankDoubt doubt = BankDoubt::none;
  std::vector<std::string> invoices = {};  // numbers of those it pays or names
  std::string client = {};                 // user name of whose it is, or probably is
};
/// What would become of those of a file, one after the other; writes nothing. `names` is for those
/// without a reference.
class MatchPreview {
 public:
  MatchPreview(Transaction& tx, BankFormat format, const ClientNames& names)
      : tx_(tx), format_(format), names_(names) {}
  MatchedTransaction look_at(const std::string& account, const BankTransaction& transaction);

 private:
  Transaction& tx_;
  BankFormat format_;
  const ClientNames& names_;
  std::map<InvoiceId, Money> paid_;  // by those before
};
/// Tries one that waits: records a payment, puts it into the queue, or sets it aside as going out.
/// Absent when it waits no more. A payment that is refused (a closed month) goes to the queue.
std::optional<MatchedTransaction> match_transaction(Act& act, BankTransactionId id,
                                                    const ClientNames& names);

/// Somebody says what it pays: these refuse what is not in the queue, money that went out, and what
/// the payment form refuses.
Result<PaymentId> match_to_invoice(Act& act, BankTransactionId id, InvoiceId invoice);
/// The client's oldest invoices first; what is left over becomes credit.
Result<PaymentId> match_to_client(Act& act, BankTransactionId id, UserId client);
/// Refuses (field "reason") no reason.
Result<void> ignore_transaction(Act& act, BankTransactionId id, const std::string& reason);
/// Back to the queue; the payment recorded of it is reversed, unless it is already. Refuses what
/// waits, what went out, and what reverse_payment refuses.
Result<void> undo_match(Act& act, BankTransactionId id);
/// Everything in the queue may be tried again; how many there are.
std::int64_t try_queue_again(Act& act);

/// Invoices that a waiting transaction may be for, the likeliest first.
enum class SuggestionWhy { named, likely_client, amount };
struct Suggestion {
  PayableInvoice invoice;
  SuggestionWhy why;
  bool same_amount;
};
std::vector<Suggestion> suggest_invoices(Transaction& tx, const StoredTransaction& transaction);

}  // namespace cstims
