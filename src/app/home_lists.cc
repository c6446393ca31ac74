#include "app/home_lists.h"

namespace cstims {
namespace {

ListView short_list(Message caption, Message empty) {
  ListView list;
  list.caption = std::move(caption);
  list.empty = std::move(empty);
  list.plain = true;
  return list;
}

Cell badge(const Renderer& renderer, const Message& text, std::string_view tone) {
  return {.text = renderer.translate(text), .badge = std::string(tone)};
}

/// Whose turn it is matters more than that a ticket is open.
Cell ticket_state(const TicketRow& ticket, const Renderer& renderer, bool for_staff) {
  if (ticket.status != TicketStatus::open)
    return badge(renderer, shown(ticket.status), "secondary");
  if (ticket.waiting_for == WaitingFor::staff) {
    return badge(renderer, message("waits for helpdesk"), for_staff ? "warning" : "info");
  }
  return badge(renderer, message("answered"), for_staff ? "info" : "success");
}

}  // namespace

ListView short_order_list(const std::vector<Order>& orders, const Renderer& renderer,
                          bool for_staff) {
  ListView list =
      short_list(message("Orders"), for_staff ? message("Nobody has ordered anything yet.")
                                              : message("You have not ordered anything yet."));
  list.columns = {
      {message("Order")}, {message("Status")}, {message("Price")}, {message("Next due")}};
  for (const auto& order : orders) {
    const std::string path = (for_staff ? "/manageorders/" : "/orders/") + order.id.text();
    list.rows.push_back({{.text = order.name,
                          .href = path,
                          .detail = for_staff ? order.service_name + " · " + order.client_name
                                              : order.service_name},
                         badge(renderer, shown(order.status), tone(order.status)),
                         {.text = order.billing().show_price()},
                         {.text = order.next_due_on ? renderer.show(*order.next_due_on) : "–"}});
  }
  return list;
}

ListView short_ticket_list(const std::vector<TicketRow>& tickets, const Renderer& renderer,
                           bool for_staff) {
  ListView list =
      short_list(message("Tickets"), for_staff ? message("There are no tickets.")
                                               : message("You have not opened any ticket."));
  list.columns = {{message("Ticket")}, {message("Status")}, {message("Last word")}};
  for (const auto& ticket : tickets) {
    list.rows.push_back({{.text = ticket.subject,
                          .href = "/tickets/" + ticket.id.text(),
                          .detail = for_staff ? "#" + ticket.id.text() + " · " + ticket.client_name
                                              : "#" + ticket.id.text(),
                          .excerpt = ticket.excerpt},
                         ticket_state(ticket, renderer, for_staff),
                         {.text = renderer.show(ticket.last_entry_at)}});
  }
  return list;
}

ListView short_invoice_list(const std::vector<InvoiceRow>& invoices, const Renderer& renderer,
                            Date today, bool for_staff) {
  ListView list = short_list(message("Invoices"), for_staff ? message("There are no invoices yet.")
                                                            : message("You have no invoices yet."));
  list.columns = {
      {message("Invoice")}, {message("Status")}, {message("Total"), "", true}, {message("Due")}};
  for (const auto& invoice : invoices) {
    const PaidState state = paid_state(invoice, today);
    list.rows.push_back(
        {{.text = invoice.number.empty() ? renderer.translate(message("Draft")) : invoice.number,
          .href = "/invoices/" + invoice.id.text(),
          .detail = for_staff ? invoice.client_name : ""},
         badge(renderer, shown(state), tone(state)),
         {.text = invoice.total.show()},
         {.text = invoice.due_date ? renderer.show(*invoice.due_date) : "–"}});
  }
  return list;
}

ListView short_user_list(const std::vector<User>& users, const Renderer& renderer) {
  ListView list = short_list(message("Users"), message("There are no users yet."));
  list.columns = {{message("User")}, {message("Type")}, {message("Registered")}};
  for (const auto& user : users) {
    list.rows.push_back({{.text = user.username,
                          .href = "/manageusers/" + user.id.text(),
                          .detail = user.email.text()},
                         {.text = std::string(text(user.type))},
                         {.text = renderer.show(user.registered_at)}});
  }
  return list;
}

}  // namespace cstims
