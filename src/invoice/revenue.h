// What comes in every month, and what was earned: by service and month. Reads only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "db/database.h"
#include "invoice/closed_period.h"
#include "service/billing_term.h"

namespace cstims {

/// Amounts of one service, one a month.
struct ServiceAmounts {
  std::optional<ServiceId> service;  // absent: what belongs to none
  std::string name;
  std::vector<Money> months;
};
struct RevenueTable {
  std::vector<Month> months;             // oldest first
  std::vector<ServiceAmounts> services;  // the greatest newest amount first
  std::vector<Money> totals;             // one a month
};

/// The last `count` months up to the one of today, oldest first.
std::vector<Month> newest_months(Date today, int count);

/// A term's price as if it were paid by the month, in 504ths of a millionth of the currency: exact,
/// so that sums are rounded once. A year has 12 months and 365 days, a day 24 hours; what is paid
/// once recurs never.
std::int64_t monthly_price(const ResolvedTerm& term);
/// The sum of such, rounded once.
Money rounded_monthly(std::int64_t sum, Currency currency);

/// Monthly recurring revenue: what the orders that ran on the last day of each month (today, of the
/// current one) bring in a month, before tax. Suspended orders count: they are kept and billed.
RevenueTable recurring_revenue(Transaction& tx, const std::vector<Month>& months,
                               Currency currency);

/// Net of the lines issued in each month, less what rectifying invoices of the month took back.
RevenueTable issued_revenue(Transaction& tx, const std::vector<Month>& months, Currency currency);

struct OrderMovement {
  Month month;
  std::int64_t begun = 0;
  std::int64_t ended = 0;
};
/// Orders that became active and that ended, by month.
std::vector<OrderMovement> order_movements(Transaction& tx, const std::vector<Month>& months);

}  // namespace cstims
