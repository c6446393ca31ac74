#include "service/billing_periods.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "base/failure.h"

namespace cstims {
namespace {

/// One term of a plan with the days it counts for.
struct Stretch {
  const ResolvedTerm& term;
  Date from;
  std::optional<Date> end;
  unsigned anchor_day;

  Date boundary(int n) const {
    const int months = months_of(term.cycle);
    return months > 0 ? from.plus_months(n * months, anchor_day)
                      : from.plus_days(n * days_of(term.cycle));
  }
};

/// The activation day stays the anchor across changes of price, unless the stretch begins elsewhere
/// (after days or weeks).
unsigned anchor_of(Date from, Date activated_on) {
  const auto clamped = std::min(activated_on.day(), days_in_month(from.year(), from.month()));
  return from.day() == clamped ? activated_on.day() : from.day();
}

Stretch stretch(const BillingPlan& plan, std::size_t index) {
  const Date from = index == 0 ? plan.activated_on : plan.terms[index].from;
  std::optional<Date> end = plan.ends_on;
  if (index + 1 < plan.terms.size()) {
    const Date changed = plan.terms[index + 1].from;
    end = end ? std::min(*end, changed) : changed;
  }
  return {plan.terms[index].term, from, end, anchor_of(from, plan.activated_on)};
}

/// False from a visitor ends the walk.
using Visit = std::function<bool(const DueItem&)>;

DueItem single(ItemKind kind, const Stretch& stretch) {
  const BillingPeriod day{stretch.from, stretch.from};
  return {kind, day, day, stretch.from, stretch.term};
}

bool walk_periods(const Stretch& stretch, const Visit& visit) {
  Date start = stretch.from;
  for (int n = 1; !stretch.end || start < *stretch.end; ++n) {
    const Date next = stretch.boundary(n);
    const Date cut = stretch.end ? std::min(next, *stretch.end) : next;
    const DueItem item{.kind = ItemKind::recurring,
                       .period = {start, cut},
                       .whole_period = {start, next},
                       .due_on = stretch.term.in_arrears ? cut : start,
                       .term = stretch.term};
    if (!visit(item)) return false;
    start = next;
  }
  return true;
}

bool walk_stretch(const Stretch& stretch, bool first, const Visit& visit) {
  if (stretch.end && *stretch.end <= stretch.from) return true;
  if (first && stretch.term.setup && !visit(single(ItemKind::setup, stretch))) return false;
  if (stretch.term.is_free) return true;
  if (stretch.term.cycle == Cycle::once) return visit(single(ItemKind::once, stretch));
  return walk_periods(stretch, visit);
}

/// Every item of the plan by due date, endless when the plan is.
void walk(const BillingPlan& plan, const Visit& visit) {
  if (plan.terms.empty()) throw std::logic_error(plan.name + " has no billing term");
  for (std::size_t i = 0; i < plan.terms.size(); ++i) {
    if (!walk_stretch(stretch(plan, i), i == 0, visit)) return;
  }
}

bool is_billed(const DueItem& item, const BilledSoFar& billed) {
  switch (item.kind) {
    case ItemKind::setup:
      return billed.setup;
    case ItemKind::once:
      return billed.last_once && item.period.start <= *billed.last_once;
    case ItemKind::recurring:
      return billed.recurring_until && item.period.start < *billed.recurring_until;
  }
  return false;
}

Decimal as_unit_price(const Money& money) {
  std::int64_t millionths = money.minor();
  for (int digits = money.currency().digits(); digits < 6; ++digits) millionths *= 10;
  return Decimal::millionths(millionths);
}

std::string show_days(const DueItem& item) {
  return std::to_string(item.period.days());
}

ItemPrice whole_price(const DueItem& item) {
  const Decimal one = Decimal::whole(1);
  const ResolvedTerm& term = item.term;
  const Message explanation =
      item.period.days() == 1
          ? message("{}, 1 day, {}.", {show(item.period.start), term.show_price()})
          : message("{}, {} days, {}.", {show(item.period), show_days(item), term.show_price()});
  return {one, term.price, Decimal::amount(one, term.price, 1, 1, term.currency),
          message("{}", {show(item.period)}), explanation};
}

ItemPrice partial_price(const DueItem& item) {
  const ResolvedTerm& term = item.term;
  const Decimal one = Decimal::whole(1);
  const auto whole_days = item.whole_period.days();
  const Money net = Decimal::amount(one, term.price, item.period.days(), whole_days, term.currency);
  return {one, as_unit_price(net), net, message("{}", {show(item.period)}),
          message("{}, {} of the {} days to {}, {}: {} × {} / {} = {}.",
                  {show(item.period), show_days(item), std::to_string(whole_days),
                   show(item.whole_period.last()), term.show_price(), term.show_amount(term.price),
                   show_days(item), std::to_string(whole_days), net.show()})};
}

/// Real time between two midnights, in hours.
Decimal hours_of(const BillingPeriod& period, const TimeZone& zone) {
  const auto seconds =
      zone.start_of(period.next).unix_seconds() - zone.start_of(period.start).unix_seconds();
  return Decimal::millionths(multiply_and_round(seconds, Decimal::scale, 3600));
}

ItemPrice hourly_price(const DueItem& item, const TimeZone& zone) {
  const ResolvedTerm& term = item.term;
  const Decimal hours = hours_of(item.period, zone);
  const Money net = Decimal::amount(hours, term.price, 1, 1, term.currency);
  return {hours, term.price, net, message("{}", {show(item.period)}),
          message("{}, {} days, {} hours by the clock of {}, {}: {} × {} = {}.",
                  {show(item.period), show_days(item), hours.text(), zone.name(), term.show_price(),
                   hours.text(), term.show_amount(term.price), net.show()})};
}

ItemPrice single_price(const Decimal& price, const DueItem& item, Message description) {
  const Decimal one = Decimal::whole(1);
  const Money net = Decimal::amount(one, price, 1, 1, item.term.currency);
  const Message explanation =
      item.kind == ItemKind::setup
          ? message("Setup, due once on activation on {}: {}.", {show(item.due_on), net.show()})
          : message("Due once on {}: {}.", {show(item.due_on), net.show()});
  return {one, price, net, std::move(description), explanation};
}

}  // namespace

BillingPlan BillingPlan::of(ResolvedTerm term, Date activated_on, std::optional<Date> ends_on) {
  return {.name = "order",
          .activated_on = activated_on,
          .ends_on = ends_on,
          .terms = {DatedTerm{activated_on, std::move(term)}}};
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

std::vector<DueItem> due_items(const BillingPlan& plan, const BilledSoFar& billed, Date up_to) {
  std::vector<DueItem> items;
  walk(plan, [&](const DueItem& item) {
    if (item.due_on > up_to) return false;
    if (is_billed(item, billed)) return true;
    if (items.size() == most_due_items) {
      throw Failure(plan.name + ": more than " + std::to_string(most_due_items) + " items due by " +
                    up_to.text() + "; check its activation date and the clock");
    }
    items.push_back(item);
    return true;
  });
  return items;
}

std::optional<DueItem> next_item(const BillingPlan& plan, const BilledSoFar& billed) {
  std::optional<DueItem> found;
  walk(plan, [&](const DueItem& item) {
    if (!is_billed(item, billed)) found = item;
    return !found;
  });
  return found;
}

std::optional<Date> next_due_date(const BillingPlan& plan, const BilledSoFar& billed) {
  const auto item = next_item(plan, billed);
  return item ? std::optional(item->due_on) : std::nullopt;
}

std::optional<BillingPeriod> period_around(const BillingPlan& plan, Date day) {
  std::optional<BillingPeriod> found;
  walk(plan, [&](const DueItem& item) {
    if (item.kind != ItemKind::recurring) return true;
    if (item.period.start <= day && day < item.period.next) found = item.period;
    return !found && item.period.start <= day;
  });
  return found;
}

std::optional<Date> next_period_start(const BillingPlan& plan, const BilledSoFar& billed,
                                      Date earliest) {
  std::optional<Date> found;
  walk(plan, [&](const DueItem& item) {
    const bool begins = item.kind == ItemKind::recurring && item.period.start >= earliest;
    if (begins && !is_billed(item, billed)) found = item.period.start;
    return !found;
  });
  return found;
}

ItemPrice price_of(const DueItem& item, const TimeZone& zone) {
  if (item.kind == ItemKind::setup) {
    return single_price(item.term.setup.value(), item, message("Setup"));
  }
  if (item.kind == ItemKind::once) {
    return single_price(item.term.price, item, message("One-time price"));
  }
  if (item.term.cycle == Cycle::hour) return hourly_price(item, zone);
  return item.is_partial() ? partial_price(item) : whole_price(item);
}

}  // namespace cstims
