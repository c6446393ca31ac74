// The verbs of dunning. The steps follow what happens to an invoice: whoever issues it, pays it,
// takes a payment back or rectifies it tells them here, in the same transaction.
#pragma once

#include <string>
#include <vector>

#include "base/date.h"
#include "invoice/dunning.h"
#include "invoice/invoice.h"
#include "mail/outbox.h"

namespace cstims {

/// At issue: the steps of an ordinary invoice; settled at once where credit has paid it.
void plan_dunning(Act& act, const Invoice& invoice);
/// After anything that changes what is still owed of it: settles its steps when nothing is left,
/// opens them again when something is, and lets orders go on that non-payment suspended when
/// nothing for them is overdue any more. Every door that moves money calls it; the job itself looks
/// again before it does anything.
void follow_payment(Act& act, InvoiceId invoice);

/// A step that was done.
struct DoneStep {
  InvoiceId invoice;
  std::string number;
  std::string client_name;
  DunningStep step;
  StepOutcome outcome;
  Money rest;
};
/// Does one client's due steps: of each invoice the newest is mailed. For dunning_run.h.
std::vector<DoneStep> remind_client(Act& act, UserId client, Date today);

/// What is to be left alone.
enum class PauseScope { invoice, client };
/// Accountants and admins (else Forbidden) stop reminders of an invoice, or of all of its client,
/// and say why. An invoice that is paused is no reason to suspend an order either. Refuses what is
/// paused already and (field "reason") no reason.
Result<void> pause_dunning(Act& act, InvoiceId invoice, PauseScope scope,
                           const std::string& reason);
/// Steps that fell due meanwhile count as missed: the next run sends the newest of them. Refuses
/// what is not paused.
Result<void> resume_dunning(Act& act, InvoiceId invoice, PauseScope scope);

}  // namespace cstims
