// Payments of all clients, for accountants and admins: the list, a new one, and one with where it
// went.
#pragma once

#include "http/context.h"

namespace cstims {

Response list_payments_page(Context& context);
Response new_client_payment(Context& context);
Response create_client_payment(Context& context);
Response show_payment(Context& context);
Response show_proof(Context& context);
Response create_reversal(Context& context);
Response create_refund(Context& context);
/// Credit of a payment for one of the client's invoices.
Response create_allocation(Context& context);
/// Takes it off an invoice again.
Response create_release(Context& context);

}  // namespace cstims
