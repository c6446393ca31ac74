#include "mail/outbox_worker.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "mail/delivery_store.h"
#include "mail/outbox.h"
#include "mail/outbox_store.h"
#include "support/smtp_server.h"
#include "support/world.h"

namespace cstims {

namespace {

using test::SmtpServer;
using test::World;
using Outcome = SendResult::Outcome;

EmailAddress address(std::string_view text) {
  return EmailAddress::parse(text).value();
}

MessageId queue(World& world, const std::string& event, std::optional<TicketId> ticket = {},
                std::vector<std::string> documents = {}) {
  const OutgoingMail mail{.kind = "test",
                          .view = "test",
                          .event = event,
                          .to = address("ada@example.org"),
                          .fill = [&](Dictionary& values) { values.set("NAME", event); },
                          .ticket = ticket,
                          .documents = std::move(documents)};
  return world.act(world.root(), [&](Act& act) { return queue_mail(act, mail).value(); });
}

/// A transport that answers as told and keeps what it was given.
class ScriptedTransport : public MailTransport {
 public:
  std::function<SendResult(const std::string&)> answer = [](const std::string&) {
    return SendResult{.outcome = Outcome::sent, .reply = "250 Taken"};
  };
  std::vector<std::string> messages;

  SendResult send(const std::string&, const EmailAddress&, const std::string& message) override {
    {
      const std::lock_guard lock(mutex_);
      messages.push_back(message);
    }
    return answer(message);
  }
  void answer_always(Outcome outcome, const std::string& reply, bool reached = true) {
    answer = [=](const std::string&) {
      return SendResult{.outcome = outcome, .reply = reply, .reached = reached};
    };
  }

