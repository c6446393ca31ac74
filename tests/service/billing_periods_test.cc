#include <functional>
#include <random>

#include "base/failure.h"
#include "service/billing_lines.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

TimeZone madrid() {
  return TimeZone::find("Europe/Madrid").value();
}

Date date(std::string_view text) {
  return Date::parse(text).value();
}

std::optional<Date> maybe_date(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(date(text));
}

BillingPlan plan(std::string_view term, std::string_view activated_on,
                 std::string_view ends_on = "") {
  return BillingPlan::of(ResolvedTerm::stored(term), date(activated_on), maybe_date(ends_on));
}

DatedTerm dated(std::string_view from, std::string_view term) {
  return {.from = date(from), .term = ResolvedTerm::stored(term)};
}

/// "recurring 2026-01-31..2026-02-28 due 2026-01-31 5.00" for each item, one a line.
std::string table(const BillingPlan& plan, std::string_view up_to, const BilledSoFar& billed = {}) {
  std::string lines;
  for (const DueItem& item : periods_due(plan, billed, date(up_to))) {
    lines += std::string(text(item.kind)) + ' ' + item.period.start.text() + ".." +
             item.period.next.text() + " due " + item.due_on.text() + ' ' +
             line_for(item, madrid()).net.text() + '\n';
  }
  return lines;
}

std::vector<std::string> starts(const BillingPlan& plan, std::string_view up_to) {
  std::vector<std::string> starts;
  for (const DueItem& item : periods_due(plan, {}, date(up_to)))
    starts.push_back(item.period.start.text());
  return starts;
}

using Texts = std::vector<std::string>;

}  // namespace

