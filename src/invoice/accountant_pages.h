// The accountant's home.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /accountant, accountants and admins: what is owed, and the invoices with a button each.
Response show_accountant(Context& context);

}  // namespace cstims
