// Pages of orders: ordering, one order, and the administration.
#pragma once

#include "http/context.h"

namespace cstims {

// Clients. Fields: service name period option.KEY comments; preview shows the price without
// ordering.
Response show_order_form(
    Context& context);  // GET /order, GET /order?service=ID[&period=…&option.KEY=…]
Response create_order(Context& context);  // POST /order
Response show_order_price(
    Context& context);  // GET /order/price?service=ID&period=…&option.KEY=…: one line of text

Response show_order(Context& context);  // GET /orders/{order}: its client and staff
/// The order's page again, with why an act was refused (422): POST /orders/{order}/ending is
/// invoice/order_change_pages.h, since an end may give something back.
Response show_refused_order(const Context& context, const Refusal& refusal);
Response continue_order_entry(
    Context& context);  // POST /orders/{order}/continuation: its client (and admins)

// Never suspend it automatically, accountants and admins. Field: reason.
Response create_exemption(Context& context);  // POST /orders/{order}/exemption
Response end_exemption(Context& context);     // POST /orders/{order}/exemption/ending

}  // namespace cstims
