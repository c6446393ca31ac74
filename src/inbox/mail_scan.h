// Files of mails before the virus scanner. That it does not answer is a fault of ours, for which no
// mail is lost or returned.
#pragma once

#include "inbox/inbox_actions.h"
#include "mail/received_mail.h"

namespace cstims {

/// The worst that it says of the mail's files; takes seconds at times, so never in a transaction.
Scanned scan_files(const InboxParts& parts, const ReceivedMail& mail);

/// What becomes of a mail while the scanner does not answer.
enum class Patience { waits_for_scanner, holds_without_scanner };

/// It stays as it arrived, is judged later, and staff see why not yet.
ReceivedInbound wait_for_scanner(const InboxParts& parts, InboundMailId mail);

}  // namespace cstims
