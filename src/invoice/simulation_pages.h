// What will be billed: for accountants and admins of anybody, for clients of themselves.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /billing/simulation: what the daily runs up to a day would issue, for all, a client or an
/// order; every line says why.
Response show_simulation(Context& context);
/// GET /upcoming, clients: their own next invoices.
Response show_own_upcoming(Context& context);
/// GET /clients/{client}/upcoming, accountants and admins.
Response show_client_upcoming(Context& context);

}  // namespace cstims
