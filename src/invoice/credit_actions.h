// Using, making and paying back clients' credit: by accountants and admins (else Forbidden), and by
// itself when an invoice is issued or rectified.
#pragma once

#include "base/id.h"
#include "invoice/credit.h"
#include "invoice/invoice.h"
#include "invoice/payment.h"
#include "mail/outbox.h"

namespace cstims {

/// For the issue of an invoice, in its transaction: settles it from the client's credit, oldest
/// payment first, as far as both go. Returns what was used; the caller tells the client.
Money use_credit_at_issue(Act& act, const Invoice& invoice);

/// For whatever lowers what an issued invoice asks for (rectifying it): what was paid beyond that
/// becomes the client's credit, the newest payment first. Nothing when there is no surplus. Returns
/// what became credit.
Money settle_surplus(Act& act, InvoiceId invoice);

/// The same by hand; tells the client by mail. Refuses what may_pay refuses, and a client without
/// credit.
Result<Money> use_credit(Act& act, InvoiceId invoice);
/// Credit of that payment alone. Throws NotFound when the invoice is another client's.
Result<Money> use_credit_of(Act& act, PaymentId payment, InvoiceId invoice);

/// Takes what stands of a payment off an invoice: it becomes credit. Refuses when nothing stands.
Result<void> free_payment(Act& act, PaymentId payment, InvoiceId invoice);

/// Records money paid back to the client out of credit, the oldest payment's first; `money.amount`
/// is above zero. Tells the client by mail. Refuses (field "amount") more than there is.
Result<PaymentId> record_refund(Act& act, UserId client, const NewPayment& money);
/// Out of the credit of that payment alone.
Result<PaymentId> record_refund_of(Act& act, PaymentId payment, const NewPayment& money);

}  // namespace cstims
