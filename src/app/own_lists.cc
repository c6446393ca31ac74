#include "app/own_lists.h"

#include "app/home_lists.h"
#include "order/order_store.h"

namespace cstims {
namespace {

struct OwnList {
  static constexpr std::string_view view = "home/list.html";
  Message heading;
  ListView list;
  Listing listing;
  Message title() const { return heading; }
};

void fill(Dictionary& values, const OwnList& page) {
  values.set("HEADING", page.heading);
  fill_list(values, "LIST", page.list, page.listing);
}

/// Search and pages, no filters and sorts: few clients have more than a page of anything.
Listing listing_of(const Context& context) {
  return parse_listing(context.request.query, {.sorts = {"-id"}, .filters = {}});
}

std::string csv_of(const ListView& list, const Renderer& renderer) {
  std::vector<std::string> cells;
  for (const auto& column : list.columns) cells.push_back(renderer.translate(column.title));
  std::string file = csv_row(cells);
  for (const auto& row : list.rows) {
    cells.clear();
    for (const auto& cell : row) cells.push_back(cell.text);
    file += csv_row(cells);
  }
  return file;
}

template <typename T>
Response show(Context& context, const Message& heading, std::string path,
              std::pair<ListView, Page<T>> found, const Listing& listing) {
  auto& [list, page] = found;
  if (listing.csv)
    return Response::csv(path.substr(1) + ".csv", csv_of(list, context.services.renderer));
  list.plain = false;
  list.path = std::move(path);
  list.total = page.total;
  list.more_than_counted = page.more_than_counted;
  return render(context, OwnList{heading, std::move(list), listing});
}

}  // namespace

Response list_own_orders(Context& context) {
  const Listing listing = listing_of(context);
  auto page = context.database().read(
      [&](Transaction& tx) { return list_orders(tx, context.viewer, listing); });
  auto list = short_order_list(page.rows, context.services.renderer, false);
  return show(context, message("Your orders"), "/orders",
              std::pair(std::move(list), std::move(page)), listing);
}

Response list_own_tickets(Context& context) {
  Listing listing = listing_of(context);
  if (!listing.search.empty() && !context.request.query.contains("sort")) {
    listing.sort = "-activity";  // the newest answer first, as in all searches of tickets
  }
  auto page = context.database().read(
      [&](Transaction& tx) { return list_tickets(tx, context.viewer, listing); });
  auto list = short_ticket_list(page.rows, context.services.renderer, false);
  return show(context, message("Your tickets"), "/tickets",
              std::pair(std::move(list), std::move(page)), listing);
}

Response list_own_invoices(Context& context) {
  const Listing listing = listing_of(context);
  auto [page, today] = context.database().read([&](Transaction& tx) {
    return std::pair(list_invoices(tx, context.viewer, listing), tx.today());
  });
  auto list = short_invoice_list(page.rows, context.services.renderer, today, false);
  return show(context, message("Your invoices"), "/invoices",
              std::pair(std::move(list), std::move(page)), listing);
}

}  // namespace cstims
