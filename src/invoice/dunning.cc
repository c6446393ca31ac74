#include "invoice/dunning.h"

#include <algorithm>
#include <string>

#include "base/failure.h"

namespace cstims {

std::string_view text(StepKind kind) {
  return kind == StepKind::reminder ? "reminder" : "overdue";
}

StepKind stored_step_kind(std::string_view stored) {
  for (const auto kind : {StepKind::reminder, StepKind::overdue}) {
    if (text(kind) == stored) return kind;
  }
  throw DatabaseError("unknown kind of a dunning step: " + std::string(stored));
}

std::string_view text(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::sent:
      return "sent";
    case StepOutcome::skipped:
      return "skipped";
    case StepOutcome::undeliverable:
      return "undeliverable";
    case StepOutcome::settled:
      return "settled";
  }
  throw std::logic_error("an outcome of a dunning step that is none");
}

StepOutcome stored_step_outcome(std::string_view stored) {
  for (const auto outcome : {StepOutcome::sent, StepOutcome::skipped, StepOutcome::undeliverable,
                             StepOutcome::settled}) {
    if (text(outcome) == stored) return outcome;
  }
  throw DatabaseError("unknown outcome of a dunning step: " + std::string(stored));
}

Message shown(const DunningStep& step) {
  const bool reminder = step.kind == StepKind::reminder;
  if (reminder && step.days == 0) return message("on the day it is due");
  if (reminder && step.days == 1) return message("a day before it is due");
  if (reminder) return message("{} days before it is due", {std::to_string(step.days)});
  if (step.days == 1) return message("a day overdue");
  return message("{} days overdue", {std::to_string(step.days)});
}

std::vector<DunningStep> dunning_steps(const DunningSettings& settings, Date issued_on,
                                       Date due_date) {
  std::vector<DunningStep> steps;
  if (settings.reminder_days_before) {
    const int days = *settings.reminder_days_before;
    const Date on = due_date.plus_days(-days);
    if (on > issued_on) steps.push_back({StepKind::reminder, days, on});
  }
  for (const int days : settings.overdue_days) {
    steps.push_back({StepKind::overdue, days, due_date.plus_days(days)});
  }
  std::ranges::sort(steps, {}, &DunningStep::due_on);
  return steps;
}

StepDecision decide_steps(const std::vector<DunningStep>& open, Date today) {
  StepDecision decision;
  for (std::size_t n = 0; n < open.size() && open[n].due_on <= today; ++n) {
    if (decision.send) decision.skip.push_back(*decision.send);
    decision.send = n;
  }
  return decision;
}

std::vector<ExpectedStep> expected_steps(const std::vector<DunningStep>& open, Date today,
                                         Date until) {
  std::vector<ExpectedStep> expected;
  const auto now = decide_steps(open, today);
  for (std::size_t n = now.send.value_or(0); n < open.size(); ++n) {
    const Date on = std::max(open[n].due_on, today);
    if (on <= until) expected.push_back({on, open[n]});
  }
  return expected;
}

}  // namespace cstims
