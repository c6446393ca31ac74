// Rows of suspensions for non-payment: what is owed for orders, the cases, the exemptions. Debts
// are read from the invoices, the outbox and the tickets, which lie above this folder: here only
// their tables are known.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/email_address.h"
#include "base/listing.h"
#include "base/viewer.h"
#include "db/database.h"
#include "order/suspension.h"

namespace cstims {

/// An active order and the invoices for it that are owing, the oldest due first.
struct OwingOrder {
  OrderId order;
  std::string order_name;
  std::string service_name;
  UserId client;
  std::string client_name;
  std::vector<OrderDebt> debts;
};
struct OwingOrders {
  Date due_until;  // invoices that were due on that day or before
  EmailAddress accounting;
  std::optional<UserId> client = {};
  std::optional<OrderId> order = {};
};
/// By client and order.
std::vector<OwingOrder> list_owing_orders(Transaction& tx, const OwingOrders& of);
/// Clients with such orders, or with open cases.
std::vector<UserId> list_clients_to_review(Transaction& tx, Date due_until);
/// Of the invoices for that order one is overdue on `today`.
bool owes_for(Transaction& tx, OrderId order, Date today);

std::vector<SuspensionCase> list_open_cases(Transaction& tx, UserId client);
std::optional<SuspensionCase> find_open_case(Transaction& tx, OrderId order);
/// What an order is suspended for; absent when staff suspended it.
std::optional<UnpaidInvoice> find_suspended_for(Transaction& tx, OrderId order);
/// Opens a case, or says the new facts of the open one; staff are to be told.
void note_case(Transaction& tx, OrderId order, const OrderDebt& debt, Date today);
/// `event`: of the order, "suspended".
void mark_case_suspended(Transaction& tx, std::int64_t id, std::int64_t event, Date today);
enum class CaseOutcome { lifted, dropped };
void end_case(Transaction& tx, std::int64_t id, CaseOutcome outcome, Date today);
/// The order's newest event that is a status.
std::optional<std::int64_t> newest_status_event(Transaction& tx, OrderId order);

/// A case as staff read it, in the digest and on the page.
struct SuspensionRow {
  SuspensionCase suspension;
  std::string order_name;
  std::string client_name;
  UnpaidInvoice invoice;
  Date opened_on;
  std::optional<Date> suspended_on;
  std::optional<Date> ended_on;
  std::optional<CaseOutcome> outcome;
};
/// Open, not suspended, and not told yet; by id.
std::vector<SuspensionRow> list_untold_cases(Transaction& tx);
void mark_cases_told(Transaction& tx, Date today);
/// Filter "state": "planned" (nothing stands against it), "held", "suspended", "ended".
const ListingRules& suspension_listing_rules();
Page<SuspensionRow> list_suspensions(Transaction& tx, const Listing& listing);

struct SuspensionExemption {
  std::string reason;
  Instant since;
  std::string user_name;
};
std::optional<SuspensionExemption> find_exemption(Transaction& tx, OrderId order);
/// False when it is exempt already.
bool insert_exemption(Transaction& tx, OrderId order, const std::string& reason,
                      std::optional<UserId> author);
/// False when it is not exempt.
bool close_exemption(Transaction& tx, OrderId order, std::optional<UserId> author);

}  // namespace cstims
