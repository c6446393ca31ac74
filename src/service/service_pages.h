// Pages of services: the landing page for everybody, the offer's administration for admins.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_landing(Context& context);  // GET / anyone

// Admins. Fields: name type billing options description active; preview shows the prices without
// saving.
Response list_services_page(Context& context);  // GET /manageservices
Response new_service(Context& context);         // GET /manageservices/new
Response create_service(Context& context);      // POST /manageservices
Response show_term_price(
    Context& context);  // GET /manageservices/price: examples as text, for app.js
Response edit_service_page(Context& context);         // GET /manageservices/{service}
Response update_service_entry(Context& context);      // POST /manageservices/{service}
Response deactivate_service_entry(Context& context);  // POST /manageservices/{service}/deactivation
Response delete_service_entry(Context& context);      // POST /manageservices/{service}/deletion

}  // namespace cstims
