// What an order costs: price, options and quantity, changed from a day on. For the verbs of this
// folder and of invoice/order_changes.h, which gives back what was billed from that day on.
#pragma once

#include <optional>
#include <string>

#include "mail/outbox.h"
#include "order/order.h"

namespace cstims {

/// What a service costs with these options; `like`: of its alternatives the one of that cycle.
/// Refuses ("options", "billing") what leaves the price open.
Result<ResolvedTerm> service_price(const Service& service, const ServiceOptions& options,
                                   std::optional<Cycle> like);
/// The new price, if there is one: what was typed, else what follows from other options.
Result<std::optional<ResolvedTerm>> changed_price(const Order& order, const Service& service,
                                                  const std::optional<ResolvedTerm>& billing,
                                                  const std::optional<ServiceOptions>& options);
/// With the next period that is not billed; of an order that was never billed from activation on.
/// Changes `order` and notes the fact; the caller saves.
void change_price(Act& act, Order& order, DatedTerm change);

/// An order as a change makes it; nothing is written.
struct ChangedOrder {
  Order order;
  Date from;          // the first day that costs the new price
  std::string words;  // "5 €/mo → 3 × 5 €/mo"
};
/// Refuses what is not running, days that cannot be (field "from"), and what changes no price.
Result<ChangedOrder> changed_order(Transaction& tx, const Viewer& viewer, Order order,
                                   const TermsChange& change);
/// Admins; locks, writes, and notes the fact with its reason. What was billed stays: see
/// invoice/order_changes.h.
Result<ChangedOrder> change_order_terms(Act& act, OrderId id, const TermsChange& change);

}  // namespace cstims
