// What a billing run reads of orders and writes of billed periods.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "db/database.h"
#include "invoice/billing_decision.h"

namespace cstims {

/// Clients with an order due up to that day, by id.
std::vector<UserId> list_due_clients(Transaction& tx, Date up_to);

struct DueOrderId {
  UserId client;
  OrderId order;
};
/// The due orders of the clients from `first` to `last`, by client and id; in a writing transaction
/// nobody else changes them until it ends.
std::vector<DueOrderId> list_due_order_ids(Transaction& tx, UserId first, UserId last, Date up_to);

/// All that decides what is due of it. Throws Failure when it was never activated.
DueOrder load_due_order(Transaction& tx, OrderId id);
/// The same of many, in order; of one that cannot be billed, why.
std::vector<std::expected<DueOrder, std::string>> load_due_orders(
    Transaction& tx, const std::vector<DueOrderId>& ids);

/// When it is billed already, a ConstraintViolation is thrown here or at the latest by the commit.
void insert_billed_item(Transaction& tx, const BilledItem& item, std::optional<std::int64_t> line);

/// Days of an order that are given back: no longer covered, and noted with the line they were
/// billed by and the invoice that gives them back (absent: they had cost nothing, or nothing was
/// left). Throws Conflict when they are not covered (any more).
struct CreditedDays {
  OrderId order;
  BillingPeriod period;  // billed
  BillingPeriod days;    // of it, up to where it was covered
  std::optional<std::int64_t> line;
  std::optional<InvoiceId> rectifying;
};
void give_days_back(Transaction& tx, const CreditedDays& credited);
/// Throws DatabaseError when there is no such line.
InvoiceId invoice_of_line(Transaction& tx, std::int64_t line);

/// A row of the ledger: what became of an order in the run that began at `run`.
struct LedgerRow {
  Instant run;
  Date date;  // the run's
  OrderOutcome outcome;
};
void insert_ledger_row(Transaction& tx, const LedgerRow& row);
/// Forgets what is older than a year, at most so many rows; their number.
std::int64_t forget_old_ledger(Transaction& tx, int limit);

}  // namespace cstims
