// Rows of orders and their events.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/listing.h"
#include "base/viewer.h"
#include "db/database.h"
#include "order/order.h"

namespace cstims {

/// A client finds only its own orders, staff all, nobody none.
std::optional<Order> find_order(Transaction& tx, const Viewer& viewer, OrderId id);
Order require_order(Transaction& tx, const Viewer& viewer, OrderId id);  // throws NotFound
/// As require_order, and nobody else changes it until the transaction ends.
Order lock_order(Transaction& tx, const Viewer& viewer, OrderId id);
/// The page /manageorders, and a client's own; `search` matches id, name, service and user name.
Page<Order> list_orders(Transaction& tx, const Viewer& viewer, const Listing& listing);
const ListingRules& order_listing_rules();
/// Newest first; ended ones last.
std::vector<Order> list_orders_of_client(Transaction& tx, UserId client, int limit);
/// Active or suspended orders whose last day has passed.
std::vector<OrderId> list_orders_to_end(Transaction& tx, Date today, int limit);

/// Of that client, being set up.
int count_waiting_orders(Transaction& tx, UserId client);

struct OrderRow {
  ServiceId service;
  std::string name;
  UserId client;
  OrderStatus status = OrderStatus::setting_up;
  std::vector<DatedTerm> terms;
  ServiceOptions options;
  std::string comments;
  std::string notes;
  std::optional<Date> activated_on = {};
  std::optional<Date> ends_on = {};
  std::optional<Date> next_due_on = {};
  std::optional<unsigned> anchor_day = {};
  int trial_days = 0;
  std::optional<CouponId> coupon = {};
  std::optional<Discount> discount = {};
  bool bills_suspended = true;
};
OrderId insert_order(Transaction& tx, const OrderRow& order);
/// Writes all of it but id and ordered_at.
void update_order(Transaction& tx, const Order& order);
struct NextDue {
  OrderId order;
  std::optional<Date> date;  // absent: never again
};
void set_next_due(Transaction& tx, const std::vector<NextDue>& days);
void delete_order_row(Transaction& tx, OrderId id);  // and its events

/// What has been invoiced of it.
BilledSoFar billed_so_far(Transaction& tx, OrderId id);

/// An order with what has been invoiced of it, or why it cannot be read.
struct OrderToBill {
  std::optional<Order> order;  // absent: see fault
  BilledSoFar billed;
  std::string fault = {};
};
/// For a billing run, which nobody acts in: in the order of `ids`.
std::vector<OrderToBill> list_orders_to_bill(Transaction& tx, const std::vector<OrderId>& ids);
/// "invoices", "tickets": what names this order, so that it cannot be deleted.
std::vector<std::string> list_order_dependents(Transaction& tx, OrderId id);

struct NewOrderEvent {
  OrderId order;
  std::optional<UserId> user;
  std::string_view event;
  std::string detail = {};
  std::string reason = {};
};
/// Its id, which names the mails it causes.
std::int64_t insert_order_event(Transaction& tx, const NewOrderEvent& event);
/// Oldest first. Names of staff are left out for a client.
std::vector<OrderEvent> list_order_events(Transaction& tx, const Viewer& viewer, OrderId id);

}  // namespace cstims
