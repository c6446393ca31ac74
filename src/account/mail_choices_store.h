// Rows of mail choices.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/mail_choices.h"
#include "db/database.h"

namespace cstims {

std::string find_mail_locale(Transaction& tx, UserId user);
TicketMails find_ticket_mails(Transaction& tx, UserId user);
void put_mail_choices(Transaction& tx, UserId user, const MailChoices& choices);

/// Helpdesk people who may sign in and want mails of new tickets.
std::vector<UserId> list_subscribers_of_new_tickets(Transaction& tx);
/// Who wants mails of clients' messages on tickets that are not their own.
std::vector<UserId> list_subscribers_of_messages(Transaction& tx, bool unassigned);

}  // namespace cstims
