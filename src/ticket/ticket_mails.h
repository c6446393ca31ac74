// What people are told about tickets by mail. Notes cannot be told: a mail about a text takes a
// PublicReply, which only the act of replying makes. Who of the staff works on a ticket is not told
// to clients.
#pragma once

#include <string>
#include <vector>

#include "mail/outbox.h"
#include "ticket/ticket.h"

namespace cstims {

struct PublicReply {
  TicketEntryId entry;
  std::string body;
  std::vector<std::string> attachment_names;
  bool reopened = false;  // it opened a closed ticket again
};

/// To the helpdesk and to those of the staff who want new tickets (not to `except`), and a receipt
/// to the client unless its mail asked for none.
void queue_ticket_opened(Act& act, const Ticket& ticket, bool with_receipt = true,
                         std::optional<UserId> except = {});
/// To the new assignee; `event` is the entry that says so.
void queue_ticket_assigned(Act& act, const Ticket& ticket, UserId assignee, TicketEntryId event);
/// Of staff: to the client. Of the client: to the assignee, else to the helpdesk.
void queue_staff_reply(Act& act, const Ticket& ticket, const PublicReply& reply);
void queue_client_reply(Act& act, const Ticket& ticket, const PublicReply& reply);
/// To the client and the assignee.
void queue_ticket_closed(Act& act, const Ticket& ticket, const Closure& closure,
                         TicketEntryId event);
void queue_ticket_reopened(Act& act, const Ticket& ticket, TicketEntryId event);

/// To a client who does not answer: without an answer it is closed on that day. Once a silence.
/// False when the client gets no automatic mail now.
bool queue_ticket_closing_soon(Act& act, const Ticket& ticket, Date day);

}  // namespace cstims