 private:
  std::mutex mutex_;
};

MailDocument no_documents(std::string_view reference) {
  throw NotFound("no document " + std::string(reference));
}

SendSummary send_all(World& world, MailTransport& transport) {
  return send_waiting({world.database(), transport, no_documents});
}

OutboxMessage stored(World& world, MessageId id) {
  return world.database().read(
      [&](Transaction& tx) { return find_outbox_message(tx, id).value(); });
}

std::size_t position(const std::vector<std::string>& messages, const std::string& text) {
  const auto found = std::ranges::find_if(messages, [&](const std::string& message) {
    return message.find(text) != std::string::npos;
  });
  return static_cast<std::size_t>(found - messages.begin());
}

}  // namespace

DATABASE_SENTENCE(outbox_worker, "what waits is sent once and says so") {
  const MessageId id = queue(world, "one");
  ScriptedTransport transport;
  EXPECT_EQ(send_all(world, transport).sent, 1);
  EXPECT_EQ(send_all(world, transport).sent, 0);
  ASSERT_EQ(transport.messages.size(), 1u);
  const OutboxMessage mail = stored(world, id);
  EXPECT_EQ(mail.row.state, OutboxState::sent);
  EXPECT_EQ(mail.row.attempts, 1);
  EXPECT_EQ(mail.row.last_reply, "250 Taken");
  EXPECT_EQ(mail.row.finished_at, world.clock().now());
  ASSERT_EQ(mail.attempts.size(), 1u);
  EXPECT_EQ(mail.attempts[0].outcome, "sent");
}

DATABASE_SENTENCE(outbox_worker,
                  "an address that servers refuse twice as unknown gets no more automatic mail") {
  const auto is_marked = [&] {
    return world.database().read([](Transaction& tx) {
      return find_undeliverable(tx, address("ada@example.org")).has_value();
    });
  };
  ScriptedTransport transport;
  queue(world, "one");
  transport.answer_always(Outcome::dead, "RCPT: 550 5.7.1 user unknown to our filter");
  send_all(world, transport);
  queue(world, "two");
  send_all(world, transport);
  EXPECT_FALSE(is_marked()) << "that is about our words";
  transport.answer_always(Outcome::dead, "RCPT: 550 No such user");
  queue(world, "three");
  send_all(world, transport);
  EXPECT_FALSE(is_marked());
  transport.answer_always(Outcome::dead, "RCPT: 550 5.1.1 No such user");
  const MessageId last = queue(world, "four");
  send_all(world, transport);
  EXPECT_TRUE(is_marked());
  world.act(world.root(), [&](Act& act) { EXPECT_TRUE(resend_message(act.tx, last)); });
  EXPECT_FALSE(is_marked()) << "somebody put it right";
}

DATABASE_SENTENCE(outbox_worker,
                  "a passing fault is tried again with the same bytes, later and later") {
  const MessageId id = queue(world, "one");
  ScriptedTransport transport;
  transport.answer_always(Outcome::retry, "451 Busy");
  for (const int minutes : {1, 2, 4, 8, 16, 32, 64, 128, 240, 240}) {
    EXPECT_EQ(send_all(world, transport).retried, 1);
    const auto wait =
        stored(world, id).row.next_attempt_at.unix_seconds() - world.clock().now().unix_seconds();
    EXPECT_GE(wait, minutes * 60);
    EXPECT_LE(wait, minutes * 75);
    world.clock().advance(std::chrono::seconds(wait - 1));
    EXPECT_EQ(send_all(world, transport).retried, 0) << "a second too early";
    world.clock().advance(std::chrono::seconds(1));
  }
  transport.answer_always(Outcome::sent, "250 Taken");
  EXPECT_EQ(send_all(world, transport).sent, 1);
  const std::set<std::string> different(transport.messages.begin(), transport.messages.end());
  EXPECT_EQ(different.size(), 1u);
  EXPECT_EQ(transport.messages.size(), 11u);
}

DATABASE_SENTENCE(outbox_worker,
                  "after three days a mail is dead, not a second earlier, and can be sent again") {
  const MessageId id = queue(world, "one");
  const Instant written = world.clock().now();
  ScriptedTransport transport;
  transport.answer_always(Outcome::retry, "451 Busy");
  world.clock().set(written.plus(std::chrono::hours(72) - std::chrono::seconds(1)));
  EXPECT_EQ(send_all(world, transport).retried, 1);
  world.clock().advance(std::chrono::hours(1));
  EXPECT_EQ(send_all(world, transport).dead, 1);
  const OutboxMessage dead = stored(world, id);
  EXPECT_EQ(dead.row.state, OutboxState::dead);
  EXPECT_EQ(dead.row.last_reply, "given up after three days: 451 Busy");
  EXPECT_EQ(dead.attempts.back().outcome, "dead");

  EXPECT_EQ(world.database().read(count_outbox).dead, 1);
  const auto resend = [&] {
    return world.database().write([&](Transaction& tx) { return resend_message(tx, id); });
  };
  EXPECT_TRUE(resend());
  EXPECT_FALSE(resend()) << "it is not dead any more";
  EXPECT_EQ(send_all(world, transport).retried, 1) << "three more days";
  world.clock().advance(std::chrono::minutes(2));
  transport.answer_always(Outcome::sent, "250 Taken");
  EXPECT_EQ(send_all(world, transport).sent, 1);
  EXPECT_EQ(stored(world, id).mail.message_id, dead.mail.message_id);
}

DATABASE_SENTENCE(outbox_worker, "a refused recipient is dead at once and the others are served") {
  queue(world, "bad");
  queue(world, "good");
  ScriptedTransport transport;
  transport.answer = [](const std::string& message) {
    const bool bad = message.find("bad") != std::string::npos;
    return SendResult{.outcome = bad ? Outcome::dead : Outcome::sent, .reply = "550 or 250"};
  };
  const SendSummary summary = send_all(world, transport);
  EXPECT_EQ(summary.dead, 1);
  EXPECT_EQ(summary.sent, 1);
}

DATABASE_SENTENCE(outbox_worker,
                  "a server that refuses us holds the whole queue and counts no attempt") {
  const MessageId id = queue(world, "one");
  queue(world, "two");
  ScriptedTransport transport;
  transport.answer_always(Outcome::queue_wait, "535 Wrong password");
  const SendSummary summary = send_all(world, transport);
  EXPECT_TRUE(summary.queue_waits);
  EXPECT_EQ(summary.reason, "535 Wrong password");
  EXPECT_EQ(transport.messages.size(), 1u) << "one try is enough to know";
  EXPECT_EQ(stored(world, id).row.attempts, 0);
  EXPECT_TRUE(stored(world, id).attempts.empty());
  world.clock().advance(std::chrono::hours(100));
  EXPECT_TRUE(send_all(world, transport).queue_waits);
  EXPECT_EQ(stored(world, id).row.state, OutboxState::waiting) << "our fault kills no mail";
  transport.answer_always(Outcome::sent, "250 Taken");
  EXPECT_EQ(send_all(world, transport).sent, 2);
}

DATABASE_SENTENCE(outbox_worker, "a server that cannot be reached is tried with one mail only") {
  for (int i = 0; i < 30; ++i) queue(world, "mail " + std::to_string(i));
  ScriptedTransport transport;
  transport.answer_always(Outcome::retry, "Connection refused", false);
  const SendSummary summary = send_all(world, transport);
  EXPECT_TRUE(summary.unreachable);
  EXPECT_EQ(transport.messages.size(), 1u);
  transport.answer_always(Outcome::sent, "250 Taken");
  EXPECT_EQ(send_all(world, transport).sent, 29) << "none of the others was held back";
}

DATABASE_SENTENCE(outbox_worker, "mails of a ticket to one person keep their order") {
  const TicketId ticket(12);
  queue(world, "first", ticket);
  queue(world, "second", ticket);
  queue(world, "elsewhere", TicketId(13));
  ScriptedTransport transport;
  transport.answer = [&](const std::string& message) {
    const bool first = message.find("first") != std::string::npos;
    return SendResult{.outcome = first ? Outcome::retry : Outcome::sent, .reply = "-"};
  };
  const SendSummary summary = send_all(world, transport);
  EXPECT_EQ(summary.retried, 1);
  EXPECT_EQ(summary.sent, 1);
  EXPECT_EQ(position(transport.messages, "second"), transport.messages.size()) << "not yet";
  transport.answer_always(Outcome::sent, "250 Taken");
  EXPECT_EQ(send_all(world, transport).sent, 0) << "the first is not due";
  world.clock().advance(std::chrono::minutes(2));
  EXPECT_EQ(send_all(world, transport).sent, 2);
  const std::vector<std::string> last(transport.messages.end() - 2, transport.messages.end());
  EXPECT_LT(position(last, "first"), position(last, "second"));
}

DATABASE_SENTENCE(outbox_worker, "a dead mail does not hold back the later ones of its ticket") {
  const TicketId ticket(12);
  queue(world, "first", ticket);
  queue(world, "second", ticket);
  ScriptedTransport transport;
  transport.answer = [&](const std::string& message) {
    const bool first = message.find("first") != std::string::npos;
    return SendResult{.outcome = first ? Outcome::dead : Outcome::sent, .reply = "-"};
  };
  const SendSummary summary = send_all(world, transport);
  EXPECT_EQ(summary.dead, 1);
  EXPECT_EQ(summary.sent, 1);
}

namespace {

constexpr Statement spoil_mail{"spoil a mail", R"(
  update outbox
  set headers = 'Bcc: everyone@example.org'
  where id = :message)"};

}  // namespace

DATABASE_SENTENCE(outbox_worker, "a row that cannot be composed waits and dies alone") {
  const MessageId poisoned = queue(world, "poisoned");
  const MessageId lacking = queue(world, "lacking", {}, {"invoice 12"});
  queue(world, "good");
  world.database().write([&](Transaction& tx) { tx.execute(spoil_mail, {{"message", poisoned}}); });
  ScriptedTransport transport;
  const SendSummary summary = send_all(world, transport);
  EXPECT_EQ(summary.sent, 1);
  EXPECT_EQ(summary.retried, 2);
  EXPECT_EQ(transport.messages.size(), 1u);
  EXPECT_NE(stored(world, poisoned).row.last_reply.find("may not set: Bcc"), std::string::npos);
  EXPECT_NE(stored(world, lacking).row.last_reply.find("invoice 12"), std::string::npos);
  world.clock().advance(std::chrono::hours(73));
  EXPECT_EQ(send_all(world, transport).dead, 2);
}

DATABASE_SENTENCE(outbox_worker, "documents are asked for by reference and go along") {
  queue(world, "invoice", {}, {"invoice 12", "invoice 13"});
  ScriptedTransport transport;
  std::vector<std::string> asked;
  const SendSummary summary =
      send_waiting({world.database(), transport, [&](std::string_view reference) {
                      asked.emplace_back(reference);
                      return MailDocument{"a.pdf", "application/pdf", "%PDF"};
                    }});
  EXPECT_EQ(summary.sent, 1);
  EXPECT_EQ(asked, (std::vector<std::string>{"invoice 12", "invoice 13"}));
  EXPECT_NE(transport.messages.at(0).find("multipart/mixed"), std::string::npos);
}

DATABASE_SENTENCE(outbox_worker,
                  "what one worker has leased another leaves alone, until the lease ends") {
  const MessageId id = queue(world, "one");
  const auto claim = [&](const MailLease& lease) {
    return world.database().write([&](Transaction& tx) { return claim_mails(tx, lease, 20); });
  };
  const Instant now = world.clock().now();
  const MailLease frozen{"frozen", now.plus(std::chrono::minutes(10))};
  EXPECT_EQ(claim(frozen).size(), 1u);
  EXPECT_EQ(claim({"second", now.plus(std::chrono::minutes(10))}).size(), 0u);
  world.clock().advance(std::chrono::minutes(10));
  const MailLease third{"third", world.clock().now().plus(std::chrono::minutes(10))};
  EXPECT_EQ(claim(third).size(), 1u);
  const auto mark = [&](const MailLease& lease) {
    return world.database().write([&](Transaction& tx) {
      return mark_attempt(tx, id, lease, {OutboxState::sent, "250", tx.now()});
    });
  };
  EXPECT_FALSE(mark(frozen)) << "the frozen worker comes too late";
  EXPECT_EQ(stored(world, id).row.state, OutboxState::waiting);
  EXPECT_TRUE(stored(world, id).attempts.empty());
  EXPECT_TRUE(mark(third));
  EXPECT_FALSE(mark(third)) << "a mail is marked once";
}

DATABASE_SENTENCE(outbox_worker, "two workers at once send each mail once") {
  constexpr int mails = 120;
  for (int i = 0; i < mails; ++i) {
    queue(world, "mail " + std::to_string(i),
          i % 3 == 0 ? std::optional(TicketId(i % 4 + 1)) : std::nullopt);
  }
  ScriptedTransport transport;
  std::atomic<int> sent = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&] {
      for (int pass = 0; pass < 50 && sent < mails; ++pass) sent += send_all(world, transport).sent;
    });
  }
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(sent, mails);
  const std::set<std::string> different(transport.messages.begin(), transport.messages.end());
  EXPECT_EQ(transport.messages.size(), static_cast<std::size_t>(mails));
  EXPECT_EQ(different.size(), static_cast<std::size_t>(mails));
}

