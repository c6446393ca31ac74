// /account: what people change about their own account.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_account(Context& context);  // GET /account, signed in
Response update_own_password(
    Context& context);                        // POST /account/password, signed in; checks a secret
Response update_own_email(Context& context);  // POST /account/email, signed in; checks a secret
Response update_own_mail_choices(Context& context);  // POST /account/mails
Response update_own_billing(Context& context);       // POST /account/billing, signed in
Response end_own_session(Context& context);  // POST /account/sessions/{session}/ending, signed in
Response end_own_other_sessions(Context& context);  // POST /account/sessions/ending, signed in
Response show_email_confirmation(
    Context& context);  // GET /account/email/confirmation, anyone; ?code=CODE
Response create_email_confirmation(
    Context& context);  // POST /account/email/confirmation, anyone; checks a secret

}  // namespace cstims
