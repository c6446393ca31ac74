#include "app/outbox_pages.h"

#include "account/user_store.h"
#include "base/failure.h"
#include "mail/outbox.h"
#include "mail/outbox_store.h"

namespace cstims {
namespace {

std::string tone(OutboxState state) {
  switch (state) {
    case OutboxState::sent:
      return "success";
    case OutboxState::dead:
      return "danger";
    default:
      return "warning";
  }
}

Message name_of(OutboxState state) {
  switch (state) {
    case OutboxState::sent:
      return message("sent");
    case OutboxState::dead:
      return message("not sent");
    default:
      return message("waiting");
  }
}

struct OutboxPage {
  static constexpr std::string_view view = "outbox/list.html";
  Page<OutboxRow> mails;
  Listing listing;
  OutboxCounts counts;
  const Renderer& renderer;
  Message title() const { return message("Outbox"); }
};

ListView list_of(const OutboxPage& page) {
  ListView list{
      .path = "/outbox",
      .empty = message("No mail matches."),
      .columns = {{message("Mail")}, {message("To")}, {message("State")}, {message("Written")}},
      .rows = {},
      .filters = {{"state",
                   message("State"),
                   {{"waiting", message("waiting")},
                    {"sent", message("sent")},
                    {"dead", message("not sent")}}}},
      .caption = message("Mail, newest first"),
      .total = page.mails.total,
      .more_than_counted = page.mails.more_than_counted};
  for (const auto& mail : page.mails.rows) {
    list.rows.push_back(
        {{.text = mail.subject, .href = "/outbox/" + mail.id.text(), .detail = mail.kind},
         {.text = mail.recipient},
         {.text = page.renderer.translate(name_of(mail.state)),
          .badge = tone(mail.state),
          .detail = mail.state == OutboxState::sent ? "" : mail.last_reply},
         {.text = page.renderer.show(mail.created_at)}});
  }
  return list;
}

void fill(Dictionary& values, const OutboxPage& page) {
  values.set("WAITING", page.counts.waiting);
  values.set("DEAD", page.counts.dead);
  fill_list(values, "LIST", list_of(page), page.listing);
  fill_form(values, "TEST", button_form("/outbox/tests", message("Send a test mail to me")));
}

struct OutboxMessagePage {
  static constexpr std::string_view view = "outbox/show.html";
  OutboxMessage mail;
  Message title() const { return message("Mail: {}", {mail.row.subject}); }
};

void fill(Dictionary& values, const OutboxMessagePage& page) {
  const OutboxRow& row = page.mail.row;
  values.set("SUBJECT", row.subject);
  values.set("KIND", row.kind);
  values.set("RECIPIENT", row.recipient);
  values.set("STATE", name_of(row.state));
  values.set("STATE_TONE", tone(row.state));
  values.set("WRITTEN", row.created_at);
  values.set("MESSAGE_ID", page.mail.mail.message_id);
  values.set("BODY", page.mail.mail.text);
  values.show("IS_WAITING", row.state == OutboxState::waiting);
  values.set("NEXT_ATTEMPT", row.next_attempt_at);
  for (const auto& attempt : page.mail.attempts) {
    Dictionary line = values.section("ATTEMPTS");
    line.set("AT", attempt.at);
    line.set("OUTCOME", attempt.outcome);
    line.set("REPLY", attempt.reply);
  }
  values.show("NO_ATTEMPTS", page.mail.attempts.empty());
  const bool forgotten = page.mail.mail.html.empty();
  values.show("IS_FORGOTTEN", forgotten);
  values.show("HAS_TEXT", !forgotten);
  values.show("IS_DEAD", row.state == OutboxState::dead && !forgotten);
  if (row.state == OutboxState::dead && !forgotten) {
    fill_form(
        values, "RESEND",
        button_form("/outbox/" + row.id.text() + "/resending", message("Try again"), "primary"));
  }
}

}  // namespace

Response show_outbox(Context& context) {
  const Listing listing = parse_listing(context.request.query, outbox_listing_rules());
  auto [mails, counts] = context.database().read(
      [&](Transaction& tx) { return std::pair(list_outbox(tx, listing), count_outbox(tx)); });
  if (listing.csv) {
    std::string file = csv_row(
        {"id", "kind", "recipient", "subject", "state", "attempts", "written", "last_reply"});
    for (const auto& mail : mails.rows) {
      file += csv_row({mail.id.text(), mail.kind, mail.recipient, mail.subject,
                       std::string(text(mail.state)), std::to_string(mail.attempts),
                       mail.created_at.text(), mail.last_reply});
    }
    return Response::csv("outbox.csv", std::move(file));
  }
  return render(context, OutboxPage{std::move(mails), listing, counts, context.services.renderer});
}

Response show_outbox_message(Context& context) {
  const auto id = context.request.path_id<OutboxMessage>();
  auto mail = context.database().read([&](Transaction& tx) { return find_outbox_message(tx, id); });
  if (!mail) throw NotFound("no such mail");
  return render(context, OutboxMessagePage{std::move(*mail)});
}

Response resend_outbox_message(Context& context) {
  const auto id = context.request.path_id<OutboxMessage>();
  require_no_fields(context.request.form);
  const bool waits = context.act([&](Act& act) {
    if (!find_outbox_message(act.tx, id)) throw NotFound("no such mail");
    const bool resent = resend_message(act.tx, id);
    if (resent) act.tx.after_commit(act.mailer.wake);
    return resent;
  });
  return context.redirect("/outbox/" + id.text(), waits
                                                      ? message("The mail waits to be sent again.")
                                                      : message("This mail was not given up."));
}

Response send_test_mail(Context& context) {
  require_no_fields(context.request.form);
  const auto mail = context.act([](Act& act) {
    const User user = require_user(act.tx, act.viewer.require_user());
    return queue_test_mail(act, user.email, user.username);
  });
  // Absent only for an address that gets no automatic mail.
  if (!mail) return context.redirect("/outbox", message("Your address gets no automatic mail."));
  return context.redirect("/outbox/" + mail->text(),
                          message("A test mail is on its way. Reload to see what became of it."));
}

}  // namespace cstims
