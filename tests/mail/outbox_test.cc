#include "mail/outbox.h"

#include <algorithm>

#include "base/text.h"
#include "mail/mail_text.h"
#include "mail/outbox_store.h"
#include "mail/read_messages.h"
#include "support/world.h"

namespace cstims {

namespace {

using test::QueuedMail;
using test::World;

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

OutgoingMail a_mail(const std::string& event, const std::string& to = "ada@example.org") {
  return {.kind = "test",
          .view = "test",
          .event = event,
          .to = address(to),
          .to_name = "Ada",
          .fill = [](Dictionary& values) { values.set("NAME", "Ada"); }};
}

OutgoingMail a_ticket_mail(const std::string& event, std::int64_t ticket = 12) {
  OutgoingMail mail = a_mail(event);
  mail.ticket = TicketId(ticket);
  return mail;
}

std::optional<MessageId> queue(World& world, const OutgoingMail& mail) {
  return world.act(world.root(), [&](Act& act) { return queue_mail(act, mail); });
}

OutboxMessage stored(World& world, MessageId id) {
  return world.database().read(
      [&](Transaction& tx) { return find_outbox_message(tx, id).value(); });
}
OutboxMessage queued(World& world, const OutgoingMail& mail) {
  return stored(world, queue(world, mail).value());
}

std::string field(const std::string& headers, std::string_view name) {
  for (const auto line : split(headers, '\n')) {
    if (line.starts_with(std::string(name) + ": "))
      return std::string(line.substr(name.size() + 2));
  }
  return {};
}

}  // namespace

DATABASE_SENTENCE(outbox, "a queued mail has its subject, both bodies in their frame, and waits") {
  const OutboxMessage mail = queued(world, a_mail("one"));
  EXPECT_EQ(mail.row.state, OutboxState::waiting);
  EXPECT_EQ(mail.row.created_at, world.clock().now());
  EXPECT_EQ(mail.mail.subject, "Test mail");
  EXPECT_TRUE(mail.mail.text.starts_with("Hello Ada,\n\nyou asked for a test mail."))
      << mail.mail.text;
  EXPECT_NE(mail.mail.text.find("\n-- \n" + world.site().name + "\n"), std::string::npos);
  EXPECT_NE(mail.mail.html.find("<p>Hello Ada,</p>"), std::string::npos) << mail.mail.html;
  EXPECT_TRUE(std::string(trim(mail.mail.html)).starts_with("<!doctype html>"));
  EXPECT_NE(mail.mail.html.find(world.site().mail_admin.text()), std::string::npos);
  EXPECT_EQ(mail.mail.from, world.site().mail_from);
  EXPECT_EQ(mail.mail.from_name, world.site().name);
  EXPECT_EQ(mail.mail.date, "Tue, 10 Mar 2026 10:00:00 +0100");
  EXPECT_EQ(field(mail.mail.headers, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(field(mail.mail.headers, "X-Auto-Response-Suppress"), "All");
}

DATABASE_SENTENCE(outbox, "the lines of the text part are at most 76 characters") {
  const std::string text = queued(world, a_mail("one")).mail.text;
  for (const auto line : split(text, '\n')) {
    EXPECT_LE(count_characters(line), 76u) << line;
  }
}

DATABASE_SENTENCE(outbox, "markup in a value stays text in the HTML part") {
  OutgoingMail mail = a_mail("one");
  mail.fill = [](Dictionary& values) { values.set("NAME", "<script>alert(1)</script>"); };
  const OutboxMessage found = queued(world, mail);
  EXPECT_EQ(found.mail.html.find("<script>"), std::string::npos);
  EXPECT_NE(found.mail.html.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(found.mail.text.find("<script>alert(1)</script>"), std::string::npos);
}

DATABASE_SENTENCE(outbox, "the same event, kind and recipient is written once") {
  ASSERT_TRUE(queue(world, a_mail("one")));
  EXPECT_FALSE(queue(world, a_mail("one")));
  EXPECT_TRUE(queue(world, a_mail("two")));
  EXPECT_TRUE(queue(world, a_mail("one", "bob@example.org")));
  OutgoingMail other_kind = a_mail("one");
  other_kind.kind = "other";
  EXPECT_TRUE(queue(world, other_kind));
  EXPECT_EQ(world.mails().size(), 4u);
}

DATABASE_SENTENCE(outbox, "many mails are queued at once, in order, each by its own rules") {
  const auto first = queue(world, a_mail("known"));
  const auto ids = world.act(world.root(), [&](Act& act) {
    return queue_mails(act, {a_mail("one"), a_mail("known"), a_mail("one", "no-reply@example.org"),
                             a_mail("one", "bob@example.org"), a_mail("one")});
  });
  ASSERT_EQ(ids.size(), 5U);
  EXPECT_EQ(stored(world, ids[0].value()).mail.to, address("ada@example.org"));
  EXPECT_FALSE(ids[1].has_value()) << "it was there already";
  EXPECT_FALSE(ids[2].has_value()) << "a robot gets none";
  EXPECT_EQ(stored(world, ids[3].value()).mail.to, address("bob@example.org"));
  EXPECT_FALSE(ids[4].has_value()) << "it is the first of these";
  EXPECT_LT(*first, *ids[0]);
  EXPECT_LT(*ids[0], *ids[3]);
}

DATABASE_SENTENCE(outbox, "mails of tickets are not queued together with others") {
  world.act(world.root(), [&](Act& act) {
    EXPECT_THROW(queue_mails(act, {a_mail("one"), a_ticket_mail("two")}), std::logic_error);
    EXPECT_EQ(queue_mails(act, {a_ticket_mail("three")}).size(), 1U);
    EXPECT_TRUE(queue_mails(act, {}).empty());
  });
}

DATABASE_SENTENCE(outbox, "the worker is woken after the commit, and only when there is mail") {
  queue(world, a_mail("one"));
  EXPECT_EQ(world.wakes(), 1);
  queue(world, a_mail("one"));
  EXPECT_EQ(world.wakes(), 1);
}

DATABASE_SENTENCE(outbox, "an act that fails or is refused leaves no mail and wakes nobody") {
  EXPECT_THROW(world.act(world.root(),
                         [&](Act& act) -> int {
                           queue_mail(act, a_mail("one"));
                           throw Failure("after the mail");
                         }),
               Failure);
  const auto refused = world.act(world.root(), [&](Act& act) -> Result<int> {
    queue_mail(act, a_mail("two"));
    return refuse("", message("No."));
  });
  EXPECT_FALSE(refused);
  EXPECT_TRUE(world.mails().empty());
  EXPECT_EQ(world.wakes(), 0);
}

DATABASE_SENTENCE(outbox, "robots get no automatic mail, our own addresses do") {
  EXPECT_FALSE(queue(world, a_mail("one", "noreply@example.org")));
  EXPECT_FALSE(queue(world, a_mail("one", "MAILER-DAEMON@example.org")));
  OutgoingMail person = a_mail("one", "noreply@example.org");
  person.origin = MailOrigin::person;
  EXPECT_TRUE(queue(world, person));
  world.site().mail_admin = address("postmaster@arfnet.example");
  EXPECT_TRUE(queue(world, a_mail("one", "postmaster@arfnet.example")));
}

DATABASE_SENTENCE(outbox, "a person's reply does not call itself automatic") {
  OutgoingMail mail = a_mail("one");
  mail.origin = MailOrigin::person;
  mail.from_name = "Grace H. via ARFNET";
  const OutboxMessage found = queued(world, mail);
  EXPECT_EQ(field(found.mail.headers, "Auto-Submitted"), "");
  EXPECT_EQ(field(found.mail.headers, "X-Auto-Response-Suppress"), "OOF, AutoReply");
  EXPECT_EQ(found.mail.from_name, "Grace H. via ARFNET");
}

DATABASE_SENTENCE(outbox, "a sender's name that looks like an address is replaced by the site's") {
  OutgoingMail mail = a_mail("one");
  mail.from_name = "ceo@bank.example";
  mail.to_name = "x@y.example";
  const OutboxMessage found = queued(world, mail);
  EXPECT_EQ(found.mail.from_name, world.site().name);
  EXPECT_EQ(found.mail.to_name, "");
}

DATABASE_SENTENCE(outbox,
                  "answers to mail about billing go to the accountants, who need no such way") {
  const std::string accountants = world.site().mail_accounting.text();
  OutgoingMail mail = a_mail("one");
  mail.about_billing = true;
  const OutboxMessage to_client = queued(world, mail);
  EXPECT_EQ(field(to_client.mail.headers, "Reply-To"), accountants);
  EXPECT_NE(to_client.mail.text.find("Write to " + accountants), std::string::npos)
      << to_client.mail.text;
  EXPECT_NE(to_client.mail.html.find("mailto:" + accountants), std::string::npos);
  EXPECT_EQ(to_client.mail.html.find(world.site().mail_admin.text()), std::string::npos);
  mail.to = world.site().mail_accounting;
  EXPECT_EQ(field(queued(world, mail).mail.headers, "Reply-To"), "");
  EXPECT_EQ(field(queued(world, a_mail("two")).mail.headers, "Reply-To"), "");
}

DATABASE_SENTENCE(outbox, "mails of a ticket form one thread for each recipient") {
  const auto first = queued(world, a_ticket_mail("one"));
  const auto second = queued(world, a_ticket_mail("two"));
  queued(world, a_ticket_mail("other ticket", 13));
  OutgoingMail to_bob = a_ticket_mail("two");
  to_bob.to = address("bob@example.org");
  queued(world, to_bob);
  const auto third = queued(world, a_ticket_mail("three"));

  const std::string host(world.site().mail_from.domain());
  const std::string root = "<t12.root@" + host + ">";
  EXPECT_EQ(field(first.mail.headers, "In-Reply-To"), "");
  EXPECT_EQ(field(first.mail.headers, "References"), root);
  EXPECT_EQ(field(second.mail.headers, "In-Reply-To"), first.mail.message_id);
  EXPECT_EQ(field(third.mail.headers, "In-Reply-To"), second.mail.message_id);
  EXPECT_EQ(field(third.mail.headers, "References"),
            root + " " + first.mail.message_id + " " + second.mail.message_id);
  EXPECT_EQ(field(third.mail.headers, "X-CSTIMS-Ticket"), "12");
  EXPECT_TRUE(third.mail.message_id.starts_with("<t12.e0.")) << third.mail.message_id;
  EXPECT_EQ(third.mail.subject, "[" + world.site().name + " #12] Test mail");
}

DATABASE_SENTENCE(outbox, "an answer says Re: and its entry, and a long thread keeps its root") {
  for (int i = 0; i < 14; ++i) queue(world, a_ticket_mail("mail " + std::to_string(i)));
  OutgoingMail mail = a_ticket_mail("last");
  mail.answers = true;
  mail.entry = TicketEntryId(77);
  const OutboxMessage found = queued(world, mail);
  EXPECT_EQ(found.mail.subject, "Re: [" + world.site().name + " #12] Test mail");
  EXPECT_TRUE(found.mail.message_id.starts_with("<t12.e77."));
  const std::string references = field(found.mail.headers, "References");
  EXPECT_EQ(split(references, ' ').size(), 10u);
  EXPECT_TRUE(references.starts_with("<t12.root@"));
  EXPECT_EQ(split(references, ' ').back(), field(found.mail.headers, "In-Reply-To"));
}

DATABASE_SENTENCE(outbox, "all mails carry the one loop mark of this installation") {
  const std::string mark = field(queued(world, a_mail("one")).mail.headers, "X-CSTIMS-Loop");
  EXPECT_EQ(mark.size(), 24u);
  EXPECT_EQ(field(queued(world, a_mail("two")).mail.headers, "X-CSTIMS-Loop"), mark);
}

DATABASE_SENTENCE(outbox, "a stored mail composes to the same bytes each time, and reads back") {
  OutgoingMail mail = a_ticket_mail("one");
  mail.fill = [](Dictionary& values) { values.set("NAME", "Zoë 日本\n.\n--"); };
  const MessageId id = queue(world, mail).value();
  const std::string message = compose_message(stored(world, id).mail, {});
  EXPECT_EQ(compose_message(stored(world, id).mail, {}), message);
  const auto read = test::read_message(message);
  EXPECT_EQ(read["subject"], "[" + world.site().name + " #12] Test mail");
  EXPECT_EQ(replace_all(read["bodies"][0]["text"], "\r\n", "\n"), stored(world, id).mail.text);
  EXPECT_TRUE(read["defects"].empty()) << read["defects"];
}

DATABASE_SENTENCE(outbox, "the list shows the newest first, filters by state and searches") {
  for (int i = 0; i < 30; ++i) queue(world, a_mail("mail " + std::to_string(i)));
  queue(world, a_mail("for bob", "Bob_100%@example.org"));
  const auto list = [&](const std::string& search, const std::string& state, int page = 1) {
    Listing listing;
    listing.search = search;
    if (!state.empty()) listing.filters["state"] = state;
    listing.page = page;
    return world.database().read([&](Transaction& tx) { return list_outbox(tx, listing); });
  };
  EXPECT_EQ(list("", "").rows.size(), 25u);
  EXPECT_EQ(list("", "").total, 31);
  EXPECT_EQ(list("", "").rows.front().event, "for bob");
  EXPECT_EQ(list("", "", 2).rows.size(), 6u);
  EXPECT_EQ(list("BOB_100%", "").total, 1);
  EXPECT_EQ(list("_", "").total, 1);
  EXPECT_EQ(list("test MAIL", "").total, 31);
  EXPECT_EQ(list("", "waiting").total, 31);
  EXPECT_EQ(list("", "dead").total, 0);
  EXPECT_EQ(list("' or 1=1 --", "").total, 0);
}

DATABASE_SENTENCE(outbox, "a mail that is absent is not found") {
  EXPECT_FALSE(
      world.database().read([](Transaction& tx) { return find_outbox_message(tx, MessageId(1)); }));
}

DATABASE_SENTENCE(outbox, "a test mail can be asked for again and again") {
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(world.act(world.root(), [&](Act& act) {
      return queue_test_mail(act, address("root@example.org"), "root");
    }));
  }
  EXPECT_EQ(world.mails().size(), 2u);
}

DATABASE_SENTENCE(outbox, "ancestor: mail-leak: each mail has exactly one recipient") {
  OutgoingMail mail = a_mail("ada registered");
  mail.to_name = "Ada, admin@example.org";
  const std::string message = compose_message(queued(world, mail).mail, {});
  const auto read = test::read_message(message);
  EXPECT_EQ(read["to"].size(), 1u);
  EXPECT_EQ(message.find("admin@example.org"), std::string::npos);
  EXPECT_EQ(message.find("\r\nCc:"), std::string::npos);
}

}  // namespace cstims
