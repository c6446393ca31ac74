// What kind of mail came in, by what this installation knows of itself: its mark, its codes, its
// addresses.
#pragma once

#include "inbox/ticket_finding.h"
#include "mail/mail_class.h"

namespace cstims {

Judged classify_arrived(Transaction& tx, const OpenedMail& mail, const FindingParts& parts);

/// Asks for no automatic answer (MS-OXCMAIL 2.1.3.2.20).
bool wants_no_answer(const MailHeader& header);

}  // namespace cstims
