#include "mail/outbox.h"

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"
#include "mail/mail_text.h"
#include "mail/outbox_store.h"

namespace cstims {

namespace {

void fill_site(Dictionary& values, const Site& site) {
  values.set("SITE_NAME", site.name);
  values.set("SITE_URL", site.url);
  values.set("CONTACT", site.mail_admin.text());
}

/// A mail's own view inside the frame.
std::string framed(const Act& act, std::string_view frame, const std::string& view,
                   const Fill& fill) {
  return act.mailer.renderer.render(frame, [&](Dictionary& values) {
    fill_site(values, act.site);
    values.set("LOCALE", act.site.locale);
    Dictionary body = values.include("BODY", view);
    fill_site(body, act.site);
    if (fill) fill(body);
  });
}

/// The text view has the subject on its first line, so its frame goes round what is left.
SubjectAndBody text_of(const Act& act, const OutgoingMail& mail) {
  const std::string rendered =
      act.mailer.renderer.render("mail/" + mail.view + ".txt", [&](Dictionary& values) {
        fill_site(values, act.site);
        if (mail.fill) mail.fill(values);
      });
  SubjectAndBody text = split_subject(rendered);
  const std::string body = wrap_text(text.body);
  text.body = act.mailer.renderer.render("mail/_frame.txt", [&](Dictionary& values) {
    fill_site(values, act.site);
    values.set("BODY", body);
  });
  return text;
}

bool is_ours(const Site& site, const EmailAddress& address) {
  return address == site.mail_admin || address == site.mail_helpdesk ||
         address == site.mail_accounting;
}

/// RFC 3834 §5 and MS-OXCMAIL 2.1.3.2.20. A person's reply must not say auto-generated: other
/// helpdesks would drop it, and the client would never see the answer.
std::string origin_fields(MailOrigin origin) {
  if (origin == MailOrigin::person) return "X-Auto-Response-Suppress: OOF, AutoReply\n";
  return "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n";
}

/// RFC 5322 §3.6.4. The first mail answers nothing, but names the root that the later ones share.
std::string thread_fields(Transaction& tx, TicketId ticket, const OutgoingMail& mail,
                          std::string_view host) {
  const auto earlier = list_thread(tx, ticket, mail.to, 9);
  std::string fields;
  if (!earlier.empty()) fields = fmt::format("In-Reply-To: {}\n", earlier.front());
  fields += fmt::format("References: {}\nX-CSTIMS-Ticket: {}\n",
                        references_of(ticket_root_id(host, ticket), earlier), ticket.number());
  return fields;
}

std::string from_name(const Site& site, const OutgoingMail& mail) {
  const std::string name = display_name(mail.from_name);
  return name.empty() ? display_name(site.name) : name;
}

}  // namespace

std::optional<MessageId> queue_mail(Act& act, const OutgoingMail& mail) {
  const bool automatic = mail.origin == MailOrigin::machine;
  if (automatic && refuses_automatic_mail(mail.to) && !is_ours(act.site, mail.to)) {
    return std::nullopt;
  }
  const std::string_view host = act.site.mail_from.domain();
  const SubjectAndBody text = text_of(act, mail);
  std::string subject = text.subject;
  std::string headers = origin_fields(mail.origin);
  headers += fmt::format("X-CSTIMS-Loop: {}\n", require_instance_id(act.tx));
  if (mail.ticket) {
    subject = ticket_subject(act.site.name, *mail.ticket, subject, mail.answers);
    headers += thread_fields(act.tx, *mail.ticket, mail, host);
  }
  const auto queued = insert_mail(
      act.tx,
      {.event = mail.event,
       .kind = mail.kind,
       .mail = {.id = MessageId(0),
                .from = act.site.mail_from,
                .from_name = from_name(act.site, mail),
                .to = mail.to,
                .to_name = display_name(mail.to_name),
                .message_id = new_message_id(host, mail.ticket, mail.entry),
                .boundary = hex(random_bytes(16)),
                .date = act.site.zone.mail_date(act.tx.now()),
                .subject = header_text(subject, longest_subject),
                .text = text.body,
                .html = framed(act, "mail/_frame.html", "mail/" + mail.view + ".html", mail.fill),
                .headers = headers},
       .documents = mail.documents,
       .ticket = mail.ticket});
  if (queued && act.mailer.wake) act.tx.after_commit(act.mailer.wake);
  return queued;
}

std::optional<MessageId> queue_test_mail(Act& act, const EmailAddress& to,
                                         const std::string& name) {
  return queue_mail(act, {.kind = "test",
                          .view = "test",
                          .event = "test " + random_token(8),
                          .to = to,
                          .to_name = name,
                          .fill = [&](Dictionary& values) { values.set("NAME", name); }});
}

}  // namespace cstims
