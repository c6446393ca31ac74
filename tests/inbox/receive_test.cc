#include <algorithm>

#include "base/text.h"
#include "inbox/mail_judge.h"
#include "inbox/post_office.h"
#include "inbox/raw_mails.h"
#include "mail/outbox_store.h"
#include "ticket/ticket_links.h"

namespace cstims {
namespace {

using namespace test;
using enum InboundVerdict;

std::vector<std::string> kinds(World& world) {
  std::vector<std::string> kinds;
  for (const auto& mail : world.mails()) kinds.push_back(mail.kind + " > " + mail.recipient);
  return kinds;
}

TicketId ticket_of_ada(World& world) {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  world.clear_mails();
  return ticket;
}

const std::string proven_ada =
    "Authentication-Results: mx.arfnet.example; dmarc=pass header.from=example.test\n";
const std::string failed_ada =
    "Authentication-Results: mx.arfnet.example; dmarc=fail header.from=example.test\n";

}  // namespace

// ---- onto the ticket --------------------------------------------------------------------------

DATABASE_SENTENCE(
    inbox, "a client's answer to our mail is a message on its ticket, told to the helpdesk") {
  const auto ticket = ticket_of_ada(world);
  const auto received = receive(
      world,
      answer(world, ticket, "Funciona, ¡gracias!\n\nOn Tuesday ARFNET wrote:\n> Try again.\n"));
  EXPECT_EQ(received.verdict, taken) << received.reason;
  const auto entries = entries_of(world, world.ada(), ticket);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].body, "Funciona, ¡gracias!");
  EXPECT_NE(entries[0].quoted.find("> Try again."), std::string::npos);
  EXPECT_EQ(entries[0].source, EntrySource::mail);
  EXPECT_EQ(entries[0].author, world.ada().user);
  EXPECT_EQ(entries[0].mail, received.mail);
  EXPECT_FALSE(entries[0].by_staff);
  EXPECT_EQ(ticket_of(world, ticket).waiting_for, WaitingFor::staff);
  EXPECT_EQ(kinds(world),
            std::vector<std::string>{"ticket answered by client > helpdesk@arf20.com"});
  const auto row = row_of(world, received.mail);
  EXPECT_EQ(row.ticket, ticket);
  EXPECT_EQ(row.entry, entries[0].id);
  EXPECT_EQ(row.kind, "person");
  EXPECT_EQ(row.sender, "ada@example.test");
}

DATABASE_SENTENCE(inbox,
                  "the envelope, Delivered-To, Cc and Message-IDs name a ticket as well as To") {
  const auto ticket = ticket_of_ada(world);
  const auto reader = MailReader::client(*world.ada().user);
  const auto address = answers_to(world, ticket, reader);
  EXPECT_EQ(receive(world, Letter{}, address).verdict, taken);
  EXPECT_EQ(receive(world, Letter{.more = "Delivered-To: " + address + "\n"}).verdict, taken);
  EXPECT_EQ(receive(world, Letter{.more = "Cc: x@y.example, <" + address + ">\n"}).verdict, taken);
  const auto id = message_id_of(world, ticket, reader);
  EXPECT_EQ(receive(world, Letter{.more = "In-Reply-To: (mine) " + id + "\n"}).verdict, taken);
  EXPECT_EQ(receive(world, Letter{.more = "References: <x@y>\n <z@w>" + id + "\n"}).verdict, taken);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 5U);
}

DATABASE_SENTENCE(inbox,
                  "the number in the subject is enough only for its client, and only if proven") {
  const auto ticket = ticket_of_ada(world);
  const std::string subject = "AW[2]: Re: [ARFNET #" + ticket.text() + "] No network";
  EXPECT_EQ(receive(world, Letter{.subject = subject}).verdict, held);
  EXPECT_EQ(receive(world, Letter{.subject = subject, .more = proven_ada}).verdict, taken);
  EXPECT_EQ(receive(world, Letter{.subject = subject, .more = failed_ada}).verdict, held);
  EXPECT_EQ(
      receive(world, Letter{.from = "bob@example.test", .subject = subject, .more = proven_ada})
          .verdict,
      held);
  EXPECT_EQ(
      receive(world, Letter{.subject = "About [ARFNET #" + ticket.text() + "]", .more = proven_ada})
          .verdict,
      held);
  EXPECT_EQ(
      receive(world, Letter{.more = proven_ada, .body = "[ARFNET #" + ticket.text() + "]"}).verdict,
      held);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
}

