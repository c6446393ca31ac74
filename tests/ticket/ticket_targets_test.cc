#include "ticket/ticket_targets.h"

#include "ticket/desk.h"

namespace cstims::test {
namespace {

TargetSettings settings_of(std::string_view targets, std::string_view hours = "09:00-18:00",
                           std::string_view days = "mon-fri") {
  return read_targets(targets, hours, days).value();
}

Instant at(std::string_view text) {
  return Instant::stored(text);
}

struct Case {
  const char* from;
  std::int64_t minutes;
  const char* due;
};

void expect_due(const TargetSettings& settings, const std::vector<Case>& cases) {
  const auto zone = madrid();
  const BusinessHours hours(settings, zone);
  for (const auto& [from, minutes, due] : cases) {
    const auto found = hours.after(at(from), minutes * 60);
    ASSERT_TRUE(found) << from;
    EXPECT_EQ(found->text(), due) << from << " + " << minutes;
    EXPECT_EQ(hours.between(at(from), *found), minutes * 60) << from << " + " << minutes;
  }
}

std::string due_text(const std::optional<Instant>& due) {
  return due ? due->text() : "none";
}

}  // namespace

SENTENCE(ticket_targets, "hours of business pass on business days only, in the site's time zone") {
  // Madrid: 9 to 18 is 8 to 17 UTC in winter, 7 to 16 in summer; 2026-03-10 is a Tuesday.
  expect_due(settings_of(""), {
                                  {"2026-03-10T09:00:00Z", 60, "2026-03-10T10:00:00Z"},
                                  {"2026-03-10T03:00:00Z", 60, "2026-03-10T09:00:00Z"},
                                  {"2026-03-10T16:30:00Z", 60, "2026-03-11T08:30:00Z"},
                                  {"2026-03-10T17:00:00Z", 1, "2026-03-11T08:01:00Z"},
                                  {"2026-03-10T08:00:00Z", 9 * 60, "2026-03-10T17:00:00Z"},
                                  {"2026-03-10T08:00:00Z", 9 * 60 + 1, "2026-03-11T08:01:00Z"},
                                  {"2026-03-13T16:00:00Z", 120, "2026-03-16T09:00:00Z"},
                                  {"2026-03-14T12:00:00Z", 30, "2026-03-16T08:30:00Z"},
                                  {"2026-03-10T08:00:00Z", 5 * 9 * 60, "2026-03-16T17:00:00Z"},
                                  {"2026-12-31T16:00:00Z", 120, "2027-01-01T09:00:00Z"},
                              });
}

SENTENCE(ticket_targets, "the night the clocks change moves the hours of the next business day") {
  // Summer time begins on 2026-03-29 at 01:00 UTC and ends on 2026-10-25 at 01:00 UTC, both
  // Sundays.
  expect_due(settings_of(""), {
                                  {"2026-03-27T16:00:00Z", 120, "2026-03-30T08:00:00Z"},
                                  {"2026-03-28T10:00:00Z", 60, "2026-03-30T08:00:00Z"},
                                  {"2026-10-23T15:00:00Z", 120, "2026-10-26T09:00:00Z"},
                              });
  // Day and night, all days: the short day has 23 hours, the long one 25.
  const auto always = settings_of("", "00:00-24:00", "mon-sun");
  expect_due(always, {
                         {"2026-03-28T23:00:00Z", 23 * 60, "2026-03-29T22:00:00Z"},
                         {"2026-10-24T22:00:00Z", 25 * 60, "2026-10-25T23:00:00Z"},
                         {"2026-03-10T09:00:00Z", 72 * 60, "2026-03-13T09:00:00Z"},
                     });
  // Hours within the night itself: 02:30 does not come on the short day.
  const auto night = settings_of("", "01:00-02:30", "sun");
  expect_due(night, {
                        {"2026-03-28T12:00:00Z", 60, "2026-03-29T01:00:00Z"},
                        {"2026-03-28T12:00:00Z", 61, "2026-04-04T23:01:00Z"},
                        {"2026-10-24T12:00:00Z", 90, "2026-10-25T00:30:00Z"},
                    });
}

SENTENCE(ticket_targets, "settings are read or refused whole") {
  const auto read = settings_of("urgent=1/8, high=4/24 ,low=0/0", "08:30-14:00", "mon,wed,sat-sun");
  EXPECT_EQ(read.of_priority.at(3).first_reply, 1);
  EXPECT_EQ(read.of_priority.at(3).solution, 8);
  EXPECT_EQ(read.of_priority.at(2).solution, 24);
  EXPECT_EQ(read.of_priority.at(1).solution, 0);
  EXPECT_EQ(read.opens.count(), 8 * 60 + 30);
  EXPECT_EQ(read.days, (std::array<bool, 7>{true, false, true, false, false, true, true}));
  EXPECT_EQ(settings_of("", "09:00-18:00", "sat-mon").days,
            (std::array<bool, 7>{true, false, false, false, false, true, true}));
  for (const auto* wrong : {"urgent", "urgent=1", "urgent=1/x", "urgent=-1/2", "soon=1/2",
                            "urgent=1/2,", "urgent/1=2", "urgent=1/99999"}) {
    EXPECT_FALSE(read_targets(wrong, "09:00-18:00", "mon-fri")) << wrong;
  }
  for (const auto* wrong : {"", "9-18", "18:00-09:00", "09:00", "09:00-24:01", "09:60-18:00",
                            "09:00-09:00", "09:00-12:00-18:00"}) {
    EXPECT_FALSE(read_targets("", wrong, "mon-fri")) << wrong;
  }
  for (const auto* wrong : {"", "monday", "mon-", "mon-tue-wed", "mon,,tue"}) {
    EXPECT_FALSE(read_targets("", "09:00-18:00", wrong)) << wrong;
  }
}

SENTENCE(ticket_targets, "distances are told in the two largest units that matter") {
  EXPECT_EQ(show_distance(0), "1 min");
  EXPECT_EQ(show_distance(59 * 60), "59 min");
  EXPECT_EQ(show_distance(3600), "1 h");
  EXPECT_EQ(show_distance(9 * 3600 + 300), "9 h 5 min");
  EXPECT_EQ(show_distance(47 * 3600), "47 h");
  EXPECT_EQ(show_distance(52 * 3600), "2 d 4 h");
  EXPECT_EQ(show_distance(500 * 3600), "20 d");
}

DATABASE_SENTENCE(ticket_targets, "without targets nothing is ever due") {
  const auto id = open_test_ticket(world, world.ada());
  EXPECT_FALSE(ticket_of(world, id).due.first());
}

DATABASE_SENTENCE(ticket_targets,
                  "a ticket is due by its priority, pauses while its client is asked, and is due "
                  "never once it is closed") {
  world.site().targets = settings_of("urgent=1/4, normal=4/16");
  const auto id = open_test_ticket(world, world.ada());  // Tuesday 10:00 there
  EXPECT_EQ(due_text(ticket_of(world, id).due.reply_due), "2026-03-10T13:00:00Z");
  EXPECT_EQ(due_text(ticket_of(world, id).due.solution_due), "2026-03-11T16:00:00Z");
  ASSERT_TRUE(world.act(
      world.grace(), [&](Act& act) { return prioritize_ticket(act, id, TicketPriority::urgent); }));
  EXPECT_EQ(due_text(ticket_of(world, id).due.reply_due), "2026-03-10T10:00:00Z");
  EXPECT_EQ(due_text(ticket_of(world, id).due.solution_due), "2026-03-10T13:00:00Z");
  world.clock().advance(std::chrono::minutes(30));
  write_note(world, world.grace(), id, "only a note");
  EXPECT_EQ(due_text(ticket_of(world, id).due.reply_due), "2026-03-10T10:00:00Z");
  ASSERT_TRUE(write(world, world.grace(), id, "Which address?"));
  EXPECT_FALSE(ticket_of(world, id).due.first()) << "it waits for the client";
  // Two hours of business pass until the client answers: they are added.
  world.clock().advance(std::chrono::hours(2));
  ASSERT_TRUE(write(world, world.ada(), id, "This one."));
  EXPECT_FALSE(ticket_of(world, id).due.reply_due) << "it was answered before";
  EXPECT_EQ(due_text(ticket_of(world, id).due.solution_due), "2026-03-10T15:00:00Z");
  ASSERT_TRUE(close(world, world.grace(), id));
  EXPECT_FALSE(ticket_of(world, id).due.first());
  world.clock().advance(std::chrono::hours(20));  // Wednesday 08:30 there
  ASSERT_TRUE(reopen(world, world.ada(), id));
  EXPECT_EQ(due_text(ticket_of(world, id).due.reply_due), "2026-03-11T09:00:00Z");
  EXPECT_EQ(due_text(ticket_of(world, id).due.solution_due), "2026-03-11T12:00:00Z");
}

DATABASE_SENTENCE(ticket_targets,
                  "the priority is set by the helpdesk, told in the thread, not to the client") {
  const auto id = open_test_ticket(world, world.ada());
  const auto set = [&](const Viewer& viewer, TicketPriority priority) {
    return world.act(viewer, [&](Act& act) { return prioritize_ticket(act, id, priority); });
  };
  ASSERT_TRUE(set(world.grace(), TicketPriority::high));
  ASSERT_TRUE(set(world.grace(), TicketPriority::high)) << "twice is once";
  EXPECT_THROW(static_cast<void>(set(world.ada(), TicketPriority::urgent)), Forbidden);
  EXPECT_THROW(static_cast<void>(set(world.luca(), TicketPriority::urgent)), Forbidden);
  EXPECT_THROW(static_cast<void>(set(world.bob(), TicketPriority::urgent)), NotFound);
  EXPECT_EQ(ticket_of(world, id).priority, TicketPriority::high);
  ASSERT_EQ(entries_of(world, world.root(), id).size(), 1U);
  EXPECT_EQ(describe(EventText::stored(entries_of(world, world.root(), id).front().body), "grace")
                .english(),
            "grace set the priority to high.");
  EXPECT_TRUE(entries_of(world, world.ada(), id).empty());
}

}  // namespace cstims::test
