#include "invoice/revenue.h"

#include <algorithm>
#include <map>

#include "order/stored_terms.h"

namespace cstims {

namespace {

/// The least number that months of 1, 3, 6, 12, 24 and 36 and twelfths of weeks divide.
constexpr std::int64_t parts = 504;

/// Few orders have a price of their own: those alike are counted, not read one by one.
constexpr Statement select_priced{"orders by price", R"(
  select service_id, billing, billing_from, quantity, billing_paused, earlier_billing,
    activated_on, ends_on, min(ordered_at) as ordered_at, count(*) as orders
  from orders
  where activated_on is not null
    and (ends_on is null or ends_on > :first)
  group by service_id, billing, billing_from, quantity, billing_paused, earlier_billing,
    activated_on, ends_on)"};

constexpr Statement select_issued{"issued revenue", R"(
  select substr(i.issue_date, 1, 7) as month, l.service_id, sum(l.net) as net
  from invoices i
  join invoice_lines l on l.invoice_id = i.id
  where i.status = 'issued'
    and i.issue_date >= :first
    and i.issue_date < :next
  group by substr(i.issue_date, 1, 7), l.service_id)"};

constexpr Statement select_services{"names of services", "select id, name from services"};

constexpr Statement select_begun{"orders begun", R"(
  select substr(activated_on, 1, 7) as month, count(*) as orders
  from orders
  where activated_on >= :first
    and activated_on < :next
  group by substr(activated_on, 1, 7))"};

constexpr Statement select_ended{"orders ended", R"(
  select substr(ends_on, 1, 7) as month, count(*) as orders
  from orders
  where ends_on >= :first
    and ends_on < :next
    and status = 'ended'
    and activated_on is not null
  group by substr(ends_on, 1, 7))"};

/// Parts of a month's price in the price of one cycle.
std::int64_t parts_of_month(Cycle cycle) {
  switch (cycle) {
    case Cycle::hour:
      return parts * 24 * 365 / 12;
    case Cycle::day:
      return parts * 365 / 12;
    case Cycle::week:
      return parts * 365 / 84;
    case Cycle::once:
      return 0;
    default:
      return parts / months_of(cycle);
  }
}

/// Amounts by service (0: none) and month, in any unit.
using Sums = std::map<std::int64_t, std::vector<std::int64_t>>;

std::vector<std::int64_t>& row_of(Sums& sums, std::int64_t service, std::size_t months) {
  auto& row = sums[service];
  row.resize(months);
  return row;
}

template <typename Round>
RevenueTable table_of(Transaction& tx, const std::vector<Month>& months, const Sums& sums,
                      const Round& round) {
  std::map<std::int64_t, std::string> names;
  for (const auto& row : tx.select(select_services)) names[row.number("id")] = row.text("name");
  RevenueTable table{.months = months, .services = {}, .totals = {}};
  std::vector<std::int64_t> totals(months.size());
  for (const auto& [service, amounts] : sums) {
    ServiceAmounts one{.service = service == 0 ? std::nullopt : std::optional(ServiceId(service)),
                       .name = names[service],
                       .months = {}};
    for (std::size_t n = 0; n < months.size(); ++n) {
      one.months.push_back(round(amounts[n]));
      totals[n] += amounts[n];
    }
    table.services.push_back(std::move(one));
  }
  for (const auto total : totals) table.totals.push_back(round(total));
  std::ranges::stable_sort(table.services, [](const auto& one, const auto& other) {
    return one.months.back() > other.months.back();
  });
  return table;
}

/// The price of a month by the term that holds on that day.
std::int64_t monthly_price_on(const std::vector<DatedTerm>& terms, Date day) {
  const DatedTerm* found = &terms.front();
  for (const auto& term : terms) {
    if (term.from <= day) found = &term;
  }
  return found->paused ? 0 : monthly_price(found->term) * found->quantity;
}

std::optional<std::size_t> place_of(const std::vector<Month>& months, std::string_view text) {
  const auto found =
      std::ranges::find_if(months, [&](const Month& month) { return month.text() == text; });
  if (found == months.end()) return std::nullopt;
  return static_cast<std::size_t>(found - months.begin());
}

}  // namespace

std::vector<Month> newest_months(Date today, int count) {
  std::vector<Month> months{Month::of(today)};
  while (static_cast<int>(months.size()) < count) months.push_back(months.back().before());
  std::ranges::reverse(months);
  return months;
}

std::int64_t monthly_price(const ResolvedTerm& term) {
  return term.is_free ? 0 : term.price.millionths() * parts_of_month(term.cycle);
}

Money rounded_monthly(std::int64_t sum, Currency currency) {
  std::int64_t minor = 1;
  for (int digit = 0; digit < currency.digits(); ++digit) minor *= 10;
  return {multiply_and_round(sum, minor, parts * Decimal::scale), currency};
}

RevenueTable recurring_revenue(Transaction& tx, const std::vector<Month>& months,
                               Currency currency) {
  Sums sums;
  tx.each(select_priced, {{"first", months.front().first()}}, [&](const Row& row) {
    const auto terms = stored_terms(row);
    const Date since = row.date("activated_on");
    const auto until = row.maybe_date("ends_on");
    auto& amounts = row_of(sums, row.number("service_id"), months.size());
    for (std::size_t n = 0; n < months.size(); ++n) {
      const Date day = std::min(months[n].next_first().plus_days(-1), tx.today());
      if (since > day || (until && *until <= day)) continue;
      amounts[n] += monthly_price_on(terms, day) * row.number("orders");
    }
  });
  std::erase_if(sums, [](const auto& sum) {
    return std::ranges::all_of(sum.second, [](std::int64_t amount) { return amount == 0; });
  });
  return table_of(tx, months, sums,
                  [&](std::int64_t sum) { return rounded_monthly(sum, currency); });
}

RevenueTable issued_revenue(Transaction& tx, const std::vector<Month>& months, Currency currency) {
  Sums sums;
  tx.each(select_issued, {{"first", months.front().first()}, {"next", months.back().next_first()}},
          [&](const Row& row) {
            const auto place = place_of(months, row.text("month"));
            auto& amounts = row_of(sums, row.maybe_number("service_id").value_or(0), months.size());
            if (place) amounts[*place] += row.number("net");
          });
  return table_of(tx, months, sums, [&](std::int64_t sum) { return Money(sum, currency); });
}

std::vector<OrderMovement> order_movements(Transaction& tx, const std::vector<Month>& months) {
  std::vector<OrderMovement> movements;
  for (const auto& month : months) movements.push_back({month});
  const Parameters range{{"first", months.front().first()}, {"next", months.back().next_first()}};
  tx.each(select_begun, range, [&](const Row& row) {
    if (const auto n = place_of(months, row.text("month"))) {
      movements[*n].begun = row.number("orders");
    }
  });
  tx.each(select_ended, range, [&](const Row& row) {
    if (const auto n = place_of(months, row.text("month"))) {
      movements[*n].ended = row.number("orders");
    }
  });
  return movements;
}

}  // namespace cstims
