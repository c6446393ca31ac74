// Which mails a person wants, and in which language: chosen on /account.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/form.h"
#include "base/refusal.h"
#include "base/viewer.h"

namespace cstims {

/// Of clients' messages on tickets: on one's own, on nobody's too, on all.
enum class MessageMails { mine, unassigned, all };
std::string_view text(MessageMails messages);
std::optional<MessageMails> parse_message_mails(std::string_view text);

struct TicketMails {
  bool new_tickets = false;
  MessageMails messages = MessageMails::mine;
  bool operator==(const TicketMails&) const = default;
};

struct MailChoices {
  std::string locale;                  // empty: the site's
  std::optional<TicketMails> tickets;  // of helpdesk people alone
};
/// Throws BadRequest when others choose mails of tickets: no form of theirs offers that.
Result<MailChoices> parse_mail_choices(const FormData& form, const Viewer& viewer);

}  // namespace cstims
