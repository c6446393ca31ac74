// The accountant's books: what was issued, what was received, who owes. Accountants and admins.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /accounting: the way to all of it, with the figures of this month.
Response show_accounting(Context& context);
/// GET /accounting/vat: documents issued in a month, quarter or year, by rate; as CSV the VAT book.
Response show_vat_book(Context& context);
/// GET /accounting/payments: what was received in a month, quarter or year, by method.
Response show_received_payments(Context& context);
/// GET /accounting/debt: what clients owe, by age.
Response show_aged_debt(Context& context);
/// GET /accounting/debt/{client}: the invoices behind it.
Response show_client_debt(Context& context);

}  // namespace cstims
