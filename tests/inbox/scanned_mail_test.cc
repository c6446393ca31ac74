// What becomes of mail whose files a virus scanner has something to say about.
#include "inbox/inbox_pages.h"
#include "inbox/post_office.h"
#include "support/fake_scanner.h"
#include "support/person.h"
#include "support/visit.h"

namespace cstims {
namespace {

using namespace test;
using Mood = FakeScanner::Mood;

constexpr Route routes[] = {
    {"POST", "/inbox/{mail}/attachment", Who::helpdesk, create_mail_attachment, Body::form},
    {"POST", "/inbox/{mail}/ticket", Who::helpdesk, create_mail_ticket, Body::form},
    {"POST", "/inbox/{mail}/retry", Who::helpdesk, create_mail_retry, Body::form},
};

constexpr std::string_view infected = "harmless at first, EICAR in the end";

/// Its client's letter with a file.
std::string with_file(World& world, TicketId ticket, std::string_view content) {
  return written_with_file(answer(world, ticket), "trace.txt", "text/plain", std::string(content));
}

std::size_t count_entries(World& world, TicketId ticket) {
  return entries_of(world, world.root(), ticket).size();
}

struct Office {
  explicit Office(World& world) : scanner(clamd.address(), std::chrono::milliseconds(500)) {
    open_post_office(world);
    world.scan_with(scanner);
    ticket = open_test_ticket(world, world.ada());
    world.clear_mails();
  }
  FakeScanner clamd;
  FileScanner scanner;
  TicketId ticket{0};
};

}  // namespace

DATABASE_SENTENCE(scanned_mail, "files that are clean come onto the ticket") {
  const Office office(world);
  EXPECT_EQ(receive(world, with_file(world, office.ticket, "1 * * *\n")).verdict,
            InboundVerdict::taken);
  EXPECT_EQ(entries_of(world, world.ada(), office.ticket).at(0).attachments.size(), 1U);
  EXPECT_EQ(office.clamd.scans(), 1);
  EXPECT_EQ(receive(world, answer(world, office.ticket, "No file")).verdict, InboundVerdict::taken);
  EXPECT_EQ(office.clamd.scans(), 1) << "a mail without files needs no scanner";
}

DATABASE_SENTENCE(scanned_mail, "an infected file holds its mail, and its sender hears why") {
  const Office office(world);
  const auto received = receive(world, with_file(world, office.ticket, infected));
  EXPECT_EQ(received.verdict, InboundVerdict::held);
  EXPECT_EQ(received.reason, "One of its files holds something harmful: Eicar-Test-Signature.");
  EXPECT_EQ(count_entries(world, office.ticket), 0U);
  EXPECT_EQ(mails_told(world), std::vector<std::string>{"mail refused > ada@example.test"});
  EXPECT_TRUE(world.mails().at(0).body_text.contains("holds something harmful"));
  world.clear_mails();
  EXPECT_EQ(receive(world, written_with_file(Letter{.from = "eve@elsewhere.example"}, "x.txt",
                                             "text/plain", std::string(infected)))
                .verdict,
            InboundVerdict::held);
  EXPECT_TRUE(world.mails().empty()) << "a stranger hears nothing";
}

DATABASE_SENTENCE(scanned_mail,
                  "while the scanner is away mails with files wait and none is lost") {
  Office office(world);
  office.clamd.set(Mood::hangs_up);
  const auto received = receive(world, with_file(world, office.ticket, "1 * * *\n"));
  EXPECT_EQ(received.verdict, InboundVerdict::arrived);
  EXPECT_EQ(row_of(world, received.mail).reason, "its files wait for the virus scanner");
  EXPECT_EQ(receive(world, answer(world, office.ticket, "No file")).verdict, InboundVerdict::taken);
  world.clock().advance(std::chrono::minutes(6));
  judge_left_over(parts_of(world));
  EXPECT_EQ(row_of(world, received.mail).verdict, InboundVerdict::arrived);
  EXPECT_EQ(count_entries(world, office.ticket), 1U);
  office.clamd.set(Mood::works);
  judge_left_over(parts_of(world));
  EXPECT_EQ(row_of(world, received.mail).verdict, InboundVerdict::taken);
  EXPECT_EQ(row_of(world, received.mail).reason, "");
  EXPECT_EQ(count_entries(world, office.ticket), 2U);
}

DATABASE_SENTENCE(scanned_mail, "a mail that waits for the scanner for an hour is held for staff") {
  Office office(world);
  office.clamd.set(Mood::finds_too_large);
  const auto mail = receive(world, with_file(world, office.ticket, "1 * * *\n")).mail;
  world.clock().advance(std::chrono::minutes(61));
  judge_left_over(parts_of(world));
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::held);
  EXPECT_EQ(row_of(world, mail).reason, "its files could not be scanned for viruses");
  Person grace(world, routes, world.grace());
  const std::string path = "/inbox/" + mail.text();
  EXPECT_EQ(grace.post(path + "/retry").status, 303);
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::held) << "staff see it at once";
  office.clamd.set(Mood::works);
  EXPECT_EQ(grace.post(path + "/retry").status, 303);
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::taken);
}

DATABASE_SENTENCE(scanned_mail,
                  "staff cannot put onto a ticket what the scanner does not let pass") {
  Office office(world);
  const auto held = [&](std::string_view content) {
    return receive(world, written_with_file(Letter{.from = "eve@elsewhere.example"}, "x.txt",
                                            "text/plain", std::string(content)))
        .mail;
  };
  const auto harmful = held(infected);
  const auto clean = held("1 * * *\n");
  Person grace(world, routes, world.grace());
  const auto post = [&](InboundMailId mail, const std::string& verb, const Fields& fields) {
    return grace.post("/inbox/" + mail.text() + verb, fields);
  };
  const Fields onto{{"ticket", office.ticket.text()}};
  const Fields fresh{{"client", "1"}, {"subject", "Help"}};
  for (const auto& refused :
       {post(harmful, "/attachment", onto), post(harmful, "/ticket", fresh)}) {
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(refused.body.contains("holds something harmful: Eicar-Test-Signature"));
  }
  office.clamd.set(Mood::hangs_up);
  EXPECT_TRUE(post(clean, "/attachment", onto).body.contains("could not be scanned"));
  EXPECT_EQ(row_of(world, harmful).verdict, InboundVerdict::held);
  EXPECT_EQ(count_entries(world, office.ticket), 0U);
  office.clamd.set(Mood::works);
  EXPECT_EQ(post(clean, "/attachment", onto).status, 303);
  EXPECT_EQ(row_of(world, clean).verdict, InboundVerdict::taken);
}

}  // namespace cstims
