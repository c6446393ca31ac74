#include "inbox/inbox_staff.h"

#include "account/user_store.h"
#include "base/failure.h"
#include "inbox/mail_acts.h"
#include "inbox/mail_scan.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

void require_helpdesk(const Act& act) {
  if (!act.viewer.is_helpdesk()) throw Forbidden("only the helpdesk decides about mail");
}

/// Locked until the transaction ends: of two people who decide at once the second is refused.
Result<InboundMailRow> mail_to_decide(Act& act, InboundMailId id) {
  require_helpdesk(act);
  auto mail = require_inbound_mail(act.tx, id);
  if (!may_be_decided(mail) || !claim_decidable(act.tx, id)) {
    return refuse("", message("Somebody has decided about this mail already."));
  }
  return mail;
}

/// Its words and files, as a client's own mail brings them.
struct Contents {
  OpenedMail opened;
  TicketText text;
  TakenFiles files;
};

Result<Contents> contents_of(Act& act, FileStore& files, const std::string& raw) {
  Contents contents{.opened = open_mail(raw), .text = {}, .files = {}};
  contents.text = ticket_text(contents.opened.mail);
  contents.files = take_files(files, contents.opened.mail);
  const Renderer& renderer = act.mailer.renderer;
  if (contents.text.body.empty()) {
    if (contents.files.attachments.empty()) return refuse("", message("The mail is empty."));
    contents.text.body = renderer.translate(message("(a mail without text)"));
  }
  return contents;
}

/// Whose words they are, where they are not those of the client's address.
std::string said_by(Act& act, const InboundMailRow& mail, const User& client,
                    const std::string& body) {
  if (mail.sender == client.email.key()) return body;
  const std::string sender = mail.sender.empty() ? "?" : mail.sender;
  return act.mailer.renderer.translate(message("{} wrote:", {sender})) + "\n\n" + body;
}

Viewer viewer_of(const User& user) {
  return {.user = user.id, .role = user.type, .name = user.username};
}

void mark_decided(Act& act, const InboundMailRow& mail, TicketId ticket,
                  std::optional<TicketEntryId> entry, const TakenFiles& files) {
  record_ticket_event(
      act, ticket, {TicketEvent::mail_attached, mail.sender.empty() ? "?" : mail.sender}, mail.id);
  tell_left_out(act, ticket, files);
  update_judgement(act.tx, mail.id,
                   {.verdict = InboundVerdict::taken,
                    .kind = mail.kind,
                    .reason = "by " + act.viewer.name,
                    .ticket = ticket,
                    .entry = entry});
}

}  // namespace

bool may_be_decided(const InboundMailRow& mail) {
  switch (mail.verdict) {
    case InboundVerdict::held:
    case InboundVerdict::failed:
    case InboundVerdict::rejected:
      return mail.raw_kept;
    default:
      return false;
  }
}

Result<void> check_files_of_mail(const InboxParts& parts, InboundMailId id) {
  if (parts.scanner == nullptr || !parts.scanner->is_on()) return {};
  const auto mail =
      parts.database.read([&](Transaction& tx) { return require_inbound_mail(tx, id); });
  if (!may_be_decided(mail)) return {};  // whoever asks is refused for that
  const std::string raw = read_bytes(raw_mails(parts.files), mail.sha256);
  const Scanned scanned = scan_files(parts, open_mail(raw).mail);
  switch (scanned.verdict) {
    case ScanVerdict::clean:
      return {};
    case ScanVerdict::infected:
      return refuse("",
                    message("One of its files holds something harmful: {}.", {scanned.finding}));
    case ScanVerdict::unknown:
      return refuse("", message("Its files could not be scanned for viruses just now. Please try "
                                "again in a few minutes."));
  }
  return {};
}

Result<TicketId> attach_mail(Act& act, FileStore& files, InboundMailId id, TicketId ticket_id) {
  const auto mail = mail_to_decide(act, id);
  if (!mail) return std::unexpected(mail.error());
  const auto ticket = find_ticket(act.tx, act.viewer, ticket_id);
  if (!ticket) return refuse("ticket", message("There is no such ticket."));
  const std::string raw = read_bytes(raw_mails(files), mail->sha256);
  auto contents = contents_of(act, files, raw);
  if (!contents) return std::unexpected(contents.error());
  const User client = require_user(act.tx, ticket->client);
  const Viewer viewer = viewer_of(client);
  Act as_client{act.tx, viewer, act.mailer, act.site, true};
  const auto entry = reply_to_ticket(as_client, ticket_id,
                                     {.body = said_by(act, *mail, client, contents->text.body),
                                      .seen = {},
                                      .attachments = contents->files.attachments,
                                      .source = EntrySource::mail,
                                      .quoted = contents->text.quoted,
                                      .mail = id});
  if (!entry) return std::unexpected(entry.error());
  mark_decided(act, *mail, ticket_id, *entry, contents->files);
  return ticket_id;
}

Result<TicketOfMail> parse_ticket_of_mail(const FormData& form) {
  FormReader reader(form);
  const auto client = reader.id<struct User>("client", true);
  TicketOfMail wanted{
      .client = client.value_or(UserId(0)),
      .subject = single_line(reader.line("subject", {.required = true, .longest = 200}))};
  return reader.finish(std::move(wanted));
}

Result<TicketId> open_ticket_of_mail(Act& act, FileStore& files, InboundMailId id,
                                     const TicketOfMail& wanted) {
  const auto mail = mail_to_decide(act, id);
  if (!mail) return std::unexpected(mail.error());
  const auto client = find_user(act.tx, wanted.client);
  if (!client || client->type != Role::client) {
    return refuse("client", message("Choose one of the list."));
  }
  const std::string raw = read_bytes(raw_mails(files), mail->sha256);
  auto contents = contents_of(act, files, raw);
  if (!contents) return std::unexpected(contents.error());
  std::string body = said_by(act, *mail, *client, contents->text.body);
  if (!contents->text.quoted.empty()) body += "\n\n" + contents->text.quoted;
  const Viewer viewer = viewer_of(*client);
  Act as_client{act.tx, viewer, act.mailer, act.site, true};
  const auto ticket = open_ticket(as_client, {.order = {},
                                              .subject = wanted.subject,
                                              .body = std::move(body),
                                              .attachments = contents->files.attachments});
  if (!ticket) return std::unexpected(ticket.error());
  mark_decided(act, *mail, *ticket, std::nullopt, contents->files);
  return *ticket;
}

Result<void> reject_mail(Act& act, InboundMailId id) {
  const auto mail = mail_to_decide(act, id);
  if (!mail) return std::unexpected(mail.error());
  if (mail->verdict == InboundVerdict::rejected) {
    return refuse("", message("It is rejected already."));
  }
  update_judgement(
      act.tx, id,
      {.verdict = InboundVerdict::rejected, .kind = mail->kind, .reason = "by " + act.viewer.name});
  return {};
}

}  // namespace cstims
