// What people are told of orders. Each mail is about one event of the order, so that a repeated act
// adds none.
#pragma once

#include <string>

#include "mail/outbox.h"
#include "order/order.h"
#include "order/order_change.h"

namespace cstims {

/// To the admin, all it takes to deploy by hand, and to the client.
void queue_order_placed(Act& act, const Order& order, std::string_view event);
/// To the client: it is active, suspended or ended, and why, where that is known.
void queue_order_status(Act& act, const Order& order, std::string_view event,
                        const StatusChange& change);
/// To the admin: it ends, or has ended, without the admin's doing.
void queue_order_ending(Act& act, const Order& order, std::string_view event,
                        const std::string& reason);

}  // namespace cstims
