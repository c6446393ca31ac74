// Where tickets and mail that came in meet: notes that came by mail, mails that wait.
#pragma once

#include <optional>
#include <string_view>

#include "db/database.h"
#include "ticket/ticket.h"

namespace cstims {

/// Absent when it is no note of that ticket, or not any more.
std::optional<TicketEntry> find_note(Transaction& tx, TicketId ticket, TicketEntryId entry);
/// The note becomes a public reply, with that text. False when it was none any more.
bool mark_note_public(Transaction& tx, TicketEntryId note, std::string_view body);
/// Mails of src/inbox that wait for the helpdesk, counted up to Listing::most_counted.
std::int64_t count_held_mails(Transaction& tx);
/// The mail that a ticket's opening text came by.
std::optional<InboundMailId> find_opening_mail(Transaction& tx, TicketId ticket);

}  // namespace cstims
