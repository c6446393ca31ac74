#include "ticket/ticket_report.h"

#include "base/text.h"
#include "ticket/desk.h"
#include "ticket/ticket_rating_store.h"

namespace cstims::test {
namespace {

using Minutes = std::optional<std::int64_t>;

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

void pass(World& world, std::chrono::seconds time) {
  world.clock().advance(time);
}

/// To that instant, which is to come.
void go_to(World& world, const std::string& instant) {
  const auto now = world.clock().now().unix_seconds();
  const auto then = Instant::stored(instant).unix_seconds();
  ASSERT_GE(then, now);
  pass(world, std::chrono::seconds(then - now));
}

TicketReport report(World& world, Date month, int months = 3) {
  return world.database().read(
      [&](Transaction& tx) { return ticket_report(tx, world.site().zone, month, months); });
}

TicketFigures figures(World& world, Date month) {
  return report(world, month).months.back().figures;
}

/// "opened closed nofix reopened".
std::string counts(const TicketFigures& figures) {
  return join({std::to_string(figures.opened), std::to_string(figures.closed),
               std::to_string(figures.nofix), std::to_string(figures.reopened)},
              " ");
}

void rate(World& world, TicketId ticket, bool good, const std::string& comment) {
  const auto closing = entries_of(world, world.root(), ticket).back().id;
  world.act(world.root(), [&](Act& act) {
    put_rating(act.tx, {ticket, closing}, {good, comment});
  });
}

}  // namespace

SENTENCE(ticket_report, "the median is the middle one, or lies between the middle two") {
  EXPECT_EQ(median({}), Minutes());
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({9, 1}), 5);
  EXPECT_EQ(median({4, 1}), 2) << "rounded down";
  EXPECT_EQ(median({100, 2, 3}), 3);
  EXPECT_EQ(median({100, 4, 2, 3}), 3);
  EXPECT_EQ(median({5, 5, 5, 5, 0}), 5);
}

SENTENCE(ticket_report, "times are shown in their two greatest units") {
  EXPECT_EQ(show_minutes(std::nullopt), "–");
  EXPECT_EQ(show_minutes(0), "0 min");
  EXPECT_EQ(show_minutes(59), "59 min");
  EXPECT_EQ(show_minutes(60), "1 h 0 min");
  EXPECT_EQ(show_minutes(200), "3 h 20 min");
  EXPECT_EQ(show_minutes(24 * 60), "1 d 0 h");
  EXPECT_EQ(show_minutes(3125), "2 d 4 h");
}

DATABASE_SENTENCE(ticket_report,
                  "months are the site's: an hour before midnight in Madrid is the old month") {
  go_to(world, "2027-01-31T22:30:00Z");
  open_test_ticket(world, world.ada());
  pass(world, std::chrono::hours(1));
  open_test_ticket(world, world.ada());
  open_test_ticket(world, world.ada());
  EXPECT_EQ(counts(figures(world, Date(2027, 1, 1))), "1 0 0 0");
  EXPECT_EQ(counts(figures(world, Date(2027, 2, 1))), "2 0 0 0");
  EXPECT_EQ(counts(figures(world, Date(2027, 3, 1))), "0 0 0 0");
  const auto months = report(world, Date(2027, 3, 1)).months;
  ASSERT_EQ(months.size(), 3U);
  EXPECT_EQ(months[0].first_day, Date(2027, 1, 1));
  EXPECT_EQ(months[0].figures.opened, 1);
  EXPECT_EQ(months[1].figures.opened, 2);
}

DATABASE_SENTENCE(ticket_report, "what happened counts in its month and stays there") {
  go_to(world, "2027-01-10T10:00:00Z");
  const auto solved = open_test_ticket(world, world.ada());
  const auto hopeless = open_test_ticket(world, world.bob());
  pass(world, std::chrono::minutes(30));
  EXPECT_TRUE(write(world, world.grace(), solved, "Yes."));
  pass(world, std::chrono::minutes(30));
  EXPECT_TRUE(close(world, world.grace(), solved));
  pass(world, std::chrono::hours(24 * 30));  // 9 February
  EXPECT_TRUE(close(world, world.grace(), hopeless, TicketStatus::nofix));
  EXPECT_TRUE(reopen(world, world.grace(), solved));
  const auto january = figures(world, Date(2027, 1, 1));
  EXPECT_EQ(counts(january), "2 1 0 0");
  EXPECT_EQ(january.first_reply, 30) << "of the one that was answered";
  EXPECT_EQ(january.solution, 60);
  const auto february = figures(world, Date(2027, 2, 1));
  EXPECT_EQ(counts(february), "0 0 1 1");
  EXPECT_EQ(february.first_reply, Minutes());
  EXPECT_EQ(february.solution, 30 * 24 * 60 + 60);
}

