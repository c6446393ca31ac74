#include "invoice/payment_actions.h"

#include <fmt/format.h>

#include "account/user_store.h"
#include "base/failure.h"
#include "invoice/closed_period.h"
#include "invoice/invoice_mails.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_store.h"

namespace cstims {

namespace {

Invoice require_payable(Act& act, InvoiceId id) {
  if (!act.viewer.is_accountant()) throw Forbidden("payments are recorded by accountants");
  return require_invoice(act.tx, act.viewer, id);
}

Result<void> reverse(Act& act, const Invoice& invoice, const Payment& payment) {
  if (payment.reverses) return refuse("", message("A reversal is not reversed: pay again."));
  if (payment.is_reversed) return refuse("", message("This payment is reversed already."));
  if (auto open = check_open(act.tx, "", act.tx.today()); !open) return open;
  const auto id = insert_reversal(act.tx, invoice, payment, act.viewer.user);
  if (!id) return refuse("", message("This payment is reversed already."));
  const auto now = require_invoice(act.tx, act.viewer, invoice.id);
  queue_payment_reversed(act, now, find_payment(act.tx, now, *id).value(),
                         require_user(act.tx, now.client));
  return {};
}

}  // namespace

Result<PaymentId> record_payment(Act& act, InvoiceId id, const NewPayment& payment) {
  const auto invoice = require_payable(act, id);
  if (auto allowed = may_pay(invoice, payment); !allowed) return std::unexpected(allowed.error());
  if (auto open = check_open(act.tx, "date", payment.date); !open) {
    return std::unexpected(open.error());
  }
  const auto recorded = insert_payment(act.tx, invoice, payment, act.viewer.user);
  if (!recorded) throw Conflict(fmt::format("invoice {} was paid meanwhile", id.number()));
  const auto now = require_invoice(act.tx, act.viewer, id);
  queue_payment_recorded(act, now, find_payment(act.tx, now, *recorded).value(),
                         require_user(act.tx, now.client));
  return *recorded;
}

Result<void> reverse_payment(Act& act, InvoiceId id, PaymentId payment_id) {
  const auto invoice = require_payable(act, id);
  const auto payment = find_payment(act.tx, invoice, payment_id);
  if (!payment) throw NotFound(fmt::format("no payment {} here", payment_id.number()));
  return reverse(act, invoice, *payment);
}

Result<void> mark_paid(Act& act, InvoiceId id) {
  const auto invoice = require_payable(act, id);
  const NewPayment rest{.amount = invoice.rest(),
                        .date = act.tx.today(),
                        .method = payment_methods().front(),
                        .reference = {}};
  const auto recorded = record_payment(act, id, rest);
  if (!recorded) return std::unexpected(recorded.error());
  return {};
}

Result<void> mark_unpaid(Act& act, InvoiceId id) {
  const auto invoice = require_payable(act, id);
  bool reversed_one = false;
  for (const auto& payment : list_payments(act.tx, invoice)) {
    if (payment.reverses || payment.is_reversed) continue;
    if (auto reversed = reverse(act, invoice, payment); !reversed) return reversed;
    reversed_one = true;
  }
  if (!reversed_one) return refuse("", message("No payment stands on this invoice."));
  return {};
}

}  // namespace cstims
