#include "invoice/dunning_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/failure.h"
#include "db/batches.h"
#include "invoice/dunning_mails.h"
#include "invoice/dunning_store.h"
#include "order/suspension_store.h"

namespace cstims {

namespace {

constexpr std::size_t clients_at_once = 20;

void require_past(Database& database, Date today) {
  const Date real = database.read([](Transaction& tx) { return tx.today(); });
  if (today > real) {
    throw Refused(fmt::format("{} is still to come: try it with --dry-run", today.text()));
  }
}

/// `verb` for each client, as the system; what it returns is appended to `into`.
template <typename Value, typename Verb>
void for_clients(const BillingParts& parts, const std::vector<UserId>& clients, const Verb& verb,
                 std::vector<Value>& into, std::vector<std::string>& faults) {
  const Viewer system = Viewer::of_system("dunning");
  in_batches<UserId>(
      parts.database, clients, clients_at_once,
      [&](Transaction& tx, UserId client) {
        Act act{tx, system, parts.mailer, parts.site};
        return verb(act, client);
      },
      [&](const std::vector<Value>& done) { std::ranges::copy(done, std::back_inserter(into)); },
      [&](UserId client, const std::exception& error) {
        faults.push_back(fmt::format("client {}: {}", client.number(), error.what()));
      });
}

/// What was told is marked in the same transaction: a crash before loses nothing, one after tells
/// nothing twice.
void tell_staff(const BillingParts& parts, Date today) {
  const Viewer system = Viewer::of_system("dunning");
  parts.database.write([&](Transaction& tx) {
    Act act{tx, system, parts.mailer, parts.site};
    const DunningDigest digest{list_untold_cases(tx), list_untold_steps(tx)};
    if (digest.cases.empty() && digest.steps.empty()) return;
    queue_dunning_digest(act, digest);
    mark_cases_told(tx, today);
    mark_steps_told(tx);
  });
}

}  // namespace

std::int64_t DunningResult::mails() const {
  return std::ranges::count(steps, StepOutcome::sent, &DoneStep::outcome);
}

std::int64_t DunningResult::count(SuspensionNews::What what) const {
  return std::ranges::count(suspensions, what, &SuspensionNews::what);
}

DunningResult run_reminders(const BillingParts& parts, Date today) {
  require_past(parts.database, today);
  DunningResult result;
  const auto clients =
      parts.database.read([&](Transaction& tx) { return list_clients_to_remind(tx, today); });
  for_clients(
      parts, clients, [&](Act& act, UserId client) { return remind_client(act, client, today); },
      result.steps, result.faults);
  return result;
}

DunningResult run_suspensions(const BillingParts& parts, Date today) {
  require_past(parts.database, today);
  DunningResult result;
  // Off: nobody is overdue enough, and what is open is still looked at.
  const auto days = parts.site.dunning.suspend_days;
  const Date due_until = days ? today.plus_days(1 - *days) : Date(1900, 1, 1);
  const auto clients =
      parts.database.read([&](Transaction& tx) { return list_clients_to_review(tx, due_until); });
  for_clients(
      parts, clients,
      [&](Act& act, UserId client) { return review_suspensions(act, client, today); },
      result.suspensions, result.faults);
  tell_staff(parts, today);
  return result;
}

DunningResult run_dunning(const BillingParts& parts, Date today) {
  DunningResult result = run_reminders(parts, today);
  auto suspended = run_suspensions(parts, today);
  result.suspensions = std::move(suspended.suspensions);
  std::ranges::copy(suspended.faults, std::back_inserter(result.faults));
  return result;
}

}  // namespace cstims
