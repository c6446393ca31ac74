// What happened to orders: rows of order_events.
#include "order/order_store.h"

namespace cstims {

namespace {

constexpr Statement insert_event{"order event insert", R"(
  insert into order_events (order_id, at, user_id, event, detail, reason)
  values (:order, :now, :user, :event, :detail, :reason)
  returning id)"};

constexpr Statement list_events{"order events", R"(
  select e.at, u.username, u.type, e.event, e.detail, e.reason
  from order_events e
  left join users u on u.id = e.user_id
  where e.order_id = :order
  order by e.id)"};

}  // namespace

std::int64_t insert_order_event(Transaction& tx, const NewOrderEvent& event) {
  return tx
      .require(insert_event, {{"order", event.order},
                              {"now", tx.now()},
                              {"user", event.user},
                              {"event", event.event},
                              {"detail", event.detail},
                              {"reason", event.reason}})
      .number("id");
}

std::vector<OrderEvent> list_order_events(Transaction& tx, const Viewer& viewer, OrderId id) {
  std::vector<OrderEvent> events;
  for (const auto& row : tx.select(list_events, {{"order", id}})) {
    const bool by_client = row.maybe_text("type") == "client";
    const bool named = by_client || viewer.is_staff();
    events.push_back({.at = row.instant("at"),
                      .user_name = named ? row.maybe_text("username").value_or("") : "",
                      .by_client = by_client,
                      .event = row.text("event"),
                      .detail = row.text("detail"),
                      .reason = row.text("reason")});
  }
  return events;
}

}  // namespace cstims
