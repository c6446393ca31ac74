// Outlook and Exchange put mails in order by fields of their own, rather than by References.
#pragma once

#include <string>

#include "base/email_address.h"
#include "base/id.h"
#include "db/database.h"
#include "mail/mail_header.h"

namespace cstims {

/// "Thread-Index" and "Thread-Topic" of a mail, fit for ours. Empty: it had none.
struct OutlookThread {
  std::string index;
  std::string topic;
};
/// Of a foreign mail; what cannot be repeated in ours as it is, is left out.
OutlookThread read_outlook_thread(const MailHeader& header);

/// Of the newest mail about that ticket from that address which had one.
OutlookThread find_outlook_thread(Transaction& tx, TicketId ticket, const EmailAddress& sender);

}  // namespace cstims
