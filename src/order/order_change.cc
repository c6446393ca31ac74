#include "order/order_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "order/order_actions.h"
#include "order/order_mails.h"
#include "order/order_store.h"

namespace cstims {
namespace {

constexpr int most_days_back = 5 * 366;
constexpr int most_days_ahead = 366;

Result<void> check_transition(const Order& order, OrderStatus to) {
  if (may_become(order.status, to)) return {};
  if (order.status == OrderStatus::ended) {
    return refuse("status", message("This order has ended; place a new one instead."));
  }
  return refuse("status", message("An order that is “{}” cannot become “{}”.",
                                  {std::string(text(order.status)), std::string(text(to))}));
}

Result<void> begin_billing(Transaction& tx, Order& order, Date on) {
  if (const auto checked = check_activation_date(tx, on); !checked) return checked;
  order.activated_on = on;
  order.terms.front().from = on;
  return {};
}

Result<void> end_billing(Transaction& tx, Order& order, const StatusChange& change) {
  const Date today = tx.today();
  const Date on = change.on.value_or(std::min(order.ends_on.value_or(today), today));
  if (on > today) {
    return refuse("ends_on", message("An order that has ended has ended today or before."));
  }
  if (order.activated_on) order.ends_on = std::max(on, *order.activated_on);
  return {};
}

/// Days that were billed ahead stay billed.
void pause_billing(Transaction& tx, Order& order) {
  const auto plan = order.plan();
  if (!plan || order.bills_suspended) return;
  const auto billed = billed_so_far(tx, order.id).recurring_until.value_or(tx.today());
  order.terms =
      pause_terms(std::move(order.terms), std::max({tx.today(), billed, plan->begins_on()}));
}

void resume_billing(Transaction& tx, Order& order) {
  if (!order.terms.back().paused) return;
  order.terms = resume_terms(std::move(order.terms), tx.today());
}

}  // namespace

void require_order_admin(const Viewer& viewer) {
  if (!viewer.is_admin()) throw Forbidden("only admins manage orders");
}

Result<void> become(Act& act, Order& order, OrderStatus to, const StatusChange& change) {
  if (const auto allowed = check_transition(order, to); !allowed) return allowed;
  Result<void> done;
  if (to == OrderStatus::active && order.status == OrderStatus::setting_up) {
    done = begin_billing(act.tx, order, change.on.value_or(act.tx.today()));
  } else if (to == OrderStatus::ended) {
    done = end_billing(act.tx, order, change);
  } else if (to == OrderStatus::suspended) {
    pause_billing(act.tx, order);
  } else {
    resume_billing(act.tx, order);
  }
  if (!done) return done;
  order.status = to;
  save_order(act.tx, order);
  const std::string since = to == OrderStatus::active ? order.activated_on.value().text() : "";
  queue_order_status(act, order, record_event(act, order, text(to), since, change.reason), change);
  return {};
}

Result<void> check_activation_date(Transaction& tx, Date date) {
  if (date >= tx.today().plus_days(-most_days_back) &&
      date <= tx.today().plus_days(most_days_ahead)) {
    return {};
  }
  return refuse("activated_on",
                message("The activation date lies within the last five years or the next year."));
}

void save_order(Transaction& tx, Order& order) {
  order.next_due_on = next_due_of(tx, order);
  update_order(tx, order);
}

std::string record_event(Act& act, const Order& order, std::string_view event,
                         const std::string& detail, const std::string& reason) {
  const auto id = insert_order_event(act.tx, {.order = order.id,
                                              .user = act.viewer.user,
                                              .event = event,
                                              .detail = detail,
                                              .reason = reason});
  return fmt::format("order {} event {}", order.id.number(), id);
}

}  // namespace cstims
