#include "base/text.h"
#include "inbox/post_office.h"
#include "mail/delivery_store.h"
#include "mail/outbox_store.h"

namespace cstims {
namespace {

using namespace test;

constexpr Statement newest_mail{"newest mail to ada", R"(
  select max(id) as id from outbox where recipient = 'ada@example.test')"};

/// The newest mail to ada about the ticket, as if it had been sent.
MessageId mail_to_ada(World& world, TicketId ticket, const std::string& text) {
  write(world, world.grace(), ticket, text);
  return world.database().read(
      [](Transaction& tx) { return tx.require(newest_mail).id<struct OutboxMessage>("id"); });
}

std::string report(const std::string& to, const std::string& action, const std::string& status,
                   const std::string& original_id = "") {
  return replace_all(
      "From: MAILER-DAEMON@mx.example\nTo: " + to +
          "\nDate: Tue, 10 Mar 2026 10:00:00 +0100\nSubject: Undelivered\n"
          "Message-ID: <" +
          status + action + original_id.substr(0, original_id.find('@')) +
          to.substr(0, to.find('@')) +
          "@mx.example>\n"
          "MIME-Version: 1.0\n"
          "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
          "--b\nContent-Type: text/plain\n\nIt failed.\n"
          "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
          "Final-Recipient: rfc822; ada@example.test\nAction: " +
          action + "\nStatus: " + status + "\nDiagnostic-Code: smtp; 550 " + status +
          " no such user\n\n"
          "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: " +
          (original_id.empty() ? "<none@x>" : original_id) + "\n\n--b--\n",
      "\n", "\r\n");
}

OutboxMessage stored(World& world, MessageId id) {
  return world.database().read(
      [&](Transaction& tx) { return find_outbox_message(tx, id).value(); });
}

std::vector<std::string> events(World& world, TicketId ticket) {
  std::vector<std::string> found;
  for (const auto& entry : entries_of(world, world.grace(), ticket)) {
    if (entry.kind == EntryKind::event)
      found.push_back(entry.body.substr(0, entry.body.find('\n')));
  }
  return found;
}

bool is_marked(World& world) {
  return world.database().read([](Transaction& tx) {
    return find_undeliverable(tx, EmailAddress::parse("Ada@example.test").value()).has_value();
  });
}

}  // namespace

DATABASE_SENTENCE(returned_mail,
                  "a mail that came back counts as not sent and its ticket says so") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const auto mail = mail_to_ada(world, ticket, "Hello");
  const auto received = receive(world, report(bounces_to(world, mail), "failed", "5.2.2"));
  EXPECT_EQ(received.verdict, InboundVerdict::bounce);
  EXPECT_EQ(row_of(world, received.mail).outbox, mail);
  EXPECT_EQ(stored(world, mail).row.state, OutboxState::dead);
  EXPECT_NE(stored(world, mail).row.last_reply.find("5.2.2"), std::string::npos);
  EXPECT_EQ(events(world, ticket), (std::vector<std::string>{"assigned", "mail returned"}));
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U) << "the client sees only the reply";
  EXPECT_FALSE(is_marked(world)) << "a full mailbox is not a wrong address";
}

DATABASE_SENTENCE(returned_mail,
                  "a bounce without our address is known by the Message-ID that it returns") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const auto mail = mail_to_ada(world, ticket, "Hello");
  const auto id = stored(world, mail).mail.message_id;
  EXPECT_EQ(row_of(world, receive(world, report("portal@example.test", "failed", "5.1.1", id)).mail)
                .outbox,
            mail);
  EXPECT_EQ(stored(world, mail).row.state, OutboxState::dead);
}

DATABASE_SENTENCE(returned_mail, "a forged bounce, which had no mail of ours, changes nothing") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const auto mail = mail_to_ada(world, ticket, "Hello");
  const auto before = events(world, ticket);
  for (const char* status : {"5.1.1", "5.1.2", "5.1.3"}) {
    const auto received = receive(world, report("portal@example.test", "failed", status));
    EXPECT_EQ(received.verdict, InboundVerdict::bounce);
    EXPECT_EQ(row_of(world, received.mail).outbox, mail) << "perhaps this one";
  }
  EXPECT_EQ(stored(world, mail).row.state, OutboxState::waiting);
  EXPECT_EQ(events(world, ticket), before);
  EXPECT_FALSE(is_marked(world));
}

DATABASE_SENTENCE(returned_mail, "a delay is told, a delivery is not") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const auto mail = mail_to_ada(world, ticket, "Hello");
  receive(world, report(bounces_to(world, mail), "delayed", "4.4.1"));
  receive(world, report(bounces_to(world, mail), "delivered", "2.0.0"));
  EXPECT_EQ(stored(world, mail).row.state, OutboxState::waiting);
  EXPECT_EQ(events(world, ticket), (std::vector<std::string>{"assigned", "mail delayed"}));
}

DATABASE_SENTENCE(returned_mail,
                  "an address that is wrong twice within a week gets no automatic mail") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const auto first = mail_to_ada(world, ticket, "One");
  receive(world, report(bounces_to(world, first), "failed", "5.1.1"));
  receive(world, report(bounces_to(world, first), "failed", "5.1.10"));
  EXPECT_FALSE(is_marked(world)) << "one mail, told twice";
  world.clock().advance(std::chrono::hours(24));
  const auto second = mail_to_ada(world, ticket, "Two");
  receive(world, report(bounces_to(world, second), "failed", "5.0.0"));
  EXPECT_TRUE(is_marked(world)) << "no such user, in words";
  EXPECT_EQ(events(world, ticket).back(), "unreachable");
  world.clear_mails();

  close(world, world.grace(), ticket);
  EXPECT_EQ(mails_told(world), (std::vector<std::string>{"ticket closed > grace@example.test"}));
  reopen(world, world.grace(), ticket);
  world.clear_mails();
  write(world, world.grace(), ticket, "Can you read this?");
  EXPECT_EQ(world.mails().size(), 1U) << "a person's reply is tried all the same";
  world.database().write([](Transaction& tx) {
    EXPECT_TRUE(forget_undeliverable(tx, EmailAddress::parse("ada@example.test").value()));
  });
  EXPECT_FALSE(is_marked(world));
}

DATABASE_SENTENCE(returned_mail, "two faults more than a week apart are two accidents") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  receive(world, report(bounces_to(world, mail_to_ada(world, ticket, "One")), "failed", "5.1.1"));
  world.clock().advance(std::chrono::hours(24 * 8));
  receive(world, report(bounces_to(world, mail_to_ada(world, ticket, "Two")), "failed", "5.1.1"));
  EXPECT_FALSE(is_marked(world));
}

}  // namespace cstims
