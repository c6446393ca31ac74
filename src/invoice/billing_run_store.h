// Rows of billing runs: who started them, how far they are, what they left. A run counts itself in
// the transactions that issue its invoices, so the figures hold even when it breaks off.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/listing.h"
#include "base/money.h"
#include "db/database.h"

namespace cstims {

using BillingRunId = Id<struct BillingRunRecord>;

/// Through which door it came: the daily job, the command line, a page.
enum class RunKind { job, command, page };
std::string_view text(RunKind kind);  // as in billing_runs.kind

/// `broken_off` is seen, not stored: a run that has neither ended nor shown itself for a while.
enum class RunOutcome { running, done, stopped, failed, broken_off };
Message shown(RunOutcome outcome);
/// Of its badge.
std::string_view tone(RunOutcome outcome);

/// A run that has not shown itself for so long is taken for broken off.
constexpr std::chrono::minutes run_silence{5};

struct BillingRunRecord {
  BillingRunId id;
  RunKind kind;
  std::string started_by;  // user name; empty: the program itself
  Date date;               // as if it were that day
  Instant started_at;
  std::optional<Instant> finished_at;
  std::int64_t total = 0;  // clients with something due; 0 until they are counted
  std::int64_t done = 0;
  std::int64_t invoices = 0;
  Money sum;
  std::int64_t faults = 0;
  RunOutcome outcome = RunOutcome::running;

  bool is_running() const { return outcome == RunOutcome::running; }
};

struct NewBillingRun {
  RunKind kind;
  std::optional<UserId> started_by;
  Date date;
  Currency currency;
};
BillingRunId insert_billing_run(Transaction& tx, const NewBillingRun& run);
void set_run_total(Transaction& tx, BillingRunId id, std::int64_t clients);

/// What one step of a run did.
struct RunStep {
  std::int64_t clients = 0;
  std::int64_t invoices = 0;
  std::int64_t sum = 0;  // minor units
  std::vector<std::string> faults = {};
};
/// In the transaction of what it counts.
void add_run_step(Transaction& tx, BillingRunId id, const RunStep& step);
void finish_billing_run(Transaction& tx, BillingRunId id, RunOutcome outcome);

std::optional<BillingRunRecord> find_billing_run(Transaction& tx, BillingRunId id);
/// One that is under way now, if any.
std::optional<BillingRunRecord> find_running_billing_run(Transaction& tx);
/// Newest first.
Page<BillingRunRecord> list_billing_runs(Transaction& tx, const Listing& listing);
ListingRules billing_run_listing_rules();
std::vector<std::string> list_run_faults(Transaction& tx, BillingRunId id, int limit);

}  // namespace cstims
