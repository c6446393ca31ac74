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
#include "inbox/mail_judge.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

/// Clean enough for a field of our own mails.
std::string clean_message_id(const std::string& id) {
  const bool clean = id.size() > 4 && id.size() <= 250 &&
                     std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
  return clean ? id : "";
}

InboundFacts facts_of(const OpenedMail& opened) {
  const ReceivedMail& mail = opened.mail;
  InboundFacts facts{.sender = mail.from ? mail.from->key() : "",
                     .sender_name = single_line(mail.from_name),
                     .subject = single_line(mail.subject),
                     .message_id = clean_message_id(mail.message_id),
                     .mail_key = ""};
  if (!mail.message_id.empty()) {
    const std::string_view date = opened.mime.top.header.value("date");
    facts.mail_key = sha256_hex(fmt::format("{}\n{}\n{}", mail.message_id, facts.sender, date));
  }
  return facts;
}

/// Strangers' files stay in their mails.
bool has_account(Database& database, const OpenedMail& opened) {
  if (!opened.mail.from) return false;
  return database.read([&](Transaction& tx) {
    const auto user = find_user_by_email(tx, *opened.mail.from);
    return user && user->may_sign_in();
  });
}

ReceivedInbound outcome(InboundMailId mail, const Judgement& judgement) {
  return {.mail = mail, .verdict = judgement.verdict, .reason = judgement.reason};
}

ReceivedInbound outcome_in_row(const InboxParts& parts, InboundMailId mail) {
  const auto row =
      parts.database.read([&](Transaction& tx) { return require_inbound_mail(tx, mail); });
  return {.mail = mail, .verdict = row.verdict, .reason = row.reason};
}

std::optional<Judgement> judge_once(const InboxParts& parts, const MailToJudge& mail) {
  auto judged = parts.database.write([&](Transaction& tx) { return judge_mail(tx, parts, mail); });
  if (judged) return *judged;
  return parts.database.write([&](Transaction& tx) -> std::optional<Judgement> {
    if (!claim_arrived(tx, mail.id)) return std::nullopt;
    return hold_refused_mail(tx, parts, mail, judged.error());
  });
}

/// The same mail by another way, judged at the same moment, got the key first.
bool is_same_mail(const ConstraintViolation& violation) {
  return violation.constraint == "inbound_mails_mail" ||
         violation.constraint.find("mail_key") != std::string::npos;
}

ReceivedInbound mark_failed(const InboxParts& parts, InboundMailId mail, const std::string& why) {
  log_error("a mail could not be judged", {{"mail", mail.text()}, {"error", why}});
  const Judgement judgement{.verdict = InboundVerdict::failed, .reason = why};
  parts.database.write([&](Transaction& tx) {
    if (claim_arrived(tx, mail)) update_judgement(tx, mail, judgement);
  });
  return outcome(mail, judgement);
}

ReceivedInbound judge(const InboxParts& parts, InboundMailId id, std::string_view raw,
                      const std::string& envelope_recipient) {
  try {
    const OpenedMail opened = open_mail(raw);
    MailToJudge mail{.id = id,
                     .opened = opened,
                     .facts = facts_of(opened),
                     .envelope_recipient = envelope_recipient,
                     .files = {}};
    if (has_account(parts.database, opened)) mail.files = take_files(parts.files, opened.mail);
    std::optional<Judgement> judgement;
    try {
      judgement = judge_once(parts, mail);
    } catch (const ConstraintViolation& violation) {
      if (!is_same_mail(violation)) throw;
      judgement = judge_once(parts, mail);  // now it finds the other
    }
    return judgement ? outcome(id, *judgement) : outcome_in_row(parts, id);
  } catch (const ConstraintViolation& error) {
    return mark_failed(parts, id, error.what());
  } catch (const DatabaseError&) {
    throw;  // not the mail's fault: it waits
  } catch (const Overload&) {
    throw;
  } catch (const std::exception& error) {
    return mark_failed(parts, id, error.what());
  }
}

}  // namespace

ReceivedInbound receive_mail(const InboxParts& parts, std::string_view raw,
                             const std::string& source, const std::string& envelope_recipient) {
  FileStore mails = raw_mails(parts.files);
  const Arrival arrival{.source = source,
                        .envelope_recipient = shorten(single_line(envelope_recipient), 320),
                        .size = static_cast<std::int64_t>(raw.size()),
                        .sha256 = keep_bytes(mails, raw)};
  const StoredArrival stored =
      parts.database.write([&](Transaction& tx) { return insert_arrival(tx, arrival); });
  if (stored.verdict == InboundVerdict::duplicate) return outcome_in_row(parts, stored.mail);
  return judge(parts, stored.mail, raw, arrival.envelope_recipient);
}

int judge_left_over(const InboxParts& parts) {
  constexpr int batch = 100;
  const auto left = parts.database.read([&](Transaction& tx) {
    return list_left_over(tx, tx.now().plus(-std::chrono::minutes(5)), batch);
  });
  const FileStore mails = raw_mails(parts.files);
  for (const InboundMailId mail : left) {
    const auto row =
        parts.database.read([&](Transaction& tx) { return require_inbound_mail(tx, mail); });
    judge(parts, mail, read_bytes(mails, row.sha256), row.envelope_recipient);
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
  return judge(parts, mail, read_bytes(mails, row->sha256), row->envelope_recipient);
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
