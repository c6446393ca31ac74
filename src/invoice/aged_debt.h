// What each client owes, by how long it is overdue. Reads only.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/listing.h"
#include "base/money.h"
#include "db/database.h"

namespace cstims {

/// Days behind the due date; on the due date itself nothing is overdue.
enum class DebtAge { not_due, to_30, to_60, to_90, over_90 };
constexpr std::size_t debt_ages = 5;
/// "Not due yet", "1–30 days", …
Message shown(DebtAge age);
DebtAge debt_age(Date due, Date today);

struct ClientDebt {
  UserId client;
  std::string client_name;
  std::string email;
  std::vector<Money> by_age;  // debt_ages of them
  Money total;
  std::int64_t invoices = 0;
};

ListingRules aged_debt_rules();
/// Clients that owe something, who owes most first; `search` matches their names.
Page<ClientDebt> list_aged_debt(Transaction& tx, const Listing& listing, Currency currency);
/// Of all clients.
ClientDebt sum_aged_debt(Transaction& tx, Currency currency);

/// An invoice that is still owed, of one client, oldest due date first.
struct OwedInvoice {
  InvoiceId id;
  std::string number;
  Date issue_date;
  Date due_date;
  Money total;
  Money rest;
};
Page<OwedInvoice> list_owed_invoices(Transaction& tx, UserId client, const Listing& listing,
                                     Currency currency);

}  // namespace cstims
