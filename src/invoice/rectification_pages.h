// Taking an issued invoice back, entirely or in part.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /invoices/{invoice}/rectification, accountants and admins: what to take back, and why.
Response new_rectification(Context& context);
/// POST /invoices/{invoice}/rectification, accountants and admins; with `preview` it shows what
/// would be issued and issues nothing.
Response create_rectification(Context& context);

}  // namespace cstims
