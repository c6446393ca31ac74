#include <fmt/format.h>

#include "app/command_functions.h"
#include "app/job_functions.h"
#include "base/failure.h"
#include "base/log.h"
#include "invoice/dunning_outlook.h"
#include "invoice/dunning_run.h"

namespace cstims {
namespace {

using What = SuspensionNews::What;

Date today_of(Installation& installation) {
  return installation.database().read([](Transaction& tx) { return tx.today(); });
}

BillingParts parts_of(Installation& installation) {
  return {installation.database(), installation.mailer(), installation.site()};
}

/// What a dry run says is what a run does: the same steps, which would be sent.
std::vector<DoneStep> preview_reminders(Installation& installation, Date today) {
  return installation.database().read([&](Transaction& tx) {
    std::vector<DoneStep> steps;
    const auto outlook = dunning_outlook(tx, installation.site(), {today, today});
    for (const auto& one : outlook.reminders) {
      if (one.paused) continue;
      steps.push_back(
          {one.invoice, one.number, one.client_name, one.step, StepOutcome::sent, one.rest});
    }
    return steps;
  });
}

void print_step(const DoneStep& done, bool json) {
  const std::string what = shown(done.step).english();
  if (json) {
    print_object({{"invoice", done.invoice.number()},
                  {"number", done.number},
                  {"client", done.client_name},
                  {"step", what},
                  {"due_on", done.step.due_on.text()},
                  {"outcome", std::string(text(done.outcome))},
                  {"rest", done.rest.text()},
                  {"currency", std::string(done.rest.currency().code())}});
    return;
  }
  fmt::print("{}  {}  {}  {}  {} {}\n", done.number, done.client_name, what, text(done.outcome),
             done.rest.text(), done.rest.currency().code());
}

std::string_view word_of(What what) {
  if (what == What::lifted) return "lifted";
  return what == What::suspended ? "suspended" : "noted";
}

/// Only what would be suspended on that day; staff have been told of it before.
std::vector<SuspensionNews> preview_suspensions(Installation& installation, Date today) {
  return installation.database().read([&](Transaction& tx) {
    std::vector<SuspensionNews> all;
    const auto outlook = dunning_outlook(tx, installation.site(), {today, today});
    for (const auto& one : outlook.suspensions) {
      const bool held = one.obstacle != Obstacle::none;
      all.push_back({held ? What::noted : What::suspended, one.order, one.order_name,
                     one.client_name, one.invoice.number, one.obstacle});
    }
    return all;
  });
}

void print_news(const SuspensionNews& news, bool json) {
  const std::string obstacle = shown(news.obstacle).english();
  if (json) {
    print_object({{"order", news.order.number()},
                  {"name", news.order_name},
                  {"client", news.client_name},
                  {"invoice", news.invoice_number},
                  {"outcome", std::string(word_of(news.what))},
                  {"obstacle", obstacle}});
    return;
  }
  fmt::print("{}  {}  {}  {}{}{}\n", news.order_name, news.client_name, news.invoice_number,
             word_of(news.what), obstacle.empty() ? "" : ": ", obstacle);
}

int report_faults(const DunningResult& result) {
  for (const auto& fault : result.faults) fmt::print(stderr, "cstims: {}\n", fault);
  return result.faults.empty() ? 0 : 1;
}

}  // namespace

int remind_command(Invocation& run) {
  auto& installation = run.installation();
  const Date today = run.date("--date").value_or(today_of(installation));
  const DunningResult result = run.given("--dry-run")
                                   ? DunningResult{preview_reminders(installation, today), {}, {}}
                                   : run_reminders(parts_of(installation), today);
  for (const auto& done : result.steps) print_step(done, run.json());
  if (run.json()) {
    print_object({{"mails", result.mails()}});
  } else {
    fmt::print("{} mails\n", result.mails());
  }
  return report_faults(result);
}

int suspend_unpaid_command(Invocation& run) {
  auto& installation = run.installation();
  const Date today = run.date("--date").value_or(today_of(installation));
  const DunningResult result = run.given("--dry-run")
                                   ? DunningResult{{}, preview_suspensions(installation, today), {}}
                                   : run_suspensions(parts_of(installation), today);
  for (const auto& news : result.suspensions) print_news(news, run.json());
  if (run.json()) {
    print_object(
        {{"suspended", result.count(What::suspended)}, {"lifted", result.count(What::lifted)}});
  } else {
    fmt::print("{} suspended, {} lifted\n", result.count(What::suspended),
               result.count(What::lifted));
  }
  return report_faults(result);
}

std::string dun_clients(Installation& installation) {
  const auto result = run_dunning(parts_of(installation), today_of(installation));
  for (const auto& fault : result.faults) {
    log_error("a client could not be dunned", {{"fault", fault}});
  }
  const std::string outcome =
      fmt::format("{} reminders, {} orders suspended, {} lifted", result.mails(),
                  result.count(What::suspended), result.count(What::lifted));
  if (result.faults.empty()) return outcome;
  throw Failure(fmt::format("{}; {} clients could not be dunned, the first: {}", outcome,
                            result.faults.size(), result.faults.front()));
}

}  // namespace cstims
