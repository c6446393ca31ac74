// All orders, tickets and invoices of the client who asks: what the home page shows the newest of.
#pragma once

#include "http/context.h"

namespace cstims {

Response list_own_orders(Context& context);    // GET /orders, client
Response list_own_tickets(Context& context);   // GET /tickets, client
Response list_own_invoices(Context& context);  // GET /invoices, client

}  // namespace cstims
