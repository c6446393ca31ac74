// What clients and the accounting list are told about invoices.
#pragma once

#include <vector>

#include "account/user.h"
#include "invoice/invoice.h"
#include "mail/outbox.h"

namespace cstims {

/// An invoice that was issued, and what its mail tells beside it.
struct IssuedInvoice {
  const Invoice& invoice;
  const std::vector<InvoiceLine>& lines;
  const User& client;
};
/// Of each, to the client and the accounting list, with the PDF.
void queue_invoices_issued(Act& act, const std::vector<IssuedInvoice>& issued);

}  // namespace cstims
