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
#include "order/order_store.h"
#include "service/billing_lines.h"

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

/// What became of an order in a run: a row of the ledger. `nothing`: it was thought due, but all is
/// billed already.
enum class Outcome { billed, free, nothing, fault };
std::string_view text(Outcome outcome);

struct OrderOutcome {
  OrderId order;
  Outcome outcome;
  std::size_t items = 0;
  std::string detail = {};  // what is billed, or the fault
};

/// "order 12: it is priced in USD, not in EUR".
std::string fault_text(const OrderOutcome& fault);

struct ClientBill {
  std::vector<MonthBill> months;  // oldest first
  std::vector<NextDue> next_due;
  std::vector<OrderOutcome> outcomes;
};

/// Throws Failure when no rate holds on that day.
using TaxOfService = std::function<TaxRate(ServiceId service, Date due_on)>;

struct BillingRules {
  Date date;                                // everything due up to it …
  int lead_days = 0;                        // … and in advance so many days before
  std::size_t most_lines = most_due_items;  // of one order at once; more is a fault
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
