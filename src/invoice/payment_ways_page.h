// How one invoice is paid: what is left, the account and the reference, the code that banking apps
// read, and the operator's page about paying.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /invoices/{invoice}/pay, its client and staff.
Response show_payment_ways(Context& context);

}  // namespace cstims
