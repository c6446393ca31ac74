// The page of one transaction, and what may be done about it.
#include <fmt/format.h>

#include "bank/bank_pages.h"
#include "bank/bank_transaction_view.h"
#include "base/failure.h"
#include "base/iban.h"
#include "base/text.h"
#include "invoice/client_choice.h"

namespace cstims {
namespace {

struct TransactionPage {
  static constexpr std::string_view view = "bank/transaction.html";
  const Context& context;
  StoredTransaction transaction;
  std::vector<Suggestion> suggestions;
  OfferedClients clients;
  std::string_view refused_form = {};
  const Refusal* refusal = nullptr;
  Message title() const { return message("Bank transaction {}", {transaction.id.text()}); }
};

/// A form that may be the one refused.
void fill_one(Dictionary& values, const TransactionPage& page, std::string_view name, Form form) {
  const bool refused = page.refused_form == name;
  fill_form(values, name, std::move(form), refused ? page.refusal : nullptr,
            refused ? &page.context.request.form : nullptr);
}

std::string address_of(const TransactionPage& page, std::string_view rest) {
  return bank_transaction_path(page.transaction.id, rest);
}

Form number_form(const TransactionPage& page) {
  return {.action = address_of(page, "/match"),
          .submit = message("Record it for this invoice"),
          .fields = {{.name = "number", .label = message("Invoice number"), .required = true}},
          .tone = "secondary"};
}

Form client_form(const TransactionPage& page) {
  const auto& likely = page.transaction.likely;
  auto field = client_field(page.clients, likely ? std::optional(likely->client) : std::nullopt);
  field.columns = 12;
  return {.action = address_of(page, "/match"),
          .submit = message("Record it for this client"),
          .fields = {std::move(field)},
          .tone = "secondary",
          .note = message("The oldest invoices first; what is left over becomes credit.")};
}

Form ignoring_form(const TransactionPage& page) {
  return {.action = address_of(page, "/ignoring"),
          .submit = message("Set aside"),
          .fields = {{.name = "reason",
                      .label = message("Reason"),
                      .hint = message("It is no payment of a client, or was recorded by hand."),
                      .required = true}},
          .tone = "secondary"};
}

void fill_acts(Dictionary& values, const TransactionPage& page) {
  const auto& transaction = page.transaction;
  if (transaction.waits()) {
    if (!transaction.facts.amount.is_negative()) {
      Dictionary match = values.section("MAY_MATCH");
      fill_suggestions(match, "SUGGESTED", transaction.id, page.suggestions);
      fill_one(match, page, "NUMBER_FORM", number_form(page));
      fill_one(match, page, "CLIENT_FORM", client_form(page));
      fill_form(match, "CLIENT_SEARCH",
                client_search_form(address_of(page, ""), page.clients.search));
    }
    Dictionary ignore = values.section("MAY_IGNORE");
    fill_one(ignore, page, "IGNORING", ignoring_form(page));
  }
  if (transaction.state != BankState::matched && transaction.state != BankState::ignored) return;
  Dictionary undo = values.section("MAY_UNDO");
  const bool reverses = transaction.payment && !transaction.payment_reversed;
  undo.show("REVERSES", reverses);
  undo.show("ONLY_QUEUE", !reverses);
  Form form = button_form(address_of(page, "/undoing"), message("Undo"), "danger");
  if (reverses) form.confirm = message("Reverse the payment and put this back into the queue?");
  fill_form(undo, "UNDOING", std::move(form));
}

void fill_outcome(Dictionary& values, const TransactionPage& page) {
  const auto& transaction = page.transaction;
  values.set("STATE", shown(transaction.state));
  values.set("TONE", tone(transaction.state));
  if (transaction.waits() && transaction.doubt != BankDoubt::none) {
    values.section("DOUBTFUL").set("DOUBT", shown(transaction.doubt));
  }
  if (transaction.payment) {
    Dictionary paid = values.section("PAID");
    paid.set("ADDRESS", "/payments/" + transaction.payment->text());
    paid.set("CLIENT", transaction.paid_by);
    paid.show("REVERSED", transaction.payment_reversed);
  }
  if (!transaction.reason.empty()) values.section("REASONED").set("REASON", transaction.reason);
  if (transaction.decided_at && transaction.state != BankState::outgoing) {
    Dictionary decided = values.section("DECIDED");
    decided.set("AT", *transaction.decided_at);
    decided.set("BY", transaction.decided_by.empty() ? "–" : transaction.decided_by);
    decided.show("AUTOMATIC", transaction.automatic);
  }
}

void fill(Dictionary& values, const TransactionPage& page) {
  const auto& facts = page.transaction.facts;
  values.set("AMOUNT", facts.amount);
  values.set("FROM", other_side(facts));
  values.set("DATE", facts.date);
  values.set("VALUE_DATE", facts.value_date.value_or(facts.date));
  values.set("IBAN", facts.iban.empty() ? "–" : show_iban(facts.iban));
  values.set("WORDS", facts.text.empty() ? "–" : facts.text);
  values.set("CREDITOR_REFERENCE",
             facts.creditor_reference.empty() ? "–" : facts.creditor_reference);
  values.set("REFERENCE", facts.reference.empty() ? "–" : facts.reference);
  values.set("ACCOUNT", show_iban(page.transaction.account));
  values.set("STATEMENT", bank_statement_path(page.transaction.statement));
  values.set("LINE", facts.line);
  if (page.refusal && page.refused_form.empty()) {
    for (const auto& item : page.refusal->items) {
      values.section("PROBLEMS").set("PROBLEM", item.message);
    }
  }
  fill_outcome(values, page);
  fill_acts(values, page);
}

TransactionPage load_transaction_page(const Context& context, BankTransactionId id) {
  const auto search = single_line(context.request.query_value("client_search"));
  return context.database().read([&](Transaction& tx) {
    auto transaction = require_bank_transaction(tx, id);
    const auto likely =
        transaction.likely ? std::optional(transaction.likely->client) : std::nullopt;
    auto suggestions =
        transaction.waits() ? suggest_invoices(tx, transaction) : std::vector<Suggestion>();
    return TransactionPage{context, std::move(transaction), std::move(suggestions),
                           offer_clients(tx, search, likely)};
  });
}

/// `form`: the one that was refused, in which the messages stand; empty: above.
Response refused_page(const Context& context, BankTransactionId id, std::string_view form,
                      const Refusal& refusal) {
  auto page = load_transaction_page(context, id);
  const bool offered =
      form == "IGNORING" ? page.transaction.waits()
                         : page.transaction.waits() && !page.transaction.facts.amount.is_negative();
  page.refused_form = offered ? form : std::string_view();
  page.refusal = &refusal;
  return render(context, page, 422);
}

/// What somebody says it pays.
struct TypedMatch {
  std::optional<InvoiceId> invoice = {};
  std::string number = {};
  std::optional<UserId> client = {};

