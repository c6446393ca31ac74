// The verbs of suspension for non-payment. The daily look and the lifting act as the system,
// whoever caused them; exemptions are made by accountants and admins (else Forbidden).
#pragma once

#include <string>
#include <vector>

#include "mail/outbox.h"
#include "order/suspension.h"

namespace cstims {

/// What became of an order.
struct SuspensionNews {
  enum class What { noted, suspended, lifted };
  What what;
  OrderId order;
  std::string order_name;
  std::string client_name;
  std::string invoice_number;  // of "lifted" empty
  Obstacle obstacle = Obstacle::none;
};

/// The daily look at one client's orders: lifts what is paid, suspends what staff were told of
/// before today, notes what is to be told. Twice on one day changes nothing the second time.
std::vector<SuspensionNews> review_suspensions(Act& act, UserId client, Date today);

/// After a payment: orders of the client that non-payment suspended go on when nothing of what was
/// billed for them is overdue any more. What staff suspended stays suspended.
std::vector<SuspensionNews> lift_suspensions(Act& act, UserId client, Date today);

/// Never suspends it automatically, from now on; the reason is for staff, so it is no event of the
/// order, whose history the client reads. Refuses (field "reason") no reason, what is exempt
/// already and what has ended.
Result<void> exempt_from_suspension(Act& act, OrderId order, const std::string& reason);
Result<void> end_suspension_exemption(Act& act, OrderId order);

}  // namespace cstims
