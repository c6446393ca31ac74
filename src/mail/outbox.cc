#include "mail/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "base/secret.h"
#include "base/text.h"
#include "mail/delivery_store.h"
#include "mail/mail_key_store.h"
#include "mail/mail_text.h"
#include "mail/outbox_store.h"
#include "mail/outlook_thread.h"

namespace cstims {

namespace {

void fill_site(Dictionary& values, const Site& site, const OutgoingMail& mail) {
  values.set("SITE_NAME", site.name);
  values.set("SITE_URL", site.url);
  values.set("CONTACT", (mail.about_billing ? site.mail_accounting : site.mail_admin).text());
}

/// An answer finds its ticket by itself.
bool can_be_answered(const Site& site, const OutgoingMail& mail) {
  return mail.ticket && mail.reader && site.mail_in.reply_address;
}

/// Who has an account gets mail in the language chosen there.
const Renderer& renderer_for(const Act& act, const AddressFacts& facts) {
  if (!act.mailer.languages) return act.mailer.renderer;
  return act.mailer.languages->in(facts.locale);
}

/// A mail's own view inside the frame.
std::string framed(const Act& act, const Renderer& renderer, const OutgoingMail& mail) {
  return renderer.render("mail/_frame.html", [&](Dictionary& values) {
    fill_site(values, act.site, mail);
    values.show("REPLY_LINE", can_be_answered(act.site, mail));
    values.set("LOCALE", renderer.options().locale);
    Dictionary body = values.include("BODY", "mail/" + mail.view + ".html");
    fill_site(body, act.site, mail);
    if (mail.fill) mail.fill(body);
  });
}

/// The text view has the subject on its first line, so its frame goes round what is left.
SubjectAndBody text_of(const Act& act, const Renderer& renderer, const OutgoingMail& mail) {
  const std::string rendered =
      renderer.render("mail/" + mail.view + ".txt", [&](Dictionary& values) {
        fill_site(values, act.site, mail);
        if (mail.fill) mail.fill(values);
      });
  SubjectAndBody text = split_subject(rendered);
  const std::string body = wrap_text(text.body);
  text.body = renderer.render("mail/_frame.txt", [&](Dictionary& values) {
    fill_site(values, act.site, mail);
    values.show("REPLY_LINE", can_be_answered(act.site, mail));
    values.set("BODY", body);
  });
  return text;
}

bool is_ours(const Site& site, const EmailAddress& address) {
  return address == site.mail_admin || address == site.mail_helpdesk ||
         address == site.mail_accounting;
}

/// Those we send from or receive on. What is sent there comes back to us.
bool is_mailbox_of_ours(const Site& site, const EmailAddress& address) {
  const auto in = [&](const std::optional<EmailAddress>& base) {
    return base && is_address_of(*base, address.text());
  };
  return address.key() == site.mail_from.key() || in(site.mail_in.reply_address) ||
         in(site.mail_in.bounce_address);
}

/// It answers a mail of the one who gets it.
bool answers_mail(const Act& act, const OutgoingMail& mail) {
  if (mail.refuses_mail) return true;
  return act.by_mail && act.viewer.user && mail.reader && mail.reader->user == *act.viewer.user;
}

/// RFC 3834 §5 and MS-OXCMAIL 2.1.3.2.20. A person's reply must not say auto-generated: other
/// helpdesks would drop it, and the client would never see the answer.
std::string origin_fields(const Act& act, const OutgoingMail& mail) {
  if (mail.origin == MailOrigin::person) return "X-Auto-Response-Suppress: OOF, AutoReply\n";
  return fmt::format("Auto-Submitted: {}\nX-Auto-Response-Suppress: All\n",
                     answers_mail(act, mail) ? "auto-replied" : "auto-generated");
}

bool is_clean_message_id(std::string_view id) {
  return id.size() > 4 && id.size() <= 250 &&
         std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
}

/// RFC 5322 §3.6.4. The first mail answers nothing, but names the root that the later ones share.
std::string thread_fields(Transaction& tx, TicketId ticket, const OutgoingMail& mail,
                          std::string_view host) {
  const auto earlier = list_thread(tx, ticket, mail.to, 9);
  std::string fields;
  if (!earlier.empty()) fields = fmt::format("In-Reply-To: {}\n", earlier.front());
  fields += fmt::format("References: {}\nX-CSTIMS-Ticket: {}\n",
                        references_of(ticket_root_id(host, ticket), earlier), ticket.number());
  const OutlookThread outlook = find_outlook_thread(tx, ticket, mail.to);
  if (!outlook.index.empty()) fields += fmt::format("Thread-Index: {}\n", outlook.index);
  if (!outlook.topic.empty()) fields += fmt::format("Thread-Topic: {}\n", outlook.topic);
  return fields;
}

/// Automatic, about a ticket or a mail, and to somebody outside: what would go round in circles.
bool is_counted(const OutgoingMail& mail) {
  if (mail.origin == MailOrigin::person) return false;
  return mail.refuses_mail ||
         (mail.ticket && mail.reader && mail.reader->kind == MailReader::Kind::client);
}

bool got_too_many(Transaction& tx, const EmailAddress& recipient) {
  struct Limit {
    std::chrono::minutes within;
    std::int64_t most;
  };
  static constexpr std::array limits{Limit{std::chrono::minutes(10), 5},
                                     Limit{std::chrono::hours(1), 10},
                                     Limit{std::chrono::hours(24), 20}};
  return std::ranges::any_of(limits, [&](const Limit& limit) {
    return count_automatic_mails(tx, recipient, tx.now().plus(-limit.within)) >= limit.most;
  });
}

/// Once a day, whoever it was about: the first case leads to the others.
void tell_operator(Act& act, const OutgoingMail& held) {
  queue_mail(act, {.kind = "automatic mail held back",
                   .view = "mail_held_back",
                   .event = "automatic mail held back " + act.tx.today().text(),
                   .to = act.site.mail_admin,
                   .fill = [&](Dictionary& values) {
                     values.set("ADDRESS", held.to.text());
                     values.set("LINK", act.site.url + "/outbox?search=" + held.to.text());
                   }});
}

/// Never to those addresses, whoever caused it.
bool must_not_get(const Act& act, const OutgoingMail& mail, const AddressFacts& facts) {
  if (mail.origin == MailOrigin::person) return false;
  const bool outside = mail.reader && mail.reader->kind != MailReader::Kind::list;
  const bool ours = is_ours(act.site, mail.to);
  if ((outside || !ours) && is_mailbox_of_ours(act.site, mail.to)) return true;
  if (ours) return false;
  if (refuses_automatic_mail(mail.to)) return true;
  return !mail.asked_for && facts.undeliverable;
}

/// "bounce+12-CODE@host", once the mail has its number.
void set_bounce_address(Act& act, const OutgoingMail& mail, MessageId id) {
  if (!act.site.mail_in.bounce_address || mail.refuses_mail) return;
  const auto sender =
      bounce_address(*act.site.mail_in.bounce_address, require_mail_keys(act.tx), id);
  if (sender) update_envelope_sender(act.tx, id, *sender);
}

std::string from_name(const Site& site, const OutgoingMail& mail) {
  const std::string name = display_name(mail.from_name);
  return name.empty() ? display_name(site.name) : name;
}

NewMail compose(Act& act, const OutgoingMail& mail, const Renderer& renderer) {
  const std::string_view host = act.site.mail_from.domain();
  const SubjectAndBody text = text_of(act, renderer, mail);
  std::string subject = text.subject;
  std::string message_id = new_message_id(host);
  std::string headers = origin_fields(act, mail);
  headers += fmt::format("X-CSTIMS-Loop: {}\n", require_instance_id(act.tx));
  // Mail comes from the helpdesk's address. The accountants' own copies need no way back to them.
  if (mail.about_billing && mail.to != act.site.mail_accounting) {
    headers += fmt::format("Reply-To: {}\n", act.site.mail_accounting.text());
  }
  if (mail.ticket) {
    subject = ticket_subject(act.site.name, *mail.ticket, subject, mail.answers);
    headers += thread_fields(act.tx, *mail.ticket, mail, host);
    const MailKeys keys = require_mail_keys(act.tx);
    // Without a reader nobody's answer is expected; the list's copy is what it is most like.
    const TicketCopy copy{*mail.ticket, mail.reader.value_or(MailReader::list())};
    message_id = ticket_message_id(host, keys, copy, mail.entry);
    if (can_be_answered(act.site, mail)) {
      const auto answers_to = reply_address(*act.site.mail_in.reply_address, keys, copy);
      if (answers_to) headers += fmt::format("Reply-To: {}\n", answers_to->text());
    }
  } else if (is_clean_message_id(mail.answered_id)) {
    headers += fmt::format("In-Reply-To: {0}\nReferences: {0}\n", mail.answered_id);
  }
  return {.event = mail.event,
          .kind = mail.kind,
          .mail = {.id = MessageId(0),
                   .from = act.site.mail_from,
                   .from_name = from_name(act.site, mail),
                   .to = mail.to,
                   .to_name = display_name(mail.to_name),
                   .message_id = message_id,
                   .boundary = hex(random_bytes(16)),
                   .date = act.site.zone.mail_date(act.tx.now()),
                   .subject = header_text(subject, longest_subject),
                   .text = text.body,
                   .html = framed(act, renderer, mail),
                   .envelope_from = mail.refuses_mail ? "" : act.site.mail_from.text(),
                   .headers = headers},
          .documents = mail.documents,
          .ticket = mail.ticket,
          .counted = is_counted(mail)};
}

}  // namespace

bool is_held_back(Act& act, const OutgoingMail& mail) {
  const bool caused_by_person = !act.by_mail && !act.viewer.system;
  return is_counted(mail) && !caused_by_person && got_too_many(act.tx, mail.to);
}

namespace {

std::optional<NewMail> compose_if_allowed(Act& act, const OutgoingMail& mail,
                                          const AddressFacts& facts) {
  if (must_not_get(act, mail, facts)) return std::nullopt;
  if (is_held_back(act, mail)) {
    tell_operator(act, mail);
    return std::nullopt;
  }
  return compose(act, mail, renderer_for(act, facts));
}

std::vector<std::optional<MessageId>> queue(Act& act, std::span<const OutgoingMail> mails) {
  std::vector<EmailAddress> addresses;
  for (const auto& mail : mails) addresses.push_back(mail.to);
  const auto facts = list_address_facts(act.tx, addresses);
  std::vector<NewMail> composed;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < mails.size(); ++i) {
    if (auto mail = compose_if_allowed(act, mails[i], facts[i])) {
      composed.push_back(*std::move(mail));
      places.push_back(i);
    }
  }
  std::vector<std::optional<MessageId>> queued(mails.size());
  const auto inserted = insert_mails(act.tx, composed);
  for (std::size_t i = 0; i < inserted.size(); ++i) {
    queued[places[i]] = inserted[i];
    if (inserted[i]) set_bounce_address(act, mails[places[i]], *inserted[i]);
  }
  const bool any = std::ranges::any_of(inserted, [](const auto& id) { return id.has_value(); });
  if (any && act.mailer.wake) act.tx.after_commit(act.mailer.wake);
  return queued;
}

}  // namespace

std::optional<MessageId> queue_mail(Act& act, const OutgoingMail& mail) {
  return queue(act, {&mail, 1}).front();
}

std::vector<std::optional<MessageId>> queue_mails(Act& act,
                                                  const std::vector<OutgoingMail>& mails) {
  const auto looks_back = [](const OutgoingMail& mail) { return mail.ticket || is_counted(mail); };
  if (mails.size() > 1 && std::ranges::any_of(mails, looks_back)) {
    throw std::logic_error("mails of tickets are queued one by one");
  }
  return queue(act, mails);
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