DATABASE_SENTENCE(inbox, "an answer to the client's own mail finds the ticket that mail is on") {
  const auto ticket = ticket_of_ada(world);
  Letter first = answer(world, ticket);
  first.message_id = "<first@mail.example.test>";
  receive(world, first);
  const Letter second{.more = proven_ada + "In-Reply-To: <first@mail.example.test>\n"};
  EXPECT_EQ(receive(world, second).verdict, taken);
}

DATABASE_SENTENCE(inbox, "mail that names a merged ticket goes to the one it was merged into") {
  const auto merged = ticket_of_ada(world);
  const auto living = open_test_ticket(world, world.ada());
  const auto letter = answer(world, merged, "By the old address.");
  ASSERT_TRUE(
      world.act(world.grace(), [&](Act& act) { return merge_ticket(act, merged, living); }));
  const auto received = receive(world, letter);
  EXPECT_EQ(received.verdict, taken) << received.reason;
  const auto entries = entries_of(world, world.ada(), living);
  ASSERT_FALSE(entries.empty());
  EXPECT_EQ(entries.back().body, "By the old address.");
  EXPECT_EQ(entries.back().ticket, living);
  EXPECT_FALSE(ticket_of(world, merged).is_open());
  EXPECT_TRUE(ticket_of(world, living).is_open());
}

DATABASE_SENTENCE(inbox, "a forged or foreign code is none") {
  const auto ticket = ticket_of_ada(world);
  const auto own = answers_to(world, ticket, MailReader::client(*world.ada().user));
  const auto other = open_test_ticket(world, world.bob());
  for (std::string to : {replace_all(own, "+" + ticket.text() + ".", "+" + other.text() + "."),
                         own.substr(0, own.find('@') - 1) + "_@arfnet.example"}) {
    const auto received = receive(world, Letter{.to = to});
    EXPECT_EQ(received.verdict, held) << to;
  }
  EXPECT_TRUE(entries_of(world, world.root(), ticket).empty());
  EXPECT_TRUE(entries_of(world, world.root(), other).empty());
}

DATABASE_SENTENCE(inbox,
                  "the client's code does not let another address in, not even another client") {
  const auto ticket = ticket_of_ada(world);
  for (const char* from : {"bob@example.test", "stranger@elsewhere.example"}) {
    Letter letter = answer(world, ticket);
    letter.from = from;
    const auto received = receive(world, letter);
    EXPECT_EQ(received.verdict, held) << from;
    EXPECT_NE(received.reason.find("another address"), std::string::npos) << received.reason;
  }
  EXPECT_TRUE(entries_of(world, world.root(), ticket).empty());
  EXPECT_TRUE(world.mails().empty()) << "nobody is told";
}

DATABASE_SENTENCE(inbox, "files come onto the ticket, what is not taken here is named") {
  const auto ticket = ticket_of_ada(world);
  const auto received = receive(
      world, written_with_file(answer(world, ticket), "résumé.txt", "text/plain", "líneas\n"));
  EXPECT_EQ(received.verdict, taken) << received.reason;
  auto entries = entries_of(world, world.ada(), ticket);
  ASSERT_EQ(entries.size(), 1U);
  ASSERT_EQ(entries[0].attachments.size(), 1U);
  EXPECT_EQ(entries[0].attachments[0].media_type, "text/plain");
  EXPECT_EQ(read_bytes(world.files(), entries[0].attachments[0].sha256), "líneas\n");

  receive(world,
          written_with_file(answer(world, ticket, ""), "run.exe", "application/pdf", "MZ\x90"));
  receive(world,
          written_with_file(answer(world, ticket, "See"), "run.exe", "application/pdf", "MZ\x90"));
  entries = entries_of(world, world.ada(), ticket);
  ASSERT_EQ(entries.size(), 3U) << "a mail of nothing but a file that is not taken is held";
  EXPECT_TRUE(entries[1].attachments.empty());
  EXPECT_EQ(entries[2].body, "files left out\nrun.exe");
}

