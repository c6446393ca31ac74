// What of an order is due when. Everything here can be computed again at any time from the order
// alone: the billing run takes the list up to today, leaves out what has been billed, and invoices
// the rest. What a period costs is service/billing_lines.h.
//
// Periods are half-open [start, next). Their boundaries form a grid that never drifts: the n-th
// lies n cycles after the first on the anchor day, clamped to the month's last day, never "one
// month after the one before". The anchor is the day billing begins, or the order's own anchor day:
// then the first period is the part up to the first such day. Nothing under a day is billed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "service/billing_term.h"
#include "service/discount.h"

namespace cstims {

/// What counts from that day on: of several from one day the last.
struct DatedTerm {
  Date from;
  ResolvedTerm term;
  int quantity = 1;
  bool paused = false;       // these days are not billed (a suspension that costs nothing)
  std::string options = {};  // "vCPU 2, RAM (GB) 4": for explanations only
  bool operator==(const DatedTerm&) const = default;
};

/// All that decides what is due. `terms` ascend and are not empty; the first counts from the first
/// day that is billed.
struct BillingPlan {
  std::string name;  // "order 12", for failures
  Date activated_on;
  std::optional<Date> ends_on;  // this day is not billed any more; absent: no end
  std::vector<DatedTerm> terms;
  int trial_days = 0;                       // from activation on, free
  std::optional<unsigned> anchor_day = {};  // months begin on it; absent: on the first day's
  std::optional<Discount> discount = {};

  /// One term from activation on.
  static BillingPlan of(ResolvedTerm term, Date activated_on, std::optional<Date> ends_on = {});
  /// The first day that is billed: after the trial.
  Date begins_on() const { return activated_on.plus_days(trial_days); }
};

enum class ItemKind { recurring, setup, once };
std::string_view text(ItemKind kind);  // as in billed_periods.kind

struct DueItem {
  ItemKind kind = ItemKind::recurring;
  BillingPeriod period;        // setup and once: [day, day)
  BillingPeriod whole_period;  // boundary to boundary; longer than `period` where the beginning,
                               // the end or a change of the order cuts it
  Date due_on;
  ResolvedTerm term;
  int quantity = 1;
  std::string options = {};
  std::optional<Discount> discount = {};  // if it counts for this period …
  int number = 1;  // … whose ordinal this is among the whole periods since the first
  bool is_partial() const { return period != whole_period; }
  bool operator==(const DueItem&) const = default;
};

/// What billed_periods says of one order.
struct BilledSoFar {
  std::optional<Date> recurring_until = {};  // days before it are billed
  bool setup = false;
  std::optional<Date> last_once = {};  // the greatest period_start of kind once
  bool nothing() const { return !recurring_until && !setup && !last_once; }
};

/// More unbilled items than this of one order at once: a wrong clock or a wrong date, not a bill.
constexpr std::size_t most_due_items = 100;

/// Every item due on or before `as_of` and not billed, in order of due date. Throws Failure naming
/// the plan when there are more than `most`.
std::vector<DueItem> periods_due(const BillingPlan& plan, const BilledSoFar& billed, Date as_of,
                                 std::size_t most = most_due_items);
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
/// The days from `from` to before `until` that the plan bills: what must be covered exactly once.
int days_to_bill(const BillingPlan& plan, Date from, Date until);

/// `terms` where no day from `day` on is billed, and where days from `day` on are billed again;
/// what changes of price lie ahead stays.
std::vector<DatedTerm> pause_terms(std::vector<DatedTerm> terms, Date day);
std::vector<DatedTerm> resume_terms(std::vector<DatedTerm> terms, Date day);
/// `terms` after a change that counts from `change.from`: it replaces what would come later. What
/// comes before stays, and so do pauses after it; a change from the first day on, or before it,
/// replaces everything.
std::vector<DatedTerm> change_terms(std::vector<DatedTerm> terms, DatedTerm change);

}  // namespace cstims
