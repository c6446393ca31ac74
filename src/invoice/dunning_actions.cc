#include "invoice/dunning_actions.h"

#include "account/user_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "invoice/dunning_mails.h"
#include "invoice/dunning_store.h"
#include "invoice/invoice_store.h"
#include "order/suspension_actions.h"

namespace cstims {

namespace {

StepOutcome mail_step(Act& act, const User& client, const OpenSteps& open, std::size_t position,
                      Date today) {
  std::optional<MessageId> mail;
  if (!is_undeliverable(act.tx, client.email)) {
    const auto invoice = require_invoice(act.tx, act.viewer, open.invoice);
    mail = queue_dunning_step(act, invoice, open.steps[position], client, today);
  }
  const auto outcome = mail ? StepOutcome::sent : StepOutcome::undeliverable;
  finish_step(act.tx, open.ids[position], outcome, mail);
  return outcome;
}

/// Of one invoice: the newest due step is mailed, the older ones are skipped.
void remind_of(Act& act, const User& client, const OpenSteps& open, Date today,
               std::vector<DoneStep>& done) {
  const auto add = [&](std::size_t position, StepOutcome outcome) {
    done.push_back(
        {open.invoice, open.number, open.client_name, open.steps[position], outcome, open.rest});
  };
  const auto decision = decide_steps(open.steps, today);
  for (const auto skipped : decision.skip) {
    finish_step(act.tx, open.ids[skipped], StepOutcome::skipped);
    add(skipped, StepOutcome::skipped);
  }
  if (decision.send) add(*decision.send, mail_step(act, client, open, *decision.send, today));
}

Invoice require_dunned(Act& act, InvoiceId id) {
  if (!act.viewer.is_accountant()) throw Forbidden("reminders are paused by accountants");
  return require_invoice(act.tx, act.viewer, id);
}

PauseOf pause_of(const Invoice& invoice, PauseScope scope) {
  if (scope == PauseScope::client) return {.client = invoice.client};
  return {.invoice = invoice.id};
}

}  // namespace

void plan_dunning(Act& act, const Invoice& invoice) {
  if (invoice.kind == InvoiceKind::rectifying) return;
  const auto steps = dunning_steps(act.site.dunning, *invoice.issue_date, *invoice.due_date);
  insert_dunning_steps(act.tx, invoice.id, steps);
  // Paid from credit already; should that be undone, they are there to be opened again.
  if (invoice.rest().is_zero()) settle_steps(act.tx, invoice.id);
}

void follow_payment(Act& act, InvoiceId id) {
  const auto invoice = require_invoice(act.tx, Viewer::of_system("dunning"), id);
  if (invoice.rest().is_zero()) {
    settle_steps(act.tx, id);
  } else {
    reopen_steps(act.tx, id);
  }
  lift_suspensions(act, invoice.client, act.tx.today());
}

std::vector<DoneStep> remind_client(Act& act, UserId client, Date today) {
  std::vector<DoneStep> done;
  const User user = require_user(act.tx, client);
  for (const auto& open : list_open_steps(act.tx, {.until = today, .client = client})) {
    if (!open.paused) remind_of(act, user, open, today, done);
  }
  return done;
}

Result<void> pause_dunning(Act& act, InvoiceId id, PauseScope scope, const std::string& reason) {
  const auto invoice = require_dunned(act, id);
  if (trim(reason).empty()) return refuse("reason", message("Say why."));
  const auto of = pause_of(invoice, scope);
  if (!insert_pause(act.tx, of, std::string(trim(reason)), act.viewer.user)) {
    return refuse("", message("Reminders are paused already."));
  }
  return {};
}

Result<void> resume_dunning(Act& act, InvoiceId id, PauseScope scope) {
  const auto invoice = require_dunned(act, id);
  if (!end_pause(act.tx, pause_of(invoice, scope), act.viewer.user)) {
    return refuse("", message("Reminders are not paused."));
  }
  return {};
}

}  // namespace cstims
