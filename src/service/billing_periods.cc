#include "service/billing_periods.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "base/failure.h"

namespace cstims {
namespace {

/// Where periods begin.
struct Grid {
  Date origin;  // a boundary
  int months = 0;
  int days = 0;  // one of the two steps is above zero
  unsigned anchor_day = 1;

  Date boundary(int n) const {
    return months > 0 ? origin.plus_months(n * months, anchor_day) : origin.plus_days(n * days);
  }
  /// Of the period that the day lies in.
  int index_of(Date day) const {
    int n = months > 0 ? ((day.year() - origin.year()) * 12 + static_cast<int>(day.month()) -
                          static_cast<int>(origin.month())) /
                             months
                       : days_between(origin, day) / days;
    while (boundary(n) > day) --n;
    while (boundary(n + 1) <= day) ++n;
    return n;
  }
  bool has_step_of(Cycle cycle) const {
    return months == months_of(cycle) && days == days_of(cycle);
  }
};

/// The first day from `from` on that is the anchor day of its month.
Date first_aligned(Date from, unsigned anchor_day) {
  const Date this_month = from.plus_months(0, anchor_day);
  return this_month >= from ? this_month : from.plus_months(1, anchor_day);
}

/// Without an anchor day of its own the order keeps that of its first day across changes, unless
/// the grid begins elsewhere (after days or weeks).
Grid grid_from(const BillingPlan& plan, Cycle cycle, Date from) {
  const int months = months_of(cycle);
  if (months > 0 && plan.anchor_day) {
    return {first_aligned(from, *plan.anchor_day), months, 0, *plan.anchor_day};
  }
  const unsigned first_day = plan.begins_on().day();
  const bool on_anchor = from == from.plus_months(0, first_day);
  return {from, months, days_of(cycle), on_anchor ? first_day : from.day()};
}

/// One term of a plan with the days it counts for.
struct Stretch {
  const DatedTerm* dated;
  Date from;
  std::optional<Date> end;        // absent: for ever
  std::optional<Grid> grid = {};  // of what is billed by periods
  std::optional<Date> due_end =
      {};  // what is in arrears is due at its boundary, but not after this
  bool discounted = false;
  int first_index = 0;  // of the grid's period that was the first of the order

