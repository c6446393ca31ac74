#include "order/suspension.h"

#include <algorithm>
#include <array>

#include "base/failure.h"

namespace cstims {
namespace {

struct ObstacleText {
  Obstacle obstacle;
  std::string_view text;
};
constexpr std::array obstacles{
    ObstacleText{Obstacle::none, ""},
    ObstacleText{Obstacle::exempt, "exempt"},
    ObstacleText{Obstacle::paused, "paused"},
    ObstacleText{Obstacle::not_mailed, "not mailed"},
    ObstacleText{Obstacle::undeliverable, "undeliverable"},
    ObstacleText{Obstacle::payment_pending, "payment pending"},
    ObstacleText{Obstacle::open_ticket, "open ticket"},
};

}  // namespace

std::string_view text(Obstacle obstacle) {
  return obstacles.at(static_cast<std::size_t>(obstacle)).text;
}

Obstacle stored_obstacle(std::string_view stored) {
  const auto found = std::ranges::find(obstacles, stored, &ObstacleText::text);
  if (found == obstacles.end()) {
    throw DatabaseError("unknown obstacle to a suspension: " + std::string(stored));
  }
  return found->obstacle;
}

Message shown(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::none:
      return {};
    case Obstacle::exempt:
      return message("this order is never suspended automatically");
    case Obstacle::paused:
      return message("reminders are paused");
    case Obstacle::not_mailed:
      return message("the mail with the invoice is not sent");
    case Obstacle::undeliverable:
      return message("mail to the client could not be delivered");
    case Obstacle::payment_pending:
      return message("a payment may be on its way");
    case Obstacle::open_ticket:
      return message("a ticket about this order is open");
  }
  return {};
}

Obstacle obstacle_of(const OrderDebt& debt) {
  if (debt.exempt) return Obstacle::exempt;
  if (debt.paused) return Obstacle::paused;
  if (debt.undeliverable) return Obstacle::undeliverable;
  if (!debt.mailed) return Obstacle::not_mailed;
  if (debt.payment_pending) return Obstacle::payment_pending;
  if (debt.open_ticket) return Obstacle::open_ticket;
  return Obstacle::none;
}

const OrderDebt* weightiest(const std::vector<OrderDebt>& debts) {
  const auto found = std::ranges::find(debts, Obstacle::none, obstacle_of);
  if (found != debts.end()) return &*found;
  return debts.empty() ? nullptr : &debts.front();
}

SuspensionStep decide_suspension(const SuspensionCase* open, const OrderDebt* debt, Date today,
                                 int days) {
  if (!debt) return open ? SuspensionStep::end : SuspensionStep::nothing;
  const Obstacle obstacle = obstacle_of(*debt);
  if (!open || open->invoice != debt->invoice.id || open->obstacle != obstacle) {
    return SuspensionStep::note;
  }
  const bool told_before = open->told_on && *open->told_on < today;
  const bool long_enough = debt->invoice.due_date.plus_days(days) <= today;
  if (obstacle == Obstacle::none && told_before && long_enough) return SuspensionStep::suspend;
  return SuspensionStep::nothing;
}

Date expected_suspension(const SuspensionCase* open, const UnpaidInvoice& invoice, Date today,
                         int days) {
  const Date first = invoice.due_date.plus_days(days);
  const bool told = open && open->invoice == invoice.id && open->obstacle == Obstacle::none &&
                    open->told_on && *open->told_on < today;
  if (told) return std::max(first, today);
  return std::max(first, today.plus_days(1));
}

}  // namespace cstims
