// Credit of clients: money they paid that stands on no invoice. A ledger of rows, each naming the
// payment whose money it is; nothing in it is changed or deleted. It never goes below zero: what
// was used or paid back must be undone first.
//
// For every payment: amount = what stands on invoices + what is credit + what was paid back.
#pragma once

#include <optional>
#include <string_view>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

enum class CreditReason {
  left_over,      // a payment was more than what was to be paid
  rectified,      // what it had paid was rectified
  freed,          // an accountant took it off an invoice
  used,           // it paid an invoice
  reversed,       // its payment was undone
  refunded,       // it was paid back
  refund_undone,  // paying back was undone
};

std::string_view text(CreditReason why);
CreditReason stored_credit_reason(std::string_view text);  // throws DatabaseError
/// "Used for an invoice", for people.
Message shown(CreditReason why);

/// One row of the ledger.
struct CreditMove {
  UserId client;
  PaymentId payment;  // whose money it is
  Money amount;       // above zero: the credit grows
  CreditReason why;
  std::optional<InvoiceId> invoice = {};
  std::optional<PaymentId> movement = {};  // the reversal or refund that moved it
};

}  // namespace cstims
