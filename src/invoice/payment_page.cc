#include "invoice/payment_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "invoice/payment_forms.h"

namespace cstims {

namespace {

constexpr int most_open_offered = 50;
constexpr int most_credit_shown = 100;

std::string path_of(const Payment& payment, std::string_view rest = {}) {
  return fmt::format("/payments/{}{}", payment.id.number(), rest);
}

/// A form that may be the one refused.
void fill_one(Dictionary values, const PaymentPage& page, std::string_view name, Form form) {
  const bool refused = page.refused_form == name;
  fill_form(values, name, std::move(form), refused ? page.refusal : nullptr,
            refused ? &page.context.request.form : nullptr);
}

void fill_facts(Dictionary& values, const PaymentPage& page) {
  const auto& payment = page.payment;
  values.set("CLIENT", payment.client_name);
  values.set("STATEMENT", fmt::format("/clients/{}/statement", payment.client.number()));
  values.set("DATE", payment.date);
  values.set("METHOD", shown_method(payment.method));
  values.set("REFERENCE", payment.reference.empty() ? "–" : payment.reference);
  values.set("RECORDED_AT", payment.recorded_at);
  values.set("RECORDED_BY", payment.recorded_by.empty() ? "–" : payment.recorded_by);
  if (payment.proof) {
    Dictionary proof = values.section("PROVED");
    proof.set("ADDRESS", path_of(payment, "/proof"));
    proof.set("PROOF", payment.proof->name);
  }
  if (payment.reverses) {
    values.section("REVERSES")
        .set("ADDRESS", fmt::format("/payments/{}", payment.reverses->number()));
  }
  values.show("REVERSED", payment.is_reversed);
}

bool stands_on(const PaymentPage& page, InvoiceId invoice) {
  return page.payment.stands() && std::ranges::any_of(page.standing, [&](const StandingPart& part) {
           return part.invoice == invoice;
         });
}

void fill_allocations(Dictionary& values, const PaymentPage& page) {
  values.show("ON_NOTHING", page.allocations.empty());
  if (page.allocations.empty()) return;
  Dictionary table = values.section("ALLOCATED");
  for (std::size_t i = 0; i < page.allocations.size(); ++i) {
    const auto& allocation = page.allocations[i];
    Dictionary row = table.section("ALLOCATIONS");
    row.set("ADDRESS", "/invoices/" + allocation.invoice.text());
    row.set("NUMBER", allocation.number);
    row.set("WHY", shown(allocation.why));
    row.set("AMOUNT", allocation.amount);
    const bool last = std::none_of(
        page.allocations.begin() + static_cast<std::ptrdiff_t>(i) + 1, page.allocations.end(),
        [&](const Allocation& later) { return later.invoice == allocation.invoice; });
    if (!last || !stands_on(page, allocation.invoice)) continue;
    Dictionary free = row.section("FREE");
    Form form = button_form(path_of(page.payment, "/release"), message("Move to credit"),
                            "secondary", {{"invoice", allocation.invoice.text()}});
    form.confirm = message("Take it off this invoice? The invoice is to be paid again.");
    fill_form(free, "RELEASE", std::move(form));
  }
}

void fill_credit(Dictionary& values, const PaymentPage& page) {
  if (page.credit.empty()) return;
  Dictionary table = values.section("CREDITED");
  for (const auto& entry : page.credit) {
    Dictionary row = table.section("CREDITS");
    row.set("AT", entry.at);
    row.set("WHY", shown(entry.move.why));
    row.set("AMOUNT", entry.move.amount);
    row.set("BY", entry.author.empty() ? "–" : entry.author);
    if (entry.move.invoice && !entry.invoice_number.empty()) {
      Dictionary named = row.section("NAMED");
      named.set("ADDRESS", "/invoices/" + entry.move.invoice->text());
      named.set("NUMBER", entry.invoice_number);
    }
    if (entry.move.movement) {
      row.section("MOVED").set("ADDRESS", "/payments/" + entry.move.movement->text());
    }
  }
}

Form allocation_form(const PaymentPage& page) {
  Field invoice{
      .kind = FieldKind::select, .name = "invoice", .label = message("Invoice"), .choices = {}};
  for (const auto& open : page.open) {
    invoice.choices.push_back(
        {open.id.text(), message("{}: {} left", {open.number, open.rest().show()})});
  }
  return {.action = path_of(page.payment, "/allocations"),
          .submit = message("Use it"),
          .fields = {std::move(invoice)},
          .tone = "secondary",
          .once = true};
}

Form refund_form(const PaymentPage& page) {
  return {.action = path_of(page.payment, "/refunds"),
          .submit = message("Record the refund"),
          .fields = payment_fields(page.left, page.today, message("Paid back on")),
          .with_files = true,
          .tone = "secondary",
          .once = true};
}

void fill_acts(Dictionary& values, const PaymentPage& page) {
  const auto& payment = page.payment;
  if (!page.left.is_zero()) {
    Dictionary left = values.section("HAS_LEFT");
    left.set("LEFT", page.left);
    if (!page.open.empty()) {
      fill_one(left.section("MAY_USE"), page, "ALLOCATION", allocation_form(page));
    }
    fill_one(left.section("MAY_REFUND"), page, "REFUND", refund_form(page));
  }
  if (!payment.stands()) return;
  Dictionary undo = values.section("MAY_REVERSE");
  undo.show("PAYMENT", payment.kind == PaymentKind::received);
  undo.show("REFUND", payment.kind == PaymentKind::refund);
  Form form = button_form(path_of(payment, "/reversal"), message("Reverse"), "danger");
  form.confirm = message("Reverse this payment? It stays in the books, and so does its reversal.");
  fill_form(undo, "REVERSAL_FORM", std::move(form));
}

void fill_refusal(Dictionary& values, const PaymentPage& page) {
  if (!page.refusal || !page.refused_form.empty()) return;
  for (const auto& item : page.refusal->items) {
    values.section("PROBLEMS").set("PROBLEM", item.message);
  }
}

}  // namespace

Message PaymentPage::title() const {
  if (payment.reverses) return message("Reversal {}", {payment.id.text()});
  return payment.kind == PaymentKind::refund ? message("Refund {}", {payment.id.text()})
                                             : message("Payment {}", {payment.id.text()});
}

PaymentPage load_payment_page(const Context& context, PaymentId id) {
  return context.database().read([&](Transaction& tx) {
    auto payment = require_payment(tx, id);
    auto allocations = list_allocations(tx, payment);
    auto standing = list_standing_parts(tx, payment);
    auto credit = list_credit_of(tx, id, most_credit_shown);
    const auto left = find_credit_of(tx, id, payment.amount.currency());
    auto open = left.is_zero() ? std::vector<Invoice>()
                               : list_open_invoices(tx, payment.client, most_open_offered);
    return PaymentPage{context,
                       tx.today(),
                       std::move(payment),
                       std::move(allocations),
                       std::move(standing),
                       std::move(credit),
                       left,
                       std::move(open)};
  });
}

void fill(Dictionary& values, const PaymentPage& page) {
  values.set("TITLE", page.title());
  values.set("AMOUNT", page.payment.amount);
  fill_refusal(values, page);
  fill_facts(values, page);
  fill_allocations(values, page);
  fill_credit(values, page);
  fill_acts(values, page);
}

}  // namespace cstims
