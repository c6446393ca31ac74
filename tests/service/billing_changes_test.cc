// Alignment, trials, quantities, coupons, pauses and changes: what bends the plain grid of periods.
#include <functional>

#include "service/billing_lines.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

Date date(std::string_view text) {
  return Date::parse(text).value();
}

TimeZone madrid() {
  return TimeZone::find("Europe/Madrid").value();
}

DatedTerm dated(std::string_view from, std::string_view term) {
  return {.from = date(from), .term = ResolvedTerm::stored(term)};
}

BillingPlan plan(std::string_view term, std::string_view activated_on) {
  return BillingPlan::of(ResolvedTerm::stored(term), date(activated_on));
}

BillingPlan aligned(std::string_view term, std::string_view activated_on, unsigned anchor_day) {
  auto made = plan(term, activated_on);
  made.anchor_day = anchor_day;
  return made;
}

/// "2026-01-31..2026-02-28 28/29 due 2026-01-31 9.66" a line.
std::string table(const BillingPlan& plan, std::string_view as_of, const BilledSoFar& billed = {}) {
  std::string lines;
  for (const auto& item : periods_due(plan, billed, date(as_of))) {
    if (item.kind != ItemKind::recurring) lines += std::string(text(item.kind)) + ' ';
    lines += item.period.start.text() + ".." + item.period.next.text() + ' ' +
             std::to_string(item.period.days()) + '/' + std::to_string(item.whole_period.days()) +
             " due " + item.due_on.text() + ' ' + line_for(item, madrid()).net.text() + '\n';
  }
  return lines;
}

std::string explanation(const BillingPlan& plan, std::size_t number) {
  const auto items = periods_due(plan, {}, date("2030-01-01"));
  return explain(line_for(items.at(number), madrid()).explanation, std::mem_fn(&Message::english));
}

}  // namespace

SENTENCE(billing_changes,
         "an aligned order pays the days up to the first anchor day by the period they lie in") {
  EXPECT_EQ(table(aligned("10 €/mo", "2026-01-31", 30), "2026-03-30"),
            "2026-01-31..2026-02-28 28/29 due 2026-01-31 9.66\n"
            "2026-02-28..2026-03-30 30/30 due 2026-02-28 10.00\n"
            "2026-03-30..2026-04-30 31/31 due 2026-03-30 10.00\n");
  EXPECT_EQ(table(aligned("31 €/mo", "2026-01-15", 1), "2026-02-01"),
            "2026-01-15..2026-02-01 17/31 due 2026-01-15 17.00\n"
            "2026-02-01..2026-03-01 28/28 due 2026-02-01 31.00\n");
}

SENTENCE(billing_changes, "an order that begins on the anchor day has no partial period") {
  EXPECT_EQ(table(aligned("10 €/mo", "2026-02-28", 31), "2026-03-31"),
            "2026-02-28..2026-03-31 31/31 due 2026-02-28 10.00\n"
            "2026-03-31..2026-04-30 30/30 due 2026-03-31 10.00\n");
}

SENTENCE(billing_changes,
         "longer periods align to the first anchor day too; days and weeks know none") {
  EXPECT_EQ(table(aligned("90 €/3mo", "2026-01-15", 1), "2026-05-01"),
            "2026-01-15..2026-02-01 17/92 due 2026-01-15 16.63\n"
            "2026-02-01..2026-05-01 89/89 due 2026-02-01 90.00\n"
            "2026-05-01..2026-08-01 92/92 due 2026-05-01 90.00\n");
  EXPECT_EQ(table(aligned("7 €/w", "2026-01-15", 1), "2026-01-22"),
            "2026-01-15..2026-01-22 7/7 due 2026-01-15 7.00\n"
            "2026-01-22..2026-01-29 7/7 due 2026-01-22 7.00\n");
}

SENTENCE(billing_changes, "in arrears the partial first period is due on the anchor day") {
  EXPECT_EQ(table(aligned("31 €/mo in arrears", "2026-01-15", 1), "2026-03-01"),
            "2026-01-15..2026-02-01 17/31 due 2026-02-01 17.00\n"
            "2026-02-01..2026-03-01 28/28 due 2026-03-01 31.00\n");
}

SENTENCE(billing_changes, "billing begins after the trial, and an end within it costs nothing") {
  auto made = plan("10 €/mo + 5 € setup", "2026-01-31");
  made.trial_days = 14;
  EXPECT_EQ(table(made, "2026-02-13"), "");
  EXPECT_EQ(table(made, "2026-03-13"),
            "setup 2026-02-14..2026-02-14 0/0 due 2026-02-14 5.00\n"
            "2026-02-14..2026-03-14 28/28 due 2026-02-14 10.00\n");
  made.ends_on = date("2026-02-14");
  EXPECT_EQ(table(made, "2030-01-01"), "");
}

