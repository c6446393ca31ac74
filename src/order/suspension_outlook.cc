#include "order/suspension_outlook.h"

#include <algorithm>
#include <tuple>

#include "order/suspension_store.h"

namespace cstims {
namespace {

/// Of the order's debts the one it is suspended for first; without any free of obstacles the one
/// that is held back first.
ExpectedSuspension expected_of(Transaction& tx, const OwingOrder& owing, Date today, int days) {
  const auto* debt = weightiest(owing.debts);
  const auto open = find_open_case(tx, owing.order);
  return {.on = expected_suspension(open ? &*open : nullptr, debt->invoice, today, days),
          .obstacle = obstacle_of(*debt),
          .order = owing.order,
          .order_name = owing.order_name,
          .client = owing.client,
          .client_name = owing.client_name,
          .invoice = debt->invoice};
}

}  // namespace

std::vector<ExpectedSuspension> expected_suspensions(Transaction& tx, const Site& site,
                                                     const SuspensionScope& scope) {
  std::vector<ExpectedSuspension> expected;
  const auto days = site.dunning.suspend_days;
  if (!days) return expected;
  const OwingOrders owing{.due_until = scope.until.plus_days(-*days),
                          .accounting = site.mail_accounting,
                          .client = scope.client,
                          .order = scope.order};
  for (const auto& order : list_owing_orders(tx, owing)) {
    auto one = expected_of(tx, order, scope.today, *days);
    if (one.on <= scope.until) expected.push_back(std::move(one));
  }
  std::ranges::sort(expected, {}, [](const ExpectedSuspension& one) {
    return std::tuple(one.on, one.client_name, one.order);
  });
  return expected;
}

}  // namespace cstims
