#include "inbox/returned_mail.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "mail/delivery_store.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

std::optional<SentMail> by_address(Transaction& tx, const OpenedMail& mail,
                                   const FindingParts& parts) {
  if (!parts.site.mail_in.bounce_address) return std::nullopt;
  for (const std::string& address : recipients_of(mail, parts.envelope_recipient)) {
    const auto id = read_bounce_address(address, *parts.site.mail_in.bounce_address, parts.keys);
    if (id) return find_sent_mail(tx, *id);
  }
  return std::nullopt;
}

std::optional<SentMail> by_message_id(Transaction& tx, const DeliveryReport& report) {
  for (const std::string& id : report.original_ids) {
    if (auto found = find_sent_mail_by_message_id(tx, id)) return found;
  }
  return std::nullopt;
}

/// The worst that the report says of any recipient: a mail of ours has one.
const FailedRecipient& worst_of(const DeliveryReport& report) {
  return *std::ranges::max_element(report.recipients, {}, [](const FailedRecipient& failed) {
    if (failed.action == "failed" || failed.action.empty()) return 2;
    return failed.action == "delayed" ? 1 : 0;
  });
}

std::string reply_of(const FailedRecipient& failed) {
  const std::string words = single_line(failed.status + " " + failed.diagnostic);
  return words.empty() ? "no reason given" : shorten(words, 300);
}

void tell_ticket(Act& act, const SentMail& sent, TicketEvent event, const std::string& detail) {
  if (!sent.ticket || !find_ticket(act.tx, act.viewer, *sent.ticket)) return;
  record_ticket_event(act, *sent.ticket, {event, detail});
}

}  // namespace

Judgement take_returned_mail(Act& act, const OpenedMail& mail, const FindingParts& parts) {
  const DeliveryReport report = read_delivery_report(mail.mime);
  Judgement judgement{.verdict = InboundVerdict::bounce};
  auto sent = by_address(act.tx, mail, parts);
  if (!sent) sent = by_message_id(act.tx, report);
  if (!sent) {
    judgement.reason = "about a mail that is not known here";
    const auto recipient = EmailAddress::parse(worst_of(report).recipient);
    if (!recipient) return judgement;
    const auto guessed =
        find_newest_mail_to(act.tx, *recipient, act.tx.now().plus(-std::chrono::hours(7 * 24)));
    if (!guessed) return judgement;
    judgement.outbox = guessed->id;
    judgement.reason = "perhaps about this mail, which nothing proves";
    return judgement;
  }
  const FailedRecipient& failed = worst_of(report);
  const std::string reply = reply_of(failed);
  judgement.outbox = sent->id;
  judgement.ticket = sent->ticket;
  judgement.reason = fmt::format("{}: {}", failed.action.empty() ? "failed" : failed.action, reply);
  const std::string detail = fmt::format("{}\n{}", sent->recipient.text(), reply);
  if (failed.action == "delayed") {
    tell_ticket(act, *sent, TicketEvent::mail_delayed, detail);
  } else if (failed.action.empty() || failed.action == "failed") {
    mark_returned(act.tx, sent->id, reply);
    tell_ticket(act, *sent, TicketEvent::mail_returned, detail);
    if (says_unknown_user(failed) && note_wrong_address(act.tx, *sent, reply)) {
      tell_ticket(act, *sent, TicketEvent::unreachable, sent->recipient.text());
    }
  }
  return judgement;
}

}  // namespace cstims
