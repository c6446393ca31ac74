#include "invoice/billing_run_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "db/page_query.h"

namespace cstims {

namespace {

constexpr std::array<std::pair<RunKind, std::string_view>, 3> kinds{
    {{RunKind::job, "job"}, {RunKind::command, "command"}, {RunKind::page, "page"}}};

constexpr std::array<std::pair<RunOutcome, std::string_view>, 4> outcomes{
    {{RunOutcome::running, "running"},
     {RunOutcome::done, "done"},
     {RunOutcome::stopped, "stopped"},
     {RunOutcome::failed, "failed"}}};

template <typename Names>
auto stored(const Names& names, std::string_view text) {
  const auto found =
      std::ranges::find_if(names, [&](const auto& pair) { return pair.second == text; });
  if (found == names.end()) throw DatabaseError("a billing run is '" + std::string(text) + "'");
  return found->first;
}

template <typename Names, typename Named>
std::string_view name_of(const Names& names, Named value) {
  const auto found =
      std::ranges::find_if(names, [&](const auto& pair) { return pair.first == value; });
  return found == names.end() ? std::string_view() : found->second;
}

constexpr Statement insert_run{"insert billing run", R"(
  insert into billing_runs (kind, started_by, date, started_at, heartbeat_at, currency)
  values (:kind, :user, :date, :now, :now, :currency)
  returning id)"};

constexpr Statement set_total{"total of billing run", R"(
  update billing_runs
  set total = :total, heartbeat_at = :now
  where id = :run)"};

constexpr Statement add_step{"step of billing run", R"(
  update billing_runs
  set done = done + :clients, invoices = invoices + :invoices, sum = sum + :sum,
      faults = faults + :faults, heartbeat_at = :now
  where id = :run)"};

constexpr Statement insert_fault{"fault of billing run", R"(
  insert into billing_run_faults (run_id, fault)
  values (:run, :fault))"};

constexpr Statement finish_run{"finish billing run", R"(
  update billing_runs
  set outcome = :outcome, finished_at = :now, heartbeat_at = :now
  where id = :run
    and outcome = 'running')"};

constexpr std::string_view run_columns =
    "select r.id, r.kind, coalesce(u.username, '') as username, r.date, r.started_at,"
    " r.heartbeat_at, r.finished_at, r.total, r.done, r.invoices, r.currency, r.sum, r.faults,"
    " r.outcome";
constexpr std::string_view from_runs =
    " from billing_runs r left join users u on u.id = r.started_by";

const std::string select_one =
    std::string(run_columns) + std::string(from_runs) + " where r.id = :run";
const std::string select_newest =
    std::string(run_columns) + std::string(from_runs) + " order by r.id desc limit 1";

constexpr Statement select_faults{"faults of billing run", R"(
  select fault
  from billing_run_faults
  where run_id = :run
  order by id
  limit :limit)"};

/// In place of its real outcome where nobody is at it any more.
RunOutcome outcome_of(const Row& row, Instant now) {
  const auto outcome = stored(outcomes, row.text("outcome"));
  const bool silent = row.instant("heartbeat_at").plus(run_silence) < now;
  return outcome == RunOutcome::running && silent ? RunOutcome::broken_off : outcome;
}

BillingRunRecord read_run(const Row& row, Instant now) {
  return {.id = row.id<struct BillingRunRecord>("id"),
          .kind = stored(kinds, row.text("kind")),
          .started_by = row.text("username"),
          .date = row.date("date"),
          .started_at = row.instant("started_at"),
          .finished_at = row.maybe_instant("finished_at"),
          .total = row.number("total"),
          .done = row.number("done"),
          .invoices = row.number("invoices"),
          .sum = Money(row.number("sum"), Currency::parse(row.text("currency")).value()),
          .faults = row.number("faults"),
          .outcome = outcome_of(row, now)};
}

}  // namespace

std::string_view text(RunKind kind) {
  return name_of(kinds, kind);
}

Message shown(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::running:
      return message("under way");
    case RunOutcome::done:
      return message("done");
    case RunOutcome::stopped:
      return message("stopped");
    case RunOutcome::failed:
      return message("failed");
    case RunOutcome::broken_off:
      return message("broken off");
  }
  return {};
}

std::string_view tone(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::running:
      return "info";
    case RunOutcome::done:
      return "success";
    case RunOutcome::stopped:
      return "warning";
    default:
      return "danger";
  }
}

BillingRunId insert_billing_run(Transaction& tx, const NewBillingRun& run) {
  return tx
      .require(insert_run, {{"kind", text(run.kind)},
                            {"user", run.started_by},
                            {"date", run.date},
                            {"now", tx.now()},
                            {"currency", run.currency.code()}})
      .id<struct BillingRunRecord>("id");
}

void set_run_total(Transaction& tx, BillingRunId id, std::int64_t clients) {
  tx.execute(set_total, {{"total", clients}, {"now", tx.now()}, {"run", id}});
}

void add_run_step(Transaction& tx, BillingRunId id, const RunStep& step) {
  tx.execute(add_step, {{"clients", step.clients},
                        {"invoices", step.invoices},
                        {"sum", step.sum},
                        {"faults", static_cast<std::int64_t>(step.faults.size())},
                        {"now", tx.now()},
                        {"run", id}});
  for (const auto& fault : step.faults) {
    tx.execute(insert_fault, {{"run", id}, {"fault", fault}});
  }
}

void finish_billing_run(Transaction& tx, BillingRunId id, RunOutcome outcome) {
  tx.execute(finish_run, {{"outcome", name_of(outcomes, outcome)}, {"now", tx.now()}, {"run", id}});
}

std::optional<BillingRunRecord> find_billing_run(Transaction& tx, BillingRunId id) {
  const auto rows = tx.select_built("billing run", select_one, {{"run", id}});
  return rows.empty() ? std::nullopt : std::optional(read_run(rows.front(), tx.now()));
}

std::optional<BillingRunRecord> find_running_billing_run(Transaction& tx) {
  const auto rows = tx.select_built("newest billing run", select_newest, {});
  if (rows.empty()) return std::nullopt;
  auto run = read_run(rows.front(), tx.now());
  return run.is_running() ? std::optional(std::move(run)) : std::nullopt;
}

ListingRules billing_run_listing_rules() {
  return {.sorts = {"-id", "id"}, .filters = {}};
}

Page<BillingRunRecord> list_billing_runs(Transaction& tx, const Listing& listing) {
  const std::string order = listing.sort == "id" ? " order by r.id" : " order by r.id desc";
  const PageQuery query{
      "billing runs",
      std::string(run_columns) + std::string(from_runs) + order + " limit :limit offset :offset",
      std::string(from_runs),
      {}};
  return select_page(tx, listing, query, [&](const Row& row) { return read_run(row, tx.now()); });
}

std::vector<std::string> list_run_faults(Transaction& tx, BillingRunId id, int limit) {
  std::vector<std::string> faults;
  for (const auto& row : tx.select(select_faults, {{"run", id}, {"limit", limit}})) {
    faults.push_back(row.text("fault"));
  }
  return faults;
}

}  // namespace cstims
