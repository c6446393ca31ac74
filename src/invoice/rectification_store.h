// Rows of rectifying invoices as the invoices they take back see them.
#pragma once

#include <vector>

#include "db/database.h"
#include "invoice/invoice.h"
#include "invoice/invoice_store.h"
#include "invoice/rectification.h"

namespace cstims {

/// `amount` more (tax included, above zero) is taken back. False when less than it was left.
bool mark_credited(Transaction& tx, InvoiceId original, const Money& amount);

/// Oldest first, issued ones only. The caller has found the original for its viewer.
std::vector<InvoiceRow> list_rectifying_invoices(Transaction& tx, const Invoice& original);
/// What of an issued invoice is not taken back yet.
Remainder load_remainder(Transaction& tx, const Invoice& original);

}  // namespace cstims
