// Billing details and tax status of a client, for accountants and admins.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /clients/{client}/billing, accountants and admins.
Response edit_client_billing(Context& context);
/// POST /clients/{client}/billing, accountants and admins.
Response update_client_billing(Context& context);

}  // namespace cstims
