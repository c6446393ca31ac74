// Pages where admins write, issue and delete invoices by hand.
#pragma once

#include "http/context.h"

namespace cstims {

// All for admins.
/// GET /manageinvoices
Response list_managed_invoices(Context& context);
/// GET /manageinvoices/new?client_search=…
Response new_invoice(Context& context);
/// POST /manageinvoices
Response create_invoice(Context& context);
/// GET /manageinvoices/{invoice}: a draft as a form; what is issued as what can be done about it.
Response edit_invoice(Context& context);
/// POST /manageinvoices/{invoice}
Response update_invoice(Context& context);
/// POST /manageinvoices/{invoice}/issue
Response create_issue(Context& context);
/// POST /manageinvoices/{invoice}/deletion
Response delete_invoice_entry(Context& context);

}  // namespace cstims
