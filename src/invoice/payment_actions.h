// Recording and undoing payments: accountants and admins only (else Forbidden); every act tells the
// client and the accounting list by mail.
#pragma once

#include "base/id.h"
#include "invoice/payment.h"
#include "mail/outbox.h"

namespace cstims {

/// Refuses what may_pay refuses. The proof's file must be in the file store already.
Result<PaymentId> record_payment(Act& act, InvoiceId invoice, const NewPayment& payment);
/// Undoes one payment by a new row. Refuses reversals and what is reversed already; throws NotFound
/// when the payment is none of this invoice.
Result<void> reverse_payment(Act& act, InvoiceId invoice, PaymentId payment);

/// "Mark as paid": records a payment of the rest, today. Refuses what may_pay refuses.
Result<void> mark_paid(Act& act, InvoiceId invoice);
/// "Mark as unpaid": reverses every payment that stands. Refuses an invoice without one.
Result<void> mark_unpaid(Act& act, InvoiceId invoice);

}  // namespace cstims
