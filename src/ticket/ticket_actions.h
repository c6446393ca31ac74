// The verbs of tickets: what the pages, the mail gateway and the commands call. Each checks the
// rules, writes, and queues the mails that tell people. A ticket the viewer may not see is
// NotFound. Files of a text must be put into the file store by the caller before the transaction
// commits (keep_files).
#pragma once

#include <vector>

#include "db/file_store.h"
#include "mail/outbox.h"
#include "ticket/ticket.h"

namespace cstims {

/// As the client who acts. Another's order is refused like an absent one.
Result<TicketId> open_ticket(Act& act, const NewTicket& ticket);

/// A public reply, or a note when it is internal. A client's reply to a closed ticket opens it
/// again; staff who answer a ticket of nobody's take it. Refused when somebody else replied after
/// `seen`.
Result<TicketEntryId> reply_to_ticket(Act& act, TicketId ticket, const NewReply& reply);

/// A note becomes the public reply, with that text, as if it were written now.
Result<void> publish_note(Act& act, const TicketEntry& note, const std::string& body);

/// To oneself (unless somebody has it), to a named person (taking it over), or back to nobody.
Result<void> assign_ticket(Act& act, TicketId ticket, const Assignment& assignment);

Result<void> prioritize_ticket(Act& act, TicketId ticket, TicketPriority priority);

Result<void> close_ticket(Act& act, TicketId ticket, const Closure& closure);
Result<void> reopen_ticket(Act& act, TicketId ticket);

// The admin's. Others: Forbidden.
/// On behalf of a client.
Result<TicketId> add_ticket(Act& act, const TicketEdit& edit);
/// A changed status closes or reopens, a changed assignee assigns: with their mails.
Result<void> edit_ticket(Act& act, TicketId ticket, const TicketEdit& edit);
/// For good, with all that was written on it. Closing is for tickets that have been dealt with.
void delete_ticket(Act& act, TicketId ticket);

// For the other verbs of tickets.
/// What happened to it, told in its conversation; `mail`: that came in and caused it.
TicketEntryId record_ticket_event(Act& act, TicketId ticket, const EventText& event,
                                  std::optional<InboundMailId> mail = {});
/// After anything by which a ticket's clock goes on, stops or begins anew.
void settle_targets(Act& act, TicketId ticket);

/// The content of checked attachments into the store.
void keep_files(FileStore& files, const std::vector<NewAttachment>& attachments);

}  // namespace cstims