SENTENCE(billing_changes, "a quantity multiplies price and setup before anything is rounded") {
  auto made = plan("0.335 €/mo + 1 € setup", "2026-03-01");
  made.terms.front().quantity = 3;
  EXPECT_EQ(table(made, "2026-03-01"),
            "setup 2026-03-01..2026-03-01 0/0 due 2026-03-01 3.00\n"
            "2026-03-01..2026-04-01 31/31 due 2026-03-01 1.01\n");
  const auto line = line_for(periods_due(made, {}, date("2026-03-01")).back(), madrid());
  EXPECT_EQ(line.quantity.text() + " × " + line.unit_price.text(), "3 × 0.335");
  EXPECT_EQ(explanation(made, 1),
            "1 Mar 2026 – 31 Mar 2026, 31 days, 0.335 €/mo. 3 × 0.335 € = 1.01 €. "
            "Rounded once, half up.");
}

SENTENCE(billing_changes, "a coupon takes its share off the first periods, not off the setup") {
  auto made = plan("9.99 €/mo + 5 € setup", "2026-01-31");
  made.discount = Discount::stored("SUMMER 25 % 2");
  EXPECT_EQ(table(made, "2026-03-31"),
            "setup 2026-01-31..2026-01-31 0/0 due 2026-01-31 5.00\n"
            "2026-01-31..2026-02-28 28/28 due 2026-01-31 7.49\n"
            "2026-02-28..2026-03-31 31/31 due 2026-02-28 7.49\n"
            "2026-03-31..2026-04-30 30/30 due 2026-03-31 9.99\n");
  EXPECT_EQ(explanation(made, 2),
            "28 Feb 2026 – 30 Mar 2026, 31 days, 9.99 €/mo. Coupon SUMMER: 25 % off, period 2 of "
            "2. 9.99 € × 75 % = 7.49 €. Rounded once, half up.");
}

SENTENCE(billing_changes, "an amount off is never more than the price, and of a part its part") {
  auto made = aligned("10 €/mo", "2026-01-16", 1);
  made.discount = Discount::stored("FIVE 5.00 EUR always");
  EXPECT_EQ(table(made, "2026-02-01"),
            "2026-01-16..2026-02-01 16/31 due 2026-01-16 2.58\n"
            "2026-02-01..2026-03-01 28/28 due 2026-02-01 5.00\n");
  made.discount = Discount::stored("TWENTY 20.00 EUR 1");
  EXPECT_EQ(table(made, "2026-02-01"),
            "2026-01-16..2026-02-01 16/31 due 2026-01-16 0.00\n"
            "2026-02-01..2026-03-01 28/28 due 2026-02-01 10.00\n");
  made.discount = Discount::stored("FREE 100 % 1");
  EXPECT_EQ(line_for(periods_due(made, {}, date("2026-01-16")).front(), madrid()).net.text(),
            "0.00");
}

SENTENCE(billing_changes, "both parts of a period that a change cuts have its discount, as one") {
  auto made = plan("10 €/mo", "2026-01-01");
  made.discount = Discount::stored("HALF 50 % 1");
  made.terms.push_back(dated("2026-01-16", "20 €/mo"));
  EXPECT_EQ(table(made, "2026-02-01"),
            "2026-01-01..2026-01-16 15/31 due 2026-01-01 2.42\n"
            "2026-01-16..2026-02-01 16/31 due 2026-01-16 5.16\n"
            "2026-02-01..2026-03-01 28/28 due 2026-02-01 20.00\n");
}

SENTENCE(billing_changes, "a change to another period ends the coupon") {
  auto made = plan("10 €/mo", "2026-01-01");
  made.discount = Discount::stored("HALF 50 % always");
  made.terms.push_back(dated("2026-02-01", "100 €/y"));
  EXPECT_EQ(table(made, "2026-02-01"),
            "2026-01-01..2026-02-01 31/31 due 2026-01-01 5.00\n"
            "2026-02-01..2027-02-01 365/365 due 2026-02-01 100.00\n");
}

SENTENCE(billing_changes, "a change within a period charges both prices by days on the same grid") {
  auto made = plan("31 €/mo", "2026-01-31");
  made.terms.push_back(dated("2026-03-10", "62 €/mo"));
  EXPECT_EQ(table(made, "2026-03-31"),
            "2026-01-31..2026-02-28 28/28 due 2026-01-31 31.00\n"
            "2026-02-28..2026-03-10 10/31 due 2026-02-28 10.00\n"
            "2026-03-10..2026-03-31 21/31 due 2026-03-10 42.00\n"
            "2026-03-31..2026-04-30 30/30 due 2026-03-31 62.00\n");
}

