// Tickets as rows of a list, on every page that shows some.
#pragma once

#include <string>

#include "http/context.h"
#include "ticket/ticket_store.h"

namespace cstims {

/// Colour of the status badge.
std::string tone(TicketStatus status, WaitingFor waiting_for);
/// "Waiting for the client", "Won't be fixed": status and turn in one, as that viewer should read
/// it.
Message shown(TicketStatus status, WaitingFor waiting_for, const Viewer& viewer);

/// "due in 2 h", "overdue by 5 min".
Message shown_due(Instant due, Instant now);
/// For select boxes, the most urgent first.
std::vector<Choice> priority_choices();

/// Columns for the viewer: clients do not see who works on a ticket. Helpdesk people get a button
/// to take a ticket that is nobody's. Path, filters and search are for a page of its own; set
/// `plain` for a short list on a home page.
ListView ticket_list(const Context& context, const Page<TicketRow>& tickets, std::string path);

Response tickets_csv(const Page<TicketRow>& tickets);

}  // namespace cstims
