#include "order/billed_days.h"

#include <algorithm>

#include "order/order_store.h"

namespace cstims {
namespace {

// Lines are taken back for other reasons as well; those that give days back are named by
// credited_periods.
constexpr Statement select_periods{"billed periods from a day on", R"(
  select b.period_start, b.period_next, b.covers_until, b.line_id, l.net, i.currency,
    cast(coalesce((
      select sum(c.net)
      from invoice_lines c
      where c.corrects_id = b.line_id), 0) as bigint) as corrected,
    cast(coalesce((
      select sum(c.net)
      from credited_periods g
      join invoice_lines c on c.invoice_id = g.rectifying_id
        and c.corrects_id = g.line_id
        and c.period_start = g.period_start
      where g.line_id = b.line_id), 0) as bigint) as given_back
  from billed_periods b
  left join invoice_lines l on l.id = b.line_id
  left join invoices i on i.id = l.invoice_id
  where b.order_id = :order
    and b.kind = 'recurring'
    and b.covers_until > :from
    and b.covers_until > b.period_start
  order by b.period_start)"};

BilledPeriod period_from(const Row& row, Currency otherwise) {
  const auto currency =
      row.is_null("currency") ? otherwise : Currency::parse(row.text("currency")).value();
  const auto net = row.maybe_number("net").value_or(0);
  const auto corrected = row.number("corrected");
  return {.period = {row.date("period_start"), row.date("period_next")},
          .covers_until = row.date("covers_until"),
          .line = row.maybe_number("line_id"),
          .net = Money(net + corrected - row.number("given_back"), currency),
          .left = Money(net + corrected, currency)};
}

}  // namespace

std::vector<BilledPeriod> list_billed_periods(Transaction& tx, const Order& order, Date from) {
  std::vector<BilledPeriod> periods;
  for (const auto& row : tx.select(select_periods, {{"order", order.id}, {"from", from}})) {
    periods.push_back(period_from(row, order.billing().currency));
  }
  return periods;
}

Money unused_value(Transaction& tx, const Order& order, Date from) {
  Money sum = Money::zero(order.billing().currency);
  for (const auto& back : days_to_give_back(list_billed_periods(tx, order, from), from)) {
    sum += back.net;
  }
  return sum;
}

BilledSoFar billed_before(Transaction& tx, const Order& order, Date from) {
  auto billed = billed_so_far(tx, order.id);
  if (!billed.recurring_until || *billed.recurring_until <= from) return billed;
  const Date first = order.activated_on.value_or(from);
  billed.recurring_until.reset();
  for (const auto& row : list_billed_periods(tx, order, std::min(first, from))) {
    if (row.period.start >= from) continue;
    billed.recurring_until =
        std::max(billed.recurring_until, std::optional(std::min(row.covers_until, from)));
  }
  return billed;
}

}  // namespace cstims
