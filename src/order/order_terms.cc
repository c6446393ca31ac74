#include "order/order_terms.h"

#include <algorithm>

#include "order/order_change.h"
#include "order/order_store.h"
#include "service/service_store.h"

namespace cstims {
namespace {

constexpr int most_days_back = 5 * 366;
constexpr int most_days_ahead = 366;

/// Price and quantity together: what a line multiplies.
std::string price_words(const DatedTerm& term) {
  return (term.quantity == 1 ? "" : std::to_string(term.quantity) + " × ") + term.term.text();
}

/// Where a new price begins: with the next period that is not billed. Absent: it holds from
/// activation on, for nothing has been used at the old one.
std::optional<Date> start_of_new_price(Transaction& tx, const Order& order) {
  const auto plan = order.plan();
  if (!plan) return std::nullopt;
  const auto billed = billed_so_far(tx, order.id);
  const bool untouched = billed.nothing();
  if (untouched && !order.billing().in_arrears) return std::nullopt;
  const auto next = next_period_start(*plan, billed, tx.today());
  return next ? next : std::max(tx.today(), *order.activated_on);
}

Result<void> check_running(const Order& order) {
  if (order.has_ended()) {
    return refuse("", message("This order has ended; place a new one instead."));
  }
  if (!order.activated_on || order.status == OrderStatus::setting_up) {
    return refuse("", message("This order is being set up: edit it instead."));
  }
  return {};
}

Result<void> check_day(Transaction& tx, const Order& order, Date from) {
  if (from < *order.activated_on) {
    return refuse("from", message("This order is active since {}: choose that day or a later one.",
                                  {show(*order.activated_on)}));
  }
  if (order.ends_on && from >= *order.ends_on) {
    return refuse("from",
                  message("This order ends on {}: choose a day before.", {show(*order.ends_on)}));
  }
  if (from < tx.today().plus_days(-most_days_back) ||
      from > tx.today().plus_days(most_days_ahead)) {
    return refuse("from", message("Choose a day within the last five years or the next year."));
  }
  return {};
}

/// Whether the same days cost the same.
bool cost_the_same(const std::vector<DatedTerm>& some, const std::vector<DatedTerm>& others) {
  const auto steps = [](const std::vector<DatedTerm>& terms) {
    std::vector<DatedTerm> kept;
    for (auto term : terms) {
      term.options.clear();
      if (!kept.empty()) {
        auto same = kept.back();
        same.from = term.from;
        if (same == term) continue;
      }
      kept.push_back(std::move(term));
    }
    return kept;
  };
  return steps(some) == steps(others);
}

/// The newest terms with what the change brings.
Result<DatedTerm> wanted_term(Transaction& tx, const Viewer& viewer, const Order& order,
                              const TermsChange& change) {
  const auto service = require_service(tx, viewer, order.service);
  const auto price = changed_price(order, service, change.billing, change.options);
  if (!price) return std::unexpected(price.error());
  DatedTerm term = order.terms.back();
  if (*price) term.term = **price;
  if (change.quantity) term.quantity = *change.quantity;
  if (change.options) term.options = change.options->show_chosen();
  return term;
}

}  // namespace

Result<ResolvedTerm> service_price(const Service& service, const ServiceOptions& options,
                                   std::optional<Cycle> like) {
  for (const auto& key : service.billing.keys()) {
    if (options.find(key)) continue;
    return refuse("options", message("The price of {} depends on “{}”: give it a value.",
                                     {service.name, key}));
  }
  const auto& alternatives = service.billing.alternatives();
  const bool offered = like && std::ranges::any_of(alternatives, [&](const auto& alternative) {
                         return alternative.cycle == *like;
                       });
  const auto cycle = offered ? like : std::nullopt;
  if (!cycle && alternatives.size() > 1) {
    return refuse("billing",
                  message("{} has several prices: write the one of this order.", {service.name}));
  }
  return service.billing.resolve(cycle, options.values());
}

Result<std::optional<ResolvedTerm>> changed_price(const Order& order, const Service& service,
                                                  const std::optional<ResolvedTerm>& billing,
                                                  const std::optional<ServiceOptions>& options) {
  if (billing && *billing != order.billing()) return billing;
  const bool same_options = !options || options->text() == order.options.text();
  if (same_options || service.billing.keys().empty()) return std::nullopt;
  const auto price = service_price(service, *options, order.billing().cycle);
  if (!price) return std::unexpected(price.error());
  return *price == order.billing() ? std::nullopt : std::optional(*price);
}

void change_price(Act& act, Order& order, DatedTerm change) {
  const std::string before = price_words(order.terms.back());
  const auto from = start_of_new_price(act.tx, order);
  const std::string after = price_words(change);
  change.from = from.value_or(order.terms.front().from);
  order.terms = change_terms(std::move(order.terms), std::move(change));
  record_event(act, order, "billing",
               before + " → " + after + (from ? " (" + from->text() + ")" : ""));
}

Result<ChangedOrder> changed_order(Transaction& tx, const Viewer& viewer, Order order,
                                   const TermsChange& change) {
  if (const auto running = check_running(order); !running) {
    return std::unexpected(running.error());
  }
  auto term = wanted_term(tx, viewer, order, change);
  if (!term) return std::unexpected(term.error());
  term->from =
      change.from ? *change.from : start_of_new_price(tx, order).value_or(order.terms.front().from);
  if (const auto possible = check_day(tx, order, term->from); !possible) {
    return std::unexpected(possible.error());
  }
  const Date from = term->from;
  std::string words = price_words(order.terms.back()) + " → " + price_words(*term);
  auto terms = change_terms(order.terms, *std::move(term));
  if (cost_the_same(terms, order.terms)) {
    return refuse("", message("The price stays as it is from that day on: nothing to change."));
  }
  order.terms = std::move(terms);
  if (change.options) order.options = *change.options;
  return ChangedOrder{std::move(order), from, std::move(words)};
}

Result<ChangedOrder> change_order_terms(Act& act, OrderId id, const TermsChange& change) {
  require_order_admin(act.viewer);
  const Order before = lock_order(act.tx, act.viewer, id);
  auto changed = changed_order(act.tx, act.viewer, before, change);
  if (!changed) return changed;
  save_order(act.tx, changed->order);
  record_event(act, changed->order, "billing", changed->words + " (" + changed->from.text() + ")",
               change.reason);
  if (changed->order.options.text() != before.options.text()) {
    record_event(act, changed->order, "changed", changed->order.options.show_chosen());
  }
  return changed;
}

}  // namespace cstims
