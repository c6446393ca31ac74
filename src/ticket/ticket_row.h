// A row of a list of tickets, for those who write its statement.
#pragma once

#include <string_view>

#include "ticket/ticket_store.h"

namespace cstims {

/// What `ticket_row_of` reads, of `tickets` and what `ticket_row_names` joins to it.
inline constexpr std::string_view ticket_row_columns = R"(tickets.id, tickets.subject,
    tickets.status, tickets.waiting_for, tickets.client_id, clients.username as client_name,
    tickets.order_id, orders.name as order_name, tickets.assignee_id,
    assignees.username as assignee_name, tickets.opened_at, tickets.last_entry_at,
    tickets.priority, tickets.due_at)";
inline constexpr std::string_view ticket_row_names = R"(
  join users clients on clients.id = tickets.client_id
  left join orders on orders.id = tickets.order_id
  left join users assignees on assignees.id = tickets.assignee_id)";
TicketRow ticket_row_of(const Row& row);

}  // namespace cstims