SENTENCE(billing_periods,
         "an order of the 31st is billed on each month's last day and never drifts") {
  EXPECT_EQ(
      starts(plan("5 €/mo", "2026-01-31"), "2026-06-30"),
      (Texts{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"}));
  EXPECT_EQ(starts(plan("5 €/mo", "2027-12-31"), "2028-03-30"),
            (Texts{"2027-12-31", "2028-01-31", "2028-02-29"}));
}

SENTENCE(
    billing_periods,
    "a yearly order of 29 February keeps the 28th in common years and the 29th in leap years") {
  EXPECT_EQ(starts(plan("60 €/y", "2024-02-29"), "2029-01-01"),
            (Texts{"2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"}));
}

SENTENCE(billing_periods, "every cycle has its length") {
  EXPECT_EQ(starts(plan("1 €/d", "2026-02-27"), "2026-03-01"),
            (Texts{"2026-02-27", "2026-02-28", "2026-03-01"}));
  EXPECT_EQ(starts(plan("1 €/w", "2026-02-27"), "2026-03-13"),
            (Texts{"2026-02-27", "2026-03-06", "2026-03-13"}));
  EXPECT_EQ(starts(plan("1 €/3mo", "2025-11-30"), "2026-08-30"),
            (Texts{"2025-11-30", "2026-02-28", "2026-05-30", "2026-08-30"}));
  EXPECT_EQ(starts(plan("1 €/6mo", "2025-08-31"), "2026-08-31"),
            (Texts{"2025-08-31", "2026-02-28", "2026-08-31"}));
  EXPECT_EQ(starts(plan("1 €/2y", "2024-02-29"), "2028-02-29"),
            (Texts{"2024-02-29", "2026-02-28", "2028-02-29"}));
  EXPECT_EQ(starts(plan("1 €/3y", "2024-02-29"), "2030-02-28"),
            (Texts{"2024-02-29", "2027-02-28", "2030-02-28"}));
}

SENTENCE(billing_periods,
         "in advance a period is due on its first day, setup and once on activation") {
  EXPECT_EQ(table(plan("5 €/mo + 10 € setup", "2026-01-15"), "2026-02-15"),
            "setup 2026-01-15..2026-01-15 due 2026-01-15 10.00\n"
            "recurring 2026-01-15..2026-02-15 due 2026-01-15 5.00\n"
            "recurring 2026-02-15..2026-03-15 due 2026-02-15 5.00\n");
  EXPECT_EQ(table(plan("25 € once", "2026-01-15"), "2030-01-01"),
            "once 2026-01-15..2026-01-15 due 2026-01-15 25.00\n");
  EXPECT_EQ(table(plan("5 €/mo", "2026-01-15"), "2026-01-14"), "");
  EXPECT_EQ(table(plan("free", "2026-01-15"), "2030-01-01"), "");
}

SENTENCE(billing_periods, "in arrears a period is due on its last boundary") {
  const auto march = plan("5 €/mo in arrears", "2026-03-31");
  EXPECT_EQ(table(march, "2026-04-29"), "");
  EXPECT_EQ(table(march, "2026-05-30"), "recurring 2026-03-31..2026-04-30 due 2026-04-30 5.00\n");
  EXPECT_EQ(table(march, "2026-05-31"),
            "recurring 2026-03-31..2026-04-30 due 2026-04-30 5.00\n"
            "recurring 2026-04-30..2026-05-31 due 2026-05-31 5.00\n");
}

SENTENCE(billing_periods, "the end cuts the last period by days, in arrears it is due at once") {
  EXPECT_EQ(table(plan("10 €/mo", "2026-03-01", "2026-04-16"), "2027-01-01"),
            "recurring 2026-03-01..2026-04-01 due 2026-03-01 10.00\n"
            "recurring 2026-04-01..2026-04-16 due 2026-04-01 5.00\n");
  EXPECT_EQ(table(plan("10 €/mo in arrears", "2026-03-01", "2026-04-16"), "2026-04-16"),
            "recurring 2026-03-01..2026-04-01 due 2026-04-01 10.00\n"
            "recurring 2026-04-01..2026-04-16 due 2026-04-16 5.00\n");
  EXPECT_EQ(table(plan("10 €/mo", "2026-03-01", "2026-04-01"), "2027-01-01"),
            "recurring 2026-03-01..2026-04-01 due 2026-03-01 10.00\n");
  EXPECT_EQ(table(plan("10 €/mo", "2026-03-01", "2026-03-02"), "2027-01-01"),
            "recurring 2026-03-01..2026-03-02 due 2026-03-01 0.32\n");
}

SENTENCE(billing_periods,
         "ancestor: bills-the-past: nothing is due before activation, and nothing under a day") {
  EXPECT_EQ(table(plan("10 €/mo", "2026-03-01"), "2020-01-31"), "");
  EXPECT_EQ(table(plan("10 €/mo + 5 € setup", "2026-03-01", "2026-03-01"), "2027-01-01"), "");
  EXPECT_EQ(table(plan("10 €/mo", "2026-03-01", "2026-02-01"), "2027-01-01"), "");
}

SENTENCE(billing_periods,
         "ancestor: month-length: a whole month costs the month's price, whatever its length") {
  for (int month = 1; month <= 12; ++month) {
    const Date first(2026, static_cast<unsigned>(month), 1);
    const auto items =
        periods_due(BillingPlan::of(ResolvedTerm::stored("10 €/mo"), first), {}, first);
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].period.days(), static_cast<int>(days_in_month(2026, first.month())));
    EXPECT_EQ(line_for(items[0], madrid()).net.text(), "10.00");
  }
}

SENTENCE(billing_periods, "hours are those of the local clock, in the nights of summer time too") {
  const auto price = [&](std::string_view from, std::string_view up_to) {
    const auto items = periods_due(plan("0.01 €/h in arrears", from), {}, date(up_to));
    EXPECT_EQ(items.size(), 1u);
    return line_for(items.at(0), madrid());
  };
  EXPECT_EQ(price("2026-01-01", "2026-02-01").quantity.text(), "744");
  EXPECT_EQ(price("2026-02-01", "2026-03-01").quantity.text(), "672");
  EXPECT_EQ(price("2026-03-01", "2026-04-01").quantity.text(), "743");
  EXPECT_EQ(price("2026-03-01", "2026-04-01").net.text(), "7.43");
  EXPECT_EQ(price("2026-10-01", "2026-11-01").quantity.text(), "745");
  const auto day = [&](std::string_view from, std::string_view to) {
    const auto items = periods_due(plan("0.01 €/h in arrears", from, to), {}, date(to));
    return line_for(items.at(0), madrid()).quantity.text();
  };
  EXPECT_EQ(day("2026-03-28", "2026-03-29"), "24");
  EXPECT_EQ(day("2026-03-29", "2026-03-30"), "23");
  EXPECT_EQ(day("2026-10-25", "2026-10-26"), "25");
}

SENTENCE(billing_periods, "a price explains itself") {
  const auto explained = [&](const BillingPlan& plan) {
    const auto line = line_for(periods_due(plan, {}, date("2027-12-31")).front(), madrid());
    return explain(line.explanation, std::mem_fn(&Message::english));
  };
  EXPECT_EQ(explained(plan("5 €/mo", "2026-03-01", "2026-04-01")),
            "1 Mar 2026 – 31 Mar 2026, 31 days, 5.00 €/mo.");
  EXPECT_EQ(explained(plan("5 €/mo", "2026-03-01", "2026-03-16")),
            "1 Mar 2026 – 15 Mar 2026, 15 of the 31 days 1 Mar 2026 – 31 Mar 2026, 5.00 €/mo. "
            "5.00 € × 15 / 31 = 2.42 €. Rounded once, half up.");
  EXPECT_EQ(
      explained(plan("0.0069 €/h in arrears", "2026-03-01", "2026-04-01")),
      "1 Mar 2026 – 31 Mar 2026, 31 days, 743 hours by the clock of Europe/Madrid, 0.0069 €/h. "
      "743 × 0.0069 € = 5.13 €. Rounded once, half up.");
  EXPECT_EQ(explained(plan("1 €/d", "2026-03-01", "2026-03-02")), "1 Mar 2026, 1 day, 1.00 €/d.");
  EXPECT_EQ(explained(plan("1 €/mo + 3 € setup", "2026-03-01", "2026-03-02")),
            "Setup, due once when billing begins, on 1 Mar 2026: 3.00 €.");
  EXPECT_EQ(explained(plan("3 € once", "2026-03-01")), "Due once on 1 Mar 2026: 3.00 €.");
}

SENTENCE(billing_periods, "quantity times unit price is the net amount, for cut periods too") {
  std::mt19937 random(11);
  const std::vector<std::string> terms = {"9.99 €/mo", "100 €/y", "0.0069 €/h", "7 €/w",
                                          "33.333 €/3mo"};
  for (int i = 0; i < 500; ++i) {
    const Date start = date("2024-01-01").plus_days(static_cast<int>(random() % 1000));
    const Date end = start.plus_days(static_cast<int>(1 + random() % 400));
    const auto whole =
        BillingPlan::of(ResolvedTerm::stored(terms[random() % terms.size()]), start, end);
    for (const DueItem& item : periods_due(whole, {}, end, 1000)) {
      const BillingLine price = line_for(item, madrid());
      ASSERT_EQ(Decimal::amount(price.quantity, price.unit_price, 1, 1, Currency::eur()),
                price.net);
      ASSERT_FALSE(price.net.is_negative());
    }
  }
}

SENTENCE(billing_periods,
         "over four years periods have no gap and no overlap, whole ones cost the price") {
  std::mt19937 random(5);
  const std::vector<std::string> cycles = {"h", "w", "mo", "3mo", "6mo", "y", "2y", "3y"};
  for (int i = 0; i < 800; ++i) {
    const Date start = date("2023-01-01").plus_days(static_cast<int>(random() % 800));
    const std::optional<Date> end =
        random() % 2 ? std::optional(start.plus_days(static_cast<int>(1 + random() % 1400)))
                     : std::nullopt;
    const std::string term =
        "10 €/" + cycles[random() % cycles.size()] + (random() % 2 ? " in arrears" : "");
    const auto made = BillingPlan::of(ResolvedTerm::stored(term), start, end);
    const Date up_to = start.plus_days(1461);
    const auto items = periods_due(made, {}, up_to, 10'000);
    Date expected = start;
    for (const DueItem& item : items) {
      ASSERT_EQ(item.period.start, expected) << term;
      ASSERT_GT(item.period.days(), 0);
      ASSERT_EQ(item.due_on, item.term.in_arrears ? item.period.next : item.period.start);
      if (!item.is_partial() && item.term.cycle != Cycle::hour) {
        ASSERT_EQ(line_for(item, madrid()).net.text(), "10.00");
      }
      expected = item.period.next;
    }
    if (end) {
      ASSERT_EQ(expected, *end) << term;
    }
  }
}

SENTENCE(billing_periods, "billing day by day gives the same items as billing all at once") {
  const auto made = plan("5 €/mo in arrears + 1 € setup", "2026-01-31", "2027-01-10");
  BilledSoFar billed;
  std::vector<DueItem> found;
  for (Date day = date("2026-01-01"); day < date("2027-03-01"); day = day.plus_days(1)) {
    const auto next = next_due_date(made, billed);
    const auto due = periods_due(made, billed, day);
    EXPECT_EQ(!due.empty(), next && *next <= day);
    for (const DueItem& item : due) {
      found.push_back(item);
      if (item.kind == ItemKind::setup) billed.setup = true;
      if (item.kind == ItemKind::recurring) billed.recurring_until = item.period.next;
    }
  }
  EXPECT_EQ(found, periods_due(made, {}, date("2027-03-01")));
  EXPECT_EQ(next_due_date(made, billed), std::nullopt);
}

SENTENCE(billing_periods, "a new price counts from its date and keeps the anchor day") {
  BillingPlan changed = plan("5 €/mo", "2026-01-31");
  changed.terms.push_back(dated("2026-02-28", "6 €/mo"));
  changed.terms.push_back(dated("2026-04-30", "60 €/y"));
  EXPECT_EQ(table(changed, "2027-04-30"),
            "recurring 2026-01-31..2026-02-28 due 2026-01-31 5.00\n"
            "recurring 2026-02-28..2026-03-31 due 2026-02-28 6.00\n"
            "recurring 2026-03-31..2026-04-30 due 2026-03-31 6.00\n"
            "recurring 2026-04-30..2027-04-30 due 2026-04-30 60.00\n"
            "recurring 2027-04-30..2028-04-30 due 2027-04-30 60.00\n");
}

SENTENCE(billing_periods, "the setup price is due once, not again with a new price") {
  BillingPlan changed = plan("5 €/mo + 10 € setup", "2026-01-01");
  changed.terms.push_back(dated("2026-02-01", "6 €/mo + 10 € setup"));
  EXPECT_EQ(table(changed, "2026-02-01"),
            "setup 2026-01-01..2026-01-01 due 2026-01-01 10.00\n"
            "recurring 2026-01-01..2026-02-01 due 2026-01-01 5.00\n"
            "recurring 2026-02-01..2026-03-01 due 2026-02-01 6.00\n");
}

SENTENCE(billing_periods, "a new price may start where the next period begins that is not billed") {
  const auto made = plan("5 €/mo", "2026-01-15");
  EXPECT_EQ(next_period_start(made, {}, date("2026-02-20")), date("2026-03-15"));
  EXPECT_EQ(next_period_start(made, {}, date("2026-03-15")), date("2026-03-15"));
  EXPECT_EQ(next_period_start(made, {.recurring_until = date("2026-05-15")}, date("2026-02-20")),
            date("2026-05-15"));
  EXPECT_EQ(next_period_start(plan("free", "2026-01-15"), {}, date("2026-02-20")), std::nullopt);
}

SENTENCE(billing_periods, "the period around a day tells where it ends") {
  const auto made = plan("5 €/mo", "2026-01-31");
  EXPECT_EQ(period_around(made, date("2026-02-28")),
            (BillingPeriod{date("2026-02-28"), date("2026-03-31")}));
  EXPECT_EQ(period_around(made, date("2026-02-27"))->next, date("2026-02-28"));
  EXPECT_EQ(period_around(made, date("2026-01-30")), std::nullopt);
  EXPECT_EQ(period_around(plan("25 € once", "2026-01-31"), date("2026-01-31")), std::nullopt);
}

SENTENCE(billing_periods, "a wrong clock does not make hundreds of invoices") {
  const auto made = plan("1 €/d", "2026-01-01");
  EXPECT_EQ(periods_due(made, {}, date("2026-01-01").plus_days(99)).size(), 100u);
  EXPECT_THROW(periods_due(made, {}, date("2026-01-01").plus_days(100)), Failure);
  EXPECT_EQ(periods_due(made, {}, date("2026-01-01").plus_days(399), 400).size(), 400u);
  EXPECT_THROW(periods_due(made, {}, date("9000-01-01")), Failure);
  const BilledSoFar billed{.recurring_until = date("2027-01-01")};
  EXPECT_EQ(periods_due(made, billed, date("2027-01-02")).size(), 2u);
}
