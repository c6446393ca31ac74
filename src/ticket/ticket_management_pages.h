// /managetickets: tickets in the hands of administrators.
#pragma once

#include "http/context.h"

namespace cstims {

Response list_tickets_page(Context& context);    // GET /managetickets, admin; listing and CSV
Response new_ticket_entry(Context& context);     // GET /managetickets/new, admin; ?client_search=
Response create_ticket_entry(Context& context);  // POST /managetickets, admin
Response edit_ticket_page(Context& context);  // GET /managetickets/{ticket}, admin; ?client_search=
Response update_ticket_entry(Context& context);  // POST /managetickets/{ticket}, admin
Response delete_ticket_entry(Context& context);  // POST /managetickets/{ticket}/deletion, admin

}  // namespace cstims
