// What is done with mails besides receiving them (mail_receiving.h).
#pragma once

#include <string>
#include <string_view>

#include "db/file_scanner.h"
#include "db/file_store.h"
#include "inbox/inbox_store.h"
#include "mail/outbox.h"

namespace cstims {

struct InboxParts {
  Database& database;
  FileStore& files;  // of people; mails lie beside them
  const Mailer& mailer;
  const Site& site;
  const FileScanner* scanner = nullptr;  // absent: no file is scanned
};

struct ReceivedInbound {
  InboundMailId mail;
  InboundVerdict verdict;
  std::string reason;
};

/// Judges what arrived and was left, because a program died or the virus scanner did not answer;
/// returns how many there were.
int judge_left_over(const InboxParts& parts);

/// Held, failed or rejected mail, once more. Nothing when its bytes are forgotten.
std::optional<ReceivedInbound> retry_mail(const InboxParts& parts, InboundMailId mail);

/// "It is too large", to a sender with an account, who is known by the mail's header alone.
void refuse_oversize(const InboxParts& parts, std::string_view header);

/// The note that its author mailed becomes the public reply; commands at its top are carried out.
/// Anybody else than the author: NotFound.
Result<TicketId> confirm_reply(Act& act, InboundMailId mail);

}  // namespace cstims
