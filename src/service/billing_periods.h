// What of an order is due when, and for how much. Everything here can be computed again at any time
// from the order alone: the billing run takes the list up to today, leaves out what has been
// billed, and invoices the rest.
//
// Periods are half-open [start, next) and anchored to the day of activation: the n-th begins n
// cycles after the first, clamped to the month's last day, never "one month after the one before".
// Nothing under a day is billed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/money.h"
#include "service/billing_term.h"

namespace cstims {

/// The term that counts from that day on. Changes begin where a period begins.
struct DatedTerm {
  Date from;
  ResolvedTerm term;
  bool operator==(const DatedTerm&) const = default;
};

/// All that decides what is due. `terms` ascend and are not empty; the first counts from
/// activation.
struct BillingPlan {
  std::string name;  // "order 12", for failures
  Date activated_on;
  std::optional<Date> ends_on;  // this day is not billed any more; absent: no end
  std::vector<DatedTerm> terms;

  /// One term from activation on.
  static BillingPlan of(ResolvedTerm term, Date activated_on, std::optional<Date> ends_on = {});
};

enum class ItemKind { recurring, setup, once };
std::string_view text(ItemKind kind);  // as in billed_periods.kind

struct DueItem {
  ItemKind kind = ItemKind::recurring;
  BillingPeriod period;        // setup and once: [day, day)
  BillingPeriod whole_period;  // longer than `period` where the end of the order cuts it
  Date due_on;
  ResolvedTerm term;
  bool is_partial() const { return period != whole_period; }
  bool operator==(const DueItem&) const = default;
};

/// What billed_periods says of one order.
struct BilledSoFar {
  std::optional<Date> recurring_until = {};  // the greatest period_next of kind recurring
  bool setup = false;
  std::optional<Date> last_once = {};  // the greatest period_start of kind once
};

/// More unbilled items than this of one order at once: a wrong clock or a wrong date, not a bill.
constexpr std::size_t most_due_items = 400;

/// Every item due on or before `up_to` and not billed, in order of due date. Throws Failure naming
/// the plan when there are more than most_due_items.
std::vector<DueItem> due_items(const BillingPlan& plan, const BilledSoFar& billed, Date up_to);
/// The first item that is not billed, however far ahead; absent when nothing will ever be due.
std::optional<DueItem> next_item(const BillingPlan& plan, const BilledSoFar& billed);
/// Its due date: what orders.next_due_on holds.
std::optional<Date> next_due_date(const BillingPlan& plan, const BilledSoFar& billed);
/// The end (exclusive) of the period that `day` lies in: where an order that is paid up to then
/// ends. Absent when the day lies in none.
std::optional<BillingPeriod> period_around(const BillingPlan& plan, Date day);
/// The first day from `earliest` on at which a period begins that is not billed: where a new price
/// may start. Absent when no more periods begin.
std::optional<Date> next_period_start(const BillingPlan& plan, const BilledSoFar& billed,
                                      Date earliest);

/// One invoice line: net = quantity * unit_price, rounded once.
struct ItemPrice {
  Decimal quantity;
  Decimal unit_price;
  Money net;
  Message description;  // "1 Mar 2026 – 31 Mar 2026", "Setup"
  /// "1 Mar 2026 – 15 Mar 2026, 15 of the 31 days to 31 Mar 2026, 5.00 €/mo: 5.00 € × 15 / 31
  /// = 2.42 €."
  Message explanation;
};

/// Hours are those of the zone's clock: the night that loses or doubles an hour counts 23 or 25.
ItemPrice price_of(const DueItem& item, const TimeZone& zone);

}  // namespace cstims