DATABASE_SENTENCE(inbox, "a mail of files alone says so, an empty one is held") {
  const auto ticket = ticket_of_ada(world);
  EXPECT_EQ(receive(world, written_with_file(answer(world, ticket, ""), "a.txt", "text/plain", "a"))
                .verdict,
            taken);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).at(0).body, "(a mail without text)");
  EXPECT_EQ(receive(world, answer(world, ticket, "")).verdict, held);
}

DATABASE_SENTENCE(inbox, "an over-long text goes on where quoted text stands; nothing is lost") {
  const auto ticket = ticket_of_ada(world);
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i) + "\n";
  receive(world, answer(world, ticket, text));
  const auto entry = entries_of(world, world.ada(), ticket).at(0);
  EXPECT_EQ(count_characters(entry.body), 20'000U);
  EXPECT_EQ(entry.body + entry.quoted + "\n", text);
}

// ---- closed tickets ---------------------------------------------------------------------------

DATABASE_SENTENCE(inbox, "an answer within fourteen days opens a closed ticket again") {
  const auto ticket = ticket_of_ada(world);
  close(world, world.grace(), ticket, TicketStatus::nofix);
  world.clear_mails();
  world.clock().advance(std::chrono::hours(24 * 13));
  const auto received = receive(world, answer(world, ticket));
  EXPECT_EQ(received.verdict, taken);
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
  EXPECT_EQ(world.mails().size(), 1U);
}

DATABASE_SENTENCE(
    inbox, "after fourteen days it is refused, or becomes a new ticket that names the old one") {
  const auto ticket = ticket_of_ada(world);
  close(world, world.grace(), ticket);
  world.clear_mails();
  world.clock().advance(std::chrono::hours(24 * 15));
  EXPECT_EQ(receive(world, answer(world, ticket)).verdict, held);
  EXPECT_EQ(kinds(world), std::vector<std::string>{"mail refused > ada@example.test"});
  EXPECT_FALSE(ticket_of(world, ticket).is_open());

  world.site().mail_in.known_clients_open_tickets = true;
  const auto received = receive(world, answer(world, ticket));
  EXPECT_EQ(received.verdict, taken);
  const auto fresh = row_of(world, received.mail).ticket;
  ASSERT_TRUE(fresh);
  EXPECT_NE(*fresh, ticket);
  EXPECT_EQ(ticket_of(world, *fresh).subject, "No network");
  EXPECT_EQ(entries_of(world, world.ada(), *fresh).at(0).body, "continues\n" + ticket.text());
}

// ---- no ticket --------------------------------------------------------------------------------

