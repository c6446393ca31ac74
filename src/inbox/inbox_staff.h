// What the helpdesk does with mail that was not taken by itself.
#pragma once

#include "inbox/inbox_actions.h"

namespace cstims {

/// Before one of the two below, and outside of their transaction: it may take seconds. Refused when
/// the virus scanner finds something in a file of the mail, or does not answer.
Result<void> check_files_of_mail(const InboxParts& parts, InboundMailId mail);

/// It becomes a message of the ticket's client on that ticket; if another address wrote it, it says
/// so. Refused when it is on a ticket already, or its bytes are forgotten.
Result<TicketId> attach_mail(Act& act, FileStore& files, InboundMailId mail, TicketId ticket);

struct TicketOfMail {
  UserId client;
  std::string subject;
};
Result<TicketOfMail> parse_ticket_of_mail(const FormData& form);
Result<TicketId> open_ticket_of_mail(Act& act, FileStore& files, InboundMailId mail,
                                     const TicketOfMail& wanted);

Result<void> reject_mail(Act& act, InboundMailId mail);

/// Nobody has done anything with it yet.
bool may_be_decided(const InboundMailRow& mail);

}  // namespace cstims
