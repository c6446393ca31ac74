// What every change of an order goes through: its status, its next due date, the fact of it. For
// the verbs of this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail/outbox.h"
#include "order/order.h"
#include "order/suspension.h"

namespace cstims {

struct StatusChange {
  std::optional<Date> on = {};               // the day it counts from; absent: today
  std::string reason = {};                   // the client reads it
  std::optional<UnpaidInvoice> unpaid = {};  // why it is suspended: its mail names what to pay
};

/// Throws Forbidden.
void require_order_admin(const Viewer& viewer);
/// Refuses what the transition table does not allow (field "status") and days that cannot be
/// ("activated_on", "ends_on"). Writes the order and its event, and mails the client.
Result<void> become(Act& act, Order& order, OrderStatus to, const StatusChange& change);
/// Refuses (field "activated_on") years that are surely typing errors.
Result<void> check_activation_date(Transaction& tx, Date date);
/// Writes the order with its next due date.
void save_order(Transaction& tx, Order& order);
/// A fact without mail; gives the name of the event for mails about it.
std::string record_event(Act& act, const Order& order, std::string_view event,
                         const std::string& detail = {}, const std::string& reason = {});

}  // namespace cstims
