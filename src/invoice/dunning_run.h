// The dunning run: reminders and overdue notices that are due, then orders suspended for
// non-payment, then a digest for staff. Each client is a matter of its own: one that fails stops no
// other. Running it twice, late or after a crash mails nothing twice, suspends nothing unannounced
// and forgets nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/date.h"
#include "invoice/billing_run.h"
#include "invoice/dunning_actions.h"
#include "order/suspension_actions.h"

namespace cstims {

struct DunningResult {
  std::vector<DoneStep> steps;
  std::vector<SuspensionNews> suspensions;
  std::vector<std::string> faults;  // which client could not be looked at, and why
  std::int64_t mails() const;       // reminders and notices
  std::int64_t count(SuspensionNews::What what) const;
};

/// As if today were `today`; these throw Refused when that day is still to come.
/// Reminders and overdue notices.
DunningResult run_reminders(const BillingParts& parts, Date today);
/// Lifts, suspends and notes; then tells staff what will be suspended tomorrow and what is held
/// back and why, and which clients could not be reminded. Without news there is no digest.
DunningResult run_suspensions(const BillingParts& parts, Date today);
/// Both, in this order: the job.
DunningResult run_dunning(const BillingParts& parts, Date today);

}  // namespace cstims
