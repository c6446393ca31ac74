// Pages of signing in and out.
#pragma once

#include "account/session_store.h"
#include "http/context.h"

namespace cstims {

Response show_sign_in(Context& context);      // GET /login, anyone; ?next=PATH
Response create_session(Context& context);    // POST /login, anyone; checks a secret
Response show_sign_out(Context& context);     // GET /logout, signed in
Response end_session_here(Context& context);  // POST /logout, signed in

/// Who sent the request, as far as the browser tells.
Visitor visitor_of(const Context& context);
/// Set-Cookie for a new session of that role.
void add_session_cookie(Response& response, const Site& site, std::string_view token, Role role);

}  // namespace cstims
