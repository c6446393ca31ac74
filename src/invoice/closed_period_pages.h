// Closing months, for accountants and admins.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /accounting/periods: the month to close next, and all that was closed or reopened.
Response show_closed_periods(Context& context);
/// POST /accounting/periods: closes the month of the field `month`.
Response create_closed_period(Context& context);
/// POST /accounting/periods/{month}/reopening: admins, with a reason.
Response create_period_reopening(Context& context);

}  // namespace cstims
