// Pages of dunning, for accountants and admins: pausing and resuming reminders of an invoice or its
// client, and the list of orders that non-payment suspended or will suspend.
#pragma once

#include "http/context.h"

namespace cstims {

/// POST /invoices/{invoice}/reminders/pause. Fields: scope ("invoice" or "client"), reason.
Response create_dunning_pause(Context& context);
/// POST /invoices/{invoice}/reminders/resumption. Field: scope.
Response end_dunning_pause(Context& context);
/// GET /suspensions.
Response show_suspensions(Context& context);

}  // namespace cstims
