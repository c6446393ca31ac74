#include "inbox/mail_fetching.h"

#include <filesystem>
#include <fstream>
#include <map>

#include "base/failure.h"
#include "base/secret.h"
#include "db/lease.h"
#include "inbox/post_office.h"

namespace cstims {
namespace {

using namespace test;

/// A server whose mails and faults the test says.
class FakeMailbox : public Mailbox {
 public:
  struct Mail {
    std::string folder = "INBOX";
    std::string bytes = {};
    std::int64_t size = 0;  // what the server says; 0: the truth
    int faults = 0;         // times that fetching fails
    int stuck = 0;          // times that moving fails
    bool cuts = false;      // the connection ends instead of bringing it
  };
  std::map<std::uint32_t, Mail> mails;
  std::string number = "7";
  bool reachable = true;
  int moves = 0;  // commands

  std::string generation() override {
    if (!reachable) throw MailboxUnreachable("connection refused");
    return number;
  }
  std::vector<ListedMail> list() override {
    std::vector<ListedMail> listed;
    for (const auto& [uid, mail] : mails) {
      if (mail.folder != "INBOX") continue;
      const auto size = mail.size != 0 ? mail.size : static_cast<std::int64_t>(mail.bytes.size());
      listed.push_back({uid, size});
    }
    return listed;
  }
  std::string fetch(std::uint32_t uid) override {
    if (mails.at(uid).cuts) throw MailboxUnreachable("connection reset");
    if (mails.at(uid).faults-- > 0) throw MailError("the server says no");
    return mails.at(uid).bytes;
  }
  std::string fetch_header(std::uint32_t uid) override {
    const auto& bytes = mails.at(uid).bytes;
    return bytes.substr(0, bytes.find("\r\n\r\n") + 4);
  }
  void move(const std::vector<std::uint32_t>& uids, const std::string& folder) override {
    ++moves;
    for (const auto uid : uids) {
      if (mails.at(uid).stuck-- > 0) throw MailError("the server does not move it");
    }
    for (const auto uid : uids) mails.at(uid).folder = folder;
  }
  std::string folder_of(std::uint32_t uid) const { return mails.at(uid).folder; }
};

FetchSummary fetch(World& world, FakeMailbox& mailbox) {
  return fetch_mails(parts_of(world), mailbox, "mailbox", {});
}

}  // namespace

DATABASE_SENTENCE(mail_fetching, "every mail of the inbox is taken in and moved to Done") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  FakeMailbox mailbox;
  for (std::uint32_t uid = 1; uid <= 3; ++uid) {
    mailbox.mails[uid] = {.bytes = written(answer(world, ticket, "Mail " + std::to_string(uid)))};
  }
  mailbox.mails[4] = {.folder = "Done", .bytes = "not looked at"};
  EXPECT_EQ(fetch(world, mailbox).taken, 3);
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 3U);
  EXPECT_EQ(mailbox.folder_of(1) + mailbox.folder_of(2) + mailbox.folder_of(3), "DoneDoneDone");
  EXPECT_EQ(fetch(world, mailbox).taken, 0);
  EXPECT_EQ(count_inbound(world), 3);
}

DATABASE_SENTENCE(mail_fetching,
                  "a mail that was kept but not moved is met again and is no second message") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(answer(world, ticket)), .stuck = 1};
  EXPECT_EQ(fetch(world, mailbox).failed, 1);
  EXPECT_EQ(mailbox.folder_of(1), "INBOX");
  EXPECT_EQ(fetch(world, mailbox).taken, 1);
  EXPECT_EQ(mailbox.folder_of(1), "Done");
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
}

DATABASE_SENTENCE(mail_fetching,
                  "a mail that fails does not stop the next, and the third time it is set aside") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  world.clear_mails();
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(answer(world, ticket)), .faults = 99};
  mailbox.mails[2] = {.bytes = written(answer(world, ticket))};
  const auto first = fetch(world, mailbox);
  EXPECT_EQ(first.failed, 1);
  EXPECT_EQ(first.taken, 1);
  EXPECT_EQ(fetch(world, mailbox).failed, 1);
  EXPECT_EQ(mailbox.folder_of(1), "INBOX");
  EXPECT_EQ(fetch(world, mailbox).given_up, 1);
  EXPECT_EQ(mailbox.folder_of(1), "Failed");
  EXPECT_EQ(world.mails().back().kind, "mail not fetched");
  EXPECT_EQ(world.mails().back().recipient, "admin@arf20.com");
}

DATABASE_SENTENCE(mail_fetching, "a full mailbox is emptied with few commands") {
  open_post_office(world);
  FakeMailbox mailbox;
  for (std::uint32_t uid = 1; uid <= 120; ++uid) {
    mailbox.mails[uid] = {.bytes = written(Letter{.from = std::to_string(uid) + "@example.com"})};
  }
  mailbox.mails[60].faults = 1;
  const auto summary = fetch(world, mailbox);
  EXPECT_EQ(summary.taken, 119);
  EXPECT_EQ(summary.failed, 1);
  EXPECT_EQ(count_inbound(world), 119);
  EXPECT_EQ(mailbox.moves, 3);
  EXPECT_EQ(mailbox.folder_of(60), "INBOX");
}

