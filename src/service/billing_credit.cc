#include "service/billing_credit.h"

#include <algorithm>

namespace cstims {
namespace {

/// What is left beyond the price of the days that are kept.
Money rest_of(const BilledPeriod& billed, Date kept_until) {
  const int kept = days_between(billed.period.start, kept_until);
  const Money price(multiply_and_round(billed.net.minor(), kept, billed.period.days()),
                    billed.net.currency());
  return std::max(billed.left - price, Money::zero(billed.net.currency()));
}

}  // namespace

std::vector<GivenBack> days_to_give_back(const std::vector<BilledPeriod>& billed, Date from) {
  std::vector<GivenBack> credits;
  for (const auto& row : billed) {
    const BillingPeriod days{std::max(from, row.period.start), row.covers_until};
    if (days.start >= days.next) continue;
    credits.push_back({.days = days,
                       .period = row.period,
                       .line = row.line,
                       .net = rest_of(row, days.start),
                       .line_net = row.net,
                       .left = row.left});
  }
  std::ranges::sort(credits, {}, [](const GivenBack& credit) { return credit.days.start; });
  return credits;
}

}  // namespace cstims