  bool is_billed() const { return !dated->paused && !dated->term.is_free; }
  bool is_recurring() const { return is_billed() && dated->term.cycle != Cycle::once; }
};

std::vector<Stretch> cut_into_stretches(const BillingPlan& plan) {
  if (plan.terms.empty()) throw std::logic_error(plan.name + " has no billing term");
  const Date begins_on = plan.begins_on();
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < plan.terms.size(); ++i) {
    const Date from = i == 0 ? begins_on : std::max(begins_on, plan.terms[i].from);
    std::optional<Date> end = plan.ends_on;
    if (i + 1 < plan.terms.size()) {
      const Date changed = std::max(begins_on, plan.terms[i + 1].from);
      end = end ? std::min(*end, changed) : changed;
    }
    if (end && *end <= from) continue;
    stretches.push_back({&plan.terms[i], from, end});
  }
  return stretches;
}

/// A stretch goes on with the grid of the one before when its cycle is the same; a discount ends
/// where the cycle first changes.
void lay_grids(const BillingPlan& plan, std::vector<Stretch>& stretches) {
  std::optional<Grid> grid;
  int first_index = 0;
  bool discounted = plan.discount.has_value();
  for (auto& stretch : stretches) {
    if (!stretch.is_billed()) continue;
    if (!stretch.is_recurring()) {
      stretch.discounted = discounted && !grid;
      discounted = false;
      continue;
    }
    const Cycle cycle = stretch.dated->term.cycle;
    if (!grid || !grid->has_step_of(cycle)) {
      discounted = discounted && !grid;
      grid = grid_from(plan, cycle, stretch.from);
      first_index = grid->index_of(stretch.from);
    }
    stretch.grid = grid;
    stretch.first_index = first_index;
    stretch.discounted = discounted;
  }
}

/// Periods in arrears that a change of price cuts in two are due together, at their boundary.
void find_due_ends(std::vector<Stretch>& stretches) {
  for (std::size_t i = stretches.size(); i-- > 0;) {
    Stretch& stretch = stretches[i];
    if (!stretch.is_recurring() || !stretch.dated->term.in_arrears) continue;
    const Stretch* next = i + 1 < stretches.size() ? &stretches[i + 1] : nullptr;
    const bool goes_on = next && next->is_recurring() && next->dated->term.in_arrears &&
                         next->grid->has_step_of(stretch.dated->term.cycle);
    stretch.due_end = goes_on ? next->due_end : stretch.end;
  }
}

std::vector<Stretch> stretches_of(const BillingPlan& plan) {
  auto stretches = cut_into_stretches(plan);
  lay_grids(plan, stretches);
  find_due_ends(stretches);
  return stretches;
}

/// False from a visitor ends the walk.
using Visit = std::function<bool(const DueItem&)>;

DueItem item_of(ItemKind kind, const Stretch& stretch, const BillingPeriod& period) {
  return {.kind = kind,
          .period = period,
          .whole_period = period,
          .due_on = period.start,
          .term = stretch.dated->term,
          .quantity = stretch.dated->quantity,
          .options = stretch.dated->options};
}

void set_discount(const BillingPlan& plan, const Stretch& stretch, DueItem& item) {
  if (!stretch.discounted) return;
  if (plan.discount->periods && item.number > *plan.discount->periods) return;
  item.discount = plan.discount;
}

DueItem single(const BillingPlan& plan, ItemKind kind, const Stretch& stretch) {
  auto item = item_of(kind, stretch, {stretch.from, stretch.from});
  if (kind == ItemKind::once) set_discount(plan, stretch, item);
  return item;
}

/// The periods of a stretch from the day `until` on; what is billed up to in the middle of a period
/// leaves its rest.
bool walk_periods(const BillingPlan& plan, const Stretch& stretch, std::optional<Date> until,
                  const Visit& visit) {
  const Grid& grid = *stretch.grid;
  const Date first = until ? std::max(stretch.from, *until) : stretch.from;
  if (stretch.end && first >= *stretch.end) return true;
  int n = grid.index_of(first);
  for (Date start = first; !stretch.end || start < *stretch.end; ++n) {
    const BillingPeriod whole{grid.boundary(n), grid.boundary(n + 1)};
    const Date next = stretch.end ? std::min(whole.next, *stretch.end) : whole.next;
    auto item = item_of(ItemKind::recurring, stretch, {start, next});
    item.whole_period = whole;
    item.number = n - stretch.first_index + 1;
    set_discount(plan, stretch, item);
    if (stretch.dated->term.in_arrears) {
      item.due_on = stretch.due_end ? std::min(whole.next, *stretch.due_end) : whole.next;
    }
    if (!visit(item)) return false;
    start = next;
  }
  return true;
}

/// Every item of the plan that is not billed by due date, endless when the plan is. A price once is
/// due once, however often it is changed.
void walk(const BillingPlan& plan, const BilledSoFar& billed, const Visit& visit) {
  bool first = true;
  bool once_before = false;
  for (const auto& stretch : stretches_of(plan)) {
    const bool setup = first && stretch.dated->term.setup && !billed.setup;
    first = false;
    if (setup && !visit(single(plan, ItemKind::setup, stretch))) return;
    if (!stretch.is_billed()) continue;
    if (stretch.is_recurring()) {
      once_before = false;
      if (!walk_periods(plan, stretch, billed.recurring_until, visit)) return;
      continue;
    }
    const bool due = !once_before && !(billed.last_once && stretch.from <= *billed.last_once);
    once_before = true;
    if (due && !visit(single(plan, ItemKind::once, stretch))) return;
  }
}

/// The term that counts on `day` begins there anew, and it and those after it are paused or not.
std::vector<DatedTerm> set_paused(std::vector<DatedTerm> terms, Date day, bool paused) {
  auto current =
      std::ranges::find_if(terms, [&](const DatedTerm& term) { return term.from > day; });
  if (current != terms.begin()) --current;
  if (current->from < day) {
    DatedTerm anew = *current;
    anew.from = day;
    current = terms.insert(current + 1, std::move(anew));
  }
  for (; current != terms.end(); ++current) current->paused = paused;
  return terms;
}

}  // namespace