DATABASE_SENTENCE(mail_fetching, "large mails wait in the memory a few at a time") {
  open_post_office(world);
  FakeMailbox mailbox;
  const std::string large(3 * 1024 * 1024, 'x');
  for (std::uint32_t uid = 1; uid <= 5; ++uid) {
    mailbox.mails[uid] = {.bytes = written(Letter{.body = large})};
  }
  EXPECT_EQ(fetch(world, mailbox).taken, 5);
  EXPECT_EQ(mailbox.moves, 3);
}

DATABASE_SENTENCE(mail_fetching,
                  "a mail that the server does not move keeps no other in the inbox") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  FakeMailbox mailbox;
  for (std::uint32_t uid = 1; uid <= 3; ++uid) {
    mailbox.mails[uid] = {.bytes = written(answer(world, ticket, "Mail " + std::to_string(uid)))};
  }
  mailbox.mails[2].stuck = 99;
  const auto summary = fetch(world, mailbox);
  EXPECT_EQ(summary.taken, 2);
  EXPECT_EQ(summary.failed, 1);
  EXPECT_EQ(mailbox.folder_of(1) + mailbox.folder_of(2) + mailbox.folder_of(3), "DoneINBOXDone");
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 3U);
}

DATABASE_SENTENCE(
    mail_fetching,
    "what was on its way when the server went is met again and is no second message") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  FakeMailbox mailbox;
  for (std::uint32_t uid = 1; uid <= 70; ++uid) {
    mailbox.mails[uid] = {.bytes = written(Letter{.from = std::to_string(uid) + "@example.com"})};
  }
  mailbox.mails[1] = {.bytes = written(answer(world, ticket))};
  mailbox.mails[60].cuts = true;
  EXPECT_THROW(fetch(world, mailbox), MailboxUnreachable);
  EXPECT_EQ(mailbox.folder_of(1), "INBOX");
  EXPECT_EQ(count_inbound(world), 50) << "the first lot is safe all the same";
  mailbox.mails[60].cuts = false;
  EXPECT_EQ(fetch(world, mailbox).taken, 70);
  EXPECT_EQ(mailbox.folder_of(1) + mailbox.folder_of(60), "DoneDone");
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
}

DATABASE_SENTENCE(mail_fetching, "while the disk takes nothing, mails wait and have no failures") {
  open_post_office(world);
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(Letter{})};
  const auto place =
      world.files().folder() / "mail" / sha256_hex(mailbox.mails[1].bytes).substr(0, 2);
  std::filesystem::create_directories(place.parent_path());
  std::filesystem::remove_all(place);
  std::ofstream(place) << "in the way";
  for (int i = 0; i < 5; ++i) EXPECT_THROW(fetch(world, mailbox), Failure);
  EXPECT_EQ(mailbox.folder_of(1), "INBOX");
  std::filesystem::remove(place);
  EXPECT_EQ(fetch(world, mailbox).taken, 1);
}

DATABASE_SENTENCE(mail_fetching, "a mail that works the second time starts with no failures") {
  open_post_office(world);
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(Letter{}), .faults = 2};
  EXPECT_EQ(fetch(world, mailbox).failed, 1);
  EXPECT_EQ(fetch(world, mailbox).failed, 1);
  EXPECT_EQ(fetch(world, mailbox).taken, 1);
  mailbox.number = "8";  // the server numbers anew
  mailbox.mails[1] = {.bytes = written(Letter{}), .faults = 2};
  EXPECT_EQ(fetch(world, mailbox).given_up, 0);
}

DATABASE_SENTENCE(mail_fetching, "an oversized mail is not fetched; a known sender hears why") {
  open_post_office(world);
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(Letter{}), .size = 26 * 1024 * 1024, .faults = 99};
  EXPECT_EQ(fetch(world, mailbox).oversize, 1);
  EXPECT_EQ(mailbox.folder_of(1), "Oversize");
  ASSERT_EQ(world.mails().size(), 1U);
  EXPECT_EQ(world.mails()[0].kind, "mail refused");
  EXPECT_EQ(count_inbound(world), 0);
}

DATABASE_SENTENCE(mail_fetching, "without a session no mail's failures are counted") {
  open_post_office(world);
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(Letter{})};
  mailbox.reachable = false;
  for (int i = 0; i < 5; ++i) EXPECT_THROW(fetch(world, mailbox), MailboxUnreachable);
  mailbox.reachable = true;
  EXPECT_EQ(fetch(world, mailbox).taken, 1);
}

DATABASE_SENTENCE(mail_fetching, "of two programs one fetches and the other is refused") {
  open_post_office(world);
  FakeMailbox mailbox;
  mailbox.mails[1] = {.bytes = written(Letter{})};
  {
    const Lease other(world.database(), "fetch mailbox", std::chrono::seconds(0), "busy");
    EXPECT_THROW(fetch(world, mailbox), Refused);
    EXPECT_EQ(mailbox.folder_of(1), "INBOX");
  }
  EXPECT_EQ(fetch(world, mailbox).taken, 1);
}

SENTENCE(mail_fetching, "a mailbox away from this machine is reached with encryption only") {
  EXPECT_TRUE(imap_is_encrypted("imaps://mail.example.org"));
  EXPECT_TRUE(imap_is_encrypted("imap://mail.example.org"));
  EXPECT_FALSE(imap_is_encrypted("imap://127.0.0.1:1143"));
  EXPECT_THROW(imap_is_encrypted("http://mail.example.org"), UsageError);
  EXPECT_THROW(imap_is_encrypted("imaps://ada:secret@mail.example.org"), UsageError);
}

}  // namespace cstims
