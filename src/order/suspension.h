// Suspending an order because an invoice for it was not paid: rules. Only active orders, only
// issued invoices that are overdue by so many days, never without staff having been told the day
// before, and never while something stands against it.
//
// An order has at most one open case: noted (and told in a digest), then suspended, then ended,
// when the debt is gone or staff took the matter into their own hands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

/// What stands against suspending, the weightiest first.
enum class Obstacle {
  none,
  exempt,           // staff said: never this order
  paused,           // reminders of the invoice or the client are paused
  not_mailed,       // the client's mail with the invoice is not sent yet
  undeliverable,    // it could not be delivered, or later mail to the client could not
  payment_pending,  // money came in that may be for it
  open_ticket       // the client has an open ticket about this order
};

std::string_view text(Obstacle obstacle);         // none: ""
Obstacle stored_obstacle(std::string_view text);  // throws DatabaseError
Message shown(Obstacle obstacle);

/// An invoice that is owing.
struct UnpaidInvoice {
  InvoiceId id;
  std::string number;
  Date due_date;
  Money rest;
};

/// Of one order.
struct OrderDebt {
  UnpaidInvoice invoice;
  bool exempt = false;
  bool paused = false;
  bool mailed = false;
  bool undeliverable = false;
  bool payment_pending = false;
  bool open_ticket = false;
};
Obstacle obstacle_of(const OrderDebt& debt);

/// Which of an order's debts, oldest first, it would be suspended for: the oldest without an
/// obstacle, else the oldest. Null when there is none.
const OrderDebt* weightiest(const std::vector<OrderDebt>& debts);

struct SuspensionCase {
  std::int64_t id;
  OrderId order;
  InvoiceId invoice;
  Obstacle obstacle = Obstacle::none;
  std::optional<Date> told_on = {};
  std::optional<std::int64_t> event = {};  // absent: not suspended (yet)
  bool is_suspended() const { return event.has_value(); }
};

/// What a daily look at an active order does. `note`: there is something new to tell staff.
enum class SuspensionStep { nothing, note, suspend, end };
/// `debt`: the weightiest of those that are `days` overdue on `today` or tomorrow.
SuspensionStep decide_suspension(const SuspensionCase* open, const OrderDebt* debt, Date today,
                                 int days);

/// The day an active order is suspended if the job runs every day and nothing changes. Obstacles
/// are not looked at.
Date expected_suspension(const SuspensionCase* open, const UnpaidInvoice& invoice, Date today,
                         int days);

}  // namespace cstims
