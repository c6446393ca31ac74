#include "invoice/payment_actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "invoice/closed_period.h"
#include "invoice/credit_actions.h"
#include "invoice/credit_store.h"
#include "invoice/dunning_actions.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_mails.h"
#include "invoice/payment_store.h"

namespace cstims {

namespace {

/// More open invoices than anybody pays with one transfer.
constexpr int most_invoices_paid_at_once = 200;

void require_accountant(const Act& act) {
  if (!act.viewer.is_accountant()) throw Forbidden("payments are recorded by accountants");
}

/// The payment, put on `invoices` in their order; what is left over becomes credit. Refuses (field
/// "date") a day of a closed month.
Result<PaymentId> record(Act& act, UserId client, const NewPayment& payment,
                         const std::vector<Invoice>& invoices) {
  if (auto open = check_open(act.tx, "date", payment.date); !open) {
    return std::unexpected(open.error());
  }
  const auto id =
      insert_payment(act.tx, {.client = client, .payment = payment, .author = act.viewer.user});
  Money left = payment.amount;
  std::vector<PaidPart> parts;
  for (const auto& invoice : invoices) {
    const Money part = std::min(left, invoice.rest());
    if (part.is_zero()) continue;
    if (!insert_allocation(act.tx, id, invoice.id, part, AllocationReason::paid)) {
      throw Conflict(fmt::format("invoice {} was paid meanwhile", invoice.id.number()));
    }
    left = left - part;
    parts.push_back({require_invoice(act.tx, act.viewer, invoice.id), part});
  }
  if (!left.is_zero()) {
    insert_credit(act.tx,
                  {.client = client, .payment = id, .amount = left, .why = CreditReason::left_over},
                  act.viewer.user);
  }
  queue_payment_recorded(act, {require_payment(act.tx, id), parts, left},
                         require_user(act.tx, client));
  for (const auto& part : parts) follow_payment(act, part.invoice.id);
  return id;
}

Result<void> may_reverse(Act& act, const Payment& payment) {
  if (payment.reverses) return refuse("", message("A reversal is not reversed: pay again."));
  if (payment.is_reversed) return refuse("", message("This payment is reversed already."));
  const Money back = sum_paid_back(act.tx, payment.id, payment.amount.currency());
  if (payment.kind == PaymentKind::received && !back.is_zero()) {
    return refuse("", message("{} of it were paid back: undo that refund first.", {back.show()}));
  }
  return check_open(act.tx, "", act.tx.today());
}

PaymentId insert_reversal(Act& act, const Payment& payment) {
  return insert_payment(act.tx, {.client = payment.client,
                                 .payment = {.amount = -payment.amount,
                                             .date = act.tx.today(),
                                             .method = payment.method,
                                             .reference = payment.reference},
                                 .kind = payment.kind,
                                 .reverses = payment.id,
                                 .author = act.viewer.user});
}

/// What it settled is to be paid again, what is left of its credit is gone.
std::vector<PaidPart> take_back(Act& act, const Payment& payment, PaymentId reversal) {
  std::vector<PaidPart> parts;
  for (const auto& part : list_standing_parts(act.tx, payment)) {
    if (!insert_allocation(act.tx, reversal, part.invoice, -part.amount,
                           AllocationReason::reversed)) {
      throw Conflict(fmt::format("invoice {} changed meanwhile", part.invoice.number()));
    }
    parts.push_back({require_invoice(act.tx, act.viewer, part.invoice), -part.amount});
  }
  const Money credit = find_credit_of(act.tx, payment.id, payment.amount.currency());
  if (!credit.is_zero()) {
    insert_credit(act.tx,
                  {.client = payment.client,
                   .payment = payment.id,
                   .amount = -credit,
                   .why = CreditReason::reversed,
                   .movement = reversal},
                  act.viewer.user);
  }
  return parts;
}

/// The money is the client's credit again, of the payments it was taken from.
void give_again(Act& act, const Payment& refund, PaymentId reversal) {
  for (const auto& move : list_moved_by(act.tx, refund.id)) {
    insert_credit(act.tx,
                  {.client = move.client,
                   .payment = move.payment,
                   .amount = -move.amount,
                   .why = CreditReason::refund_undone,
                   .movement = reversal},
                  act.viewer.user);
  }
}

Result<void> reverse(Act& act, const Payment& payment) {
  if (auto allowed = may_reverse(act, payment); !allowed) return allowed;
  const auto reversal = insert_reversal(act, payment);
  std::vector<PaidPart> parts;
  if (payment.kind == PaymentKind::received) {
    parts = take_back(act, payment, reversal);
  } else {
    give_again(act, payment, reversal);
  }
  const auto credit = find_credit(act.tx, payment.client, payment.amount.currency());
  queue_payment_reversed(act, {require_payment(act.tx, reversal), parts, credit},
                         require_user(act.tx, payment.client));
  for (const auto& part : parts) follow_payment(act, part.invoice.id);
  return {};
}

}  // namespace

Result<PaymentId> record_payment(Act& act, InvoiceId id, const NewPayment& payment) {
  require_accountant(act);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  if (auto allowed = may_pay(invoice); !allowed) return std::unexpected(allowed.error());
  return record(act, invoice.client, payment, {invoice});
}

Result<PaymentId> record_client_payment(Act& act, UserId client_id, const NewPayment& payment,
                                        PaymentUse use) {
  require_accountant(act);
  const auto client = find_user(act.tx, client_id);
  if (!client || client->type != Role::client) {
    return refuse("client", message("Choose a client."));
  }
  if (use == PaymentUse::credit_only) return record(act, client_id, payment, {});
  return record(act, client_id, payment,
                list_open_invoices(act.tx, client_id, most_invoices_paid_at_once));
}

Result<PaymentId> record_payment_for(Act& act, UserId client, const NewPayment& payment,
                                     const std::vector<InvoiceId>& ids) {
  require_accountant(act);
  std::vector<Invoice> invoices;
  for (const auto id : ids) {
    invoices.push_back(require_invoice(act.tx, act.viewer, id));
    if (invoices.back().client != client) {
      throw NotFound(fmt::format("invoice {} is another client's", id.number()));
    }
  }
  return record(act, client, payment, invoices);
}

Result<void> reverse_payment(Act& act, PaymentId id) {
  require_accountant(act);
  return reverse(act, require_payment(act.tx, id));
}

Result<void> reverse_payment(Act& act, InvoiceId id, PaymentId payment_id) {
  require_accountant(act);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  for (const auto& allocation : list_allocations(act.tx, invoice)) {
    if (allocation.payment.id == payment_id) return reverse(act, allocation.payment);
  }
  throw NotFound(fmt::format("no payment {} here", payment_id.number()));
}

Result<void> mark_paid(Act& act, InvoiceId id) {
  require_accountant(act);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  const NewPayment rest{.amount = invoice.rest(),
                        .date = act.tx.today(),
                        .method = payment_methods().front(),
                        .reference = {}};
  const auto recorded = record_payment(act, id, rest);
  if (!recorded) return std::unexpected(recorded.error());
  return {};
}

Result<void> mark_unpaid(Act& act, InvoiceId id) {
  require_accountant(act);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  const auto parts = list_standing_parts(act.tx, invoice);
  if (parts.empty()) return refuse("", message("No payment stands on this invoice."));
  for (const auto& part : parts) {
    const auto payment = require_payment(act.tx, part.payment);
    const bool settles_others = list_standing_parts(act.tx, payment).size() > 1;
    const bool paid_back = !sum_paid_back(act.tx, payment.id, payment.amount.currency()).is_zero();
    auto done =
        settles_others || paid_back ? free_payment(act, part.payment, id) : reverse(act, payment);
    if (!done) return done;
  }
  return {};
}

}  // namespace cstims