DATABASE_SENTENCE(ticket_report,
                  "notes, later replies and the client's own words are no first reply") {
  go_to(world, "2027-01-10T10:00:00Z");
  const auto ticket = open_test_ticket(world, world.ada());
  pass(world, std::chrono::minutes(5));
  write_note(world, world.grace(), ticket, "Hm.");
  EXPECT_TRUE(write(world, world.ada(), ticket, "Hello?"));
  pass(world, std::chrono::minutes(5));
  EXPECT_TRUE(write(world, world.grace(), ticket, "Hello."));
  pass(world, std::chrono::minutes(50));
  EXPECT_TRUE(write(world, world.root(), ticket, "Again."));
  EXPECT_EQ(figures(world, Date(2027, 1, 1)).first_reply, 10);
}

DATABASE_SENTENCE(ticket_report,
                  "people and services are told apart, what is nobody's has no name") {
  go_to(world, "2027-01-10T10:00:00Z");
  const auto order = insert_test_order(world, world.ada(), "web1");
  const auto of_service = world
                              .act(world.ada(),
                                   [&](Act& act) {
                                     return open_ticket(act, {order, "Down", "Since noon.", {}});
                                   })
                              .value();
  EXPECT_TRUE(assign(world, world.grace(), of_service));
  EXPECT_TRUE(close(world, world.grace(), of_service));
  rate(world, of_service, true, "Quick!");
  open_test_ticket(world, world.bob());
  const auto month = report(world, Date(2027, 1, 1));
  ASSERT_EQ(month.people.size(), 2U);
  EXPECT_EQ(month.people[0].name, "grace");
  EXPECT_EQ(counts(month.people[0].figures), "1 1 0 0");
  EXPECT_EQ(month.people[0].figures.good, 1);
  EXPECT_EQ(month.people[1].name, "");
  EXPECT_EQ(counts(month.people[1].figures), "1 0 0 0");
  ASSERT_EQ(month.services.size(), 2U);
  EXPECT_EQ(month.services[0].name, "Small VPS");
  EXPECT_EQ(month.services[1].name, "");
  ASSERT_EQ(month.comments.size(), 1U);
  EXPECT_EQ(month.comments[0].comment, "Quick!");
}

DATABASE_SENTENCE(ticket_report, "the page shows the month asked for, and the same as CSV") {
  go_to(world, "2027-01-10T10:00:00Z");
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(assign(world, world.grace(), ticket));
  pass(world, std::chrono::minutes(200));
  EXPECT_TRUE(write(world, world.grace(), ticket, "Yes."));
  EXPECT_TRUE(close(world, world.grace(), ticket));
  rate(world, ticket, false, "<slow>");
  pass(world, std::chrono::hours(24 * 30));
  Visitor grace(world, world.grace());
  const auto now = grace.get("/helpdesk/report");
  EXPECT_EQ(now.status, 200);
  EXPECT_TRUE(holds(now, "<option value=\"2027-02\" selected>Feb 2027"));
  EXPECT_FALSE(holds(now, "&lt;slow&gt;"));
  const auto then = grace.get("/helpdesk/report?month=2027-01");
  EXPECT_TRUE(holds(then, "&lt;slow&gt;"));
  EXPECT_TRUE(holds(then, "3 h 20 min"));
  EXPECT_TRUE(holds(grace.get("/helpdesk/report?month=1999-13"), "value=\"2027-02\" selected"));
  const auto csv = grace.get("/helpdesk/report?month=2027-01&format=csv").body;
  EXPECT_NE(csv.find("2027-01,all,,1,1,0,0,200,200,0,1\r\n"), std::string::npos) << csv;
  EXPECT_NE(csv.find("2027-01,person,grace,1,1,0,0,200,200,0,1\r\n"), std::string::npos);
  EXPECT_NE(csv.find("2027-01,service,,1,1,0,0,200,200,0,1\r\n"), std::string::npos);
  EXPECT_EQ(Visitor(world, world.luca()).get("/helpdesk/report").status, 403);
  EXPECT_EQ(Visitor(world, world.ada()).get("/helpdesk/report").status, 403);
}

}  // namespace cstims::test
