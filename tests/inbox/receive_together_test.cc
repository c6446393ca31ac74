#include <fstream>

#include "base/failure.h"
#include "base/secret.h"
#include "inbox/mail_receiving.h"
#include "inbox/post_office.h"

namespace cstims {
namespace {

using namespace test;
using Words = std::vector<std::string>;

constexpr Statement list_verdicts{"verdicts", R"(
  select verdict
  from inbound_mails
  order by id)"};

/// No entry with the word "poison" is taken by the database.
class Poison {
 public:
  explicit Poison(World& world) : world_(world) {
    if (world.database().engine() == Engine::postgresql) {
      run({"function", R"(create function refuse_poison() returns trigger language plpgsql as
        'begin if new.body = ''poison'' then raise check_violation; end if; return new; end')"});
      run({"trigger", R"(create trigger poison before insert on ticket_entries
        for each row execute function refuse_poison())"});
    } else {
      run({"trigger", R"(create trigger poison before insert on ticket_entries
        when new.body = 'poison' begin select raise(abort, 'poison'); end)"});
    }
  }
  ~Poison() {
    if (world_.database().engine() == Engine::postgresql) {
      run({"no trigger", "drop trigger poison on ticket_entries"});
      run({"no function", "drop function refuse_poison"});
    } else {
      run({"no trigger", "drop trigger poison"});
    }
  }
  Poison(const Poison&) = delete;
  Poison& operator=(const Poison&) = delete;

 private:
  void run(const Statement& statement) {
    world_.database().write([&](Transaction& tx) { tx.execute(statement); });
  }
  World& world_;
};

Words verdicts(World& world) {
  return world.database().read([](Transaction& tx) {
    Words verdicts;
    for (const Row& row : tx.select(list_verdicts)) verdicts.push_back(row.text("verdict"));
    return verdicts;
  });
}

Words bodies(World& world, TicketId ticket) {
  Words bodies;
  for (const auto& entry : entries_of(world, world.ada(), ticket)) bodies.push_back(entry.body);
  return bodies;
}

TicketId ticket_of_ada(World& world) {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  world.clear_mails();
  return ticket;
}

int told(World& world, const std::string& kind) {
  int count = 0;
  for (const auto& mail : world.mails()) count += mail.kind == kind ? 1 : 0;
  return count;
}

/// The folder in which these bytes would lie is none any more: as a disk that takes nothing.
std::filesystem::path block(const std::filesystem::path& store, const std::string& bytes) {
  const auto place = store / sha256_hex(bytes).substr(0, 2);
  std::filesystem::create_directories(store);
  std::filesystem::remove_all(place);
  std::ofstream(place) << "x";
  return place;
}

}  // namespace

DATABASE_SENTENCE(receive_together,
                  "several mails are on the ticket in their order, each told once") {
  const auto ticket = ticket_of_ada(world);
  std::vector<std::string> raws;
  Words said;
  for (int i = 1; i <= 12; ++i) {
    said.push_back("Message " + std::to_string(i));
    raws.push_back(written(answer(world, ticket, said.back())));
  }
  receive_mails(parts_of(world), raws, "imap");
  EXPECT_EQ(bodies(world, ticket), said);
  EXPECT_EQ(verdicts(world), Words(12, "taken"));
  EXPECT_EQ(told(world, "ticket answered by client"), 12);
  receive_mails(parts_of(world), raws, "imap");
  EXPECT_EQ(bodies(world, ticket), said) << "brought again, they are known";
}

DATABASE_SENTENCE(receive_together,
                  "the same mail among several is one message, however it is the same") {
  const auto ticket = ticket_of_ada(world);
  Letter letter = answer(world, ticket);
  letter.message_id = "<once@mail.example.test>";
  const std::string raw = written(letter);
  letter.more = "Received: by another.example; Tue, 10 Mar 2026 10:00:01 +0100\n";
  receive_mails(parts_of(world), {raw, raw, written(letter), raw}, "imap");
  EXPECT_EQ(bodies(world, ticket).size(), 1U);
  EXPECT_EQ(verdicts(world), (Words{"taken", "duplicate", "duplicate", "duplicate"}));
}

DATABASE_SENTENCE(receive_together,
                  "one that a ticket's rules refuse is held; those around it are taken in order") {
  world.site().mail_in.staff_mail = StaffMail::proven;
  const auto ticket = ticket_of_ada(world);
  const auto closed = open_test_ticket(world, world.ada());
  close(world, world.grace(), closed);
  world.clear_mails();
  const Letter refused{
      .from = "Grace <grace@example.test>",
      .to = answers_to(world, closed, MailReader::staff(*world.grace().user)),
      .more = "Authentication-Results: mx.arfnet.example; dmarc=pass header.from=example.test\n",
      .body = "One more thing"};
  receive_mails(parts_of(world),
                {written(answer(world, ticket, "one")), written(answer(world, ticket, "two")),
                 written(refused), written(answer(world, ticket, "three")), written(refused),
                 written(answer(world, ticket, "four"))},
                "imap");
  EXPECT_EQ(verdicts(world), (Words{"taken", "taken", "held", "taken", "held", "taken"}));
  EXPECT_EQ(bodies(world, ticket), (Words{"one", "two", "three", "four"}));
  EXPECT_EQ(told(world, "mail refused"), 1) << "once a day";
  EXPECT_EQ(told(world, "ticket answered by client"), 4);
}

DATABASE_SENTENCE(receive_together,
                  "one that the database refuses fails; those around it are taken") {
  const auto ticket = ticket_of_ada(world);
  const Poison poison(world);
  std::vector<std::string> raws;
  for (const auto* body : {"one", "poison", "two", "three", "poison", "poison"}) {
    raws.push_back(written(answer(world, ticket, body)));
  }
  receive_mails(parts_of(world), raws, "imap");
  EXPECT_EQ(verdicts(world), (Words{"taken", "failed", "taken", "taken", "failed", "failed"}));
  EXPECT_EQ(bodies(world, ticket), (Words{"one", "two", "three"}));
  EXPECT_EQ(told(world, "ticket answered by client"), 3);
}

DATABASE_SENTENCE(receive_together,
                  "one whose file cannot be kept fails; those around it are taken") {
  const auto ticket = ticket_of_ada(world);
  const auto with_file = [&](const std::string& body, const std::string& content) {
    return written_with_file(answer(world, ticket, body), "trace.txt", "text/plain", content);
  };
  block(world.files().folder(), "unlucky");
  receive_mails(
      parts_of(world),
      {with_file("one", "lucky"), with_file("two", "unlucky"), with_file("three", "good")}, "imap");
  EXPECT_EQ(verdicts(world), (Words{"taken", "failed", "taken"}));
  EXPECT_EQ(bodies(world, ticket), (Words{"one", "three"}));
  EXPECT_TRUE(std::filesystem::exists(world.files().path(sha256_hex("lucky"))));
}

DATABASE_SENTENCE(receive_together, "what the disk does not take is not said to be safe") {
  const auto ticket = ticket_of_ada(world);
  const std::string first = written(answer(world, ticket, "one"));
  const std::string second = written(answer(world, ticket, "two"));
  const auto obstacle = block(world.files().folder() / "mail", second);
  EXPECT_THROW(receive_mails(parts_of(world), {first, second}, "imap"), Failure);
  EXPECT_EQ(count_inbound(world), 0);
  std::filesystem::remove(obstacle);
  receive_mails(parts_of(world), {first, second}, "imap");
  EXPECT_EQ(bodies(world, ticket), (Words{"one", "two"}));
}

}  // namespace cstims
