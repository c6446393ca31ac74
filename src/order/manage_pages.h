// The administration of orders, for admins. Fields: client service name billing status comments
// notes options activated_on ends_on reason.
#pragma once

#include "http/context.h"

namespace cstims {

Response list_orders_page(Context& context);    // GET /manageorders
Response new_order(Context& context);           // GET /manageorders/new
Response create_order_entry(Context& context);  // POST /manageorders
Response edit_order_page(Context& context);     // GET /manageorders/{order}
Response update_order_entry(Context& context);  // POST /manageorders/{order}
Response delete_order_entry(Context& context);  // POST /manageorders/{order}/deletion

}  // namespace cstims