DATABASE_SENTENCE(
    inbox, "mail about no ticket is held; a client hears why once a day, a stranger nothing") {
  open_post_office(world);
  EXPECT_EQ(receive(world, Letter{}).verdict, held);
  EXPECT_EQ(receive(world, Letter{}).verdict, held);
  EXPECT_EQ(kinds(world), std::vector<std::string>{"mail refused > ada@example.test"});
  const auto mail = world.mails().at(0);
  EXPECT_NE(mail.headers.find("Auto-Submitted: auto-replied"), std::string::npos);
  EXPECT_NE(mail.headers.find("In-Reply-To: <"), std::string::npos);
  EXPECT_NE(mail.body_text.find("/openticket"), std::string::npos);
  world.clear_mails();
  EXPECT_EQ(receive(world, Letter{.from = "eve@elsewhere.example"}).verdict, held);
  EXPECT_EQ(receive(world, Letter{.from = "eve@elsewhere.example",
                                  .more = "Authentication-Results: mx.arfnet.example; dmarc=fail "
                                          "header.from=elsewhere.example\n"})
                .verdict,
            rejected);
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(inbox,
                  "where clients may, their mail opens a ticket and the receipt answers it") {
  open_post_office(world);
  world.site().mail_in.known_clients_open_tickets = true;
  const auto received = receive(
      world, Letter{.subject = "Fwd: =?utf-8?q?Sin_conexi=C3=B3n?=", .body = "Desde las 12"});
  EXPECT_EQ(received.verdict, taken) << received.reason;
  const auto ticket = row_of(world, received.mail).ticket.value();
  EXPECT_EQ(ticket_of(world, ticket).subject, "Sin conexión");
  EXPECT_EQ(ticket_of(world, ticket).body, "Desde las 12");
  EXPECT_EQ(ticket_of(world, ticket).client, world.ada().user);
  const auto mails = world.mails();
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_EQ(mails[1].kind, "ticket received");
  EXPECT_NE(mails[1].headers.find("Auto-Submitted: auto-replied"), std::string::npos);
  EXPECT_EQ(receive(world, Letter{.from = "eve@elsewhere.example"}).verdict, held);
  EXPECT_EQ(receive(world, Letter{.more = failed_ada}).verdict, held);
}

DATABASE_SENTENCE(inbox, "a mail that wants no automatic answer gets none") {
  open_post_office(world);
  receive(world, Letter{.more = "X-Auto-Response-Suppress: DR, AutoReply\n"});
  EXPECT_TRUE(world.mails().empty());
  world.site().mail_in.known_clients_open_tickets = true;
  receive(world, Letter{.more = "X-Auto-Response-Suppress: All\n"});
  EXPECT_EQ(kinds(world), std::vector<std::string>{"ticket opened > helpdesk@arf20.com"});
}

// ---- the next mail names this one ---------------------------------------------------------------

DATABASE_SENTENCE(inbox, "our answer names the client's mail as the one it answers") {
  const auto ticket = ticket_of_ada(world);
  Letter letter = answer(world, ticket);
  letter.message_id = "<ada-1@mail.example.test>";
  receive(world, letter);
  world.clear_mails();
  world.clock().advance(std::chrono::minutes(5));
  write(world, world.grace(), ticket, "Good.");
  const auto mail = world.mails().at(0);
  EXPECT_NE(mail.headers.find("In-Reply-To: <ada-1@mail.example.test>"), std::string::npos)
      << mail.headers;
  EXPECT_EQ(mail.headers.find("Auto-Submitted"), std::string::npos);
}

DATABASE_SENTENCE(inbox,
                  "our answers repeat what Outlook orders its threads by, each person's own") {
  const auto ticket = ticket_of_ada(world);
  const std::string index = "AQHZ3kf6Wm1kq0GvY0yJ9sF7N3cL1K9vQ4aAgAAB0wA=";
  Letter letter = answer(world, ticket);
  letter.more += "Thread-Topic: [ARFNET #1] =?utf-8?B?U2luIGNvbmV4acOzbg==?=\n" +
                 std::string("Thread-Index: ") + index + "\n";
  EXPECT_EQ(receive(world, letter).verdict, taken);
  EXPECT_EQ(receive(world, answer(world, ticket, "Sent from the telephone")).verdict, taken);
  for (const auto& mail : world.mails()) {
    EXPECT_FALSE(mail.headers.contains("Thread-")) << mail.recipient << ": never wrote with it";
  }
  world.clear_mails();
  world.clock().advance(std::chrono::minutes(5));
  write(world, world.grace(), ticket, "Good.");
  const std::string headers = world.mails().at(0).headers;
  EXPECT_TRUE(headers.contains("Thread-Index: " + index + "\n")) << headers;
  EXPECT_TRUE(headers.contains("Thread-Topic: [ARFNET #1] =?utf-8?B?U2lu")) << headers;
}

DATABASE_SENTENCE(inbox, "what claims to be Outlook's but could be anything is not repeated") {
  const auto ticket = ticket_of_ada(world);
  for (const std::string more :
       {"Thread-Index: a b\n", "Thread-Index: <x@y>\n", "Thread-Topic: alone\n"}) {
    Letter letter = answer(world, ticket);
    letter.more += more;
    EXPECT_EQ(receive(world, letter).verdict, taken);
  }
  Letter longer = answer(world, ticket);
  longer.more += "Thread-Index: " + std::string(401, 'A') + "\n";
  EXPECT_EQ(receive(world, longer).verdict, taken);
  world.clear_mails();
  write(world, world.grace(), ticket, "Good.");
  EXPECT_FALSE(world.mails().at(0).headers.contains("Thread-"));
}

// ---- again, and at once -------------------------------------------------------------------------

DATABASE_SENTENCE(inbox, "the same mail twice is one message, by its bytes or by its identity") {
  const auto ticket = ticket_of_ada(world);
  Letter letter = answer(world, ticket);
  letter.message_id = "<once@mail.example.test>";
  const std::string raw = written(letter);
  const auto first = receive(world, raw);
  EXPECT_EQ(first.verdict, taken);
  const auto again = receive(world, raw);
  EXPECT_EQ(again.verdict, duplicate);
  letter.more = "Received: by another.example; Tue, 10 Mar 2026 10:00:01 +0100\n";
  const auto by_list = receive(world, letter);
  EXPECT_EQ(by_list.verdict, duplicate);
  EXPECT_EQ(row_of(world, by_list.mail).original, first.mail);
  EXPECT_EQ(row_of(world, again.mail).original, first.mail);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
  EXPECT_EQ(world.mails().size(), 1U);
  letter.date = "Tue, 10 Mar 2026 10:05:00 +0100";
  EXPECT_EQ(receive(world, letter).verdict, held) << "another mail with that Message-ID";
}

DATABASE_SENTENCE(inbox, "what arrived and was never judged is judged later, once") {
  const auto ticket = ticket_of_ada(world);
  const std::string raw = written(answer(world, ticket));
  FileStore mails = raw_mails(world.files());
  const auto digest = keep_bytes(mails, raw);
  world.database().write([&](Transaction& tx) {
    insert_arrival(tx, {.source = "pipe", .envelope_recipient = "", .size = 1, .sha256 = digest});
  });
  EXPECT_EQ(judge_left_over(parts_of(world)), 0) << "somebody may be at it";
  world.clock().advance(std::chrono::minutes(6));
  EXPECT_EQ(judge_left_over(parts_of(world)), 1);
  EXPECT_EQ(judge_left_over(parts_of(world)), 0);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
  EXPECT_EQ(receive(world, raw).verdict, duplicate);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
}

DATABASE_SENTENCE(inbox,
                  "a mail server that tries again after our crash finds the mail not judged") {
  const auto ticket = ticket_of_ada(world);
  const std::string raw = written(answer(world, ticket));
  FileStore mails = raw_mails(world.files());
  const auto digest = keep_bytes(mails, raw);
  world.database().write([&](Transaction& tx) {
    insert_arrival(tx, {.source = "pipe", .envelope_recipient = "", .size = 1, .sha256 = digest});
  });
  EXPECT_EQ(receive(world, raw).verdict, taken);
  EXPECT_EQ(count_inbound(world), 1);
}

// ---- no person ----------------------------------------------------------------------------------

DATABASE_SENTENCE(inbox, "our own mail that comes back is dropped, with a row") {
  const auto ticket = ticket_of_ada(world);
  const auto instance =
      world.database().write([](Transaction& tx) { return require_instance_id(tx); });
  Letter loop = answer(world, ticket);
  loop.more = "X-CSTIMS-Loop: " + instance + "\n";
  EXPECT_EQ(receive(world, loop).verdict, own);
  Letter copy = answer(world, ticket);
  copy.message_id = message_id_of(world, ticket, MailReader::list());
  EXPECT_EQ(receive(world, copy).verdict, own);
  Letter ours = answer(world, ticket);
  ours.from = "helpdesk@arf20.com";
  EXPECT_EQ(receive(world, ours).verdict, own);
  Letter other = answer(world, ticket);
  other.more = "X-CSTIMS-Loop: 0123456789abcdef01234567\n";
  EXPECT_EQ(receive(world, other).verdict, taken) << "another installation's mail is none of ours";
}

DATABASE_SENTENCE(inbox, "an automatic reply is noted on the ticket and changes nothing") {
  const auto ticket = ticket_of_ada(world);
  close(world, world.grace(), ticket);
  world.clear_mails();
  Letter letter = answer(world, ticket, "I am away until Monday.");
  letter.more = "Auto-Submitted: auto-replied (vacation)\n";
  EXPECT_EQ(receive(world, letter).verdict, automatic);
  EXPECT_FALSE(ticket_of(world, ticket).is_open());
  EXPECT_TRUE(world.mails().empty());
  const auto entries = entries_of(world, world.grace(), ticket);
  EXPECT_EQ(entries.back().kind, EntryKind::event);
  EXPECT_EQ(entries.back().body, "automatic reply\nada@example.test\nI am away until Monday.");
  EXPECT_NE(entries_of(world, world.ada(), ticket).back().body, entries.back().body)
      << "clients do not see it";
  Letter nowhere{.more = "Auto-Submitted: auto-generated\n"};
  EXPECT_EQ(receive(world, nowhere).verdict, automatic);
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(inbox, "mail of lists, spam, encrypted mail and mail in circles is not taken") {
  const auto ticket = ticket_of_ada(world);
  const auto verdict_of = [&](const std::string& more) {
    Letter letter = answer(world, ticket);
    letter.more = more;
    return receive(world, letter).verdict;
  };
  EXPECT_EQ(verdict_of("List-Id: <news.example.org>\n"), held);
  EXPECT_EQ(verdict_of("X-Spam-Flag: YES\n"), held);
  EXPECT_EQ(verdict_of("X-Virus-Status: Infected (EICAR)\n"), held);
  std::string hops;
  for (int i = 0; i < 60; ++i) hops += "Received: by a.example; Tue, 10 Mar 2026 10:00:00 +0100\n";
  EXPECT_EQ(verdict_of(hops), rejected);
  Letter sealed = answer(world, ticket);
  const auto raw =
      replace_all(written(sealed), "text/plain; charset=utf-8",
                  "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=x");
  EXPECT_EQ(receive(world, raw).verdict, held);
  EXPECT_TRUE(entries_of(world, world.root(), ticket).empty());
}

DATABASE_SENTENCE(inbox, "thirty mails an hour of one sender, then they are held") {
  const auto ticket = ticket_of_ada(world);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(receive(world, answer(world, ticket)).verdict, taken) << i;
  EXPECT_EQ(receive(world, answer(world, ticket)).verdict, held);
  world.clock().advance(std::chrono::minutes(61));
  EXPECT_EQ(receive(world, answer(world, ticket)).verdict, taken);
}

DATABASE_SENTENCE(inbox, "a locked account's mail is held and not answered") {
  const auto ticket = ticket_of_ada(world);
  constexpr Statement lock{"lock ada",
                           "update users set status = 'disabled' where username = 'ada'"};
  world.database().write([&](Transaction& tx) { tx.execute(lock); });
  EXPECT_EQ(receive(world, answer(world, ticket)).verdict, held);
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(inbox, "broken bytes are kept and judged, never refused") {
  open_post_office(world);
  for (const std::string& raw : {std::string("\0\0\0", 3), std::string("no header at all"),
                                 std::string("From: x\r\n"), std::string(300'000, ':'),
                                 "From: <<<>>>\r\nTo: ((((\r\n\r\n" + std::string(1000, '\xff')}) {
    const auto received = receive(world, raw);
    EXPECT_NE(received.verdict, failed) << received.reason;
    EXPECT_NE(received.verdict, arrived);
    EXPECT_EQ(read_bytes(raw_mails(world.files()), row_of(world, received.mail).sha256), raw);
  }
}

// ---- staff --------------------------------------------------------------------------------------

namespace {

Letter answer_of_grace(World& world, TicketId ticket, const std::string& body) {
  return {.from = "Grace <grace@example.test>",
          .to = answers_to(world, ticket, MailReader::staff(*world.grace().user)),
          .more = proven_ada,
          .body = body};
}

}  // namespace

DATABASE_SENTENCE(inbox, "a reply of staff is a note until its author confirms it") {
  const auto ticket = ticket_of_ada(world);
  const auto received = receive(world, answer_of_grace(world, ticket, "Restart it, please."));
  EXPECT_EQ(received.verdict, taken) << received.reason;
  EXPECT_EQ(row_of(world, received.mail).confirmation, MailConfirmation::waiting);
  EXPECT_TRUE(entries_of(world, world.ada(), ticket).empty());
  EXPECT_EQ(entries_of(world, world.grace(), ticket).at(0).kind, EntryKind::note);
  ASSERT_EQ(kinds(world), std::vector<std::string>{"reply to confirm > grace@example.test"});
  const auto mail = world.mails().at(0);
  EXPECT_NE(mail.body_text.find("/inbox/" + received.mail.text() + "/confirmation"),
            std::string::npos);
  EXPECT_EQ(mail.body_text.find("Restart"), std::string::npos) << "a note is never mailed";
  world.clear_mails();

  EXPECT_THROW(world.act(world.root(), [&](Act& act) { return confirm_reply(act, received.mail); }),
               NotFound);
  EXPECT_TRUE(
      world.act(world.grace(), [&](Act& act) { return confirm_reply(act, received.mail); }));
  const auto entries = entries_of(world, world.ada(), ticket);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].body, "Restart it, please.");
  EXPECT_EQ(kinds(world), std::vector<std::string>{"ticket replied > ada@example.test"});
  EXPECT_FALSE(world.act(world.grace(), [&](Act& act) {
    return confirm_reply(act, received.mail);
  })) << "once only";
  EXPECT_EQ(world.mails().size(), 1U);
}

DATABASE_SENTENCE(inbox, "where proof is enough a proven reply of staff goes to the client") {
  const auto ticket = ticket_of_ada(world);
  world.site().mail_in.staff_mail = StaffMail::proven;
  EXPECT_EQ(receive(world, answer_of_grace(world, ticket, "Restart it.")).verdict, taken);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).at(0).body, "Restart it.");
  EXPECT_EQ(ticket_of(world, ticket).assignee, world.grace().user) << "she takes it";
  EXPECT_EQ(kinds(world), std::vector<std::string>{"ticket replied > ada@example.test"});
  Letter unproven = answer_of_grace(world, ticket, "Again.");
  unproven.more = "";
  EXPECT_EQ(receive(world, unproven).verdict, taken);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U) << "a note";
}

