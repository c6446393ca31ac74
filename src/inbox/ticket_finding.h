// Which ticket a mail belongs to: by the address it was sent to, by the mails it answers, by the
// number in its subject. Each finding says how strongly it ties the mail to its sender.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/user.h"
#include "db/database.h"
#include "inbox/admission.h"
#include "mail/mail_codes.h"
#include "mail/received_mail.h"
#include "ticket/ticket.h"

namespace cstims {

enum class FoundBy { address, answered_mail, subject };

struct FoundTicket {
  TicketId ticket;
  FoundBy by;
  std::optional<MailReader> reader;  // whose copy it answers; absent: no code says so
};

struct FindingParts {
  const Site& site;
  const MailKeys& keys;
  std::string envelope_recipient;  // empty: not known
};

/// In the order in which they count. Numbers in the subject and ids without a code are taken only
/// from a sender who has to do with the ticket. Tickets that do not exist are left out.
std::vector<FoundTicket> find_tickets_of_mail(Transaction& tx, const OpenedMail& mail,
                                              const std::optional<User>& sender,
                                              const FindingParts& parts);

/// Every address that a mail was sent to, as far as it says so: the envelope's first.
std::vector<std::string> recipients_of(const OpenedMail& mail,
                                       const std::string& envelope_recipient);

/// "Re: AW[2]: [ARFNET #12] No network" → 12. Not a number anywhere else in the subject.
std::optional<TicketId> ticket_in_subject(std::string_view subject, std::string_view site_name);
/// The subject without those prefixes.
std::string plain_subject(std::string_view subject, std::string_view site_name);

/// Clients with their tickets; the helpdesk with all.
bool has_to_do_with(const User& person, const Ticket& ticket);

MailSender sender_of(const std::optional<User>& person, const Ticket& ticket,
                     const FoundTicket& found);
TicketTie tie_of(const std::optional<User>& person, const FoundTicket& found, bool by_list);

}  // namespace cstims
