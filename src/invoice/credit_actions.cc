#include "invoice/credit_actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "invoice/closed_period.h"
#include "invoice/credit_store.h"
#include "invoice/dunning_actions.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_mails.h"
#include "invoice/payment_store.h"

namespace cstims {

namespace {

void require_accountant(const Act& act) {
  if (!act.viewer.is_accountant()) throw Forbidden("credit is moved by accountants");
}

/// Puts credit of the sources on the invoice as far as both go.
Money use(Act& act, const Invoice& invoice, const std::vector<CreditSource>& sources) {
  Money left = invoice.rest();
  Money used = Money::zero(left.currency());
  for (const auto& source : sources) {
    const Money part = std::min(left, source.left);
    if (part.is_zero()) break;
    if (!insert_allocation(act.tx, source.payment, invoice.id, part, AllocationReason::credit)) {
      throw Conflict(fmt::format("invoice {} was paid meanwhile", invoice.id.number()));
    }
    insert_credit(act.tx,
                  {.client = invoice.client,
                   .payment = source.payment,
                   .amount = -part,
                   .why = CreditReason::used,
                   .invoice = invoice.id},
                  act.viewer.user);
    left = left - part;
    used += part;
  }
  return used;
}

Result<Money> use_by_hand(Act& act, const Invoice& invoice,
                          const std::vector<CreditSource>& sources) {
  if (auto allowed = may_pay(invoice); !allowed) return std::unexpected(allowed.error());
  const Money used = use(act, invoice, sources);
  if (used.is_zero()) return refuse("", message("There is no credit to use."));
  queue_credit_used(act, require_invoice(act.tx, act.viewer, invoice.id), used,
                    require_user(act.tx, invoice.client));
  follow_payment(act, invoice.id);
  return used;
}

/// Takes a part off the invoice into credit.
void release(Act& act, const Invoice& invoice, const StandingPart& part, AllocationReason off,
             CreditReason why) {
  if (!insert_allocation(act.tx, part.payment, invoice.id, -part.amount, off)) {
    throw Conflict(fmt::format("invoice {} changed meanwhile", invoice.id.number()));
  }
  insert_credit(act.tx,
                {.client = invoice.client,
                 .payment = part.payment,
                 .amount = part.amount,
                 .why = why,
                 .invoice = invoice.id},
                act.viewer.user);
}

Result<PaymentId> pay_back(Act& act, UserId client, const NewPayment& money,
                           const std::vector<CreditSource>& sources) {
  Money there = Money::zero(money.amount.currency());
  for (const auto& source : sources) there += source.left;
  if (money.amount > there) {
    return refuse("amount", message("Only {} can be paid back.", {there.show()}));
  }
  if (auto open = check_open(act.tx, "date", money.date); !open) {
    return std::unexpected(open.error());
  }
  NewPayment row = money;
  row.amount = -money.amount;
  const auto refund = insert_payment(
      act.tx,
      {.client = client, .payment = row, .kind = PaymentKind::refund, .author = act.viewer.user});
  Money left = money.amount;
  for (const auto& source : sources) {
    const Money part = std::min(left, source.left);
    if (part.is_zero()) break;
    insert_credit(act.tx,
                  {.client = client,
                   .payment = source.payment,
                   .amount = -part,
                   .why = CreditReason::refunded,
                   .movement = refund},
                  act.viewer.user);
    left = left - part;
  }
  queue_refund_recorded(act, require_payment(act.tx, refund),
                        find_credit(act.tx, client, money.amount.currency()),
                        require_user(act.tx, client));
  return refund;
}

}  // namespace

Money use_credit_at_issue(Act& act, const Invoice& invoice) {
  const Currency currency = invoice.total.currency();
  const bool wanted = invoice.rest() > Money::zero(currency);
  if (!wanted || find_credit(act.tx, invoice.client, currency).is_zero()) {
    return Money::zero(currency);
  }
  return use(act, invoice, list_credit_sources(act.tx, invoice.client, currency));
}

Money settle_surplus(Act& act, InvoiceId id) {
  const auto invoice = require_invoice(act.tx, Viewer::of_system("credit"), id);
  const Money surplus = invoice.surplus();
  Money left = surplus;
  if (left <= Money::zero(left.currency())) return Money::zero(left.currency());
  for (auto part : list_standing_parts(act.tx, invoice)) {
    part.amount = std::min(part.amount, left);
    if (part.amount.is_zero()) break;
    release(act, invoice, part, AllocationReason::rectified, CreditReason::rectified);
    left = left - part.amount;
  }
  return surplus - left;
}

Result<Money> use_credit(Act& act, InvoiceId id) {
  require_accountant(act);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  return use_by_hand(act, invoice,
                     list_credit_sources(act.tx, invoice.client, invoice.total.currency()));
}

Result<Money> use_credit_of(Act& act, PaymentId payment_id, InvoiceId id) {
  require_accountant(act);
  const auto payment = require_payment(act.tx, payment_id);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  if (invoice.client != payment.client) {
    throw NotFound(fmt::format("invoice {} is another client's", id.number()));
  }
  return use_by_hand(act, invoice,
                     {{payment_id, find_credit_of(act.tx, payment_id, payment.amount.currency())}});
}

Result<void> free_payment(Act& act, PaymentId payment_id, InvoiceId id) {
  require_accountant(act);
  const auto invoice = require_invoice(act.tx, act.viewer, id);
  for (const auto& part : list_standing_parts(act.tx, invoice)) {
    if (part.payment != payment_id) continue;
    release(act, invoice, part, AllocationReason::freed, CreditReason::freed);
    follow_payment(act, id);
    return {};
  }
  return refuse("", message("Nothing of this payment stands on that invoice."));
}

Result<PaymentId> record_refund(Act& act, UserId client, const NewPayment& money) {
  require_accountant(act);
  return pay_back(act, client, money, list_credit_sources(act.tx, client, money.amount.currency()));
}

Result<PaymentId> record_refund_of(Act& act, PaymentId payment_id, const NewPayment& money) {
  require_accountant(act);
  const auto payment = require_payment(act.tx, payment_id);
  return pay_back(act, payment.client, money,
                  {{payment_id, find_credit_of(act.tx, payment_id, money.amount.currency())}});
}

}  // namespace cstims
