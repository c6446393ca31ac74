// The billing run: everything that is due becomes invoices. Each client and calendar month of due
// dates gives one invoice; an invoice, its number, what it bills, its mails and the orders' next
// due dates are one transaction.
//
// Running it twice, late, from two processes at once or after a crash bills nothing twice and skips
// nothing: what is due is computed from the orders, what is billed is a unique key.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "db/database.h"
#include "invoice/billing_run_store.h"
#include "mail/outbox.h"

namespace cstims {

struct BillingParts {
  Database& database;
  const Mailer& mailer;
  const Site& site;
};

struct BillingRun {
  std::optional<Date> date = {};  // as if today were that day; absent: today
  bool dry_run = false;           // writes nothing, reports the same
  bool force = false;             // allows a date after today
  RunKind kind = RunKind::command;
  std::optional<UserId> by = {};        // who started it; absent: the program
  std::optional<BillingRunId> id = {};  // begun already (begin_billing_run)
  std::stop_token stop = {};            // asked for between transactions: what is done stays done
  /// Called after each transaction with the number of clients done, and of all with something due.
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};
};

struct BilledInvoice {
  std::optional<InvoiceId> id;  // absent in a dry run
  std::string number;           // in a dry run the number it would get
  UserId client;
  std::string client_name;
  Date issue_date;
  Date due_date;
  std::string month;  // of the due dates it collects
  std::size_t lines;
  Money total;
};

struct BillingResult {
  std::int64_t invoices = 0;
  Money total;
  std::vector<std::string> faults;  // what could not be billed and why; the rest was
  bool stopped = false;             // before all was done
};

/// Calls `report` for each invoice after its commit, and keeps a row of billing_runs true meanwhile
/// (not in a dry run). Throws Refused when the date lies before the newest issue date, or after
/// today without dry_run or force.
BillingResult run_billing(const BillingParts& parts, const BillingRun& run,
                          const std::function<void(const BilledInvoice&)>& report = {});

/// The row of a run of today, for somebody who wants its address before it runs: give its id to
/// run_billing. Refused while another run is under way.
Result<BillingRunId> begin_billing_run(Act& act);

}  // namespace cstims
