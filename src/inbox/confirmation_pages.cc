// A reply that staff mailed is a note until its author says, signed in, that it is to be sent.
#include "base/failure.h"
#include "inbox/inbox_actions.h"
#include "inbox/inbox_pages.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

InboundMailId mail_id(const Context& context) {
  return context.request.path_id<InboundMail>();
}

struct ConfirmationPage {
  static constexpr std::string_view view = "inbox/confirm.html";
  InboundMailRow mail;
  Ticket ticket;
  TicketEntry note;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Send your reply"); }
};

void fill(Dictionary& values, const ConfirmationPage& page) {
  values.set("SUBJECT", page.ticket.subject);
  values.set("TICKET", page.ticket.id.number());
  values.set("BODY", page.note.body);
  for (const auto& file : page.note.attachments) values.section("FILES").set("NAME", file.name);
  fill_form(values, "CONFIRM",
            button_form("/inbox/" + page.mail.id.text() + "/confirmation",
                        message("Send to the client"), "primary"),
            page.refusal);
}

/// Or why there is nothing to confirm, for those who may look at the ticket anyway.
std::expected<ConfirmationPage, Message> confirmation_page(const Context& context) {
  return context.database().read([&](Transaction& tx) -> std::expected<ConfirmationPage, Message> {
    auto mail = require_inbound_mail(tx, mail_id(context));
    if (!mail.ticket || !mail.entry || mail.confirmation == MailConfirmation::none) {
      throw NotFound("no reply to confirm");
    }
    auto ticket = require_ticket(tx, context.viewer, *mail.ticket);
    auto note = find_note(tx, *mail.ticket, *mail.entry);
    if (!note || mail.confirmation == MailConfirmation::done) {
      return std::unexpected(message("It was sent already."));
    }
    if (note->author != context.viewer.user) {
      return std::unexpected(message("Only its author can send it."));
    }
    return ConfirmationPage{
        .mail = std::move(mail), .ticket = std::move(ticket), .note = std::move(*note)};
  });
}

}  // namespace

Response show_mail_confirmation(Context& context) {
  const auto page = confirmation_page(context);
  if (page) return render(context, *page);
  const auto mail = context.database().read(
      [&](Transaction& tx) { return require_inbound_mail(tx, mail_id(context)); });
  return context.redirect("/tickets/" + mail.ticket->text(), page.error());
}

Response create_mail_confirmation(Context& context) {
  require_no_fields(context.request.form);
  const auto ticket = context.act([&](Act& act) { return confirm_reply(act, mail_id(context)); });
  if (ticket) {
    return context.redirect("/tickets/" + ticket->text(), message("Your message was sent."));
  }
  auto page = confirmation_page(context);
  if (!page) return show_mail_confirmation(context);
  page->refusal = &ticket.error();
  return render(context, *page, 422);
}

}  // namespace cstims
