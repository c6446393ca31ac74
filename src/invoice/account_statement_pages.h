// The statement of account: a client's own, and any client's for accountants and admins.
#pragma once

#include "http/context.h"

namespace cstims {

/// As a page; ?format=csv and ?format=pdf give files of the same days.
Response show_own_statement(Context& context);
Response show_client_statement(Context& context);
/// Money paid back out of the client's credit: POST /clients/{client}/refunds.
Response create_client_refund(Context& context);

}  // namespace cstims
