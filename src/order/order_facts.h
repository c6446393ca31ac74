// What is said of an order on the client's and on the admin's page alike.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/viewer.h"
#include "db/database.h"
#include "html/renderer.h"
#include "order/order.h"
#include "service/billing_periods.h"

namespace cstims {

/// The next bill: when, how much, why.
struct NextBill {
  DueItem item;
  ItemPrice price;
};

struct OrderFacts {
  Order order;
  std::optional<NextBill> next_bill;
  std::vector<OrderEvent> events;
};

/// Throws NotFound when the viewer may not see it.
OrderFacts require_order_facts(Transaction& tx, const Viewer& viewer, OrderId id,
                               const TimeZone& zone);

/// Fills `{{>NAME}}` with views/order/_facts.html: details, price, next bill, history.
void fill_order_facts(Dictionary& values, std::string_view name, const OrderFacts& facts,
                      const Viewer& viewer);

}  // namespace cstims
