// The prices of an order as its row keeps them: the newest in columns, those before it as text.
#pragma once

#include <string>
#include <vector>

#include "db/database.h"
#include "service/billing_periods.h"

namespace cstims {

/// Oldest first; from the columns billing, billing_from, quantity, billing_paused, earlier_billing,
/// activated_on and ordered_at. `options` are those chosen now, as they are shown.
std::vector<DatedTerm> stored_terms(const Row& row, std::string options = {});
/// All but the newest, one a line.
std::string earlier_text(const std::vector<DatedTerm>& terms);

}  // namespace cstims
