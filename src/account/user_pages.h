// /manageusers: accounts in the hands of administrators.
#pragma once

#include "http/context.h"

namespace cstims {

Response list_users_page(Context& context);    // GET /manageusers, admin; listing and CSV
Response new_user(Context& context);           // GET /manageusers/new, admin
Response create_user_entry(Context& context);  // POST /manageusers, admin
Response edit_user_page(Context& context);     // GET /manageusers/{user}, admin
Response update_user_entry(Context& context);  // POST /manageusers/{user}, admin
Response delete_user_entry(Context& context);  // POST /manageusers/{user}/deletion, admin
// POST /manageusers/{user}/reachability, admin: automatic mail is sent there again
Response create_user_reachability(Context& context);

}  // namespace cstims
