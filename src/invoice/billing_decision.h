// What a billing run makes of one client's due orders: which invoices with which lines, what counts
// as billed afterwards, when each order is due next. Decided here before anything is written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "invoice/invoice.h"
#include "service/billing_periods.h"

namespace cstims {

/// An order as the run sees it.
struct DueOrder {
  OrderId id;
  ServiceId service;
  std::string name;
  std::string service_name;
  BillingPlan plan;
  BilledSoFar billed;
};

/// A period that is billed now: by that line of the invoice, or by none because it costs nothing.
struct BilledItem {
  OrderId order;
  ItemKind kind;
  BillingPeriod period;
  std::optional<std::size_t> line;
};

/// One invoice: what fell due in one calendar month. Several operations may share an invoice only
/// within one (RD 1619/2012 art. 13).
struct MonthBill {
  std::string month;  // "2026-02"
  std::vector<InvoiceLine> lines;
  std::vector<BilledItem> items;
};

struct NextDue {
  OrderId order;
  std::optional<Date> date;
};

struct ClientBill {
  std::vector<MonthBill> months;  // oldest first
  std::vector<NextDue> next_due;
  std::vector<std::string> faults;  // orders that could not be billed, and why
};

/// Throws Failure when no rate holds on that day.
using TaxOfService = std::function<TaxRate(ServiceId service, Date due_on)>;

struct BillingRules {
  Date date;          // everything due up to it …
  int lead_days = 0;  // … and in advance so many days before
  Currency currency;
  TaxRate tax_rate;
  const TimeZone& zone;
  std::function<std::string(const Message&)> translate;
  /// Of a service, for this client and what falls due on that day; absent: tax_rate for all.
  TaxOfService tax_of = {};
};

/// What has been billed, with one more item.
void count_as_billed(BilledSoFar& billed, ItemKind kind, const BillingPeriod& period);

/// A month that costs nothing has no line: nobody wants an invoice of 0.00.
ClientBill decide_bill(const std::vector<DueOrder>& orders, const BillingRules& rules);

}  // namespace cstims
