#include "app/jobs.h"

#include <fmt/format.h>

#include <array>

#include "app/job_functions.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/secret.h"

namespace cstims {
namespace {

constexpr std::array table{
    Job{"order-end", "jobs.order_end", "Ends the orders that reached their last day.",
        end_due_orders},
    Job{"invoice-run", "jobs.invoice_run", "Invoices all that is due and mails it.", run_invoices},
    Job{"dunning", "jobs.dunning", "Sends reminders, then suspends unpaid orders.", dun_clients},
    Job{"ticket-closing", "jobs.ticket_closing",
        "Tells clients who do not answer, then closes their tickets.", close_silent_tickets},
    Job{"clean-up", "jobs.clean_up", "Removes expired sessions, codes, throttles and form keys.",
        clean_up},
    Job{"invoice-audit", "jobs.invoice_audit", "Checks the books.", audit_books},
};

constexpr std::chrono::minutes lease_length{30};

constexpr Statement claim_job{"claim a job", R"(
  insert into job_runs (job, last_started_at, lease_token, lease_until)
  values (:job, :now, :token, :until)
  on conflict (job) do update
  set last_started_at = excluded.last_started_at,
      lease_token = excluded.lease_token,
      lease_until = excluded.lease_until
  where job_runs.lease_until is null or job_runs.lease_until < excluded.last_started_at)"};

constexpr Statement finish_job{"finish a job", R"(
  update job_runs
  set last_finished_at = :now, last_outcome = :outcome, lease_token = null, lease_until = null,
      done_through = coalesce(cast(:done_through as text), done_through)
  where job = :job and lease_token = :token)"};

constexpr Statement select_job_runs{"job runs", R"(
  select job, coalesce(last_started_at, '') as last_started_at,
         coalesce(last_finished_at, '') as last_finished_at,
         coalesce(last_outcome, '') as last_outcome, coalesce(done_through, '') as done_through
  from job_runs)"};

const Job& find_job(std::string_view name) {
  for (const auto& job : table) {
    if (job.name == name) return job;
  }
  throw UsageError(fmt::format("There is no job {} (see: cstims job list).", name));
}

std::string finish(Installation& installation, const Job& job, const std::string& token,
                   const std::string& outcome, bool done) {
  installation.database().write([&](Transaction& tx) {
    tx.execute(finish_job, {{"now", tx.now()},
                            {"outcome", outcome},
                            {"done_through", done ? Value(tx.today()) : Value()},
                            {"job", job.name},
                            {"token", token}});
  });
  return outcome;
}

/// Empty when another instance holds the lease.
std::optional<std::string> claim(Installation& installation, const Job& job) {
  const std::string token = random_token(16);
  const auto claimed = installation.database().write([&](Transaction& tx) {
    return tx.execute(claim_job, {{"job", job.name},
                                  {"now", tx.now()},
                                  {"token", token},
                                  {"until", tx.now().plus(lease_length)}});
  });
  return claimed == 1 ? std::optional(token) : std::nullopt;
}

std::string run_claimed(Installation& installation, const Job& job, const std::string& token) {
  try {
    const std::string outcome = job.run(installation);
    log_info("job done", {{"job", std::string(job.name)}, {"outcome", outcome}});
    return finish(installation, job, token, outcome, true);
  } catch (const std::exception& error) {
    log_error("job failed", {{"job", std::string(job.name)}, {"error", error.what()}});
    finish(installation, job, token, fmt::format("failed: {}", error.what()), false);
    throw;
  }
}

bool failed_just_now(const JobStatus& status, Instant now) {
  return status.last_outcome.starts_with("failed") &&
         Instant::stored(status.last_finished_at).plus(std::chrono::minutes(15)) > now;
}

/// It has not run today, and its time of day has come or a whole day was missed.
bool is_due(Installation& installation, const Job& job, const JobStatus& status) {
  const std::string& when = installation.settings().text(job.setting);
  const TimeZone& zone = installation.site().zone;
  const Instant now = installation.database().clock().now();
  const Date today = zone.date(now);
  if (when == "off" || status.done_through >= today.text() || failed_just_now(status, now))
    return false;
  if (!status.done_through.empty() && status.done_through < today.plus_days(-1).text()) return true;
  const auto time_of_day = std::chrono::hours(std::stoi(when.substr(0, 2))) +
                           std::chrono::minutes(std::stoi(when.substr(3)));
  return now >= zone.start_of(today).plus(time_of_day);
}

}  // namespace

std::span<const Job> jobs_table() {
  return table;
}

std::vector<JobStatus> list_jobs(Installation& installation) {
  const auto rows =
      installation.database().read([](Transaction& tx) { return tx.select(select_job_runs); });
  std::vector<JobStatus> statuses;
  for (const auto& job : table) {
    auto& status = statuses.emplace_back();
    status.name = job.name;
    status.when = installation.settings().text(job.setting);
    status.help = job.help;
    for (const auto& row : rows) {
      if (row.text("job") != job.name) continue;
      status.last_started_at = row.text("last_started_at");
      status.last_finished_at = row.text("last_finished_at");
      status.last_outcome = row.text("last_outcome");
      status.done_through = row.text("done_through");
    }
  }
  return statuses;
}

std::string run_job(Installation& installation, std::string_view name) {
  const Job& job = find_job(name);
  const auto token = claim(installation, job);
  if (!token)
    throw Refused(fmt::format("The job {} is running; try again when it has ended.", name));
  return run_claimed(installation, job, *token);
}

void run_due_jobs(Installation& installation) {
  const auto statuses = list_jobs(installation);
  for (std::size_t n = 0; n < statuses.size(); ++n) {
    if (!is_due(installation, table[n], statuses[n])) continue;
    const auto token = claim(installation, table[n]);
    if (!token) continue;  // another instance is at it
    try {
      run_claimed(installation, table[n], *token);
    } catch (const std::exception&) {
      // Logged and noted in job_runs; the other jobs go on, this one is tried again later.
    }
  }
}

void JobRunner::start() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      lock.unlock();
      try {
        run_due_jobs(installation_);
      } catch (const std::exception& error) {
        log_error("jobs could not be looked at", {{"error", error.what()}});
      }
      lock.lock();
      stopping_.wait_for(lock, std::chrono::minutes(1), [this] { return stopped_; });
    }
  });
}

void JobRunner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace cstims
