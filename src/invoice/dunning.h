// Dunning: when a client is reminded of an invoice, before it is due and after. The steps of an
// invoice are rows made when it is issued; the job `dunning` sends what is due up to its day. A
// missed day sends late, once; when several steps are late only the newest is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/refusal.h"
#include "base/site.h"

namespace cstims {

enum class StepKind { reminder, overdue };  // before the due date, after it

std::string_view text(StepKind kind);
StepKind stored_step_kind(std::string_view text);  // throws DatabaseError

struct DunningStep {
  StepKind kind;
  int days;  // before or after the due date
  Date due_on;
  bool operator==(const DunningStep&) const = default;
};
/// "3 days before it is due", "7 days overdue".
Message shown(const DunningStep& step);

/// `undeliverable`: mail to the client's address could not be delivered lately, so none was sent.
/// `skipped`: a newer step was sent instead. `settled`: nothing was owed any more.
enum class StepOutcome { sent, skipped, undeliverable, settled };

std::string_view text(StepOutcome outcome);
StepOutcome stored_step_outcome(std::string_view text);  // throws DatabaseError

/// The steps of an invoice, oldest first. A reminder that would fall on the day of issue or before
/// is none: the invoice itself is mailed then.
std::vector<DunningStep> dunning_steps(const DunningSettings& settings, Date issued_on,
                                       Date due_date);

/// Which of the open steps of one invoice, oldest first, is sent on `today`, and which are skipped
/// because that one is newer; as positions.
struct StepDecision {
  std::optional<std::size_t> send = {};
  std::vector<std::size_t> skip = {};
  bool operator==(const StepDecision&) const = default;
};
StepDecision decide_steps(const std::vector<DunningStep>& open, Date today);

/// What the steps that are open on `today` will do up to `until`, if the job runs every day and
/// nothing is paid.
struct ExpectedStep {
  Date on;
  DunningStep step;
  bool operator==(const ExpectedStep&) const = default;
};
std::vector<ExpectedStep> expected_steps(const std::vector<DunningStep>& open, Date today,
                                         Date until);

}  // namespace cstims
