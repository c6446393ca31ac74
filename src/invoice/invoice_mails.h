// What clients and the accounting list are told about invoices and payments.
#pragma once

#include <string_view>
#include <vector>

#include "account/user.h"
#include "invoice/invoice.h"
#include "invoice/payment.h"
#include "mail/outbox.h"

namespace cstims {

/// To the client and the accounting list, with the PDF.
void queue_invoice_issued(Act& act, const Invoice& invoice, const std::vector<InvoiceLine>& lines,
                          const User& client);
/// To the client and the accounting list. `invoice.paid` holds the payment already.
void queue_payment_recorded(Act& act, const Invoice& invoice, const Payment& payment,
                            const User& client);
/// As queue_payment_recorded; `payment` is the reversal.
void queue_payment_reversed(Act& act, const Invoice& invoice, const Payment& payment,
                            const User& client);
/// To the client: `step` names the reminder ("before", "1", "7", "14"), each is sent once.
void queue_invoice_reminder(Act& act, const Invoice& invoice, std::string_view step,
                            const User& client);

}  // namespace cstims
