// Pages of invoices for clients and staff: what was billed, why, and what was paid.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /invoices/{file}, its client and staff: the page of invoice 12 for "12", its PDF for
/// "12.pdf".
Response show_invoice(Context& context);

/// POST /invoices/{invoice}/payments, accountants and admins, with a file.
Response create_payment(Context& context);
/// POST /invoices/{invoice}/payments/{payment}/reversal, accountants and admins.
Response create_payment_reversal(Context& context);
/// GET /invoices/{invoice}/payments/{payment}/proof, accountants and admins.
Response show_payment_proof(Context& context);
/// POST /invoices/{invoice}/paid, accountants and admins: the rest was paid today.
Response create_credit_use(Context& context);
Response create_paid_mark(Context& context);
/// POST /invoices/{invoice}/unpaid, accountants and admins: what was recorded is reversed.
Response create_unpaid_mark(Context& context);

/// The page of an invoice again, 422, with why a form on it was refused: `form` is its name in the
/// view ("PAYMENT", "RECTIFICATION", "PAUSE"), or empty for a button.
Response show_invoice_refused(Context& context, InvoiceId id, std::string_view form,
                              const Refusal& refusal);

}  // namespace cstims
