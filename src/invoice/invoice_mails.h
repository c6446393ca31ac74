// What clients and the accounting list are told about invoices.
#pragma once

#include <vector>

#include "account/user.h"
#include "invoice/invoice.h"
#include "mail/outbox.h"

namespace cstims {

/// To the client and the accounting list, with the PDF.
void queue_invoice_issued(Act& act, const Invoice& invoice, const std::vector<InvoiceLine>& lines,
                          const User& client);

}  // namespace cstims