DATABASE_SENTENCE(outbox_worker,
                  "a pass that is told to stop leaves the rest waiting and unleased") {
  for (int i = 0; i < 5; ++i) queue(world, "mail " + std::to_string(i));
  ScriptedTransport transport;
  std::atomic<bool> stop = false;
  transport.answer = [&](const std::string&) {
    stop = true;
    return SendResult{.outcome = Outcome::sent, .reply = "250"};
  };
  EXPECT_EQ(send_waiting({world.database(), transport, no_documents}, &stop).sent, 1);
  EXPECT_EQ(send_all(world, transport).sent, 4);
}

DATABASE_SENTENCE(outbox_worker,
                  "the text of a mail is forgotten 90 days after it was sent, not before") {
  const MessageId sent = queue(world, "sent");
  ScriptedTransport transport;
  send_all(world, transport);
  const MessageId waiting = queue(world, "waiting");
  const auto forget = [&] {
    return world.database().write([](Transaction& tx) { return forget_old_bodies(tx, 100); });
  };
  world.clock().advance(std::chrono::hours(90 * 24));
  EXPECT_EQ(forget(), 0);
  world.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(forget(), 1);
  EXPECT_EQ(forget(), 0);
  EXPECT_EQ(stored(world, sent).mail.text, "");
  EXPECT_EQ(stored(world, sent).mail.html, "");
  EXPECT_EQ(stored(world, sent).mail.subject, "Test mail");
  EXPECT_NE(stored(world, waiting).mail.text, "");
}

