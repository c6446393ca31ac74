// Days that were billed and are given back: when an order changes or ends within a period that is
// paid for. How much of which line; the rectifying invoice is made by invoice/order_changes.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/date.h"
#include "base/money.h"

namespace cstims {

/// A billed period with what its line cost and what is left of that.
struct BilledPeriod {
  BillingPeriod period;              // as the line says
  Date covers_until;                 // less than period.next where days were given back already
  std::optional<std::int64_t> line;  // absent: it cost nothing
  Money net;
  Money left;  // net less what rectifying invoices took back
};

struct GivenBack {
  BillingPeriod days;
  BillingPeriod period;  // that they are of
  std::optional<std::int64_t> line;
  Money net;       // above zero, or zero
  Money line_net;  // that it is a part of
};

/// What is given back when the days from `from` on are, oldest first: of each line its part by
/// days, rounded once; of a line that is given back whole, all that is left.
std::vector<GivenBack> days_to_give_back(const std::vector<BilledPeriod>& billed, Date from);

}  // namespace cstims
