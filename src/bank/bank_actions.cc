#include "bank/bank_actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "bank/bank_readers.h"
#include "base/failure.h"
#include "base/text.h"
#include "invoice/closed_period.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_actions.h"
#include "invoice/payment_store.h"

namespace cstims {
namespace {

constexpr std::size_t longest_payment_reference = 100;
constexpr std::size_t longest_reason = 300;
constexpr int most_suggestions = 6;

void require_accountant(const Act& act) {
  if (!act.viewer.is_accountant()) throw Forbidden("bank statements are for accountants");
}

/// What the payment says of where it came from.
NewPayment payment_of(const BankTransaction& transaction) {
  const std::string words =
      transaction.creditor_reference.empty() ? transaction.text : transaction.creditor_reference;
  const std::string reference = transaction.name.empty() ? words : transaction.name + ": " + words;
  return {.amount = transaction.amount,
          .date = transaction.date,
          .method = payment_methods().front(),
          .reference = shorten(reference, longest_payment_reference)};
}

struct Looked {
  std::vector<NamedInvoice> named;
  std::optional<UserId> payer;  // whose payments came from this account before
  MatchDecision decision;
};

/// Nothing is paid yet but what the database says and, in a preview, `paid`.
Looked look(Transaction& tx, const BankTransaction& transaction, bool maybe_twice,
            const std::map<InvoiceId, Money>& paid = {}) {
  auto found = list_invoices_of_guesses(tx, number_guesses(transaction));
  for (auto& invoice : found) {
    const auto before = paid.find(invoice.id);
    if (before != paid.end()) invoice.rest = invoice.rest - std::min(invoice.rest, before->second);
  }
  Looked looked{named_invoices(transaction, found),
                find_client_of_account(tx, transaction.iban),
                {MatchOutcome::queue}};
  looked.decision = decide_match(
      transaction, looked.named,
      {.today = tx.today(), .maybe_twice = maybe_twice, .known_account = looked.payer.has_value()});
  if (looked.decision.outcome == MatchOutcome::pay && !check_open(tx, "date", transaction.date)) {
    looked.decision = {MatchOutcome::queue, BankDoubt::closed_month};
  }
  return looked;
}

/// Whose it probably is; absent when what it names belongs to several.
std::optional<LikelyClient> likely_client(const Looked& looked, const BankTransaction& transaction,
                                          const ClientNames& names) {
  if (!looked.named.empty() && looked.decision.doubt != BankDoubt::many_clients) {
    const auto& invoice = looked.named.front().invoice;
    return LikelyClient{invoice.client, LikelyWhy::reference, invoice.client_name};
  }
  if (looked.payer) return LikelyClient{*looked.payer, LikelyWhy::account};
  if (const auto client = names.find(transaction)) return LikelyClient{*client, LikelyWhy::name};
  return std::nullopt;
}

MatchedTransaction told(BankTransactionId id, const BankTransaction& transaction,
                        const Looked& looked) {
  MatchedTransaction told{.id = id,
                          .facts = transaction,
                          .outcome = looked.decision.outcome,
                          .doubt = looked.decision.doubt};
  for (const auto& [invoice, exact] : looked.named) told.invoices.push_back(invoice.number);
  if (!looked.named.empty()) told.client = looked.named.front().invoice.client_name;
  return told;
}

/// Claims it and refuses what no hand may match.
Result<StoredTransaction> claim_for_payment(Act& act, BankTransactionId id) {
  require_accountant(act);
  auto transaction = require_bank_transaction(act.tx, id);
  if (!transaction.waits() || !claim_transaction(act.tx, id)) {
    return refuse("", message("This transaction is not in the queue any more."));
  }
  if (transaction.facts.amount.is_negative()) {
    return refuse("", message("Money that went out pays nothing. Reverse the payment it undoes, "
                              "then set this aside."));
  }
  if (transaction.facts.amount.currency() != act.site.currency) {
    return refuse("", message("Its currency is not that of the invoices. Record the payment by "
                              "hand, then set this aside."));
  }
  if (transaction.facts.date > act.tx.today()) {
    return refuse("", message("This day is still to come."));
  }
  return transaction;
}

/// A refusal about the day is about the whole here: there is no field for it.
std::unexpected<Refusal> about_the_whole(Refusal refusal) {
  for (auto& item : refusal.items) item.field.clear();
  return std::unexpected(std::move(refusal));
}

}  // namespace

ImportedFile import_bank_file(Act& act, const NamedBankFile& named) {
  require_accountant(act);
  ImportedFile imported;
  for (const auto& statement : named.file.statements) {
    imported.transactions += static_cast<std::int64_t>(statement.transactions.size());
  }
  if (has_bank_file(act.tx, named.sha256)) {
    imported.known = true;
    return imported;
  }
  for (std::size_t n = 0; n < named.file.statements.size(); ++n) {
    const auto& statement = named.file.statements[n];
    const auto id = insert_bank_statement(act.tx, {.sha256 = named.sha256,
                                                   .position = static_cast<int>(n + 1),
                                                   .file_name = named.name,
                                                   .format = named.file.format,
                                                   .statement = statement,
                                                   .author = act.viewer.user});
    if (!id) {  // another import of the same file was faster
      imported.known = true;
      return imported;
    }
    const auto keys = transaction_keys(statement);
    std::int64_t added = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      added += insert_bank_transaction(act.tx, *id, statement.account, statement.transactions[i],
                                       keys[i])
                   ? 1
                   : 0;
    }
    set_added(act.tx, *id, added);
    imported.added += added;
    imported.statements.push_back(*id);
  }
  return imported;
}

