// Pages of tickets: opening one, the conversation, the helpdesk's queue.
#pragma once

#include "http/context.h"

namespace cstims {

Response new_ticket(Context& context);     // GET /openticket, client; ?order=ID chooses one
Response create_ticket(Context& context);  // POST /openticket, client, with files
Response show_ticket(Context& context);    // GET /tickets/{ticket}, signed in
Response create_reply(Context& context);   // POST /tickets/{ticket}/replies, signed in, with files
Response create_assignment(Context& context);  // POST /tickets/{ticket}/assignment, helpdesk
Response create_closure(Context& context);     // POST /tickets/{ticket}/closure, signed in
Response create_reopening(Context& context);   // POST /tickets/{ticket}/reopening, signed in
Response download_attachment(
    Context& context);  // GET /tickets/{ticket}/attachments/{attachment}, signed in
Response show_helpdesk(Context& context);  // GET /helpdesk, helpdesk; listing and CSV

}  // namespace cstims
