// Periods against a naive model that knows no arithmetic of months: it walks the calendar day by
// day and asks of each day whether a period begins there.
#include <random>

#include "service/billing_periods.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

struct Asked {
  Date start;
  Cycle cycle = Cycle::month;
  std::optional<unsigned> anchor;
  bool in_arrears = false;
  std::optional<Date> end;
  Date as_of;
};

struct Naive {
  Date from;
  Date to;
  int period_days;
  auto operator<=>(const Naive&) const = default;
};

bool is_anchor_day(Date day, unsigned anchor) {
  const bool last_of_month = day.plus_days(1).month() != day.month();
  return day.day() == anchor || (last_of_month && day.day() < anchor);
}

/// The first day from the start on that is an anchor day.
Date first_boundary(const Asked& asked, unsigned anchor) {
  Date day = asked.start;
  while (!is_anchor_day(day, anchor)) day = day.plus_days(1);
  return day;
}

bool begins_period(const Asked& asked, Date day) {
  if (days_of(asked.cycle) > 0) return days_between(asked.start, day) % days_of(asked.cycle) == 0;
  const unsigned anchor = asked.anchor.value_or(asked.start.day());
  if (!is_anchor_day(day, anchor)) return false;
  const Date first = first_boundary(asked, anchor);
  const int months = (day.year() - first.year()) * 12 + static_cast<int>(day.month()) -
                     static_cast<int>(first.month());
  return months % months_of(asked.cycle) == 0;
}

Date boundary_after(const Asked& asked, Date day) {
  do {
    day = day.plus_days(1);
  } while (!begins_period(asked, day));
  return day;
}

Date boundary_up_to(const Asked& asked, Date day) {
  while (!begins_period(asked, day)) day = day.plus_days(-1);
  return day;
}

std::vector<Naive> naive_periods(const Asked& asked) {
  std::vector<Naive> periods;
  for (Date from = asked.start; !asked.end || from < *asked.end;) {
    const Date next = boundary_after(asked, from);
    const Date to = asked.end ? std::min(next, *asked.end) : next;
    if ((asked.in_arrears ? to : from) > asked.as_of) break;
    periods.push_back({from, to, days_between(boundary_up_to(asked, from), next)});
    from = to;
  }
  return periods;
}

std::vector<Naive> periods_of(const Asked& asked) {
  auto plan = BillingPlan::of({.is_free = false,
                               .currency = Currency::eur(),
                               .cycle = asked.cycle,
                               .in_arrears = asked.in_arrears},
                              asked.start, asked.end);
  plan.anchor_day = asked.anchor;
  std::vector<Naive> periods;
  for (const auto& item : periods_due(plan, {}, asked.as_of, 10'000)) {
    periods.push_back({item.period.start, item.period.next, item.whole_period.days()});
  }
  return periods;
}

std::string told(const Asked& asked) {
  return asked.start.text() + ' ' + std::string(text(asked.cycle)) + " anchor " +
         (asked.anchor ? std::to_string(*asked.anchor) : "-") +
         (asked.in_arrears ? " arrears" : " advance") + " end " +
         (asked.end ? asked.end->text() : "-") + " as of " + asked.as_of.text();
}

/// Half of the days lie at the end of a month, where mistakes are.
Date random_day(std::mt19937& random, int days) {
  const Date day =
      Date(2023, 1, 1).plus_days(static_cast<int>(random() % static_cast<unsigned>(days)));
  if (random() % 2) return day;
  const auto back = static_cast<int>(random() % 4);
  return Date(day.year(), day.month(), days_in_month(day.year(), day.month())).plus_days(-back);
}

Asked random_question(std::mt19937& random) {
  constexpr Cycle cycles[] = {
      Cycle::hour,         Cycle::day,        Cycle::week, Cycle::month,     Cycle::month,
      Cycle::three_months, Cycle::six_months, Cycle::year, Cycle::two_years, Cycle::three_years};
  Asked asked{.start = random_day(random, 1500),
              .cycle = cycles[random() % std::size(cycles)],
              .anchor = {},
              .in_arrears = random() % 2 == 0,
              .end = {},
              .as_of = Date(2023, 1, 1)};
  if (random() % 2) asked.anchor = 1 + random() % 31;
  if (random() % 3 == 0) asked.end = asked.start.plus_days(static_cast<int>(random() % 900));
  asked.as_of = asked.start.plus_days(static_cast<int>(random() % 900) - 5);
  return asked;
}

}  // namespace

SENTENCE(billing_oracle, "periods are those that a walk over the calendar finds") {
  std::mt19937 random(2026);
  for (int i = 0; i < 3000; ++i) {
    const auto asked = random_question(random);
    ASSERT_EQ(periods_of(asked), naive_periods(asked)) << told(asked);
  }
}

SENTENCE(billing_oracle, "every start and anchor day of two years gives the true first part") {
  for (Date start(2027, 12, 25); start < Date(2029, 3, 5); start = start.plus_days(1)) {
    for (unsigned anchor = 1; anchor <= 31; ++anchor) {
      const Asked asked{.start = start,
                        .cycle = Cycle::month,
                        .anchor = anchor,
                        .end = {},
                        .as_of = start.plus_days(40)};
      ASSERT_EQ(periods_of(asked), naive_periods(asked)) << told(asked);
    }
  }
}