DATABASE_SENTENCE(inbox, "commands at the top act and are not sent; an unknown one is held") {
  world.site().mail_in.staff_mail = StaffMail::proven;
  const auto ticket = ticket_of_ada(world);
  EXPECT_EQ(receive(world, answer_of_grace(world, ticket, "#take")).verdict, taken);
  EXPECT_EQ(ticket_of(world, ticket).assignee, world.grace().user);
  EXPECT_EQ(receive(world, answer_of_grace(world, ticket, "#note\nHe is right.")).verdict, taken);
  EXPECT_EQ(entries_of(world, world.grace(), ticket).back().kind, EntryKind::note);
  EXPECT_EQ(entries_of(world, world.grace(), ticket).back().body, "He is right.");
  world.clear_mails();
  EXPECT_EQ(receive(world, answer_of_grace(world, ticket, "#clsoe\nBye.")).verdict, held);
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
  EXPECT_EQ(kinds(world), std::vector<std::string>{"mail refused > grace@example.test"});
  world.clear_mails();
  EXPECT_EQ(receive(world, answer_of_grace(world, ticket, "#nofix\nIt is your router.")).verdict,
            taken);
  EXPECT_EQ(ticket_of(world, ticket).status, TicketStatus::nofix);
  EXPECT_EQ(ticket_of(world, ticket).close_comment, "It is your router.");
  int to_client = 0;
  for (const auto& mail : world.mails()) to_client += mail.recipient == "ada@example.test" ? 1 : 0;
  EXPECT_EQ(to_client, 1) << "one mail in, one mail out";
}

