// Merging tickets, relating them, and the order they are about.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_ticket_merger(Context& context);    // GET /tickets/{ticket}/merge, helpdesk; ?into=N
Response create_ticket_merger(Context& context);  // POST /tickets/{ticket}/merge, helpdesk
Response create_ticket_link(Context& context);    // POST /tickets/{ticket}/links, helpdesk
Response delete_ticket_link(Context& context);    // POST /tickets/{ticket}/links/deletion, helpdesk
Response update_ticket_order(Context& context);   // POST /tickets/{ticket}/order, helpdesk

}  // namespace cstims
