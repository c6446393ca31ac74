// Which orders would be suspended for non-payment up to a day, and what holds others back. Only
// looks; pages and the simulator show it (with reminders: invoice/dunning_outlook.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/site.h"
#include "db/database.h"
#include "order/suspension.h"

namespace cstims {

/// An active order that would be suspended, or that is held back by `obstacle` on that day.
struct ExpectedSuspension {
  Date on;
  Obstacle obstacle = Obstacle::none;
  OrderId order;
  std::string order_name;
  UserId client;
  std::string client_name;
  UnpaidInvoice invoice;
};

struct SuspensionScope {
  Date today;  // as if it were that day
  Date until;
  std::optional<UserId> client = {};  // absent: all
  std::optional<OrderId> order = {};
};
/// By day, client, order; none when the settings say never.
std::vector<ExpectedSuspension> expected_suspensions(Transaction& tx, const Site& site,
                                                     const SuspensionScope& scope);

}  // namespace cstims
