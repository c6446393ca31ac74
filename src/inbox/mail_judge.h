// One mail within one transaction: what kind it is, which ticket it means, what it may do, and the
// doing. A refusal by a ticket's verb undoes all of it; then the mail is held for that reason.
#pragma once

#include "inbox/inbox_actions.h"
#include "inbox/raw_mails.h"
#include "inbox/ticket_finding.h"

namespace cstims {

/// What is made of a mail before the transaction, and does not change when it is run again.
struct MailToJudge {
  InboundMailId id;
  const OpenedMail& opened;
  InboundFacts facts;
  std::string envelope_recipient;
  TakenFiles files;      // in the store already, where the sender has an account
  Scanned scanned = {};  // of those files
};

/// Absent: another program judges it, or has.
Result<std::optional<Judgement>> judge_mail(Transaction& tx, const InboxParts& parts,
                                            const MailToJudge& mail);

/// What a ticket's verb refused: held, and a sender with an account hears why.
Judgement hold_refused_mail(Transaction& tx, const InboxParts& parts, const MailToJudge& mail,
                            const Refusal& refusal);

}  // namespace cstims
