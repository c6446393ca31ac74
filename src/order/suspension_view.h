// Non-payment on the page of an order: what is owed, when it would be suspended or why not, and,
// for accountants and admins, the switch "never suspend it automatically".
#pragma once

#include <optional>
#include <string_view>

#include "base/site.h"
#include "base/viewer.h"
#include "db/database.h"
#include "html/renderer.h"
#include "order/order.h"
#include "order/suspension_outlook.h"
#include "order/suspension_store.h"

namespace cstims {

struct SuspensionView {
  OrderId order;
  bool for_staff = false;
  bool may_exempt = false;
  Date today;
  std::optional<ExpectedSuspension> expected;  // of an active order; absent: nothing is owed
  std::optional<UnpaidInvoice> suspended_for;
  std::optional<SuspensionExemption> exemption;
};
/// The viewer has found the order.
SuspensionView load_suspension_view(Transaction& tx, const Site& site, const Viewer& viewer,
                                    const Order& order);

/// Fills `{{>NAME}}` with views/order/_suspension.html; nothing when there is nothing to say.
void fill_suspension_view(Dictionary& values, std::string_view name, const SuspensionView& view);

}  // namespace cstims
