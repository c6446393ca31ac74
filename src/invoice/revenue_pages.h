// Recurring revenue, revenue and orders by month, drawn. Accountants and admins.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /accounting/revenue: twelve months, by service; `format=csv` and `table` for the figures.
Response show_revenue(Context& context);

}  // namespace cstims
