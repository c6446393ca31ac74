#include "bank/bank_transaction_view.h"

#include <fmt/format.h>

#include "base/iban.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_shown = 120;

Message shown(SuggestionWhy why) {
  switch (why) {
    case SuggestionWhy::named:
      return message("it is named");
    case SuggestionWhy::likely_client:
      return message("probably this client");
    case SuggestionWhy::amount:
      return message("only the amount fits");
  }
  return {};
}

/// "recorded by itself", "set aside: rent": what became of it.
std::string detail_of(const StoredTransaction& transaction, const Renderer& renderer) {
  if (transaction.payment_reversed) return renderer.translate(message("payment reversed"));
  if (transaction.state == BankState::ignored) return transaction.reason;
  if (transaction.state == BankState::matched) {
    return transaction.automatic ? renderer.translate(message("by itself"))
                                 : transaction.decided_by;
  }
  return transaction.waits() ? renderer.translate(shown(transaction.doubt)) : "";
}

std::vector<Cell> row_of(const StoredTransaction& transaction, const Renderer& renderer) {
  const auto& facts = transaction.facts;
  return {{.text = renderer.show(facts.date), .href = bank_transaction_path(transaction.id)},
          {.text = other_side(facts), .detail = shorten(words_of(facts), longest_shown)},
          {.text = renderer.translate(shown(transaction.state)),
           .badge = std::string(tone(transaction.state)),
           .detail = detail_of(transaction, renderer)},
          {.text = transaction.paid_by,
           .href = transaction.payment ? "/payments/" + transaction.payment->text() : ""},
          {.text = facts.amount.show()}};
}

}  // namespace

std::string bank_transaction_path(BankTransactionId id, std::string_view rest) {
  return fmt::format("/accounting/bank/transactions/{}{}", id.number(), rest);
}

std::string bank_statement_path(BankStatementId id) {
  return fmt::format("/accounting/bank/statements/{}", id.number());
}

std::string_view tone(BankState state) {
  switch (state) {
    case BankState::unmatched:
      return "warning";
    case BankState::matched:
      return "success";
    case BankState::ignored:
    case BankState::outgoing:
      break;
  }
  return "secondary";
}

std::string other_side(const BankTransaction& transaction) {
  if (!transaction.name.empty()) return transaction.name;
  return transaction.iban.empty() ? "–" : show_iban(transaction.iban);
}

std::string words_of(const BankTransaction& transaction) {
  if (transaction.creditor_reference.empty()) return transaction.text;
  return transaction.creditor_reference + (transaction.text.empty() ? "" : " · ") +
         transaction.text;
}

ListView bank_transaction_list(const std::string& path, const Page<StoredTransaction>& page,
                               const Renderer& renderer) {
  ListView list{.path = path,
                .empty = message("No transaction is here."),
                .columns = {{message("Date"), "date"},
                            {message("From or to")},
                            {message("State")},
                            {message("Payment of")},
                            {message("Amount"), "amount", true}},
                .rows = {},
                .filters = {{"state",
                             message("State"),
                             {{"unmatched", message("in the queue")},
                              {"matched", message("recorded")},
                              {"ignored", message("set aside")},
                              {"outgoing", message("went out")}}}},
                .caption = message("Bank transactions"),
                .total = page.total,
                .more_than_counted = page.more_than_counted};
  for (const auto& transaction : page.rows) list.rows.push_back(row_of(transaction, renderer));
  return list;
}

void fill_suggestions(Dictionary& values, std::string_view name, BankTransactionId id,
                      const std::vector<Suggestion>& suggestions) {
  if (suggestions.empty()) return;
  Dictionary view = values.include(name, "bank/_suggestions.html").section("ANY");
  for (const auto& [invoice, why, same_amount] : suggestions) {
    Dictionary row = view.section("SUGGESTIONS");
    row.set("ADDRESS", "/invoices/" + invoice.id.text());
    row.set("NUMBER", invoice.number);
    row.set("CLIENT", invoice.client_name);
    row.set("REST", invoice.rest);
    row.set("WHY", shown(why));
    row.show("SAME", same_amount && why != SuggestionWhy::amount);
    fill_form(row, "MATCH",
              button_form(bank_transaction_path(id, "/match"),
                          message("Record it for {}", {invoice.number}), "secondary",
                          {{"invoice", invoice.id.text()}}));
  }
}

}  // namespace cstims
