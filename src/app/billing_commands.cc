#include <fmt/format.h>

#include "app/command_functions.h"
#include "base/text.h"
#include "service/billing_periods.h"
#include "service/billing_term.h"

namespace cstims {
namespace {

template <typename T>
T valid(std::string_view parameter, Result<T> result) {
  if (!result) throw UsageError(fmt::format("{}: {}", parameter, result.error().english()));
  return std::move(*result);
}

OptionValues option_values(const std::string& text) {
  OptionValues values;
  for (const auto pair : split(text, ',')) {
    if (trim(pair).empty()) continue;
    const auto equals = pair.find('=');
    if (equals == pair.npos) throw UsageError(fmt::format("--options {}: write KEY=VALUE", pair));
    values.insert_or_assign(std::string(trim(pair.substr(0, equals))),
                            valid("--options", Decimal::parse(trim(pair.substr(equals + 1)))));
  }
  return values;
}

}  // namespace

int show_billing_periods(Invocation& run) {
  const Site site = make_site(run.settings());
  const auto term = valid("--term", ResolvedTerm::parse(run.require("--term"), site.currency));
  const auto plan = BillingPlan::of(term, run.date("--start").value(), run.date("--end"));
  OutputTable table{{"kind", "start", "next", "due_on", "net", "explanation"}, {}};
  for (const auto& item : due_items(plan, {}, run.date("--until").value())) {
    const ItemPrice price = price_of(item, site.zone);
    table.rows.push_back({std::string(text(item.kind)), item.period.start.text(),
                          item.period.next.text(), item.due_on.text(), price.net.text(),
                          price.explanation.english()});
  }
  print_table(table, run.json());
  return 0;
}

int show_billing_price(Invocation& run) {
  const Site site = make_site(run.settings());
  const auto term = valid("--term", BillingTerm::parse(run.require("--term"), site.currency));
  std::optional<Cycle> cycle;
  if (const auto period = run.value("--period")) {
    cycle = parse_cycle(*period);
    if (!cycle)
      throw UsageError(
          fmt::format("--period {}: write one of h d w mo 3mo 6mo y 2y 3y once", *period));
  }
  const auto resolved =
      valid("--term", term.resolve(cycle, option_values(run.value("--options").value_or(""))));
  if (run.json()) {
    print_object({{"term", term.text()},
                  {"resolved", resolved.text()},
                  {"price", resolved.is_free ? "0" : resolved.price.text()},
                  {"period", resolved.is_free ? "" : std::string(text(resolved.cycle))},
                  {"setup", resolved.setup ? resolved.setup->text() : "0"}});
  } else {
    fmt::print("{}\n", resolved.text());
  }
  return 0;
}

}  // namespace cstims
