// Billing runs for accountants and admins: starting one, watching it, what earlier ones did.
#pragma once

#include "http/context.h"

namespace cstims {

/// GET /billing/runs: the button that starts one, and those before.
Response list_billing_runs_page(Context& context);
/// POST /billing/runs: starts a run of today in the background and leads to its page.
Response create_billing_run(Context& context);
/// GET /billing/runs/{run}: how far it is; it refreshes itself while the run is under way.
Response show_billing_run(Context& context);

}  // namespace cstims
