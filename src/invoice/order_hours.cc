#include "invoice/order_hours.h"

#include "account/user_store.h"
#include "invoice/tax.h"
#include "order/order_store.h"
#include "service/tax_rate_store.h"

namespace cstims {

namespace {

constexpr std::int64_t hours_of_year = 8760;

Decimal part(const Decimal& price, std::int64_t factor, std::int64_t divisor) {
  return Decimal::millionths(multiply_and_round(price.millionths(), factor, divisor));
}

}  // namespace

std::optional<Decimal> price_of_hour(const ResolvedTerm& term) {
  if (term.is_free || term.cycle == Cycle::once) return std::nullopt;
  if (term.cycle == Cycle::hour) return term.price;
  if (const int days = days_of(term.cycle); days > 0) return part(term.price, 1, days * 24);
  return part(term.price, 12, months_of(term.cycle) * hours_of_year);
}

Result<InvoiceDraft> with_hours(Act& act, InvoiceDraft draft) {
  if (!draft.hours) return draft;
  const auto [order_id, hours] = *draft.hours;
  const auto order = find_order(act.tx, act.viewer, order_id);
  if (!order || order->client != draft.client) {
    return refuse("order", message("This client has no such order."));
  }
  const auto price = price_of_hour(order->billing());
  if (!price) return refuse("order", message("This order has no price by time: write a line."));
  const auto currency = act.site.currency;
  const auto client = require_user(act.tx, draft.client);
  const auto rates = load_tax_rates(act.tx, act.site);
  const auto rate = tax_rate_for(rates, list_tax_names(act.tx).at(order->service),
                                 client.tax_status, act.tx.today());
  InvoiceLine line{.order = order->id,
                   .service = order->service,
                   .description = order->service_name + " – " + order->name,
                   .quantity = hours,
                   .unit_price = *price,
                   .net = Decimal::amount(hours, *price, 1, 1, currency),
                   .tax_rate = rate};
  if (line.net.is_zero()) return refuse("hours", message("So few hours cost nothing."));
  line.explanation = act.mailer.renderer.translate(
      message("{} hours at {}, the price of an hour of {}.",
              {hours.text(), show_price(*price, currency), order->billing().show_price()}));
  draft.lines.push_back(std::move(line));
  draft.hours.reset();
  return draft;
}

}  // namespace cstims
