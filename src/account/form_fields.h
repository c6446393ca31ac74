// Pieces that several pages of accounts share.
#pragma once

#include <string>

#include "account/user.h"
#include "html/form_view.h"
#include "http/context.h"

namespace cstims {

Field email_field(std::string value);
Field new_password_field(const Site& site);
Field confirm_password_field();
Field current_password_field();
std::vector<Field> billing_fields(const User& user);

/// 422 that says what to do when a mailed link is not good any more.
Response worn_out_page(const Context& context);

/// For pages whose address holds a mailed code: no other site learns it, no cache keeps it.
Response with_secret_address(Response response);

}  // namespace cstims
