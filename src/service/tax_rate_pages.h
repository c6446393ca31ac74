// Tax rates: what holds, what comes, and adding one.
#pragma once

#include "http/context.h"
#include "service/tax_rates.h"

namespace cstims {

/// Adds a rate. Refuses what may_add refuses; throws Forbidden unless an accountant or admin acts.
Result<void> add_tax_rate(Act& act, const NamedTaxRate& rate);

/// GET /taxrates, accountants and admins.
Response list_tax_rates_page(Context& context);
/// POST /taxrates, accountants and admins.
Response create_tax_rate(Context& context);

}  // namespace cstims