DATABASE_SENTENCE(inbox, "what a ticket's rules refuse undoes all of it and is told to who wrote") {
  world.site().mail_in.staff_mail = StaffMail::proven;
  const auto ticket = ticket_of_ada(world);
  close(world, world.grace(), ticket);
  world.clear_mails();
  const auto received = receive(world, answer_of_grace(world, ticket, "One more thing"));
  EXPECT_EQ(received.verdict, held);
  EXPECT_NE(received.reason.find("closed"), std::string::npos);
  EXPECT_EQ(kinds(world), std::vector<std::string>{"mail refused > grace@example.test"});
  EXPECT_EQ(row_of(world, received.mail).sender, "grace@example.test");
}

DATABASE_SENTENCE(inbox, "staff mail may be off, and accountants are no helpdesk") {
  const auto ticket = ticket_of_ada(world);
  world.site().mail_in.staff_mail = StaffMail::off;
  EXPECT_EQ(receive(world, answer_of_grace(world, ticket, "Hello")).verdict, held);
  world.site().mail_in.staff_mail = StaffMail::proven;
  Letter luca = answer_of_grace(world, ticket, "Hello");
  luca.from = "luca@example.test";
  EXPECT_EQ(receive(world, luca).verdict, held);
  EXPECT_TRUE(entries_of(world, world.root(), ticket).empty());
}

