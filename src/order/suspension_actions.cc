#include "order/suspension_actions.h"

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"
#include "order/order_change.h"
#include "order/order_store.h"
#include "order/suspension_store.h"

namespace cstims {
namespace {

using What = SuspensionNews::What;

SuspensionNews news_of(What what, const Order& order) {
  return {.what = what,
          .order = order.id,
          .order_name = order.name,
          .client_name = order.client_name,
          .invoice_number = {}};
}

/// Throws when the rules of orders do not allow it: it was looked at in this transaction.
void change(Act& act, Order& order, OrderStatus to, const StatusChange& change) {
  const auto done = become(act, order, to, change);
  if (!done) throw Conflict("order " + order.id.text() + ": " + done.error().english());
}

std::string reason_of(const Act& act, const UnpaidInvoice& invoice) {
  return act.mailer.renderer.translate(
      message("{} of the invoice {}, due on {}, are not paid.",
              {invoice.rest.show(), invoice.number, act.mailer.renderer.show(invoice.due_date)}));
}

SuspensionNews suspend(Act& act, const SuspensionCase& open, const OrderDebt& debt, Date today) {
  Order order = lock_order(act.tx, act.viewer, open.order);
  change(act, order, OrderStatus::suspended,
         {.reason = reason_of(act, debt.invoice), .unpaid = debt.invoice});
  mark_case_suspended(act.tx, open.id, newest_status_event(act.tx, order.id).value(), today);
  auto news = news_of(What::suspended, order);
  news.invoice_number = debt.invoice.number;
  return news;
}

/// Of the orders of a client, those that are owing so long tomorrow.
std::vector<OwingOrder> owing_orders(Act& act, UserId client, Date today) {
  const auto days = act.site.dunning.suspend_days;
  if (!days) return {};
  return list_owing_orders(act.tx, {.due_until = today.plus_days(1 - *days),
                                    .accounting = act.site.mail_accounting,
                                    .client = client});
}

std::optional<SuspensionNews> look_at(Act& act, const OwingOrder& owing, Date today) {
  const auto* debt = weightiest(owing.debts);
  const auto open = find_open_case(act.tx, owing.order);
  if (open && open->is_suspended()) return std::nullopt;
  switch (decide_suspension(open ? &*open : nullptr, debt, today, *act.site.dunning.suspend_days)) {
    case SuspensionStep::suspend:
      return suspend(act, *open, *debt, today);
    case SuspensionStep::note:
      note_case(act.tx, owing.order, *debt, today);
      return SuspensionNews{.what = What::noted,
                            .order = owing.order,
                            .order_name = owing.order_name,
                            .client_name = owing.client_name,
                            .invoice_number = debt->invoice.number,
                            .obstacle = obstacle_of(*debt)};
    default:
      return std::nullopt;
  }
}

/// Cases whose debt is gone, whose order is not active any more, or that the settings end.
void end_cases(Act& act, UserId client, const std::vector<OwingOrder>& owing, Date today) {
  for (const auto& open : list_open_cases(act.tx, client)) {
    const bool still = std::ranges::count(owing, open.order, &OwingOrder::order) > 0;
    if (!open.is_suspended() && !still) end_case(act.tx, open.id, CaseOutcome::dropped, today);
  }
}

std::optional<SuspensionNews> lift(Act& act, const SuspensionCase& open, Date today) {
  Order order = lock_order(act.tx, act.viewer, open.order);
  if (newest_status_event(act.tx, order.id) != open.event) {
    end_case(act.tx, open.id, CaseOutcome::dropped, today);  // staff changed it since
    return std::nullopt;
  }
  if (owes_for(act.tx, order.id, today)) return std::nullopt;
  const auto reason = act.mailer.renderer.translate(message("Everything overdue is paid."));
  change(act, order, OrderStatus::active, {.reason = reason});
  end_case(act.tx, open.id, CaseOutcome::lifted, today);
  return news_of(What::lifted, order);
}

Order require_exemptible(Act& act, OrderId id) {
  if (!act.viewer.is_accountant()) throw Forbidden("accountants exempt orders from suspension");
  return lock_order(act.tx, act.viewer, id);
}

}  // namespace

std::vector<SuspensionNews> lift_suspensions(Act& act, UserId client, Date today) {
  const Viewer system = Viewer::of_system("dunning");
  Act as_system{act.tx, system, act.mailer, act.site};
  std::vector<SuspensionNews> all;
  for (const auto& open : list_open_cases(act.tx, client)) {
    if (!open.is_suspended()) continue;
    if (auto news = lift(as_system, open, today)) all.push_back(std::move(*news));
  }
  return all;
}

std::vector<SuspensionNews> review_suspensions(Act& act, UserId client, Date today) {
  const Viewer system = Viewer::of_system("dunning");
  Act as_system{act.tx, system, act.mailer, act.site};
  auto all = lift_suspensions(as_system, client, today);
  const auto owing = owing_orders(as_system, client, today);
  end_cases(as_system, client, owing, today);
  for (const auto& order : owing) {
    if (auto news = look_at(as_system, order, today)) all.push_back(std::move(*news));
  }
  return all;
}

Result<void> exempt_from_suspension(Act& act, OrderId id, const std::string& reason) {
  const Order order = require_exemptible(act, id);
  const std::string why(trim(reason));
  if (order.has_ended()) return refuse("", message("This order has ended already."));
  if (why.empty()) return refuse("reason", message("Say why."));
  if (!insert_exemption(act.tx, id, why, act.viewer.user)) {
    return refuse("", message("This order is exempt already."));
  }
  return {};
}

Result<void> end_suspension_exemption(Act& act, OrderId id) {
  require_exemptible(act, id);
  if (!close_exemption(act.tx, id, act.viewer.user))
    return refuse("", message("This order is not exempt."));
  return {};
}

}  // namespace cstims
