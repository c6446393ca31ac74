// Which invoice a transaction pays: pure rules. What is sure is recorded without anybody looking,
// the rest waits in a queue. The amount alone never decides.
//
// Sure is:
//   - an invoice named exactly, by its number or its creditor reference, whatever the amount: a
//   part
//     is a part payment, what is more than the rest becomes the client's credit;
//   - an invoice named nearly (zeros or the series left out), when the amount is what is left of
//   it;
//   - several invoices of one client, when the amount is what is left of all of them.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bank/bank_statement.h"
#include "base/id.h"

namespace cstims {

/// An issued, ordinary invoice.
struct PayableInvoice {
  InvoiceId id;
  UserId client;
  std::string client_name = {};
  std::string number;
  Money rest;  // zero when it is paid or was rectified
};

/// Under which year and number an invoice may be found. Guesses: most lead to none.
struct NumberGuess {
  int year;
  std::int64_t sequence;
  auto operator<=>(const NumberGuess&) const = default;
};
std::vector<NumberGuess> number_guesses(const BankTransaction& transaction);

struct NamedInvoice {
  PayableInvoice invoice;
  bool exact;
};
/// Those of `found` that the words of the transaction name; when some are named exactly, only
/// these.
std::vector<NamedInvoice> named_invoices(const BankTransaction& transaction,
                                         const std::vector<PayableInvoice>& found);

/// What else must be known.
struct MatchCircumstances {
  Date today;
  bool maybe_twice = false;    // the amount of that day came with a file of another format too
  bool known_account = false;  // money came from this account before
};
enum class MatchOutcome { pay, queue, outgoing };
struct MatchDecision {
  MatchOutcome outcome;
  BankDoubt doubt = BankDoubt::none;     // of `queue`
  std::vector<InvoiceId> invoices = {};  // of `pay`, at least one
};
MatchDecision decide_match(const BankTransaction& transaction,
                           const std::vector<NamedInvoice>& named,
                           const MatchCircumstances& circumstances);

/// Finds clients by their names in what banks write: all words of a name must be there, in any
/// order. Names of one word are too common to say anything.
class ClientNames {
 public:
  void add(UserId client, const std::string& name);
  /// Absent when nobody fits, or several do.
  std::optional<UserId> find(const BankTransaction& transaction) const;

 private:
  struct Entry {
    UserId client;
    std::vector<std::string> words;
  };
  std::multimap<std::string, Entry, std::less<>> by_longest_word_;
};

}  // namespace cstims
