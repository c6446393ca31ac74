// The first page after signing in, for clients and admins: what they have, and what waits, from
// every noun.
#pragma once

#include "http/context.h"

namespace cstims {

Response show_client_home(Context& context);  // GET /client, client
Response show_admin_home(Context& context);   // GET /admin, admin

}  // namespace cstims
