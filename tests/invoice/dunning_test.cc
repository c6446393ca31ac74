#include "invoice/dunning.h"

#include <fmt/format.h>

#include "base/text.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

/// "reminder 3 2026-03-21, overdue 1 2026-03-25".
std::string text_of(const std::vector<DunningStep>& steps) {
  std::vector<std::string> words;
  for (const auto& step : steps) {
    words.push_back(fmt::format("{} {} {}", text(step.kind), step.days, step.due_on.text()));
  }
  return join(words, ", ");
}

std::vector<DunningStep> standard_steps() {
  return dunning_steps({}, Date(2026, 3, 10), Date(2026, 3, 24));
}

/// "send 1, skip 0 2".
std::string decision_text(const std::vector<DunningStep>& open, Date today) {
  const auto decision = decide_steps(open, today);
  std::string words = decision.send ? fmt::format("send {}", *decision.send) : "nothing";
  for (const auto skipped : decision.skip) words += fmt::format(", skip {}", skipped);
  return words;
}

std::string expected_text(const std::vector<DunningStep>& open, Date today, Date until) {
  std::vector<std::string> words;
  for (const auto& one : expected_steps(open, today, until)) {
    words.push_back(fmt::format("{}: {} {}", one.on.text(), text(one.step.kind), one.step.days));
  }
  return join(words, ", ");
}

SENTENCE(dunning, "the steps of an invoice are computed from its dates and the settings") {
  struct Row {
    DunningSettings settings;
    Date issued_on, due_date;
    std::string_view steps;
  };
  const Row table[] = {
      {{},
       Date(2026, 3, 10),
       Date(2026, 3, 24),
       "reminder 3 2026-03-21, overdue 1 2026-03-25, overdue 7 2026-03-31, overdue 14 2026-04-07"},
      {{.overdue_days = {}}, Date(2026, 3, 10), Date(2026, 3, 24), "reminder 3 2026-03-21"},
      {{.reminder_days_before = std::nullopt, .overdue_days = {5}},
       Date(2026, 3, 10),
       Date(2026, 3, 24),
       "overdue 5 2026-03-29"},
      {{.reminder_days_before = std::nullopt, .overdue_days = {}},
       Date(2026, 3, 10),
       Date(2026, 3, 24),
       ""},
      // A reminder on the day of issue, or before, is none.
      {{.overdue_days = {1}}, Date(2026, 3, 10), Date(2026, 3, 13), "overdue 1 2026-03-14"},
      {{.overdue_days = {1}},
       Date(2026, 3, 10),
       Date(2026, 3, 14),
       "reminder 3 2026-03-11, overdue 1 2026-03-15"},
      {{.reminder_days_before = 0, .overdue_days = {}}, Date(2026, 3, 10), Date(2026, 3, 10), ""},
      {{.reminder_days_before = 0, .overdue_days = {}},
       Date(2026, 3, 10),
       Date(2026, 3, 11),
       "reminder 0 2026-03-11"},
      // Over the end of February and of the year.
      {{.reminder_days_before = 3, .overdue_days = {1}},
       Date(2028, 2, 15),
       Date(2028, 2, 29),
       "reminder 3 2028-02-26, overdue 1 2028-03-01"},
      {{.reminder_days_before = 3, .overdue_days = {1, 365}},
       Date(2026, 12, 20),
       Date(2027, 1, 2),
       "reminder 3 2026-12-30, overdue 1 2027-01-03, overdue 365 2028-01-02"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(text_of(dunning_steps(row.settings, row.issued_on, row.due_date)), row.steps);
  }
}

SENTENCE(dunning, "of the steps that are due the newest is sent and the older ones are skipped") {
  const auto steps = standard_steps();
  EXPECT_EQ(decision_text(steps, Date(2026, 3, 20)), "nothing");
  EXPECT_EQ(decision_text(steps, Date(2026, 3, 21)), "send 0");
  EXPECT_EQ(decision_text(steps, Date(2026, 3, 24)), "send 0");
  EXPECT_EQ(decision_text(steps, Date(2026, 3, 25)), "send 1, skip 0");
  EXPECT_EQ(decision_text(steps, Date(2026, 4, 6)), "send 2, skip 0, skip 1");
  EXPECT_EQ(decision_text(steps, Date(2027, 1, 1)), "send 3, skip 0, skip 1, skip 2");
  EXPECT_EQ(decision_text({}, Date(2027, 1, 1)), "nothing");
}

SENTENCE(dunning, "a day that was missed is made up for today, what lies ahead keeps its day") {
  const auto steps = standard_steps();
  EXPECT_EQ(expected_text(steps, Date(2026, 3, 10), Date(2026, 3, 20)), "");
  EXPECT_EQ(expected_text(steps, Date(2026, 3, 10), Date(2026, 3, 31)),
            "2026-03-21: reminder 3, 2026-03-25: overdue 1, 2026-03-31: overdue 7");
  EXPECT_EQ(expected_text(steps, Date(2026, 3, 29), Date(2026, 4, 30)),
            "2026-03-29: overdue 1, 2026-03-31: overdue 7, 2026-04-07: overdue 14");
  EXPECT_EQ(expected_text(steps, Date(2026, 5, 1), Date(2026, 5, 1)), "2026-05-01: overdue 14");
}

SENTENCE(dunning, "running every day sends each step once, on whichever days the job is missed") {
  // Every pattern of ten days on which the job ran or did not, then one last run.
  for (unsigned pattern = 0; pattern < 1024; ++pattern) {
    auto open = dunning_steps({.reminder_days_before = 1, .overdue_days = {1, 3, 4}},
                              Date(2026, 3, 1), Date(2026, 3, 5));
    const std::size_t planned = open.size();
    std::size_t sent = 0;
    std::size_t skipped = 0;
    for (int day = 0; day <= 10; ++day) {
      if (day < 10 && (pattern >> day & 1U) == 0) continue;
      const Date today = Date(2026, 3, 2).plus_days(day);
      const auto decision = decide_steps(open, today);
      if (!decision.send) continue;
      ++sent;
      skipped += decision.skip.size();
      ASSERT_EQ(*decision.send, decision.skip.size()) << "all that are older are skipped";
      open.erase(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(*decision.send) + 1);
      ASSERT_FALSE(decide_steps(open, today).send) << "twice on one day changes nothing";
    }
    ASSERT_TRUE(open.empty());
    ASSERT_EQ(sent + skipped, planned);
  }
}

SENTENCE(dunning, "steps are named for people") {
  EXPECT_EQ(shown(DunningStep{StepKind::reminder, 3, Date(2026, 3, 1)}).english(),
            "3 days before it is due");
  EXPECT_EQ(shown(DunningStep{StepKind::reminder, 1, Date(2026, 3, 1)}).english(),
            "a day before it is due");
  EXPECT_EQ(shown(DunningStep{StepKind::reminder, 0, Date(2026, 3, 1)}).english(),
            "on the day it is due");
  EXPECT_EQ(shown(DunningStep{StepKind::overdue, 1, Date(2026, 3, 1)}).english(), "a day overdue");
  EXPECT_EQ(shown(DunningStep{StepKind::overdue, 14, Date(2026, 3, 1)}).english(),
            "14 days overdue");
}

}  // namespace
}  // namespace cstims::test
