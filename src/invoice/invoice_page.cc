#include "invoice/invoice_page.h"

#include <fmt/format.h>

#include "invoice/credit_store.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_forms.h"
#include "invoice/payment_store.h"
#include "invoice/rectification_store.h"

namespace cstims {

namespace {

std::string path_of(const Invoice& invoice, std::string_view rest = {}) {
  return fmt::format("/invoices/{}{}", invoice.id.number(), rest);
}

Form payment_form(const Invoice& invoice, Date today) {
  return {.action = path_of(invoice, "/payments"),
          .submit = message("Record the payment"),
          .fields = payment_fields(invoice.rest(), today, message("Received on")),
          .with_files = true,
          .note = message("What is more than the rest becomes the client's credit."),
          .once = true};
}

void fill_line(Dictionary row, const InvoiceLine& line, const Renderer& renderer) {
  row.set("DESCRIPTION", line.description);
  row.set("QUANTITY", line.quantity.text());
  row.set("UNIT_PRICE", show_price(line.unit_price, line.net.currency()));
  row.set("RATE", line.tax_rate.text());
  row.set("NET", line.net);
  if (line.period) {
    row.section("PERIODIC")
        .set("PERIOD",
             renderer.show(line.period->start) + " – " + renderer.show(line.period->last()));
  }
  if (!line.explanation.empty()) row.section("EXPLAINED").set("EXPLANATION", line.explanation);
}

void fill_payment(Dictionary row, const InvoicePage& page, const Allocation& allocation) {
  const auto& payment = allocation.payment;
  row.set("DATE", payment.date);
  row.set("METHOD", shown_method(payment.method));
  row.set("REFERENCE", payment.reference);
  row.set("AMOUNT", allocation.amount);
  row.show("REVERSAL", payment.reverses.has_value());
  row.show("REVERSED", payment.is_reversed);
  if (allocation.why != AllocationReason::paid && allocation.why != AllocationReason::reversed) {
    row.section("REASONED").set("WHY", shown(allocation.why));
  }
  if (!page.context.viewer.is_accountant()) return;
  Dictionary kept = row.section("KEPT");
  kept.set("PAYMENT", "/payments/" + payment.id.text());
  kept.set("BY", payment.recorded_by.empty() ? "–" : payment.recorded_by);
  const auto path = path_of(page.invoice, "/payments/" + payment.id.text());
  if (payment.proof) {
    Dictionary proof = kept.section("PROVED");
    proof.set("ADDRESS", path + "/proof");
    proof.set("PROOF", payment.proof->name);
  }
  if (!payment.stands() || allocation.amount.is_negative()) return;
  Dictionary undo = kept.section("UNDO");
  fill_form(undo, "REVERSAL_FORM", button_form(path + "/reversal", message("Reverse")));
}

void fill_sums(Dictionary& values, const InvoicePage& page) {
  values.set("NET", page.invoice.net);
  for (const auto& tax : page.taxes) {
    Dictionary row = values.section("TAXES");
    row.set("RATE", tax.rate.text());
    row.set("BASE", tax.base);
    row.set("TAX", tax.tax);
  }
  values.set("TOTAL", page.invoice.total);
  if (!page.invoice.tax_note.empty()) {
    values.section("UNTAXED").set("TAX_NOTE", page.invoice.tax_note);
  }
}

void fill_facts(Dictionary& values, const InvoicePage& page) {
  const auto& invoice = page.invoice;
  const auto state = paid_state(invoice, page.today);
  values.set("STATE", shown(state));
  values.set("TONE", tone(state));
  values.set("BUYER", invoice.buyer);
  values.set("SELLER", invoice.seller);
  if (!invoice.description.empty()) {
    values.section("DESCRIBED").set("ABOUT", invoice.description);
  }
  values.set("ISSUED", *invoice.issue_date);
  if (invoice.kind == InvoiceKind::ordinary) values.section("DUE").set("DATE", *invoice.due_date);
  if (page.context.viewer.is_staff()) values.section("STAFF").set("CLIENT", invoice.client_name);
  if (page.context.viewer.is_accountant()) {
    values.section("BILLED").set("BILLING", "/clients/" + invoice.client.text() + "/billing");
  }
  if (!invoice.rest().is_zero()) {
    Dictionary owed = values.section("OWED");
    owed.set("REST", invoice.rest());
    owed.set("PAYMENT_TEXT", invoice.payment_text);
    owed.set("PAY", path_of(invoice, "/pay"));
  }
}

void fill_named(Dictionary& values, const InvoicePage& page) {
  if (page.rectifies) {
    Dictionary named = values.section("RECTIFIES");
    named.set("ADDRESS", "/invoices/" + page.rectifies->id.text());
    named.set("ORIGINAL", page.rectifies->number);
    named.set("REASON", page.invoice.reason);
  }
  for (const auto& rectifying : page.rectified_by) {
    Dictionary named = values.section("RECTIFIED");
    named.set("ADDRESS", "/invoices/" + rectifying.id.text());
    named.set("RECTIFYING", rectifying.number);
    named.set("AMOUNT", -rectifying.total);
    named.set("REASON", rectifying.reason);
  }
}

/// A form that may be the one refused.
void fill_one(Dictionary& values, const InvoicePage& page, std::string_view name, Form form) {
  const bool refused = page.refused_form == name;
  fill_form(values, name, std::move(form), refused ? page.refusal : nullptr,
            refused ? &page.context.request.form : nullptr);
}

void fill_acts(Dictionary& values, const InvoicePage& page) {
  const auto& invoice = page.invoice;
  if (!page.context.viewer.is_accountant()) return;
  if (!invoice.rest().is_zero()) {
    Dictionary pay = values.section("MAY_PAY");
    fill_one(pay, page, "PAYMENT", payment_form(invoice, page.today));
    if (!page.credit.is_zero()) {
      Dictionary credit = pay.section("HAS_CREDIT");
      credit.set("CREDIT", page.credit);
      fill_form(credit, "USE_CREDIT",
                button_form(path_of(invoice, "/credit"), message("Use the credit")));
    }
  }
  if (invoice.may_be_rectified()) {
    values.section("MAY_RECTIFY").set("ADDRESS", path_of(invoice, "/rectification"));
  }
}

void fill_refusal(Dictionary& values, const InvoicePage& page) {
  if (!page.refusal || !page.refused_form.empty()) return;
  for (const auto& item : page.refusal->items) {
    values.section("PROBLEMS").set("PROBLEM", item.message);
  }
}

}  // namespace

Message InvoicePage::title() const {
  return message("Invoice {}", {invoice.number});
}

InvoicePage load_invoice_page(const Context& context, InvoiceId id) {
  return context.database().read([&](Transaction& tx) {
    auto invoice = require_invoice(tx, context.viewer, id);
    auto lines = list_invoice_lines(tx, invoice);
    auto taxes = list_invoice_taxes(tx, invoice);
    auto allocations = list_allocations(tx, invoice);
    const auto credit = find_credit(tx, invoice.client, invoice.total.currency());
    auto dunning = load_dunning_view(tx, context.viewer, invoice);
    auto rectifies =
        invoice.rectifies ? find_invoice(tx, context.viewer, *invoice.rectifies) : std::nullopt;
    auto rectified_by = list_rectifying_invoices(tx, invoice);
    return InvoicePage{context,
                       tx.today(),
                       std::move(invoice),
                       std::move(lines),
                       std::move(taxes),
                       std::move(allocations),
                       credit,
                       std::move(rectifies),
                       std::move(rectified_by),
                       std::move(dunning)};
  });
}

void fill(Dictionary& values, const InvoicePage& page) {
  const auto& renderer = page.context.services.renderer;
  values.set("NUMBER", page.invoice.number);
  values.set("PDF", path_of(page.invoice, ".pdf"));
  fill_facts(values, page);
  fill_refusal(values, page);
  for (const auto& line : page.lines) fill_line(values.section("LINES"), line, renderer);
  fill_sums(values, page);
  const bool staff = page.context.viewer.is_accountant();
  values.show("UNPAID_SO_FAR", page.allocations.empty());
  if (!page.allocations.empty()) {
    Dictionary paid = values.section("PAID");
    paid.show("HEADS", staff);
    for (const auto& allocation : page.allocations) {
      fill_payment(paid.section("PAYMENTS"), page, allocation);
    }
  }
  const bool pause_refused = page.refused_form == "PAUSE";
  fill_dunning_view(values, "REMINDERS", page.dunning, pause_refused ? page.refusal : nullptr,
                    pause_refused ? &page.context.request.form : nullptr);
  fill_named(values, page);
  fill_acts(values, page);
}

}  // namespace cstims
