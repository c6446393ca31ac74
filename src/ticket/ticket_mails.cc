#include "ticket/ticket_mails.h"

#include <fmt/format.h>

#include "account/mail_choices_store.h"
#include "account/user_store.h"
#include "base/text.h"
#include "ticket/ticket_rating_actions.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

struct Recipient {
  EmailAddress address;
  std::string name;
  MailReader reader = MailReader::list();
};

Recipient person(Act& act, UserId id) {
  const auto user = require_user(act.tx, id);
  const bool client = user.type == Role::client;
  return {user.email, user.username, client ? MailReader::client(id) : MailReader::staff(id)};
}

/// Who looks after the ticket: its assignee, else everybody on the helpdesk's list.
Recipient helpdesk_of(Act& act, const Ticket& ticket) {
  if (ticket.assignee) return person(act, *ticket.assignee);
  return {act.site.mail_helpdesk, ""};
}

std::string address_of(const Site& site, const Ticket& ticket) {
  return site.url + "/tickets/" + ticket.id.text();
}

struct Kind {
  std::string name;  // "ticket opened": also its view's, with an underscore
  std::string event;
};

OutgoingMail mail_about(Act& act, const Ticket& ticket, const Kind& kind, const Recipient& to) {
  OutgoingMail mail{.kind = kind.name,
                    .view = replace_all(kind.name, " ", "_"),
                    .event = fmt::format("ticket {} {}", ticket.id.number(), kind.event),
                    .to = to.address,
                    .to_name = to.name,
                    .fill = {},
                    .ticket = ticket.id,
                    .reader = to.reader};
  mail.fill = [subject = ticket.subject, number = ticket.id.text(),
               link = address_of(act.site, ticket)](Dictionary& values) {
    values.set("SUBJECT", subject);
    values.set("NUMBER", number);
    values.set("LINK", link);
  };
  return mail;
}

void also_fill(OutgoingMail& mail, Fill more) {
  mail.fill = [first = std::move(mail.fill), more = std::move(more)](Dictionary& values) {
    first(values);
    more(values);
  };
}

std::string event_of(TicketEntryId entry) {
  return "entry " + entry.text();
}

void fill_reply(Dictionary& values, const PublicReply& reply) {
  values.set("BODY", reply.body);
  if (reply.attachment_names.empty()) return;
  values.section("ATTACHED").set("NAMES", join(reply.attachment_names, ", "));
}

Message closing_sentence(TicketStatus status) {
  return status == TicketStatus::nofix ? message("The ticket was closed: it won't be fixed.")
                                       : message("The ticket was closed.");
}

/// A copy each, but none to who wrote it, nor to `except`, who is told in another way.
void tell_subscribers(Act& act, OutgoingMail mail, const std::vector<UserId>& subscribers,
                      std::optional<UserId> except) {
  for (const auto subscriber : subscribers) {
    if (subscriber == except || subscriber == act.viewer.user) continue;
    const auto to = person(act, subscriber);
    mail.to = to.address;
    mail.to_name = to.name;
    mail.reader = to.reader;
    queue_mail(act, mail);
  }
}

/// Automatic mail to the client; what counters hold back is told on the ticket instead.
void tell_client(Act& act, const Ticket& ticket, const OutgoingMail& mail) {
  if (is_held_back(act, mail)) {
    insert_ticket_entry(act.tx,
                        {.ticket = ticket.id,
                         .kind = EntryKind::event,
                         .author = {},
                         .source = EntrySource::system,
                         .body = EventText{TicketEvent::mail_held_back, mail.to.text()}.body()});
  }
  queue_mail(act, mail);
}

/// The client's copy says how to come back; the assignee's does not need that.
void queue_to_both(Act& act, const Ticket& ticket, std::string_view name, TicketEntryId entry,
                   const Fill& fill, const Fill& for_client = {}) {
  const Kind kind{std::string(name), event_of(entry)};
  auto to_client = mail_about(act, ticket, kind, person(act, ticket.client));
  to_client.answers = true;
  to_client.entry = entry;
  also_fill(to_client, fill);
  if (for_client) also_fill(to_client, for_client);
  tell_client(act, ticket, to_client);
  if (!ticket.assignee) return;
  auto to_assignee = mail_about(act, ticket, kind, person(act, *ticket.assignee));
  to_assignee.answers = true;
  to_assignee.entry = entry;
  also_fill(to_assignee, fill);
  queue_mail(act, to_assignee);
}

}  // namespace