SENTENCE(outbox_worker, "delays double from one minute to four hours, and neighbours differ") {
  std::set<std::int64_t> delays;
  for (int id = 1; id <= 100; ++id) {
    const auto delay = retry_delay(20, MessageId(id)).count();
    EXPECT_GE(delay, 4 * 3600);
    EXPECT_LE(delay, 5 * 3600);
    delays.insert(delay);
  }
  EXPECT_GT(delays.size(), 50u);
  EXPECT_GE(retry_delay(0, MessageId(1)).count(), 60);
  EXPECT_LE(retry_delay(0, MessageId(1)).count(), 75);
}

DATABASE_SENTENCE(outbox_worker,
                  "the thread sends when woken, over a real server, and stops at once") {
  const SmtpServer server;
  OutboxWorker worker(world.database(), smtp_transport(server.options()), no_documents);
  worker.start();
  queue(world, "one");
  worker.wake();
  for (int i = 0; i < 100 && server.messages().empty(); ++i) usleep(50'000);
  EXPECT_EQ(server.messages().size(), 1u);
  const auto begin = std::chrono::steady_clock::now();
  worker.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

DATABASE_SENTENCE(outbox_worker,
                  "a cut before 250 means a second copy with the same Message-ID and bytes") {
  const SmtpServer server(R"({"cut_after_data": 1})");
  const MessageId id = queue(world, "one");
  const auto transport = smtp_transport(server.options());
  EXPECT_EQ(send_all(world, *transport).retried, 1);
  world.clock().advance(std::chrono::minutes(2));
  EXPECT_EQ(send_all(world, *transport).sent, 1);
  const auto messages = server.messages();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].bytes, messages[1].bytes);
  EXPECT_NE(messages[0].bytes.find(stored(world, id).mail.message_id), std::string::npos);
}

