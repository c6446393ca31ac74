#include "ticket/ticket_list_view.h"

#include "ticket/ticket_targets.h"

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
    filters.push_back({"priority", message("Priority"), priority_choices()});
    filters.push_back({"due", message("Due"), {{"overdue", message("overdue")}}});
  }
  return filters;
}

std::vector<Column> columns_for(const Viewer& viewer) {
  std::vector<Column> columns{{message("Ticket"), "id"}, {message("Status"), "urgency"}};
  if (viewer.is_client()) {
    columns.push_back({message("Order")});
  } else {
    columns.push_back({message("Priority"), "priority"});
    columns.push_back({message("Client")});
    columns.push_back({message("Assignee")});
  }
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

/// Overdue is what matters then; else whose turn it is, and for staff until when.
Cell status_cell(const Context& context, const TicketRow& ticket) {
  const auto& renderer = context.services.renderer;
  Cell cell{.text = renderer.translate(shown(ticket.status, ticket.waiting_for, context.viewer)),
            .badge = tone(ticket.status, ticket.waiting_for)};
  if (context.viewer.is_client() || !ticket.due_at) return cell;
  const auto now = context.database().clock().now();
  auto due = renderer.translate(shown_due(*ticket.due_at, now));
  if (*ticket.due_at < now) {
    cell.detail = std::exchange(cell.text, std::move(due));
    cell.badge = "danger";
  } else {
    cell.detail = std::move(due);
  }
  return cell;
}

Cell priority_cell(const Context& context, const TicketRow& ticket) {
  Cell cell{.text = context.services.renderer.translate(shown(ticket.priority))};
  if (ticket.priority == TicketPriority::urgent) cell.badge = "danger";
  if (ticket.priority == TicketPriority::high) cell.badge = "warning";
  return cell;
}

std::vector<Cell> row_of(const Context& context, const TicketRow& ticket) {
  const auto& renderer = context.services.renderer;
  // Not as one list in braces, which would copy each cell.
  std::vector<Cell> row;
  row.reserve(6);
  row.push_back({.text = ticket.subject,
                 .href = address_of(ticket),
                 .detail = "#" + ticket.id.text(),
                 .excerpt = ticket.excerpt});
  row.push_back(status_cell(context, ticket));
  if (context.viewer.is_client()) {
    row.push_back({.text = ticket.order ? ticket.order_name : "–",
                   .href = ticket.order ? "/orders/" + ticket.order->text() : ""});
  } else {
    row.push_back(priority_cell(context, ticket));
    row.push_back({.text = ticket.client_name, .detail = ticket.order_name});
    row.push_back(assignee_cell(context, ticket));
  }
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

Message shown_due(Instant due, Instant now) {
  const auto seconds = due.unix_seconds() - now.unix_seconds();
  return seconds < 0 ? message("overdue by {}", {show_distance(-seconds)})
                     : message("due in {}", {show_distance(seconds)});
}

std::vector<Choice> priority_choices() {
  std::vector<Choice> choices;
  for (const auto priority : {TicketPriority::urgent, TicketPriority::high, TicketPriority::normal,
                              TicketPriority::low}) {
    choices.push_back({std::string(text(priority)), shown(priority)});
  }
  return choices;
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
                       "opened_at", "last_entry_at", "priority", "due_at"});
  for (const auto& ticket : tickets.rows) {
    file +=
        csv_row({ticket.id.text(), ticket.subject, std::string(text(ticket.status)),
                 std::string(text(ticket.waiting_for)), ticket.client_name, ticket.order_name,
                 ticket.assignee_name, ticket.opened_at.text(), ticket.last_entry_at.text(),
                 std::string(text(ticket.priority)), ticket.due_at ? ticket.due_at->text() : ""});
  }
  return Response::csv("tickets.csv", std::move(file));
}

}  // namespace cstims
