// What is said of an order on the client's and on the admin's page alike.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/viewer.h"
#include "db/database.h"
#include "html/renderer.h"
#include "order/order.h"
#include "service/billing_lines.h"

namespace cstims {

/// The next bill: when, how much, why.
struct NextBill {
  DueItem item;
  BillingLine line;
};

/// When an order is next billed, for how much, and why; absent: never again, or not yet.
std::optional<NextBill> explain_next(const Order& order, const BilledSoFar& billed,
                                     const TimeZone& zone);

/// What a billing run made of an order.
struct LedgerEntry {
  Instant at;
  Date run_date;
  std::string outcome;  // 'billed' 'free' 'nothing' 'fault'
  std::string detail;
};
Message shown(const LedgerEntry& entry);
std::string_view tone(const LedgerEntry& entry);

struct OrderFacts {
  Order order;
  std::optional<NextBill> next_bill;
  std::vector<OrderEvent> events;
  std::vector<LedgerEntry> ledger = {};  // the newest, for staff
};

/// Throws NotFound when the viewer may not see it.
OrderFacts require_order_facts(Transaction& tx, const Viewer& viewer, OrderId id,
                               const TimeZone& zone);

/// Fills `{{>NAME}}` with views/order/_facts.html: details, price, next bill, history.
void fill_order_facts(Dictionary& values, std::string_view name, const OrderFacts& facts,
                      const Viewer& viewer);

}  // namespace cstims