DATABASE_SENTENCE(outbox_worker,
                  "what reaches the server is what was composed, one recipient each") {
  const SmtpServer server;
  for (const char* name : {"a\r\nBcc: x@example.org", "\n.\n", "\r\n.\rMAIL FROM:<x@y.z>\r\n"}) {
    queue(world, name, TicketId(1));
  }
  const auto transport = smtp_transport(server.options());
  EXPECT_EQ(send_all(world, *transport).sent, 3);
  const auto messages = server.messages();
  ASSERT_EQ(messages.size(), 3u);
  for (const auto& message : messages) {
    EXPECT_EQ(message.to, std::vector<std::string>{"ada@example.org"});
    const std::string head = message.bytes.substr(0, message.bytes.find("\r\n\r\n"));
    EXPECT_EQ(head.find("\r\nBcc"), std::string::npos);
  }
}

namespace {

/// What Dovecot answers to `command` about a Maildir.
std::string ask_by_imap(const std::filesystem::path& maildir, const std::string& command) {
  const std::string shell = "printf 'a SELECT INBOX\\r\\nb " + command +
                            "\\r\\nc LOGOUT\\r\\n' | " CSTIMS_SOURCE
                            "/tests/support/read_by_imap " +
                            maildir.string() + " 2>&1";
  FILE* output = popen(shell.c_str(), "r");
  std::string answer;
  char buffer[4096];
  for (std::size_t count = 0; (count = fread(buffer, 1, sizeof buffer, output)) > 0;) {
    answer.append(buffer, count);
  }
  pclose(output);
  return answer;
}

}  // namespace

DATABASE_SENTENCE(outbox_worker, "Dovecot shows a ticket's mails as one thread, others apart") {
  queue(world, "first", TicketId(12));
  queue(world, "second", TicketId(12));
  queue(world, "of another ticket", TicketId(13));
  queue(world, "third", TicketId(12));
  queue(world, "of no ticket");
  const auto maildir = world.folder() / "mail";
  const auto transport = maildir_transport(maildir);
  EXPECT_EQ(send_all(world, *transport).sent, 5);
  // The second and third of ticket 12 had to wait for the first, so they came last.
  const std::string threads = ask_by_imap(maildir, "THREAD REFS UTF-8 ALL");
  EXPECT_NE(threads.find("* 5 EXISTS"), std::string::npos) << threads;
  EXPECT_NE(threads.find("* THREAD (1 4 5)(2)(3)\r\n"), std::string::npos) << threads;
  const std::string subjects = ask_by_imap(maildir, "SEARCH SUBJECT \"[ARFNET #12] Test mail\"");
  EXPECT_NE(subjects.find("* SEARCH 1 4 5\r\n"), std::string::npos) << subjects;
}

}  // namespace cstims
