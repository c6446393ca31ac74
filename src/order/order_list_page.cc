// GET /manageorders (declared in manage_pages.h).
#include "order/manage_pages.h"
#include "order/order_store.h"

namespace cstims {
namespace {

std::vector<Choice> status_choices() {
  std::vector<Choice> choices;
  for (const auto& name : order_status_names()) {
    choices.push_back({name, shown(parse_order_status(name).value())});
  }
  return choices;
}

struct OrdersPage {
  static constexpr std::string_view view = "order/list.html";
  const Renderer& renderer;
  Page<Order> orders;
  Listing listing;
  Message title() const { return message("Orders"); }
};

ListView list_of(const OrdersPage& page) {
  ListView list{.path = "/manageorders",
                .empty = message("No orders yet."),
                .columns = {{message("Number"), "id"},
                            {message("Order"), "name"},
                            {message("Client")},
                            {message("Status"), "status"},
                            {message("Price")},
                            {message("Next bill"), "next_due_on"}},
                .rows = {},
                .filters = {{"status", message("Status"), status_choices()}},
                .caption = message("Orders"),
                .total = page.orders.total,
                .more_than_counted = page.orders.more_than_counted};
  for (const auto& order : page.orders.rows) {
    list.rows.push_back(
        {{.text = order.id.text()},
         {.text = order.name,
          .href = "/manageorders/" + order.id.text(),
          .detail = order.service_name},
         {.text = order.client_name, .href = "/manageusers/" + order.client.text()},
         {.text = page.renderer.translate(shown(order.status)),
          .badge = std::string(tone(order.status))},
         {.text = order.billing().text()},
         {.text = order.next_due_on ? page.renderer.show(*order.next_due_on) : "–"}});
  }
  return list;
}

void fill(Dictionary& values, const OrdersPage& page) {
  fill_list(values, "LIST", list_of(page), page.listing);
}

std::string date_text(std::optional<Date> date) {
  return date ? date->text() : "";
}

Response orders_csv(const std::vector<Order>& orders) {
  auto body =
      csv_row({"id", "client", "service", "name", "status", "billing", "options", "ordered_at",
               "activated_on", "ends_on", "next_due_on", "comments", "notes"});
  for (const auto& order : orders) {
    body += csv_row({order.id.text(), order.client_name, order.service_name, order.name,
                     std::string(text(order.status)), order.billing().text(),
                     order.options.show_chosen(), order.ordered_at.text(),
                     date_text(order.activated_on), date_text(order.ends_on),
                     date_text(order.next_due_on), order.comments, order.notes});
  }
  return Response::csv("orders.csv", std::move(body));
}

}  // namespace

Response list_orders_page(Context& context) {
  const auto listing = parse_listing(context.request.query, order_listing_rules());
  auto orders = context.database().read(
      [&](Transaction& tx) { return list_orders(tx, context.viewer, listing); });
  if (listing.csv) return orders_csv(orders.rows);
  return render(context, OrdersPage{context.services.renderer, std::move(orders), listing});
}

}  // namespace cstims
