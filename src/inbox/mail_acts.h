// What a mail does on a ticket, whoever decided that it may.
#pragma once

#include "inbox/raw_mails.h"
#include "inbox/staff_commands.h"
#include "mail/outbox.h"

namespace cstims {

/// Without blank lines at its beginning and end.
std::string_view without_blank_lines(std::string_view text);

/// Takes the ticket, replies, closes, as the commands say. Closing with a text and without files is
/// one mail to the client: the text is the closing's comment. The entry of the reply, if any.
Result<std::optional<TicketEntryId>> carry_out(Act& act, TicketId ticket,
                                               const StaffCommands& commands, NewReply reply);

/// The same words for a ticket, whoever puts them there: what is new, apart from what it quotes.
struct TicketText {
  std::string body;
  std::string quoted;
};
TicketText ticket_text(const ReceivedMail& mail);
/// An event that names the files that were not taken, if any.
void tell_left_out(Act& act, TicketId ticket, const TakenFiles& files);

}  // namespace cstims
