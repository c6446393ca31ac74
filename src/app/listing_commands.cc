// The listing commands of services, orders and tickets.
#include "app/command_functions.h"
#include "order/order_store.h"
#include "service/service_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

Listing everything(const Invocation& run) {
  Listing listing;
  listing.search = run.value("--search").value_or("");
  listing.csv = true;
  return listing;
}

}  // namespace

int list_services_command(Invocation& run) {
  const auto services =
      run.installation().database().read([](Transaction& tx) { return list_all_services(tx); });
  OutputTable table{{"id", "name", "type", "billing", "active"}, {}};
  for (const auto& service : services) {
    table.rows.push_back({service.id.number(), service.name, std::string(text(service.type)),
                          service.billing.text(), std::int64_t{service.active ? 1 : 0}});
  }
  print_table(table, run.json());
  return 0;
}

int list_orders_command(Invocation& run) {
  const Viewer viewer = Viewer::of_system("command");
  const auto orders = run.installation().database().read(
      [&](Transaction& tx) { return list_orders(tx, viewer, everything(run)); });
  OutputTable table{{"id", "name", "service", "client", "status", "billing", "next_due_on"}, {}};
  for (const auto& order : orders.rows) {
    table.rows.push_back({order.id.number(), order.name, order.service_name, order.client_name,
                          std::string(text(order.status)), order.billing().text(),
                          order.next_due_on ? order.next_due_on->text() : ""});
  }
  print_table(table, run.json());
  return 0;
}

int list_tickets_command(Invocation& run) {
  const Viewer viewer = Viewer::of_system("command");
  const auto tickets = run.installation().database().read(
      [&](Transaction& tx) { return list_tickets(tx, viewer, everything(run)); });
  OutputTable table{{"id", "subject", "client", "status", "waiting_for", "assignee", "opened"}, {}};
  for (const auto& ticket : tickets.rows) {
    table.rows.push_back({ticket.id.number(), ticket.subject, ticket.client_name,
                          std::string(text(ticket.status)), std::string(text(ticket.waiting_for)),
                          ticket.assignee_name, ticket.opened_at.text()});
  }
  print_table(table, run.json());
  return 0;
}

}  // namespace cstims
