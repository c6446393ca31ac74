#include "invoice/payment_pages.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "base/text.h"
#include "invoice/client_choice.h"
#include "invoice/credit_actions.h"
#include "invoice/credit_store.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_actions.h"
#include "invoice/payment_forms.h"
#include "invoice/payment_page.h"
#include "invoice/payment_store.h"

namespace cstims {

namespace {

constexpr int most_open_offered = 100;

struct ListPage {
  static constexpr std::string_view view = "invoice/payments.html";
  const Context& context;
  Listing listing;
  Page<Payment> payments;
  Message title() const { return message("Payments"); }
};

std::string tone_of(const Payment& payment) {
  if (payment.reverses || payment.is_reversed) return "secondary";
  return payment.kind == PaymentKind::refund ? "warning" : "success";
}

std::vector<Cell> row_of(const Payment& payment, const Renderer& renderer) {
  return {{.text = renderer.show(payment.date), .href = "/payments/" + payment.id.text()},
          {.text = payment.client_name},
          {.text = renderer.translate(shown_kind(payment)),
           .badge = tone_of(payment),
           .detail = payment.is_reversed ? renderer.translate(message("reversed")) : ""},
          {.text = renderer.translate(shown_method(payment.method)), .detail = payment.reference},
          {.text = payment.amount.show()}};
}

void fill(Dictionary& values, const ListPage& page) {
  ListView list{.path = "/payments",
                .empty = message("No payment was recorded yet."),
                .columns = {{message("Date"), "date"},
                            {message("Client")},
                            {message("Kind")},
                            {message("Method")},
                            {message("Amount"), "amount", true}},
                .rows = {},
                .filters = {{"kind",
                             message("Kind"),
                             {{"received", message("Payment")},
                              {"refund", message("Refund")},
                              {"reversal", message("Reversal")}}},
                            {"left", message("Left"), {{"credit", message("Credit left")}}}},
                .caption = message("Payments"),
                .total = page.payments.total,
                .more_than_counted = page.payments.more_than_counted};
  for (const auto& payment : page.payments.rows) {
    list.rows.push_back(row_of(payment, page.context.services.renderer));
  }
  fill_list(values, "PAYMENTS", list, page.listing);
}

Response csv_of(const std::vector<Payment>& payments) {
  std::string file = csv_row({"id", "kind", "client", "date", "method", "reference", "currency",
                              "amount", "reverses", "reversed", "recorded_at", "recorded_by"});
  for (const auto& payment : payments) {
    file += csv_row({payment.id.text(), std::string(text(payment.kind)), payment.client_name,
                     payment.date.text(), payment.method, payment.reference,
                     std::string(payment.amount.currency().code()), payment.amount.text(),
                     payment.reverses ? payment.reverses->text() : "",
                     payment.is_reversed ? "yes" : "no", payment.recorded_at.text(),
                     payment.recorded_by});
  }
  return Response::csv("payments.csv", std::move(file));
}

/// A new payment: of a client, for what is due longest unless told otherwise.
struct NewPage {
  static constexpr std::string_view view = "invoice/new_payment.html";
  const Context& context;
  Date today;
  OfferedClients clients;
  std::optional<UserId> client;
  std::vector<Invoice> open;
  Money credit;
  const Refusal* refusal = nullptr;
  Message title() const { return message("New payment"); }
};

Form new_form(const NewPage& page) {
  Money sum = Money::zero(page.context.site().currency);
  for (const auto& invoice : page.open) sum += invoice.rest();
  Field use{.kind = FieldKind::select,
            .name = "invoice",
            .label = message("For"),
            .choices = {{"", message("the oldest invoices first")},
                        {"credit", message("no invoice: keep it as credit")}},
            .columns = 6};
  for (const auto& invoice : page.open) {
    use.choices.push_back(
        {invoice.id.text(), message("{}: {} left, due {}", {invoice.number, invoice.rest().show(),
                                                            invoice.due_date->text()})});
  }
  Form form{.action = "/payments",
            .submit = message("Record the payment"),
            .fields = payment_fields(sum, page.today, message("Received on")),
            .with_files = true,
            .once = true};
  form.fields.insert(form.fields.begin(),
                     {client_field(page.clients, page.client), std::move(use)});
  return form;
}

void fill(Dictionary& values, const NewPage& page) {
  fill_form(values, "CLIENTS", client_search_form("/payments/new", page.clients.search));
  fill_form(values, "FORM", new_form(page), page.refusal,
            page.refusal ? &page.context.request.form : nullptr);
  if (!page.client) return;
  Dictionary chosen = values.section("CHOSEN");
  chosen.show("OWES_NOTHING", page.open.empty());
  if (!page.credit.is_zero()) chosen.section("HAS_CREDIT").set("CREDIT", page.credit);
  for (const auto& invoice : page.open) {
    Dictionary row = chosen.section("OPEN");
    row.set("ADDRESS", "/invoices/" + invoice.id.text());
    row.set("NUMBER", invoice.number);
    row.set("DUE", *invoice.due_date);
    row.set("REST", invoice.rest());
  }
}

Response new_page(const Context& context, const Refusal* refusal = nullptr) {
  const auto& request = context.request;
  const auto search = single_line(request.query_value("client_search"));
  const auto client =
      UserId::parse(refusal ? request.form.value("client") : request.query_value("client"));
  const auto page = context.database().read([&](Transaction& tx) {
    return NewPage{
        context,
        tx.today(),
        offer_clients(tx, search, client),
        client,
        client ? list_open_invoices(tx, *client, most_open_offered) : std::vector<Invoice>(),
        client ? find_credit(tx, *client, context.site().currency)
               : Money::zero(context.site().currency),
        refusal};
  });
  return render(context, page, refusal ? 422 : 200);
}

/// What the form of a new payment says.
struct TypedPayment {
  UserId client;
  NewPayment payment;
  PaymentUse use = PaymentUse::oldest_first;
  std::optional<InvoiceId> invoice = {};
};

Result<TypedPayment> parse_typed(const Context& context, Date today) {
  FormReader reader(context.request.form);
  const auto client = reader.id<struct User>("client", true);
  const auto use = reader.line("invoice", {.longest = 20});
  auto payment = read_payment(reader, context.site().currency, today);
  TypedPayment typed{.client = client.value_or(UserId(0)), .payment = std::move(payment)};
  if (use == "credit") typed.use = PaymentUse::credit_only;
  if (!use.empty() && use != "credit") {
    typed.invoice = InvoiceId::parse(use);
    if (!typed.invoice) reader.refuse("invoice", message("Choose one of the list."));
  }
  return reader.finish(std::move(typed));
}

Result<PaymentId> record_typed(Act& act, const TypedPayment& typed) {
  if (!typed.invoice) return record_client_payment(act, typed.client, typed.payment, typed.use);
  const auto invoice = find_invoice(act.tx, act.viewer, *typed.invoice);
  if (!invoice || invoice->client != typed.client) {
    return refuse("invoice", message("This invoice is another client's."));
  }
  return record_payment(act, *typed.invoice, typed.payment);
}

std::string path_of(PaymentId id) {
  return "/payments/" + id.text();
}

Response payment_page_refused(const Context& context, PaymentId id, std::string_view form,
                              const Refusal& refusal) {
  auto page = load_payment_page(context, id);
  const bool shown = (form == "REFUND" && !page.left.is_zero()) ||
                     (form == "ALLOCATION" && !page.left.is_zero() && !page.open.empty());
  page.refused_form = shown ? form : std::string_view();
  page.refusal = &refusal;
  return render(context, page, 422);
}

/// The one field `invoice` of a form about a payment, which must be there.
Result<InvoiceId> read_invoice(const Context& context, PaymentId payment) {
  context.database().read([&](Transaction& tx) { return require_payment(tx, payment); });
  FormReader reader(context.request.form);
  const auto invoice = reader.id<struct Invoice>("invoice", true);
  return reader.finish(invoice.value_or(InvoiceId(0)));
}

}  // namespace

Response list_payments_page(Context& context) {
  const auto listing = parse_listing(context.request.query, payment_listing_rules());
  auto payments =
      context.database().read([&](Transaction& tx) { return list_payments(tx, listing); });
  if (listing.csv) return csv_of(payments.rows);
  return render(context, ListPage{context, listing, std::move(payments)});
}

Response new_client_payment(Context& context) {
  return new_page(context);
}

Response create_client_payment(Context& context) {
  const auto today = context.database().read([](Transaction& tx) { return tx.today(); });
  const auto typed = parse_typed(context, today);
  if (!typed) return new_page(context, &typed.error());
  if (const auto kept = keep_proof(context, typed->payment); !kept) {
    return new_page(context, &kept.error());
  }
  const auto id = context.act([&](Act& act) { return record_typed(act, *typed); });
  if (!id) return new_page(context, &id.error());
  return context.redirect(path_of(*id), message("The payment is recorded."));
}

Response show_payment(Context& context) {
  return render(context, load_payment_page(context, context.request.path_id<struct Payment>()));
}

Response show_proof(Context& context) {
  const auto id = context.request.path_id<struct Payment>();
  const auto payment =
      context.database().read([&](Transaction& tx) { return require_payment(tx, id); });
  if (!payment.proof) throw NotFound("this payment has no proof");
  return Response::download_file(payment.proof->name, payment.proof->media_type,
                                 context.services.files.path(payment.proof->sha256).string());
}

Response create_reversal(Context& context) {
  require_no_fields(context.request.form);
  const auto id = context.request.path_id<struct Payment>();
  const auto done = context.act([&](Act& act) { return reverse_payment(act, id); });
  if (!done) return payment_page_refused(context, id, "", done.error());
  return context.redirect(path_of(id), message("The payment is reversed."));
}

Response create_refund(Context& context) {
  const auto id = context.request.path_id<struct Payment>();
  const auto [today, currency] = context.database().read([&](Transaction& tx) {
    return std::pair(tx.today(), require_payment(tx, id).amount.currency());
  });
  const auto money = parse_payment(context.request.form, currency, today);
  if (!money) return payment_page_refused(context, id, "REFUND", money.error());
  if (const auto kept = keep_proof(context, *money); !kept) {
    return payment_page_refused(context, id, "REFUND", kept.error());
  }
  const auto refund = context.act([&](Act& act) { return record_refund_of(act, id, *money); });
  if (!refund) return payment_page_refused(context, id, "REFUND", refund.error());
  return context.redirect(path_of(*refund), message("The refund is recorded."));
}

Response create_allocation(Context& context) {
  const auto id = context.request.path_id<struct Payment>();
  const auto invoice = read_invoice(context, id);
  if (!invoice) return payment_page_refused(context, id, "ALLOCATION", invoice.error());
  const auto used = context.act([&](Act& act) { return use_credit_of(act, id, *invoice); });
  if (!used) return payment_page_refused(context, id, "ALLOCATION", used.error());
  return context.redirect(path_of(id), message("{} were used for it.", {used->show()}));
}

Response create_release(Context& context) {
  const auto id = context.request.path_id<struct Payment>();
  const auto invoice = read_invoice(context, id);
  if (!invoice) return payment_page_refused(context, id, "", invoice.error());
  const auto done = context.act([&](Act& act) { return free_payment(act, id, *invoice); });
  if (!done) return payment_page_refused(context, id, "", done.error());
  return context.redirect(path_of(id), message("It is the client's credit now."));
}

}  // namespace cstims
