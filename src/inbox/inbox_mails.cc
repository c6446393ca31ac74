#include "inbox/inbox_mails.h"

#include <fmt/format.h>

namespace cstims {

void queue_mail_refused(Act& act, const User& sender, const RefusedMail& refused) {
  const bool client = sender.type == Role::client;
  const std::string page = refused.ticket ? "/tickets/" + refused.ticket->text()
                           : client       ? "/openticket"
                                          : "/helpdesk";
  queue_mail(act, {.kind = "mail refused",
                   .view = "mail_refused",
                   .event = fmt::format("mail of user {} refused {}", sender.id.number(),
                                        act.tx.today().text()),
                   .to = sender.email,
                   .to_name = sender.username,
                   .fill =
                       [&](Dictionary& values) {
                         values.set("REASON", refused.reason);
                         if (!refused.subject.empty()) {
                           values.section("NAMED").set("SUBJECT", refused.subject);
                         }
                         values.set("LINK", act.site.url + page);
                       },
                   .refuses_mail = true,
                   .answered_id = refused.message_id});
}

void queue_reply_to_confirm(Act& act, const User& author, const Ticket& ticket, InboundMailId mail,
                            TicketEntryId note) {
  queue_mail(act, {.kind = "reply to confirm",
                   .view = "reply_to_confirm",
                   .event = fmt::format("mail {} to confirm", mail.number()),
                   .to = author.email,
                   .to_name = author.username,
                   .fill =
                       [&](Dictionary& values) {
                         values.set("SUBJECT", ticket.subject);
                         values.set("NUMBER", ticket.id.number());
                         values.set("LINK", fmt::format("{}/inbox/{}/confirmation", act.site.url,
                                                        mail.number()));
                       },
                   .ticket = ticket.id,
                   .answers = true,
                   .entry = note,
                   .reader = MailReader::staff(author.id)});
}

}  // namespace cstims
