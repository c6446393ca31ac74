// The verbs of orders. Who may: clients place their own orders and ask to end them; everything else
// is for admins and the program itself. Others get Forbidden, an order that the viewer may not see
// is NotFound.
#pragma once

#include <optional>
#include <string>

#include "mail/outbox.h"
#include "order/order.h"

namespace cstims {

/// A client orders a service on offer. The price is computed here and kept with the order; mails to
/// admin and client.
Result<OrderId> place_order(Act& act, const NewOrder& order);
/// An admin adds an order for a client; without a billing term it costs what the service costs.
Result<OrderId> add_order(Act& act, const OrderEdit& edit);
/// Changes what differs. A new price counts from the next period that is not billed; a new status
/// is a fact with a mail.
Result<void> edit_order(Act& act, OrderId id, const OrderEdit& edit);
/// Only while it is being set up, and nothing names it. Any other order is ended.
Result<void> delete_order(Act& act, OrderId id);

/// Billing starts on `on`, by default today.
Result<void> activate_order(Act& act, OrderId id, std::optional<Date> on = {});
Result<void> suspend_order(Act& act, OrderId id, const std::string& reason);
Result<void> resume_order(Act& act, OrderId id, const std::string& reason);
/// From `on` on nothing is billed; not later than today.
Result<void> end_order(Act& act, OrderId id, std::optional<Date> on, const std::string& reason);
/// The same on any day: now when it has come, else when it comes. Refuses (field "on") days before
/// activation and more than ten years ahead.
Result<void> end_order_on(Act& act, OrderId id, Date on, const std::string& reason);

/// A client ends its order at the end of the paid period, or at once. While it is being set up: at
/// once.
Result<void> ask_to_end(Act& act, OrderId id, const EndingRequest& request);
/// Takes that back while it has not ended.
Result<void> continue_order(Act& act, OrderId id);
/// The end of the paid period: when an order ends whose client asks today. Absent: today.
std::optional<Date> end_of_paid_period(Transaction& tx, const Order& order);

/// Ends what has reached its last day (a job, as the system); the number of orders. At most `limit`
/// in one transaction.
int end_orders(Act& act, int limit);

/// What orders.next_due_on should hold.
std::optional<Date> next_due_of(Transaction& tx, const Order& order);

}  // namespace cstims
