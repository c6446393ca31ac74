// Who wrote, how the mail names its ticket, and what our mail server says of the sender: together
// they decide what the mail may do. Pure rules, in one table.
#pragma once

#include <string_view>

#include "base/site.h"

namespace cstims {

enum class MailSender {
  client,     // the address of the ticket's client
  staff,      // the address of somebody of the helpdesk
  forwarded,  // another address that has a client's code: the mail was passed on
  stranger
};

/// How it names the ticket, strongest first.
enum class TicketTie {
  own_code,   // a code that was made for this person
  list_code,  // a code of the helpdesk's list, or it came by the list
  mention     // the number in the subject, or somebody else's code: anybody can write that
};

/// What our own mail server found out about the sender (RFC 8601).
enum class SenderProof { proven, neutral, failed };

enum class Admission {
  client_message,
  staff_reply,
  staff_note,  // kept as an internal note that its author may confirm
  held,        // a person decides
  rejected
};

Admission admit(MailSender sender, TicketTie tie, SenderProof proof, StaffMail staff_mail);

}  // namespace cstims
