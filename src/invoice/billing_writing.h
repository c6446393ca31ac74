// What a billing run decided, written: drafts, numbers, issues, and what counts as billed.
#pragma once

#include <vector>

#include "account/user.h"
#include "invoice/billing_decision.h"
#include "invoice/invoice.h"
#include "invoice/invoice_numbering.h"
#include "mail/outbox.h"

namespace cstims {

/// What fell due in a month, and for whom. Both stay where they are meanwhile.
struct ClientMonth {
  const User* client;
  const MonthBill* bill;
};
struct WrittenMonth {
  ClientMonth month;
  Invoice invoice;
};
/// An invoice for each that costs something, in order. Throws Refused when the day takes no number.
std::vector<WrittenMonth> write_bills(Act& act, const std::vector<ClientMonth>& months,
                                      const NumberRequest& request);

}  // namespace cstims
