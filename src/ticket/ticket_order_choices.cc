// Orders a ticket can be about (ticket_store.h).
#include "ticket/ticket_store.h"

namespace cstims {

constexpr Statement find_order_of_client{"order of a client", R"(
  select id
  from orders
  where id = :order
    and client_id = :client)"};

bool client_has_order(Transaction& tx, UserId client, OrderId order) {
  return tx.find(find_order_of_client, {{"order", order}, {"client", client}}).has_value();
}

constexpr Statement list_orders_to_choose{"orders to choose from", R"(
  select id, name
  from orders
  where client_id = :client
  order by id desc
  limit :limit)"};

std::vector<std::pair<OrderId, std::string>> list_order_choices(Transaction& tx, UserId client,
                                                                int limit) {
  std::vector<std::pair<OrderId, std::string>> choices;
  const Parameters parameters{{"client", client}, {"limit", limit}};
  for (const Row& row : tx.select(list_orders_to_choose, parameters)) {
    choices.emplace_back(row.id<struct Order>("id"), row.text("name"));
  }
  return choices;
}

}  // namespace cstims
