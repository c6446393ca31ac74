// Pages of orders that change or end on a day, with what that gives back. An order's other pages
// are those of order/.
#pragma once

#include "http/context.h"

namespace cstims {

// Admins. The fields of TermsChange and OrderEnd; `preview` shows what they would do.
Response show_order_change(Context& context);        // GET /manageorders/{order}/change
Response create_order_change(Context& context);      // POST /manageorders/{order}/change
Response create_order_change_end(Context& context);  // POST /manageorders/{order}/change/ending

// Its client (and admins): fields when reason.
Response end_order_entry(Context& context);  // POST /orders/{order}/ending

}  // namespace cstims
