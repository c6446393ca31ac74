// Recording and undoing payments: accountants and admins only (else Forbidden); every act tells the
// client and the accounting list by mail. The proof's file must be in the file store already.
#pragma once

#include <vector>

#include "base/id.h"
#include "invoice/payment.h"
#include "mail/outbox.h"

namespace cstims {

/// For one invoice; what is more than its rest becomes the client's credit. Refuses what may_pay
/// refuses.
Result<PaymentId> record_payment(Act& act, InvoiceId invoice, const NewPayment& payment);

/// Which invoices of a client a payment settles; the rest becomes credit.
enum class PaymentUse { oldest_first, credit_only };
/// Refuses (field "client") who is no client.
Result<PaymentId> record_client_payment(Act& act, UserId client, const NewPayment& payment,
                                        PaymentUse use);

/// For these invoices of the client, in their order; what they do not ask for becomes credit.
/// Throws NotFound when one is another client's.
Result<PaymentId> record_payment_for(Act& act, UserId client, const NewPayment& payment,
                                     const std::vector<InvoiceId>& invoices);

/// Undoes a payment or a refund by a new row: what a payment had settled is to be paid again, also
/// where its credit was used since. Refuses reversals, what is reversed already, and a payment of
/// which a part was paid back.
Result<void> reverse_payment(Act& act, PaymentId payment);
/// The same; throws NotFound when the payment never stood on the invoice.
Result<void> reverse_payment(Act& act, InvoiceId invoice, PaymentId payment);

/// "Mark as paid": records a payment of the rest, today. Refuses what may_pay refuses.
Result<void> mark_paid(Act& act, InvoiceId invoice);
/// "Mark as unpaid": reverses the payments that stand on this invoice alone; of those that settle
/// others too, the part on this one becomes credit. Refuses an invoice without any.
Result<void> mark_unpaid(Act& act, InvoiceId invoice);

}  // namespace cstims