void queue_ticket_opened(Act& act, const Ticket& ticket, bool with_receipt,
                         std::optional<UserId> except) {
  const auto names = require_ticket_names(act.tx, ticket.id);
  std::vector<std::string> files;
  for (const auto& file : list_opening_attachments(act.tx, ticket.id)) files.push_back(file.name);
  const PublicReply opening{TicketEntryId(0), ticket.body, files};
  auto to_helpdesk =
      mail_about(act, ticket, {"ticket opened", "opened"}, {act.site.mail_helpdesk, ""});
  also_fill(to_helpdesk, [names, opening](Dictionary& values) {
    values.set("CLIENT", names.client);
    if (!names.order.empty()) values.section("ORDERED").set("ORDER", names.order);
    fill_reply(values, opening);
  });
  queue_mail(act, to_helpdesk);
  tell_subscribers(act, to_helpdesk, list_subscribers_of_new_tickets(act.tx), except);
  if (!with_receipt) return;
  auto receipt = mail_about(act, ticket, {"ticket received", "opened"}, person(act, ticket.client));
  also_fill(receipt, [opening](Dictionary& values) { fill_reply(values, opening); });
  tell_client(act, ticket, receipt);
}

void queue_ticket_assigned(Act& act, const Ticket& ticket, UserId assignee, TicketEntryId event) {
  const auto names = require_ticket_names(act.tx, ticket.id);
  auto mail = mail_about(act, ticket, {"ticket assigned", event_of(event)}, person(act, assignee));
  const bool own = act.viewer.user == assignee;
  also_fill(mail, [names, own, by = act.viewer.name, body = ticket.body](Dictionary& values) {
    values.show("TAKEN", own);
    if (!own) values.section("GIVEN").set("BY", by);
    values.set("CLIENT", names.client);
    if (!names.order.empty()) values.section("ORDERED").set("ORDER", names.order);
    values.set("BODY", body);
  });
  mail.answers = true;
  mail.entry = event;
  queue_mail(act, mail);
}

void queue_staff_reply(Act& act, const Ticket& ticket, const PublicReply& reply) {
  auto mail = mail_about(act, ticket, {"ticket replied", event_of(reply.entry)},
                         person(act, ticket.client));
  mail.origin = MailOrigin::person;
  mail.answers = true;
  mail.entry = reply.entry;
  also_fill(mail, [reply](Dictionary& values) { fill_reply(values, reply); });
  queue_mail(act, mail);
}

void queue_client_reply(Act& act, const Ticket& ticket, const PublicReply& reply) {
  const auto names = require_ticket_names(act.tx, ticket.id);
  auto mail = mail_about(act, ticket, {"ticket answered by client", event_of(reply.entry)},
                         helpdesk_of(act, ticket));
  mail.answers = true;
  mail.entry = reply.entry;
  also_fill(mail, [names, reply](Dictionary& values) {
    values.set("CLIENT", names.client);
    values.show("REOPENED", reply.reopened);
    fill_reply(values, reply);
  });
  queue_mail(act, mail);
  tell_subscribers(act, mail, list_subscribers_of_messages(act.tx, !ticket.assignee),
                   ticket.assignee);
}

void queue_ticket_closed(Act& act, const Ticket& ticket, const Closure& closure,
                         TicketEntryId event) {
  const auto rating =
      act.site.asks_ratings ? rating_address(act, {ticket.id, event}) : std::string();
  queue_to_both(
      act, ticket, "ticket closed", event,
      [closure](Dictionary& values) {
        values.set("SENTENCE", closing_sentence(closure.status));
        if (!closure.comment.empty()) values.section("COMMENTED").set("COMMENT", closure.comment);
      },
      [rating](Dictionary& values) {
        values.section("FOR_CLIENT").set("DAYS", days_to_reopen);
        if (rating.empty()) return;
        Dictionary asked = values.section("ASKED");
        asked.set("GOOD", rating + "?answer=good");
        asked.set("BAD", rating + "?answer=bad");
      });
}

void queue_ticket_reopened(Act& act, const Ticket& ticket, TicketEntryId event) {
  queue_to_both(act, ticket, "ticket reopened", event, [](Dictionary&) {});
}

bool queue_ticket_closing_soon(Act& act, const Ticket& ticket, Date day) {
  auto mail = mail_about(act, ticket,
                         {"ticket closing soon", "silent since " + ticket.last_entry_at.text()},
                         person(act, ticket.client));
  mail.answers = true;
  also_fill(mail, [day](Dictionary& values) { values.set("DAY", day); });
  return queue_mail(act, mail).has_value();
}

}  // namespace cstims
