#include "invoice/billing_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>

#include "base/failure.h"

namespace cstims {

namespace {

LineKind line_kind(ItemKind kind) {
  switch (kind) {
    case ItemKind::recurring:
      return LineKind::recurring;
    case ItemKind::setup:
      return LineKind::setup;
    case ItemKind::once:
      return LineKind::once;
  }
  return LineKind::recurring;
}

/// Items in arrears are never billed ahead: what is used is known only when it is over.
bool is_due(const DueItem& item, const BillingRules& rules) {
  const int lead = item.term.in_arrears ? 0 : rules.lead_days;
  return item.due_on <= rules.date.plus_days(lead);
}

/// Without what follows an item of its kind that is not due: coverage goes on without a gap.
std::vector<DueItem> items_to_bill(const DueOrder& order, const BillingRules& rules) {
  std::vector<DueItem> result;
  std::vector<ItemKind> stopped;
  const Date furthest = rules.date.plus_days(rules.lead_days);
  for (auto& item : periods_due(order.plan, order.billed, furthest, rules.most_lines)) {
    if (std::ranges::find(stopped, item.kind) != stopped.end()) continue;
    if (is_due(item, rules)) {
      result.push_back(std::move(item));
    } else {
      stopped.push_back(item.kind);
    }
  }
  return result;
}

std::string describe_line(const DueOrder& order, const DueItem& item, const BillingLine& line,
                          const BillingRules& rules) {
  std::string words = order.service_name;
  if (order.name != order.service_name) words += " – " + order.name;
  if (item.kind != ItemKind::recurring) words += ", " + rules.translate(line.description);
  return words;
}

InvoiceLine line_of(const DueOrder& order, const DueItem& item, const BillingRules& rules) {
  const auto line = line_for(item, rules.zone);
  if (!(line.net.currency() == rules.currency)) {
    throw Failure(fmt::format("it is priced in {}, not in {}", line.net.currency().code(),
                              rules.currency.code()));
  }
  const bool recurring = item.kind == ItemKind::recurring;
  return {.kind = line_kind(item.kind),
          .order = order.id,
          .service = order.service,
          .description = describe_line(order, item, line, rules),
          .quantity = line.quantity,
          .unit_price = line.unit_price,
          .period = recurring ? std::optional(item.period) : std::nullopt,
          .net = line.net,
          .tax_rate = rules.tax_of ? rules.tax_of(order.service, item.due_on) : rules.tax_rate,
          .explanation = explain(line.explanation, rules.translate)};
}

/// What one order adds to its client's bill; thrown away whole when anything of it fails.
struct OrderBill {
  struct Item {
    std::string month;
    BilledItem billed;
    InvoiceLine line;
  };
  std::vector<Item> items;
  std::optional<Date> next_due;
};

OrderBill decide_order(const DueOrder& order, const BillingRules& rules) {
  OrderBill bill;
  BilledSoFar billed = order.billed;
  for (const auto& item : items_to_bill(order, rules)) {
    bill.items.push_back({item.due_on.month_text(),
                          {order.id, item.kind, item.period, std::nullopt},
                          line_of(order, item, rules)});
    count_as_billed(billed, item.kind, item.period);
  }
  bill.next_due = next_due_date(order.plan, billed);
  return bill;
}

using Months = std::map<std::string, MonthBill>;

void add(Months& months, OrderBill bill) {
  for (auto& item : bill.items) {
    auto& month = months[item.month];
    month.month = item.month;
    item.billed.line = month.lines.size();
    month.items.push_back(item.billed);
    month.lines.push_back(std::move(item.line));
  }
}

void drop_free(MonthBill& month, Currency currency) {
  if (!sum_up(month.lines, currency).total.is_zero()) return;
  month.lines.clear();
  for (auto& item : month.items) item.line.reset();
}

/// "2 lines, 15.00 €".
OrderOutcome outcome_of(OrderId order, const OrderBill& bill, Currency currency) {
  if (bill.items.empty()) return {.order = order, .outcome = Outcome::nothing};
  Money sum = Money::zero(currency);
  for (const auto& item : bill.items) sum += item.line.net;
  return {.order = order,
          .outcome = sum.is_zero() ? Outcome::free : Outcome::billed,
          .items = bill.items.size(),
          .detail = fmt::format("{} {}, {} – {}", sum.text(), currency.code(),
                                bill.items.front().billed.period.start.text(),
                                bill.items.back().billed.period.next.text())};
}

}  // namespace

void count_as_billed(BilledSoFar& billed, ItemKind kind, const BillingPeriod& period) {
  switch (kind) {
    case ItemKind::recurring:
      billed.recurring_until = std::max(billed.recurring_until, std::optional(period.next));
      break;
    case ItemKind::setup:
      billed.setup = true;
      break;
    case ItemKind::once:
      billed.last_once = std::max(billed.last_once, std::optional(period.start));
      break;
  }
}

std::string fault_text(const OrderOutcome& fault) {
  return fmt::format("order {}: {}", fault.order.number(), fault.detail);
}

std::string_view text(Outcome outcome) {
  switch (outcome) {
    case Outcome::billed:
      return "billed";
    case Outcome::free:
      return "free";
    case Outcome::nothing:
      return "nothing";
    case Outcome::fault:
      return "fault";
  }
  return {};
}

ClientBill decide_bill(const std::vector<DueOrder>& orders, const BillingRules& rules) {
  ClientBill bill;
  Months months;
  for (const auto& order : orders) {
    try {
      auto decided = decide_order(order, rules);
      bill.outcomes.push_back(outcome_of(order.id, decided, rules.currency));
      bill.next_due.push_back({order.id, decided.next_due});
      add(months, std::move(decided));
    } catch (const std::exception& error) {
      bill.outcomes.push_back({order.id, Outcome::fault, 0, error.what()});
    }
  }
  for (auto& [name, month] : months) {
    drop_free(month, rules.currency);
    bill.months.push_back(std::move(month));
  }
  return bill;
}

}  // namespace cstims
