#include "service/billing_table.h"

#include "base/text.h"
#include "service/billing_periods.h"

namespace cstims {
namespace {

Result<OptionValues> parse_values(const BillingTerm& term, std::string_view options) {
  OptionValues values;
  const auto wrong = [](std::string_view piece) {
    return refuse("options", message("“{}” is not like cpu=2,ram=4.", {std::string(piece)}));
  };
  if (!trim(options).empty()) {
    for (const auto piece : split(options, ',')) {
      const auto sign = piece.find('=');
      if (sign == std::string_view::npos) return wrong(piece);
      const auto value = Decimal::parse(trim(piece.substr(sign + 1)));
      if (!value) return wrong(piece);
      values.insert_or_assign(std::string(trim(piece.substr(0, sign))), *value);
    }
  }
  for (const auto& key : term.keys()) {
    if (!values.contains(key))
      return refuse("options", message("The term needs a value of {}.", {key}));
  }
  for (const auto& [key, value] : values) {
    if (!term.keys().contains(key)) return refuse("options", message("The term has no {}.", {key}));
  }
  return values;
}

struct Resolved {
  BillingTerm term;
  ResolvedTerm price;
};

Result<Resolved> resolve(std::string_view text, std::string_view options, std::string_view period,
                         Currency currency) {
  const auto term = BillingTerm::parse(text, currency);
  if (!term) return std::unexpected(term.error());
  const auto values = parse_values(*term, options);
  if (!values) return std::unexpected(values.error());
  const auto cycle = parse_cycle(period);
  if (!cycle && !period.empty()) {
    return refuse("period", message("A period is one of {}.", {"h d w mo 3mo 6mo y 2y 3y once"}));
  }
  const auto price = term->resolve(cycle, *values);
  if (!price) return std::unexpected(price.error());
  return Resolved{*term, *price};
}

BillingTableRow row_of(const DueItem& item, const TimeZone& zone) {
  const ItemPrice price = price_of(item, zone);
  const bool lasts = item.kind == ItemKind::recurring;
  return {.kind = std::string(text(item.kind)),
          .start = item.period.start.text(),
          .last = (lasts ? item.period.last() : item.period.start).text(),
          .days = item.period.days(),
          .due_on = item.due_on.text(),
          .quantity = price.quantity.text(),
          .unit_price = price.unit_price.text(),
          .net = price.net.text(),
          .currency = std::string(price.net.currency().code()),
          .explanation = price.explanation.english()};
}

}  // namespace

Result<std::vector<BillingTableRow>> billing_table(const BillingTableQuestion& question,
                                                   Currency currency, const TimeZone& zone) {
  const auto resolved = resolve(question.term, question.options, question.period, currency);
  if (!resolved) return std::unexpected(resolved.error());
  const auto plan = BillingPlan::of(resolved->price, question.activated_on, question.ends_on);
  std::vector<BillingTableRow> rows;
  for (const auto& item : due_items(plan, {}, question.up_to)) rows.push_back(row_of(item, zone));
  return rows;
}

Result<PriceRow> price_row(std::string_view term, std::string_view options, std::string_view period,
                           Currency currency) {
  const auto resolved = resolve(term, options, period, currency);
  if (!resolved) return std::unexpected(resolved.error());
  const ResolvedTerm& price = resolved->price;
  return PriceRow{.term = resolved->term.text(),
                  .price = price.text(),
                  .amount = price.price.text(),
                  .setup = price.setup ? price.setup->text() : "",
                  .period = price.is_free ? "" : std::string(text(price.cycle)),
                  .in_arrears = price.in_arrears,
                  .currency = std::string(currency.code())};
}

}  // namespace cstims
