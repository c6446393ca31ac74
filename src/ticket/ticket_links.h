// Tickets that belong together: one merged into another, and related ones. A merged ticket keeps
// its row, its number and its entries; the thread of the other shows them in the order in which all
// was written, and whoever asks for the old number is led there, for ever. Also the order a ticket
// is about, which staff may change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/form.h"
#include "mail/outbox.h"
#include "ticket/ticket_store.h"

namespace cstims {

/// /tickets/{id}/merge and the forms about related tickets: a ticket's number, "#12" too.
Result<TicketId> parse_other_ticket(const FormData& form, std::string_view field);
/// /tickets/{id}/order; absent: none.
Result<std::optional<OrderId>> parse_ticket_order(const FormData& form);

/// What would be merged into what. Refused, in words for the person: no such ticket, the same one
/// (also at the end of a chain), another client's, merged already, a closed one. Others than the
/// helpdesk: Forbidden.
struct Merger {
  Ticket from;
  Ticket into;
};
Result<Merger> check_merger(Transaction& tx, const Viewer& viewer, TicketId from, TicketId into);
/// For good. What waited for us in the one waits in the other; both tell of it.
Result<TicketId> merge_ticket(Act& act, TicketId from, TicketId into);

/// Both ways, once. Refused for itself and for what is not there.
Result<void> link_tickets(Act& act, TicketId ticket, TicketId other);
Result<void> unlink_tickets(Act& act, TicketId ticket, TicketId other);

/// One of the same client, or none.
Result<void> change_ticket_order(Act& act, TicketId ticket, std::optional<OrderId> order);

/// When a ticket gets another client: what was merged into it goes along.
void update_client_of_merged(Transaction& tx, TicketId ticket, UserId client);

struct LinkedTicket {
  TicketId ticket;
  std::string subject;
  TicketStatus status;
};
std::vector<LinkedTicket> list_linked_tickets(Transaction& tx, TicketId ticket);

/// What staff should know of the client before they answer: the service, and what is owed.
struct OwedMoney {
  std::int64_t invoices;
  Money sum;
};
struct TicketSide {
  std::string service;          // empty without an order
  std::vector<OwedMoney> owed;  // by currency; empty: nothing
};
TicketSide find_ticket_side(Transaction& tx, const Ticket& ticket);

}  // namespace cstims
