// Pages for people who cannot sign in yet, or not any more.
#pragma once

#include "http/context.h"

namespace cstims {

Response new_registration(Context& context);      // GET /register, anyone
Response create_registration(Context& context);   // POST /register, anyone
Response show_verification(Context& context);     // GET /verify, anyone; ?code=CODE
Response create_verification(Context& context);   // POST /verify, anyone; checks a secret
Response new_reset_request(Context& context);     // GET /forgot, anyone
Response create_reset_request(Context& context);  // POST /forgot, anyone
Response new_password(Context& context);          // GET /reset, anyone; ?code=CODE
Response create_password(Context& context);       // POST /reset, anyone; checks a secret

}  // namespace cstims
