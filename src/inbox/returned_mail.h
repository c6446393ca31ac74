// Mails of ours that came back: marked in the outbox, told on their ticket; an address that is
// wrong twice within a week gets no automatic mail any more.
#pragma once

#include "inbox/inbox_store.h"
#include "inbox/ticket_finding.h"
#include "mail/outbox.h"

namespace cstims {

/// Only what proves that it had our mail (its envelope's address, or the Message-ID) changes
/// anything: a bounce is as easily forged as any mail.
Judgement take_returned_mail(Act& act, const OpenedMail& mail, const FindingParts& parts);

}  // namespace cstims
