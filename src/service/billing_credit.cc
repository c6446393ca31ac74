#include "service/billing_credit.h"

#include <algorithm>

namespace cstims {
namespace {

Money share_of(const BilledPeriod& billed, const BillingPeriod& days) {
  if (days.start == billed.period.start) return billed.left;
  const Money part(multiply_and_round(billed.net.minor(), days.days(), billed.period.days()),
                   billed.net.currency());
  return std::min(part, billed.left);
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
                       .net = share_of(row, days),
                       .line_net = row.net});
  }
  std::ranges::sort(credits, {}, [](const GivenBack& credit) { return credit.days.start; });
  return credits;
}

}  // namespace cstims