SENTENCE(billing_changes, "in arrears both parts are due together at the boundary") {
  auto made = plan("31 €/mo in arrears", "2026-01-01");
  made.terms.push_back(dated("2026-01-11", "62 €/mo in arrears"));
  EXPECT_EQ(table(made, "2026-01-31"), "");
  EXPECT_EQ(table(made, "2026-02-01"),
            "2026-01-01..2026-01-11 10/31 due 2026-02-01 10.00\n"
            "2026-01-11..2026-02-01 21/31 due 2026-02-01 42.00\n");
}

SENTENCE(billing_changes, "a change on a boundary prorates nothing, the last one of a day wins") {
  auto terms = plan("10 €/mo", "2026-01-31").terms;
  terms = change_terms(terms, dated("2026-02-28", "20 €/mo"));
  terms = change_terms(terms, dated("2026-02-28", "30 €/mo"));
  auto made = plan("10 €/mo", "2026-01-31");
  made.terms = terms;
  EXPECT_EQ(table(made, "2026-02-28"),
            "2026-01-31..2026-02-28 28/28 due 2026-01-31 10.00\n"
            "2026-02-28..2026-03-31 31/31 due 2026-02-28 30.00\n");
}

SENTENCE(billing_changes, "a price dated back into a suspension leaves its days unbilled") {
  auto made = plan("31 €/mo", "2026-03-01");
  made.terms = pause_terms(made.terms, date("2026-03-05"));
  made.terms = resume_terms(made.terms, date("2026-03-15"));
  made.terms = change_terms(made.terms, dated("2026-03-10", "62 €/mo"));
  EXPECT_EQ(table(made, "2026-03-31"),
            "2026-03-01..2026-03-05 4/31 due 2026-03-01 4.00\n"
            "2026-03-15..2026-04-01 17/31 due 2026-03-15 34.00\n");
}

SENTENCE(billing_changes, "days given back are billed again at the new price, and only they") {
  auto made = plan("31 €/mo", "2026-03-01");
  made.terms.push_back(dated("2026-03-11", "62 €/mo"));
  EXPECT_EQ(table(made, "2026-03-11", {.recurring_until = date("2026-03-11")}),
            "2026-03-11..2026-04-01 21/31 due 2026-03-11 42.00\n");
  EXPECT_EQ(table(made, "2026-03-31", {.recurring_until = date("2026-04-01")}), "");
  EXPECT_EQ(table(made, "2026-03-11", {.recurring_until = date("2026-03-21")}), "");
  EXPECT_EQ(table(made, "2026-03-21", {.recurring_until = date("2026-03-21")}),
            "2026-03-21..2026-04-01 11/31 due 2026-03-21 22.00\n");
}

SENTENCE(billing_changes, "paused days are not billed and the grid goes on") {
  auto made = plan("31 €/mo", "2026-03-01");
  auto pause = dated("2026-03-11", "31 €/mo");
  pause.paused = true;
  made.terms.push_back(pause);
  made.terms.push_back(dated("2026-05-21", "31 €/mo"));
  EXPECT_EQ(table(made, "2026-06-01"),
            "2026-03-01..2026-03-11 10/31 due 2026-03-01 10.00\n"
            "2026-05-21..2026-06-01 11/31 due 2026-05-21 11.00\n"
            "2026-06-01..2026-07-01 30/30 due 2026-06-01 31.00\n");
  EXPECT_EQ(days_to_bill(made, date("2026-03-01"), date("2026-07-01")), 10 + 11 + 30);
}

SENTENCE(billing_changes, "a price once is due once, also when it is changed afterwards") {
  auto made = plan("25 € once", "2026-01-15");
  made.terms.push_back(dated("2026-02-01", "30 € once"));
  EXPECT_EQ(table(made, "2026-03-01", {.last_once = date("2026-01-15")}), "");
  EXPECT_EQ(table(made, "2026-03-01"), "once 2026-01-15..2026-01-15 0/0 due 2026-01-15 25.00\n");
}

SENTENCE(billing_changes, "what was chosen stands in the explanation") {
  auto made = plan("4.50 €/mo", "2026-03-01");
  made.terms.front().options = "vCPU 2, RAM (GB) 4";
  EXPECT_EQ(explanation(made, 0),
            "1 Mar 2026 – 31 Mar 2026, 31 days, 4.50 €/mo. With vCPU 2, RAM (GB) 4.");
}

SENTENCE(billing_changes, "a discount is stored as it can be read") {
  for (const auto* text : {"SUMMER 20 % 3", "A 5.5 % always", "FIVE 5.00 EUR 1"}) {
    EXPECT_EQ(Discount::stored(text).text(), text);
  }
  EXPECT_ANY_THROW(Discount::stored("SUMMER 20 %"));
  EXPECT_ANY_THROW(Discount::stored("SUMMER 20 % often"));
}
