// What dunning would do up to a day, if its job runs every day and nothing changes meanwhile:
// nothing is paid, no ticket is opened, no address fails. Only looks, in a read transaction; the
// simulator, `cstims invoice remind --dry-run` and the pages show it. Invoices that do not exist
// yet have no steps: for those ask `dunning_steps` (dunning.h) with their dates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "base/site.h"
#include "db/database.h"
#include "invoice/dunning.h"
#include "order/suspension_outlook.h"

namespace cstims {

/// A reminder or overdue notice. Those held back by a pause are there too, marked.
struct ExpectedReminder {
  Date on;  // today or later: what was missed is sent today, and of several only the newest
  DunningStep step;
  InvoiceId invoice;
  std::string number;
  UserId client;
  std::string client_name;
  Date due_date;
  Money rest;
  bool paused = false;
};

struct DunningOutlook {
  std::vector<ExpectedReminder> reminders;      // by day, client, invoice
  std::vector<ExpectedSuspension> suspensions;  // by day, client, order; none when switched off
};

/// Of which client or order; absent: of all. Reminders are about clients, not orders: with an order
/// there are none.
struct OutlookScope {
  std::optional<UserId> client = {};
  std::optional<OrderId> order = {};
};

/// From `today` to `until`, both included; `today` may be any day, as if it were that one.
struct OutlookDays {
  Date today;
  Date until;
};
DunningOutlook dunning_outlook(Transaction& tx, const Site& site, const OutlookDays& days,
                               const OutlookScope& scope = {});

}  // namespace cstims
