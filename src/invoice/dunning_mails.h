// What dunning tells clients and staff.
#pragma once

#include <optional>
#include <vector>

#include "account/user.h"
#include "invoice/dunning.h"
#include "invoice/dunning_store.h"
#include "invoice/invoice.h"
#include "mail/outbox.h"
#include "order/suspension_store.h"

namespace cstims {

/// To the client alone, with the invoice, what is left of it and how to pay; what it says follows
/// from `today`, since a step may be late. Each step once: an event of its own. Absent when the
/// address takes no automatic mail.
std::optional<MessageId> queue_dunning_step(Act& act, const Invoice& invoice,
                                            const DunningStep& step, const User& client,
                                            Date today);

/// What staff have not been told of.
struct DunningDigest {
  std::vector<SuspensionRow> cases;
  std::vector<UntoldStep> steps;  // reminders that could not be mailed
};
/// To the admin and the accounting list: what will be suspended tomorrow and why, what is held back
/// and why, and whom no mail reaches. Each call is another mail.
void queue_dunning_digest(Act& act, const DunningDigest& digest);

}  // namespace cstims
