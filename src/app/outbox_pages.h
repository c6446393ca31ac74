// What admins see of the outbox: what waits, what was sent, what could not be, and why.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_outbox(Context& context);            // GET /outbox, admin
Response show_outbox_message(Context& context);    // GET /outbox/{message}, admin
Response resend_outbox_message(Context& context);  // POST /outbox/{message}/resending, admin
Response send_test_mail(Context& context);         // POST /outbox/tests, admin

}  // namespace cstims
