// Pages of mail that came in, for the helpdesk.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_inbox(Context& context);              // GET /inbox; listing and CSV
Response show_inbound_mail(Context& context);       // GET /inbox/{mail}; ?client= searches clients
Response download_inbound_mail(Context& context);   // GET /inbox/{mail}/raw, as it came
Response create_mail_attachment(Context& context);  // POST /inbox/{mail}/attachment: to a ticket
Response create_mail_ticket(Context& context);      // POST /inbox/{mail}/ticket: a new one
Response create_mail_retry(Context& context);       // POST /inbox/{mail}/retry
Response create_mail_rejection(Context& context);   // POST /inbox/{mail}/rejection
Response show_mail_confirmation(Context& context);  // GET /inbox/{mail}/confirmation, its author
Response create_mail_confirmation(Context& context);  // POST /inbox/{mail}/confirmation

}  // namespace cstims
