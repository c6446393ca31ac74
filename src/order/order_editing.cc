// Adding, editing and deleting by an admin (declared in order_actions.h).
#include <algorithm>

#include "account/user_store.h"
#include "base/text.h"
#include "order/order_actions.h"
#include "order/order_change.h"
#include "order/order_mails.h"
#include "order/order_store.h"
#include "order/order_terms.h"
#include "service/coupon_actions.h"
#include "service/service_store.h"

namespace cstims {
namespace {

constexpr int most_days_ahead = 10 * 366;

/// Client and service of the form must exist.
Result<Service> check_names(Act& act, const OrderEdit& edit) {
  Refusal refusal;
  const auto client = find_user(act.tx, edit.client);
  if (!client || client->type != Role::client) {
    refusal.add("client", message("Choose one of the list."));
  }
  auto service = find_service(act.tx, act.viewer, edit.service);
  if (!service) refusal.add("service", message("Choose one of the list."));
  if (!refusal.items.empty()) return std::unexpected(std::move(refusal));
  return *std::move(service);
}

Result<void> check_unbound(Act& act, const Order& order, const OrderEdit& edit) {
  if (order.client == edit.client && order.service == edit.service) return {};
  const auto dependents = list_order_dependents(act.tx, order.id);
  if (dependents.empty()) return {};
  return refuse(order.client == edit.client ? "service" : "client",
                message("It stays as it is: this order has {}.", {join(dependents, ", ")}));
}

Result<void> change_activation(Act& act, Order& order, Date date) {
  if (date == order.activated_on) return {};
  const auto billed = billed_so_far(act.tx, order.id);
  if (!billed.nothing()) {
    return refuse("activated_on", message("It stays as it is: this order has been billed."));
  }
  if (const auto checked = check_activation_date(act.tx, date); !checked) return checked;
  order.activated_on = date;
  DatedTerm term = order.terms.back();
  term.from = date;
  order.terms = {std::move(term)};
  record_event(act, order, "changed", "activated on " + date.text());
  return {};
}

Result<void> change_end(Act& act, Order& order, std::optional<Date> ends_on) {
  if (ends_on == order.ends_on) return {};
  const Date earliest = order.activated_on.value_or(act.tx.today());
  if (order.has_ended()) {
    return refuse("ends_on", message("This order has ended; its last day stays."));
  }
  if (ends_on && (*ends_on < earliest || *ends_on > act.tx.today().plus_days(most_days_ahead))) {
    return refuse("ends_on", message("An order ends after it began and within ten years."));
  }
  order.ends_on = ends_on;
  record_event(act, order, ends_on ? "ending" : "continued", ends_on ? ends_on->text() : "");
  return {};
}

Result<void> change_coupon(Act& act, Order& order, const std::string& code) {
  if (code == (order.discount ? order.discount->code : "")) return {};
  if (code.empty()) {
    order.coupon.reset();
    order.discount.reset();
  } else {
    const auto coupon = use_coupon(act.tx, code, order.service);
    if (!coupon) return std::unexpected(coupon.error());
    order.coupon = coupon->id;
    order.discount = coupon->terms.discount();
  }
  record_event(act, order, "changed", code.empty() ? "no coupon" : "coupon " + code);
  return {};
}

/// What is billed already is not computed again, so all of these count for what comes.
Result<void> change_billing_rules(Act& act, Order& order, const OrderEdit& edit) {
  if (edit.trial_days && *edit.trial_days != order.trial_days) {
    if (!billed_so_far(act.tx, order.id).nothing()) {
      return refuse("trial_days", message("It stays as it is: this order has been billed."));
    }
    order.trial_days = *edit.trial_days;
    record_event(act, order, "changed", std::to_string(order.trial_days) + " trial days");
  }
  if (edit.changes_anchor && edit.anchor_day != order.anchor_day) {
    order.anchor_day = edit.anchor_day;
    record_event(
        act, order, "changed",
        order.anchor_day ? "anchor day " + std::to_string(*order.anchor_day) : "no anchor day");
  }
  if (edit.bills_suspended && *edit.bills_suspended != order.bills_suspended) {
    order.bills_suspended = *edit.bills_suspended;
    record_event(act, order, "changed",
                 order.bills_suspended ? "suspended days are billed" : "suspended days are free");
  }
  return edit.coupon ? change_coupon(act, order, *edit.coupon) : Result<void>();
}

/// All but the status.
Result<void> apply_edit(Act& act, Order& order, const OrderEdit& edit) {
  const auto service = check_names(act, edit);
  if (!service) return std::unexpected(service.error());
  if (const auto unbound = check_unbound(act, order, edit); !unbound) return unbound;
  const auto price = changed_price(order, *service, edit.billing, edit.options);
  if (!price) return std::unexpected(price.error());
  const bool runs = order.status == OrderStatus::active || order.status == OrderStatus::suspended;
  if (runs && edit.activated_on) {
    if (const auto done = change_activation(act, order, *edit.activated_on); !done) return done;
  }
  const bool ends = edit.status == OrderStatus::ended && !order.has_ended();
  if (edit.changes_end && !ends) {
    if (const auto done = change_end(act, order, edit.ends_on); !done) return done;
  }
  if (const auto done = change_billing_rules(act, order, edit); !done) return done;
  DatedTerm change = order.terms.back();
  if (*price) change.term = **price;
  if (edit.quantity) change.quantity = *edit.quantity;
  if (change != order.terms.back()) change_price(act, order, std::move(change));
  order.client = edit.client;
  order.service = edit.service;
  order.name = edit.name;
  order.comments = edit.comments;
  order.notes = edit.notes;
  if (edit.options && edit.options->text() != order.options.text()) {
    order.options = *edit.options;
    record_event(act, order, "changed", order.options.show_chosen());
  }
  return {};
}

StatusChange change_of(const OrderEdit& edit) {
  const bool ends = edit.status == OrderStatus::ended;
  return {.on = ends ? edit.ends_on : edit.activated_on, .reason = edit.reason};
}

}  // namespace

Result<OrderId> add_order(Act& act, const OrderEdit& edit) {
  require_order_admin(act.viewer);
  const auto service = check_names(act, edit);
  if (!service) return std::unexpected(service.error());
  const bool possible =
      edit.status == OrderStatus::setting_up || edit.status == OrderStatus::active;
  if (!possible) return refuse("status", message("A new order is being set up or active."));
  const auto options = edit.options.value_or(ServiceOptions());
  const auto term = edit.billing ? Result<ResolvedTerm>(*edit.billing)
                                 : service_price(*service, options, std::nullopt);
  if (!term) return std::unexpected(term.error());
  const OrderId id = insert_order(
      act.tx,
      {.service = edit.service,
       .name = edit.name,
       .client = edit.client,
       .status = OrderStatus::setting_up,
       .terms = {{.from = act.tx.today(), .term = *term, .quantity = edit.quantity.value_or(1)}},
       .options = options,
       .comments = edit.comments,
       .notes = edit.notes,
       .anchor_day = edit.changes_anchor ? edit.anchor_day : act.site.anchor_day,
       .trial_days = edit.trial_days.value_or(service->trial_days),
       .bills_suspended = edit.bills_suspended.value_or(act.site.bills_suspended)});
  Order order = require_order(act.tx, act.viewer, id);
  if (const auto done = change_coupon(act, order, edit.coupon.value_or("")); !done) {
    return std::unexpected(done.error());
  }
  queue_order_placed(act, order, record_event(act, order, "placed"));
  if (edit.changes_end) {
    if (const auto done = change_end(act, order, edit.ends_on); !done)
      return std::unexpected(done.error());
  }
  if (edit.status == OrderStatus::active) {
    const auto done = become(act, order, OrderStatus::active, change_of(edit));
    if (!done) return std::unexpected(done.error());
  } else {
    save_order(act.tx, order);
  }
  return id;
}

Result<void> edit_order(Act& act, OrderId id, const OrderEdit& edit) {
  require_order_admin(act.viewer);
  Order order = lock_order(act.tx, act.viewer, id);
  if (const auto done = apply_edit(act, order, edit); !done) return done;
  if (edit.status != order.status) return become(act, order, edit.status, change_of(edit));
  save_order(act.tx, order);
  return {};
}

Result<void> delete_order(Act& act, OrderId id) {
  require_order_admin(act.viewer);
  const Order order = lock_order(act.tx, act.viewer, id);
  const auto dependents = list_order_dependents(act.tx, id);
  if (!dependents.empty()) {
    return refuse("", message("This order has {}, so it cannot be deleted. End it instead.",
                              {join(dependents, ", ")}));
  }
  if (order.status != OrderStatus::setting_up) {
    return refuse("",
                  message("Only an order that is being set up can be deleted. End it instead."));
  }
  delete_order_row(act.tx, id);
  return {};
}

}  // namespace cstims