DATABASE_SENTENCE(
    inbox, "a forged reply of staff reaches nobody: guessed ids, other tickets' codes, none") {
  world.site().mail_in.staff_mail = StaffMail::proven;
  const auto ticket = ticket_of_ada(world);
  const auto other = open_test_ticket(world, world.bob());
  world.clear_mails();
  Letter guessed = answer_of_grace(world, ticket, "Send me your password");
  guessed.to = "portal@example.test";
  guessed.more = "In-Reply-To: <t" + ticket.text() + ".root@example.test>\n";
  EXPECT_EQ(receive(world, guessed).verdict, held);
  Letter foreign = answer_of_grace(world, other, "Send me your password");
  foreign.more = "Subject: [ARFNET #" + ticket.text() + "] x\n";
  EXPECT_EQ(receive(world, foreign).verdict, taken) << "a note on the ticket of its code";
  EXPECT_TRUE(entries_of(world, world.root(), ticket).empty());
  EXPECT_TRUE(entries_of(world, world.bob(), other).empty());
  for (const auto& mail : world.mails()) {
    EXPECT_EQ(mail.body_text.find("password"), std::string::npos);
    EXPECT_NE(mail.recipient, "ada@example.test");
    EXPECT_NE(mail.recipient, "bob@example.test");
  }
}

