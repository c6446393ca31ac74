#include "ticket/ticket_list_view.h"

namespace cstims {
namespace {

std::string address_of(const TicketRow& ticket) {
  return "/tickets/" + ticket.id.text();
}

std::vector<ListFilter> filters_for(const Viewer& viewer) {
  const bool client = viewer.is_client();
  std::vector<ListFilter> filters{{"status",
                                   message("Status"),
                                   {{"open", shown(TicketStatus::open)},
                                    {"closed", shown(TicketStatus::closed)},
                                    {"nofix", shown(TicketStatus::nofix)}}},
                                  {"waiting",
                                   message("Waiting for"),
                                   {{"staff", client ? message("the helpdesk") : message("us")},
                                    {"client", client ? message("you") : message("the client")}}}};
  if (!client) {
    filters.push_back({"assignee",
                       message("Assignee"),
                       {{"mine", message("me")}, {"unassigned", message("nobody")}}});
  }
  return filters;
}

std::vector<Column> columns_for(const Viewer& viewer) {
  std::vector<Column> columns{{message("Ticket"), "id"}, {message("Status"), "urgency"}};
  if (!viewer.is_client()) columns.push_back({message("Client")});
  columns.push_back({message("Order")});
  if (!viewer.is_client()) columns.push_back({message("Assignee")});
  columns.push_back({message("Last activity"), "activity"});
  return columns;
}

Cell assignee_cell(const Context& context, const TicketRow& ticket) {
  if (ticket.assignee) return {.text = ticket.assignee_name};
  if (ticket.status != TicketStatus::open || !context.viewer.is_helpdesk()) return {.text = "–"};
  const auto take = message("Take #{}", {ticket.id.text()});
  return {.text = context.services.renderer.translate(take),
          .post = address_of(ticket) + "/assignment"};
}

std::vector<Cell> row_of(const Context& context, const TicketRow& ticket) {
  const auto& renderer = context.services.renderer;
  std::vector<Cell> row{
      {.text = ticket.subject, .href = address_of(ticket), .detail = "#" + ticket.id.text()},
      {.text = renderer.translate(shown(ticket.status, ticket.waiting_for, context.viewer)),
       .badge = tone(ticket.status, ticket.waiting_for)}};
  if (!context.viewer.is_client()) row.push_back({.text = ticket.client_name});
  row.push_back({.text = ticket.order ? ticket.order_name : "–",
                 .href = ticket.order ? "/orders/" + ticket.order->text() : ""});
  if (!context.viewer.is_client()) row.push_back(assignee_cell(context, ticket));
  row.push_back({.text = renderer.show(ticket.last_entry_at)});
  return row;
}

}  // namespace

std::string tone(TicketStatus status, WaitingFor waiting_for) {
  if (status == TicketStatus::closed) return "success";
  if (status == TicketStatus::nofix) return "secondary";
  return waiting_for == WaitingFor::staff ? "warning" : "info";
}

Message shown(TicketStatus status, WaitingFor waiting_for, const Viewer& viewer) {
  if (status != TicketStatus::open) return shown(status);
  if (viewer.is_client()) {
    return waiting_for == WaitingFor::staff ? message("Open, waiting for the helpdesk")
                                            : message("Open, waiting for you");
  }
  return waiting_for == WaitingFor::staff ? message("Open, needs an answer")
                                          : message("Open, waiting for the client");
}

ListView ticket_list(const Context& context, const Page<TicketRow>& tickets, std::string path) {
  ListView list{.path = std::move(path),
                .empty = message("No tickets yet."),
                .columns = columns_for(context.viewer),
                .rows = {},
                .filters = filters_for(context.viewer),
                .caption = message("Tickets"),
                .total = tickets.total,
                .more_than_counted = tickets.more_than_counted};
  for (const auto& ticket : tickets.rows) list.rows.push_back(row_of(context, ticket));
  return list;
}

Response tickets_csv(const Page<TicketRow>& tickets) {
  auto file = csv_row({"id", "subject", "status", "waiting_for", "client", "order", "assignee",
                       "opened_at", "last_entry_at"});
  for (const auto& ticket : tickets.rows) {
    file += csv_row({ticket.id.text(), ticket.subject, std::string(text(ticket.status)),
                     std::string(text(ticket.waiting_for)), ticket.client_name, ticket.order_name,
                     ticket.assignee_name, ticket.opened_at.text(), ticket.last_entry_at.text()});
  }
  return Response::csv("tickets.csv", std::move(file));
}

}  // namespace cstims