BillingPlan BillingPlan::of(ResolvedTerm term, Date activated_on, std::optional<Date> ends_on) {
  return {.name = "order",
          .activated_on = activated_on,
          .ends_on = ends_on,
          .terms = {DatedTerm{.from = activated_on, .term = std::move(term)}}};
}

std::string_view text(ItemKind kind) {
  switch (kind) {
    case ItemKind::recurring:
      return "recurring";
    case ItemKind::setup:
      return "setup";
    case ItemKind::once:
      return "once";
  }
  return {};
}

std::vector<DueItem> periods_due(const BillingPlan& plan, const BilledSoFar& billed, Date as_of,
                                 std::size_t most) {
  std::vector<DueItem> items;
  walk(plan, billed, [&](const DueItem& item) {
    if (item.due_on > as_of) return false;
    if (items.size() == most) {
      throw Failure(plan.name + ": more than " + std::to_string(most) + " items due by " +
                    as_of.text() + "; check its activation date and the clock");
    }
    items.push_back(item);
    return true;
  });
  return items;
}

std::optional<DueItem> next_item(const BillingPlan& plan, const BilledSoFar& billed) {
  std::optional<DueItem> found;
  walk(plan, billed, [&](const DueItem& item) {
    found = item;
    return false;
  });
  return found;
}

std::optional<Date> next_due_date(const BillingPlan& plan, const BilledSoFar& billed) {
  const auto item = next_item(plan, billed);
  return item ? std::optional(item->due_on) : std::nullopt;
}

std::optional<BillingPeriod> period_around(const BillingPlan& plan, Date day) {
  for (const auto& stretch : stretches_of(plan)) {
    if (!stretch.is_recurring() || day < stretch.from || (stretch.end && day >= *stretch.end)) {
      continue;
    }
    const int n = stretch.grid->index_of(day);
    const Date next = stretch.grid->boundary(n + 1);
    return BillingPeriod{std::max(stretch.from, stretch.grid->boundary(n)),
                         stretch.end ? std::min(next, *stretch.end) : next};
  }
  return std::nullopt;
}

std::optional<Date> next_period_start(const BillingPlan& plan, const BilledSoFar& billed,
                                      Date earliest) {
  std::optional<Date> found;
  walk(plan, billed, [&](const DueItem& item) {
    if (item.kind == ItemKind::recurring && item.period.start >= earliest) {
      found = item.period.start;
    }
    return !found;
  });
  return found;
}

int days_to_bill(const BillingPlan& plan, Date from, Date until) {
  int days = 0;
  for (const auto& stretch : stretches_of(plan)) {
    if (!stretch.is_recurring()) continue;
    const Date start = std::max(from, stretch.from);
    const Date end = stretch.end ? std::min(until, *stretch.end) : until;
    if (start < end) days += days_between(start, end);
  }
  return days;
}

std::vector<DatedTerm> pause_terms(std::vector<DatedTerm> terms, Date day) {
  return set_paused(std::move(terms), day, true);
}

std::vector<DatedTerm> resume_terms(std::vector<DatedTerm> terms, Date day) {
  return set_paused(std::move(terms), day, false);
}

std::vector<DatedTerm> change_terms(std::vector<DatedTerm> terms, DatedTerm change) {
  change.from = std::max(change.from, terms.front().from);
  const auto later =
      std::ranges::find_if(terms, [&](const DatedTerm& old) { return old.from >= change.from; });
  std::vector<DatedTerm> overtaken(later, terms.end());
  terms.erase(later, terms.end());
  const bool begins_together = !overtaken.empty() && overtaken.front().from == change.from;
  change.paused = begins_together ? overtaken.front().paused : terms.back().paused;
  terms.push_back(change);
  // Days of a suspension that is not billed stay so, whatever their price would be.
  for (const auto& old : overtaken) {
    if (old.paused == terms.back().paused) continue;
    change.from = old.from;
    change.paused = old.paused;
    terms.push_back(change);
  }
  return terms;
}

}  // namespace cstims