  std::string_view form() const {
    return !number.empty() ? "NUMBER_FORM" : client ? "CLIENT_FORM" : "";
  }
};

Result<TypedMatch> parse_match(const FormData& form) {
  FormReader reader(form);
  TypedMatch typed{.invoice = reader.id<struct Invoice>("invoice", false),
                   .number = reader.line("number", {.longest = 60}),
                   .client = reader.id<struct User>("client", false)};
  const int given =
      (typed.invoice ? 1 : 0) + (typed.number.empty() ? 0 : 1) + (typed.client ? 1 : 0);
  if (given != 1 && !reader.refused()) {
    reader.refuse("", message("Say which invoice or which client it is for."));
  }
  return reader.finish(std::move(typed));
}

Result<PaymentId> act_on(Act& act, BankTransactionId id, const TypedMatch& typed) {
  if (typed.client) return match_to_client(act, id, *typed.client);
  if (typed.invoice) return match_to_invoice(act, id, *typed.invoice);
  const auto invoice = find_payable(act.tx, typed.number);
  if (!invoice) return refuse("number", message("No invoice has this number."));
  return match_to_invoice(act, id, invoice->id);
}

}  // namespace

Response show_bank_transaction(Context& context) {
  const auto id = context.request.path_id<struct StoredTransaction>();
  return render(context, load_transaction_page(context, id));
}

Response create_bank_match(Context& context) {
  const auto id = context.request.path_id<struct StoredTransaction>();
  context.database().read([&](Transaction& tx) { return require_bank_transaction(tx, id); });
  const auto typed = parse_match(context.request.form);
  if (!typed) return refused_page(context, id, "", typed.error());
  const auto payment = context.act([&](Act& act) { return act_on(act, id, *typed); });
  if (!payment) return refused_page(context, id, typed->form(), payment.error());
  return context.redirect("/accounting/bank", message("The payment is recorded."));
}

Response create_bank_ignoring(Context& context) {
  const auto id = context.request.path_id<struct StoredTransaction>();
  context.database().read([&](Transaction& tx) { return require_bank_transaction(tx, id); });
  FormReader reader(context.request.form);
  const auto reason = reader.finish(reader.line("reason", {.required = true, .longest = 300}));
  if (!reason) return refused_page(context, id, "IGNORING", reason.error());
  const auto done = context.act([&](Act& act) { return ignore_transaction(act, id, *reason); });
  if (!done) return refused_page(context, id, "IGNORING", done.error());
  return context.redirect("/accounting/bank", message("It is set aside."));
}

Response create_bank_undoing(Context& context) {
  require_no_fields(context.request.form);
  const auto id = context.request.path_id<struct StoredTransaction>();
  const auto done = context.act([&](Act& act) { return undo_match(act, id); });
  if (!done) return refused_page(context, id, "", done.error());
  return context.redirect(bank_transaction_path(id), message("It is in the queue again."));
}

}  // namespace cstims
