#include "ticket/ticket_auto_close.h"

#include "ticket/desk.h"

namespace cstims::test {
namespace {

void days_pass(World& world, int days) {
  world.clock().advance(std::chrono::hours(24) * days);
}

SilenceRun run(World& world) {
  world.mailer();
  return attend_silent_tickets(world.database(), world.mailer(), world.site());
}

/// "warned/closed".
std::string done(World& world) {
  const auto now = run(world);
  EXPECT_TRUE(now.faults.empty());
  return std::to_string(now.warned) + "/" + std::to_string(now.closed);
}

void after(World& world, int warn_days, int close_days) {
  world.site().silence = {warn_days, close_days};
}

/// Answered by grace, so that it waits for ada.
TicketId waiting_ticket(World& world) {
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(write(world, world.grace(), ticket, "Does it work again?"));
  world.clear_mails();
  return ticket;
}

std::vector<std::string> sentences(World& world, const Viewer& viewer, TicketId ticket) {
  std::vector<std::string> told;
  for (const auto& entry : entries_of(world, viewer, ticket)) {
    if (entry.kind != EntryKind::event) continue;
    told.push_back(describe(EventText::stored(entry.body), entry.author_name).english());
  }
  return told;
}

}  // namespace

DATABASE_SENTENCE(ticket_auto_close, "nothing is told or closed unless a setting says so") {
  const auto ticket = waiting_ticket(world);
  days_pass(world, 400);
  EXPECT_EQ(done(world), "0/0");
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(ticket_auto_close,
                  "a client that is silent is told once, then the ticket is closed") {
  after(world, 7, 3);
  const auto ticket = waiting_ticket(world);
  days_pass(world, 6);
  EXPECT_EQ(done(world), "0/0");
  days_pass(world, 1);
  EXPECT_EQ(done(world), "1/0");
  ASSERT_EQ(mails_told(world), std::vector<std::string>{"ticket closing soon > ada@example.test"});
  EXPECT_NE(world.mails()[0].body_text.find("/tickets/" + ticket.text()), std::string::npos);
  EXPECT_EQ(done(world), "0/0");
  days_pass(world, 2);
  EXPECT_EQ(done(world), "0/0");
  EXPECT_EQ(world.mails().size(), 1U);

  days_pass(world, 1);
  EXPECT_EQ(done(world), "0/1");
  const auto closed = ticket_of(world, ticket);
  EXPECT_EQ(closed.status, TicketStatus::closed);
  EXPECT_FALSE(closed.closed_by);
  EXPECT_EQ(closed.close_comment,
            "There was no answer for 10 days, so we take it that this is settled.");
  EXPECT_EQ(mails_told(world).at(1), "ticket closed > ada@example.test");
  EXPECT_NE(world.mails().at(1).body_text.find("no answer for 10 days"), std::string::npos);
  days_pass(world, 30);
  EXPECT_EQ(done(world), "0/0");
  const auto told = sentences(world, world.ada(), ticket);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(told[0].starts_with("Without an answer the ticket will be closed on 20")) << told[0];
  EXPECT_EQ(told[1], "The ticket was closed.");
}

DATABASE_SENTENCE(ticket_auto_close,
                  "an answer in between keeps the ticket open, and the wait begins anew") {
  after(world, 7, 3);
  const auto ticket = waiting_ticket(world);
  days_pass(world, 7);
  EXPECT_EQ(done(world), "1/0");
  days_pass(world, 2);
  EXPECT_TRUE(write(world, world.ada(), ticket, "No, it does not."));
  days_pass(world, 30);
  EXPECT_EQ(done(world), "0/0") << "it waits for us";
  EXPECT_TRUE(write(world, world.grace(), ticket, "And now?"));
  EXPECT_EQ(done(world), "0/0");
  days_pass(world, 7);
  EXPECT_EQ(done(world), "1/0");
  days_pass(world, 2);
  EXPECT_EQ(done(world), "0/0");
  days_pass(world, 1);
  EXPECT_EQ(done(world), "0/1");
}

DATABASE_SENTENCE(ticket_auto_close, "what we write to a silent client begins the wait anew too") {
  after(world, 7, 3);
  const auto ticket = waiting_ticket(world);
  days_pass(world, 7);
  EXPECT_EQ(done(world), "1/0");
  days_pass(world, 2);
  EXPECT_TRUE(write(world, world.grace(), ticket, "We looked again."));
  days_pass(world, 1);
  EXPECT_EQ(done(world), "0/0");
  days_pass(world, 6);
  EXPECT_EQ(done(world), "1/0");
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
}

DATABASE_SENTENCE(ticket_auto_close,
                  "notes and assignments are no answer, and tickets that wait for us stay") {
  after(world, 2, 2);
  const auto unanswered = open_test_ticket(world, world.ada());
  const auto silent = waiting_ticket(world);
  days_pass(world, 1);
  write_note(world, world.grace(), silent, "Calling them.");
  EXPECT_TRUE(assign(world, world.root(), silent, {Assignment::To::nobody, {}}));
  days_pass(world, 1);
  EXPECT_EQ(done(world), "1/0");
  write_note(world, world.grace(), silent, "Called.");
  days_pass(world, 2);
  EXPECT_EQ(done(world), "0/1");
  days_pass(world, 300);
  EXPECT_EQ(done(world), "0/0");
  EXPECT_TRUE(ticket_of(world, unanswered).is_open());
}

DATABASE_SENTENCE(ticket_auto_close,
                  "days that were missed give the client its days all the same") {
  after(world, 7, 3);
  const auto ticket = waiting_ticket(world);
  days_pass(world, 90);
  EXPECT_EQ(done(world), "1/0");
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
  days_pass(world, 90);
  EXPECT_EQ(done(world), "0/1");
}

DATABASE_SENTENCE(ticket_auto_close,
                  "a ticket reopened after it waits for us, and is not closed again") {
  after(world, 1, 1);
  const auto ticket = waiting_ticket(world);
  days_pass(world, 1);
  EXPECT_EQ(done(world), "1/0");
  days_pass(world, 1);
  EXPECT_EQ(done(world), "0/1");
  EXPECT_TRUE(reopen(world, world.ada(), ticket));
  days_pass(world, 5);
  EXPECT_EQ(done(world), "0/0");
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
}

DATABASE_SENTENCE(
    ticket_auto_close,
    "who got too many automatic mails today is told another day, and not closed untold") {
  after(world, 1, 1);
  std::vector<TicketId> tickets;
  for (int n = 0; n < 8; ++n) {
    tickets.push_back(waiting_ticket(world));
    days_pass(world, 1);
  }
  const auto count = [&](auto is) { return std::ranges::count_if(tickets, is); };
  const auto open = [&](TicketId ticket) { return ticket_of(world, ticket).is_open(); };
  const auto told = [&](TicketId ticket) { return !sentences(world, world.ada(), ticket).empty(); };
  const auto first = run(world);
  EXPECT_GE(first.warned, 5);
  EXPECT_LT(first.warned, 8);
  EXPECT_EQ(count(told), first.warned);
  for (int day = 0; day < 4; ++day) {
    days_pass(world, 1);
    run(world);
    EXPECT_EQ(count([&](TicketId ticket) { return !open(ticket) && !told(ticket); }), 0);
  }
  EXPECT_EQ(count(told), 8);
}

DATABASE_SENTENCE(ticket_auto_close, "switched off again, nobody is closed who was told") {
  after(world, 1, 1);
  const auto ticket = waiting_ticket(world);
  days_pass(world, 1);
  EXPECT_EQ(done(world), "1/0");
  world.site().silence.warn_days = std::nullopt;
  days_pass(world, 10);
  EXPECT_EQ(done(world), "0/0");
  EXPECT_TRUE(ticket_of(world, ticket).is_open());
}

}  // namespace cstims::test
