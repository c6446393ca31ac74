// Pages of tickets: opening one, the conversation and what is done to it.
#pragma once

#include "http/context.h"

namespace cstims {

Response new_ticket(Context& context);     // GET /openticket, client; ?order=ID chooses one
Response create_ticket(Context& context);  // POST /openticket, client, with files
Response show_ticket(Context& context);    // GET /tickets/{ticket}, signed in
Response create_reply(Context& context);   // POST /tickets/{ticket}/replies, signed in, with files
Response create_assignment(Context& context);       // POST /tickets/{ticket}/assignment, helpdesk
Response update_ticket_priority(Context& context);  // POST /tickets/{ticket}/priority, helpdesk
Response create_closure(Context& context);          // POST /tickets/{ticket}/closure, signed in
Response create_reopening(Context& context);        // POST /tickets/{ticket}/reopening, signed in
Response download_attachment(
    Context& context);  // GET /tickets/{ticket}/attachments/{attachment}, signed in

}  // namespace cstims
