#include "invoice/dunning_outlook.h"

#include <algorithm>
#include <tuple>

#include "invoice/dunning_store.h"

namespace cstims {

namespace {

std::vector<ExpectedReminder> expected_reminders(Transaction& tx, const OutlookDays& days,
                                                 const OutlookScope& scope) {
  std::vector<ExpectedReminder> reminders;
  if (scope.order) return reminders;
  for (const auto& open : list_open_steps(tx, {.until = days.until, .client = scope.client})) {
    for (const auto& expected : expected_steps(open.steps, days.today, days.until)) {
      reminders.push_back({.on = expected.on,
                           .step = expected.step,
                           .invoice = open.invoice,
                           .number = open.number,
                           .client = open.client,
                           .client_name = open.client_name,
                           .due_date = open.due_date,
                           .rest = open.rest,
                           .paused = open.paused});
    }
  }
  std::ranges::sort(reminders, {}, [](const ExpectedReminder& one) {
    return std::tuple(one.on, one.client_name, one.invoice, one.step.due_on);
  });
  return reminders;
}

}  // namespace

DunningOutlook dunning_outlook(Transaction& tx, const Site& site, const OutlookDays& days,
                               const OutlookScope& scope) {
  DunningOutlook outlook{.reminders = expected_reminders(tx, days, scope), .suspensions = {}};
  const SuspensionScope of{
      .today = days.today, .until = days.until, .client = scope.client, .order = scope.order};
  outlook.suspensions = expected_suspensions(tx, site, of);
  return outlook;
}

}  // namespace cstims