// ---- afterwards
// -----------------------------------------------------------------------------------

DATABASE_SENTENCE(inbox,
                  "a held mail is tried again, and gets on its ticket once the cause is gone") {
  const auto ticket = ticket_of_ada(world);
  world.site().mail_in.staff_mail = StaffMail::off;
  const auto received = receive(world, answer_of_grace(world, ticket, "Hello"));
  EXPECT_EQ(retry_mail(parts_of(world), received.mail).value().verdict, held);
  world.site().mail_in.staff_mail = StaffMail::proven;
  EXPECT_EQ(retry_mail(parts_of(world), received.mail).value().verdict, taken);
  EXPECT_FALSE(retry_mail(parts_of(world), received.mail));
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
}

DATABASE_SENTENCE(inbox, "bytes of old mails are forgotten, unless a younger mail has the same") {
  const auto ticket = ticket_of_ada(world);
  const std::string raw = written(answer(world, ticket));
  const auto old = receive(world, raw);
  const auto digest = row_of(world, old.mail).sha256;
  world.clock().advance(std::chrono::hours(24 * 60));
  receive(world, raw);
  world.clock().advance(std::chrono::hours(24 * 31));
  const auto forget = [&] {
    return world.database().write([](Transaction& tx) {
      return forget_raw_mails(tx, tx.now().plus(-std::chrono::hours(24 * 90)), 10);
    });
  };
  EXPECT_TRUE(forget().digests.empty());
  EXPECT_FALSE(row_of(world, old.mail).raw_kept);
  world.clock().advance(std::chrono::hours(24 * 60));
  EXPECT_EQ(forget().digests, std::vector<std::string>{digest});
  forget_bytes(raw_mails(world.files()), digest);
  EXPECT_THROW(read_bytes(raw_mails(world.files()), digest), NotFound);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U) << "what it said stays";
}

DATABASE_SENTENCE(inbox, "a sender of an oversized mail hears of it, if the sender is known") {
  open_post_office(world);
  refuse_oversize(parts_of(world), written(Letter{}));
  EXPECT_EQ(kinds(world), std::vector<std::string>{"mail refused > ada@example.test"});
  world.clear_mails();
  refuse_oversize(parts_of(world), written(Letter{.from = "eve@elsewhere.example"}));
  EXPECT_TRUE(world.mails().empty());
}

}  // namespace cstims
