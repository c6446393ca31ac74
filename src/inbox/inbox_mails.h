// What people are told about mail of theirs: why it could not be taken, or how to confirm it.
#pragma once

#include "account/user.h"
#include "inbox/inbox.h"
#include "mail/outbox.h"

namespace cstims {

/// "Could not take your mail", at most once a day, from nobody, and only to people with an account.
/// `ticket` absent: the link opens a new one.
struct RefusedMail {
  Message reason;
  std::optional<TicketId> ticket = {};
  std::string subject = {};
  std::string message_id = {};  // of the mail that is refused
};
void queue_mail_refused(Act& act, const User& sender, const RefusedMail& refused);

/// To its author: where the note becomes the reply. It does not hold what the note says.
void queue_reply_to_confirm(Act& act, const User& author, const Ticket& ticket, InboundMailId mail,
                            TicketEntryId note);

}  // namespace cstims
