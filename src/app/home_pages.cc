#include "app/home_pages.h"

#include "account/user_store.h"
#include "app/home_lists.h"
#include "app/home_store.h"
#include "invoice/invoice_store.h"
#include "order/order_store.h"
#include "service/tax_rate_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr int rows_of_client = 10;
constexpr int rows_of_admin = 5;

/// The newest rows, without counting the rest.
Listing newest(int rows) {
  Listing listing;
  listing.sort = "-id";
  listing.rows = rows;
  listing.counting = false;
  return listing;
}

struct ClientHome {
  static constexpr std::string_view view = "home/client.html";
  ClientFigures figures;
  std::vector<Order> orders;
  std::vector<TicketRow> tickets;
  std::vector<InvoiceRow> invoices;
  Date today;
  std::string name;
  const Renderer& renderer;
  Message title() const { return message("Overview"); }
};

void fill(Dictionary& values, const ClientHome& page) {
  values.set("NAME", page.name);
  values.set("RUNNING", page.figures.running_orders);
  values.set("OPEN", page.figures.open_tickets);
  values.set("UNPAID", page.figures.unpaid);
  values.show("OWES", page.figures.unpaid_invoices > 0);
  values.show("OWES_NOTHING", page.figures.unpaid_invoices == 0);
  if (!page.figures.credit.is_zero()) {
    values.section("HAS_CREDIT").set("CREDIT", page.figures.credit);
  }
  fill_list(values, "ORDERS", short_order_list(page.orders, page.renderer, false));
  fill_list(values, "TICKETS", short_ticket_list(page.tickets, page.renderer, false));
  fill_list(values, "INVOICES",
            short_invoice_list(page.invoices, page.renderer, page.today, false));
}

struct AdminHome {
  static constexpr std::string_view view = "home/admin.html";
  AdminFigures figures;
  bool untaxed = false;  // the standard tax rate is 0 %
  std::vector<User> users;
  std::vector<Order> orders;
  std::vector<TicketRow> tickets;
  std::vector<InvoiceRow> invoices;
  Date today;
  const Renderer& renderer;
  Message title() const { return message("Overview"); }
};

/// "100+" when counting stopped there.
std::string counted(std::int64_t count) {
  return count > 100 ? "100+" : std::to_string(count);
}

void fill(Dictionary& values, const AdminHome& page) {
  const AdminFigures& figures = page.figures;
  values.show("UNTAXED", page.untaxed);
  values.set("CLIENTS", counted(figures.clients));
  values.set("SERVICES", figures.services);
  values.set("TO_SET_UP", counted(figures.orders_to_set_up));
  values.set("ACTIVE", counted(figures.active_orders));
  values.set("WAITING", counted(figures.tickets_waiting));
  values.set("OVERDUE", counted(figures.overdue_invoices));
  values.set("NOT_SENT", counted(figures.mails_not_sent));
  values.show("HAS_NOT_SENT", figures.mails_not_sent > 0);
  fill_list(values, "USERS", short_user_list(page.users, page.renderer));
  fill_list(values, "ORDERS", short_order_list(page.orders, page.renderer, true));
  fill_list(values, "TICKETS", short_ticket_list(page.tickets, page.renderer, true));
  fill_list(values, "INVOICES", short_invoice_list(page.invoices, page.renderer, page.today, true));
}

}  // namespace

Response show_client_home(Context& context) {
  const UserId client = context.viewer.require_user();
  return render(context, context.database().read([&](Transaction& tx) {
    return ClientHome{.figures = count_for_client(tx, client, context.site().currency),
                      .orders = list_orders_of_client(tx, client, rows_of_client),
                      .tickets = list_tickets_of_client(tx, client, rows_of_client),
                      .invoices = list_invoices_of_client(tx, client, rows_of_client),
                      .today = tx.today(),
                      .name = context.viewer.name,
                      .renderer = context.services.renderer};
  }));
}

Response show_admin_home(Context& context) {
  return render(context, context.database().read([&](Transaction& tx) {
    const auto standard = load_tax_rates(tx, context.site()).find(standard_tax, tx.today());
    return AdminHome{.figures = count_for_admin(tx),
                     .untaxed = standard && standard->points() == 0,
                     .users = list_users(tx, newest(rows_of_admin)).rows,
                     .orders = list_orders(tx, context.viewer, newest(rows_of_admin)).rows,
                     .tickets = list_tickets(tx, context.viewer, newest(rows_of_admin)).rows,
                     .invoices = list_invoices(tx, context.viewer, newest(rows_of_admin)).rows,
                     .today = tx.today(),
                     .renderer = context.services.renderer};
  }));
}

}  // namespace cstims
