#include "order/order_actions.h"

#include "base/failure.h"
#include "order/order_change.h"
#include "order/order_mails.h"
#include "order/order_store.h"
#include "service/coupon_actions.h"
#include "service/service_store.h"

namespace cstims {
namespace {

constexpr int most_days_ahead = 10 * 366;
/// Each order is set up by hand: nobody waits for more than this.
constexpr int most_waiting_orders = 200;

Result<void> change_status(Act& act, OrderId id, OrderStatus to, const StatusChange& change) {
  require_order_admin(act.viewer);
  Order order = lock_order(act.tx, act.viewer, id);
  return become(act, order, to, change);
}

Order require_own_order(Act& act, OrderId id) {
  if (!act.viewer.is_client() && !act.viewer.is_admin()) {
    throw Forbidden("only its client ends an order");
  }
  return lock_order(act.tx, act.viewer, id);
}

/// The coupon and its discount as the order keeps them.
using KeptCoupon = std::pair<std::optional<CouponId>, std::optional<Discount>>;

Result<KeptCoupon> coupon_of(Act& act, const NewOrder& choice) {
  if (choice.coupon.empty()) return KeptCoupon();
  const auto coupon = use_coupon(act.tx, choice.coupon, choice.service);
  if (!coupon) return std::unexpected(coupon.error());
  return KeptCoupon(coupon->id, coupon->terms.discount());
}

/// The program and the client act without the admin, who takes down by hand.
bool admin_must_hear(const Viewer& viewer) {
  return viewer.is_client() || viewer.system;
}

Result<void> end_now(Act& act, Order& order, const StatusChange& change) {
  if (const auto done = become(act, order, OrderStatus::ended, change); !done) return done;
  if (admin_must_hear(act.viewer)) {
    queue_order_ending(act, order, "order " + order.id.text() + " ended", change.reason);
  }
  return {};
}

}  // namespace

Result<OrderId> place_order(Act& act, const NewOrder& choice) {
  if (!act.viewer.is_client()) throw Forbidden("only clients order");
  const UserId client = act.viewer.require_user();
  const auto service = find_service(act.tx, act.viewer, choice.service);
  if (!service) return refuse("service", message("This service is not on offer."));
  const auto priced = price_choice(*service, choice);
  if (!priced) return std::unexpected(priced.error());
  if (count_waiting_orders(act.tx, client) >= most_waiting_orders) {
    return refuse("", message("Too many of your orders wait to be set up; please write to us."));
  }
  const auto coupon = coupon_of(act, choice);
  if (!coupon) return std::unexpected(coupon.error());
  const OrderId id =
      insert_order(act.tx, {.service = service->id,
                            .name = choice.name,
                            .client = client,
                            .status = OrderStatus::setting_up,
                            .terms = {{.from = act.tx.today(), .term = priced->term}},
                            .options = priced->options,
                            .comments = choice.comments,
                            .notes = {},
                            .anchor_day = act.site.anchor_day,
                            .trial_days = service->trial_days,
                            .coupon = coupon->first,
                            .discount = coupon->second,
                            .bills_suspended = act.site.bills_suspended});
  const Order order = require_order(act.tx, act.viewer, id);
  queue_order_placed(act, order, record_event(act, order, "placed"));
  return id;
}

Result<void> activate_order(Act& act, OrderId id, std::optional<Date> on) {
  return change_status(act, id, OrderStatus::active, {.on = on});
}

Result<void> suspend_order(Act& act, OrderId id, const std::string& reason) {
  return change_status(act, id, OrderStatus::suspended, {.reason = reason});
}

Result<void> resume_order(Act& act, OrderId id, const std::string& reason) {
  return change_status(act, id, OrderStatus::active, {.reason = reason});
}

Result<void> end_order(Act& act, OrderId id, std::optional<Date> on, const std::string& reason) {
  require_order_admin(act.viewer);
  Order order = lock_order(act.tx, act.viewer, id);
  return end_now(act, order, {.on = on, .reason = reason});
}

Result<void> end_order_on(Act& act, OrderId id, Date on, const std::string& reason) {
  require_order_admin(act.viewer);
  Order order = lock_order(act.tx, act.viewer, id);
  if (order.has_ended()) return refuse("", message("This order has ended already."));
  if (order.activated_on && on < *order.activated_on) {
    return refuse("on", message("This order is active since {}: choose that day or a later one.",
                                {show(*order.activated_on)}));
  }
  if (on > act.tx.today().plus_days(most_days_ahead)) {
    return refuse("on", message("An order ends after it began and within ten years."));
  }
  if (on <= act.tx.today()) return end_now(act, order, {.on = on, .reason = reason});
  if (order.ends_on == on) {
    return refuse("on", message("This order ends on {} already.", {show(on)}));
  }
  order.ends_on = on;
  save_order(act.tx, order);
  record_event(act, order, "ending", on.text(), reason);
  return {};
}

Result<void> ask_to_end(Act& act, OrderId id, const EndingRequest& request) {
  Order order = require_own_order(act, id);
  if (order.has_ended()) return refuse("", message("This order has ended already."));
  const auto last_day = end_of_paid_period(act.tx, order);
  if (request.at_once || !last_day || *last_day <= act.tx.today()) {
    return end_now(act, order, {.on = act.tx.today(), .reason = request.reason});
  }
  if (order.ends_on && *order.ends_on <= *last_day) {
    return refuse("", message("This order ends on {} already.", {show(*order.ends_on)}));
  }
  order.ends_on = last_day;
  save_order(act.tx, order);
  const auto event = record_event(act, order, "ending", last_day->text(), request.reason);
  queue_order_ending(act, order, event, request.reason);
  return {};
}

Result<void> continue_order(Act& act, OrderId id) {
  Order order = require_own_order(act, id);
  if (order.has_ended()) return refuse("", message("This order has ended already."));
  if (!order.ends_on) return refuse("", message("This order has no end."));
  order.ends_on.reset();
  save_order(act.tx, order);
  record_event(act, order, "continued");
  return {};
}

std::optional<Date> end_of_paid_period(Transaction& tx, const Order& order) {
  const auto plan = order.plan();
  if (!plan) return std::nullopt;
  const auto billed = billed_so_far(tx, order.id);
  if (billed.recurring_until && *billed.recurring_until > tx.today()) return billed.recurring_until;
  const auto period = period_around(*plan, tx.today());
  return period ? std::optional(period->next) : std::nullopt;
}

int end_orders(Act& act, int limit) {
  int ended = 0;
  for (const OrderId id : list_orders_to_end(act.tx, act.tx.today(), limit)) {
    Order order = lock_order(act.tx, act.viewer, id);
    if (end_now(act, order, {.on = order.ends_on})) ++ended;
  }
  return ended;
}

std::optional<Date> next_due_of(Transaction& tx, const Order& order) {
  const auto plan = order.plan();
  if (!plan) return std::nullopt;
  return next_due_date(*plan, billed_so_far(tx, order.id));
}

}  // namespace cstims
