// Days that were billed and are given back: when an order changes or ends within a period that is
// paid for. How much of which line; the rectifying invoice is made by invoice/order_changes.h.
//
// What is kept of a line is its part by days, rounded once; what is given back is the rest. So it
// comes to the same whether days are given back at once or one after another, and a line that is
// given back whole leaves nothing.
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
  Money net;   // of all its days, less what was taken back for other reasons than days
  Money left;  // what no rectifying invoice took back
};

struct GivenBack {
  BillingPeriod days;
  BillingPeriod period;  // that they are of
  std::optional<std::int64_t> line;
  Money net;       // above zero, or zero
  Money line_net;  // that it is a part of
  Money left;      // of that, before this
  int days_kept() const { return days_between(period.start, days.start); }
};

/// What is given back when the days from `from` on are, oldest first.
std::vector<GivenBack> days_to_give_back(const std::vector<BilledPeriod>& billed, Date from);

}  // namespace cstims
