#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "app/command_functions.h"
#include "base/text.h"
#include "service/billing_lines.h"
#include "service/service_options.h"

namespace cstims {
namespace {

/// Nobody reads more; a daily order of two and a half centuries.
constexpr std::size_t most_periods = 100'000;

template <typename T>
T valid(std::string_view parameter, Result<T> result) {
  if (!result) throw UsageError(fmt::format("{}: {}", parameter, result.error().english()));
  return std::move(*result);
}

std::optional<int> whole_number(const Invocation& run, std::string_view parameter, int least,
                                int most) {
  const auto given = run.value(parameter);
  if (!given) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
  if (error != std::errc() || end != given->data() + given->size() || number < least ||
      number > most) {
    throw UsageError(
        fmt::format("{} {}: write a whole number from {} to {}", parameter, *given, least, most));
  }
  return number;
}

std::optional<Cycle> period(const Invocation& run) {
  const auto given = run.value("--period");
  if (!given) return std::nullopt;
  const auto cycle = parse_cycle(*given);
  if (!cycle) {
    throw UsageError(
        fmt::format("--period {}: write one of h d w mo 3mo 6mo y 2y 3y once", *given));
  }
  return cycle;
}

bool is_in_arrears(const Invocation& run) {
  const auto mode = run.value("--mode").value_or("advance");
  if (mode != "advance" && mode != "arrears") {
    throw UsageError(fmt::format("--mode {}: write advance or arrears", mode));
  }
  return mode == "arrears";
}

/// "cpu=2" a line.
OptionValues option_values(const std::string& text) {
  OptionValues values;
  for (const auto pair : split(text, '\n')) {
    if (trim(pair).empty()) continue;
    const auto equals = pair.find('=');
    if (equals == pair.npos) throw UsageError(fmt::format("--option {}: write KEY=VALUE", pair));
    const auto key = std::string(trim(pair.substr(0, equals)));
    const auto value = valid("--option", Decimal::parse(trim(pair.substr(equals + 1))));
    if (value < Decimal::whole(0)) {
      throw UsageError(fmt::format("--option {}: a value is not below zero", pair));
    }
    if (!values.emplace(key, value).second) {
      throw UsageError(fmt::format("--option {}: {} has a value already", pair, key));
    }
  }
  return values;
}

std::vector<DueItem> due_periods(const Invocation& run) {
  const auto cycle = period(run);
  if (!cycle) throw UsageError("--period is missing");
  const Date start = run.date("--start").value();
  BillingPlan plan = BillingPlan::of({.is_free = false,
                                      .currency = Currency::eur(),
                                      .cycle = *cycle,
                                      .in_arrears = is_in_arrears(run)},
                                     start, run.date("--end"));
  if (const auto anchor = whole_number(run, "--anchor", 1, 31)) {
    plan.anchor_day = static_cast<unsigned>(*anchor);
  }
  try {
    return periods_due(plan, {}, run.date("--as-of").value(), most_periods);
  } catch (const std::out_of_range&) {
    throw UsageError("dates lie between 1900 and 9999");
  } catch (const Failure&) {
    throw UsageError(
        fmt::format("more than {} periods: choose dates that lie nearer together", most_periods));
  }
}

/// "7.5000": at least four decimals, more where there are.
std::string unit_price_text(const Decimal& price) {
  std::string text = price.text();
  if (!text.contains('.')) text += '.';
  const auto decimals = text.size() - text.find('.') - 1;
  return text + std::string(decimals < 4 ? 4 - decimals : 0, '0');
}

/// Of so many days of the period; without days of a whole one. An hourly price is that of an hour,
/// or of 24 hours a day.
Money price_of_days(const ResolvedTerm& term, const Invocation& run) {
  const auto days = whole_number(run, "--days", 0, 10'000);
  const auto of_days = whole_number(run, "--period-days", 1, 10'000);
  if (days.has_value() != of_days.has_value()) {
    throw UsageError("--days and --period-days are given together");
  }
  if (days && *days > *of_days) throw UsageError("--days is not more than --period-days");
  const bool hourly = term.cycle == Cycle::hour && days;
  return Decimal::amount(Decimal::whole(hourly ? 24 * *days : 1), term.price,
                         hourly ? 1 : days.value_or(1), hourly ? 1 : of_days.value_or(1),
                         term.currency);
}

void require_known(const BillingTerm& term, const OptionValues& values) {
  const auto keys = term.keys();
  for (const auto& [key, value] : values) {
    if (!keys.contains(key))
      throw UsageError(fmt::format("--option {}: the term has no {}", key, key));
  }
}

}  // namespace

int show_billing_periods(Invocation& run) {
  OutputTable table{{"from", "to", "days", "period_days"}, {}};
  for (const auto& item : due_periods(run)) {
    table.rows.push_back({item.period.start.text(), item.period.next.text(),
                          std::int64_t{item.period.days()},
                          std::int64_t{item.whole_period.days()}});
  }
  print_table(table, run.json());
  return 0;
}

int show_billing_price(Invocation& run) {
  const Site site = make_site(run.settings());
  const auto term = valid("--term", BillingTerm::parse(run.require("--term"), site.currency));
  const auto values = option_values(run.value("--option").value_or(""));
  require_known(term, values);
  const auto resolved = valid("--term", term.resolve(period(run), values));
  const auto amount = price_of_days(resolved, run);
  if (run.json()) {
    print_object({{"term", term.text()},
                  {"unit_price", unit_price_text(resolved.price)},
                  {"amount", amount.text()},
                  {"currency", std::string(amount.currency().code())}});
  } else {
    fmt::print("{}: {}\n", resolved.text(), amount.show());
  }
  return 0;
}

}  // namespace cstims
