// Which days of an order are billed, by which line, and what of that is left. The rows are those of
// invoices, which lie above this folder: here only their tables are known. What gives days back is
// invoice/order_changes.h.
#pragma once

#include <optional>
#include <vector>

#include "base/money.h"
#include "db/database.h"
#include "order/order.h"
#include "service/billing_credit.h"

namespace cstims {

/// Periods that cover days from `from` on, oldest first.
std::vector<BilledPeriod> list_billed_periods(Transaction& tx, const Order& order, Date from);

/// What the lines for days from `from` on come to that would be given back, without tax.
Money unused_value(Transaction& tx, const Order& order, Date from);

/// What is billed of it when the days from `from` on no longer are.
BilledSoFar billed_before(Transaction& tx, const Order& order, Date from);

}  // namespace cstims