MatchedTransaction MatchPreview::look_at(const std::string& account,
                                         const BankTransaction& transaction) {
  const bool twice = maybe_came_twice(tx_, account, transaction, format_);
  const auto looked = look(tx_, transaction, twice, paid_);
  auto preview = told(BankTransactionId(0), transaction, looked);
  if (looked.decision.outcome == MatchOutcome::queue && preview.client.empty()) {
    if (const auto likely = likely_client(looked, transaction, names_)) {
      preview.client = require_user(tx_, likely->client).username;
    }
  }
  Money left = transaction.amount;
  for (const auto& [invoice, exact] : looked.named) {
    if (looked.decision.outcome != MatchOutcome::pay) break;
    const auto part = std::min(left, invoice.rest);
    left = left - part;
    const auto [before, added] = paid_.emplace(invoice.id, part);
    if (!added) before->second += part;
  }
  return preview;
}

std::optional<MatchedTransaction> match_transaction(Act& act, BankTransactionId id,
                                                    const ClientNames& names) {
  require_accountant(act);
  if (!claim_transaction(act.tx, id)) return std::nullopt;
  const auto transaction = require_bank_transaction(act.tx, id);
  const auto& facts = transaction.facts;
  const bool twice = maybe_came_twice(act.tx, transaction.account, facts, transaction.format);
  const auto looked = look(act.tx, facts, twice);
  auto result = told(id, facts, looked);
  switch (looked.decision.outcome) {
    case MatchOutcome::outgoing:
      mark_outgoing(act.tx, id);
      break;
    case MatchOutcome::queue: {
      const auto likely = likely_client(looked, facts, names);
      mark_queued(act.tx, id, looked.decision.doubt, likely);
      if (likely && result.client.empty()) {
        result.client = require_user(act.tx, likely->client).username;
      }
      break;
    }
    case MatchOutcome::pay: {
      const auto payment = record_payment_for(act, looked.named.front().invoice.client,
                                              payment_of(facts), looked.decision.invoices);
      if (!payment) throw Conflict(payment.error().english());
      mark_matched(act.tx, id, *payment, {.author = act.viewer.user, .automatic = true});
      break;
    }
  }
  return result;
}

Result<PaymentId> match_to_invoice(Act& act, BankTransactionId id, InvoiceId invoice) {
  const auto transaction = claim_for_payment(act, id);
  if (!transaction) return std::unexpected(transaction.error());
  const auto payment = record_payment(act, invoice, payment_of(transaction->facts));
  if (!payment) return about_the_whole(payment.error());
  mark_matched(act.tx, id, *payment, {.author = act.viewer.user});
  return payment;
}

Result<PaymentId> match_to_client(Act& act, BankTransactionId id, UserId client) {
  const auto transaction = claim_for_payment(act, id);
  if (!transaction) return std::unexpected(transaction.error());
  const auto payment =
      record_client_payment(act, client, payment_of(transaction->facts), PaymentUse::oldest_first);
  if (!payment) return payment;
  mark_matched(act.tx, id, *payment, {.author = act.viewer.user});
  return payment;
}

Result<void> ignore_transaction(Act& act, BankTransactionId id, const std::string& reason) {
  require_accountant(act);
  const std::string why = shorten(single_line(reason), longest_reason);
  if (why.empty()) return refuse("reason", message("Say why."));
  if (!require_bank_transaction(act.tx, id).waits() || !claim_transaction(act.tx, id)) {
    return refuse("", message("This transaction is not in the queue any more."));
  }
  mark_ignored(act.tx, id, why, {.author = act.viewer.user});
  return {};
}

Result<void> undo_match(Act& act, BankTransactionId id) {
  require_accountant(act);
  const auto transaction = require_bank_transaction(act.tx, id);
  if (!mark_unmatched(act.tx, id, {.author = act.viewer.user})) {
    return refuse("", message("There is nothing to undo."));
  }
  if (!transaction.payment || transaction.payment_reversed) return {};
  return reverse_payment(act, *transaction.payment);
}

std::int64_t try_queue_again(Act& act) {
  require_accountant(act);
  return renew_queue(act.tx);
}

std::vector<Suggestion> suggest_invoices(Transaction& tx, const StoredTransaction& transaction) {
  std::vector<Suggestion> suggestions;
  const auto& facts = transaction.facts;
  if (facts.amount.is_negative()) return suggestions;
  const auto add = [&](const std::vector<PayableInvoice>& invoices, SuggestionWhy why) {
    for (const auto& invoice : invoices) {
      const bool there = std::ranges::any_of(
          suggestions, [&](const Suggestion& one) { return one.invoice.id == invoice.id; });
      if (there || invoice.rest.is_zero() || suggestions.size() >= most_suggestions) continue;
      suggestions.push_back({invoice, why, invoice.rest == facts.amount});
    }
  };
  const auto found = list_invoices_of_guesses(tx, number_guesses(facts));
  for (const auto& [invoice, exact] : named_invoices(facts, found)) {
    if (invoice.rest.currency() == facts.amount.currency()) add({invoice}, SuggestionWhy::named);
  }
  if (transaction.likely) {
    auto of_client = list_payable_of_client(tx, transaction.likely->client, most_suggestions);
    std::erase_if(of_client, [&](const PayableInvoice& invoice) {
      return invoice.rest.currency() != facts.amount.currency();
    });
    std::ranges::stable_partition(
        of_client, [&](const PayableInvoice& invoice) { return invoice.rest == facts.amount; });
    add(of_client, SuggestionWhy::likely_client);
  }
  add(list_payable_of_amount(tx, facts.amount, most_suggestions), SuggestionWhy::amount);
  return suggestions;
}

}  // namespace cstims
