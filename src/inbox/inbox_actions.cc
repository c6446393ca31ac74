#include "inbox/inbox_actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "inbox/inbox_mails.h"
#include "inbox/mail_acts.h"
#include "inbox/mail_receiving.h"
#include "inbox/raw_mails.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_store.h"

namespace cstims {

int judge_left_over(const InboxParts& parts) {
  constexpr int batch = 100;
  constexpr std::chrono::hours longest_wait_for_scanner{1};
  const Instant now = parts.database.clock().now();
  const auto left = parts.database.read([&](Transaction& tx) {
    return list_left_over(tx, now.plus(-std::chrono::minutes(5)), batch);
  });
  const FileStore mails = raw_mails(parts.files);
  for (const InboundMailId mail : left) {
    const auto row =
        parts.database.read([&](Transaction& tx) { return require_inbound_mail(tx, mail); });
    const bool too_long = row.received_at < now.plus(-longest_wait_for_scanner);
    const auto patience = too_long ? Patience::holds_without_scanner : Patience::waits_for_scanner;
    const auto judged =
        judge_kept(parts, mail, read_bytes(mails, row.sha256), row.envelope_recipient, patience);
    if (judged.verdict == InboundVerdict::arrived) break;  // no scanner: it would be asked for each
  }
  return static_cast<int>(left.size());
}

std::optional<ReceivedInbound> retry_mail(const InboxParts& parts, InboundMailId mail) {
  const auto row = parts.database.write([&](Transaction& tx) -> std::optional<InboundMailRow> {
    auto found = require_inbound_mail(tx, mail);
    return mark_arrived_again(tx, mail) ? std::optional(std::move(found)) : std::nullopt;
  });
  if (!row) return std::nullopt;
  const FileStore mails = raw_mails(parts.files);
  return judge_kept(parts, mail, read_bytes(mails, row->sha256), row->envelope_recipient,
                    Patience::holds_without_scanner);
}

void refuse_oversize(const InboxParts& parts, std::string_view header) {
  const OpenedMail opened = open_mail(header);
  if (!opened.mail.from || classify(opened, {}).kind != MailClass::person) return;
  const Viewer system = Viewer::of_system("inbox");
  parts.database.write([&](Transaction& tx) {
    const auto sender = find_user_by_email(tx, *opened.mail.from);
    if (!sender || !sender->may_sign_in()) return;
    Act act{tx, system, parts.mailer, parts.site, true};
    queue_mail_refused(act, *sender,
                       {.reason = message("It is larger than 25 MiB."),
                        .subject = shorten(single_line(opened.mail.subject), 200),
                        .message_id = clean_message_id(opened.mail.message_id)});
  });
}

Result<TicketId> confirm_reply(Act& act, InboundMailId id) {
  const auto mail = require_inbound_mail(act.tx, id);
  if (!mail.ticket || !mail.entry || mail.confirmation == MailConfirmation::none) {
    throw NotFound("no reply to confirm");
  }
  if (mail.confirmation == MailConfirmation::done) {
    return refuse("", message("It was sent already."));
  }
  const auto note = find_note(act.tx, *mail.ticket, *mail.entry);
  if (!note || note->author != act.viewer.user) throw NotFound("no reply of this person");
  if (!mark_confirmed(act.tx, id)) {
    return refuse("", message("It was sent already."));
  }
  const StaffCommands commands = read_staff_commands(note->body);
  if (!commands.unknown.empty()) {
    return refuse("", message("“{}” is no command. Known are #close, #nofix, #take and #note.",
                              {commands.unknown}));
  }
  const std::string body(trim(commands.text));
  if (!body.empty()) {
    if (auto published = publish_note(act, *note, body); !published) {
      return std::unexpected(published.error());
    }
  }
  StaffCommands rest = commands;
  rest.text.clear();
  if (auto done = carry_out(act, *mail.ticket, rest, NewReply{}); !done) {
    return std::unexpected(done.error());
  }
  return *mail.ticket;
}

}  // namespace cstims
