// Rows of payments and their allocations to invoices. Nothing here is updated or deleted but
// invoices.paid.
#pragma once

#include <optional>
#include <vector>

#include "base/id.h"
#include "base/viewer.h"
#include "db/database.h"
#include "invoice/payment.h"

namespace cstims {

/// Of one invoice, oldest first. The caller has found the invoice for its viewer.
std::vector<Payment> list_payments(Transaction& tx, const Invoice& invoice);
std::optional<Payment> find_payment(Transaction& tx, const Invoice& invoice, PaymentId id);

/// The payment and its allocation; invoices.paid moves with it. Absent, and nothing written, when
/// the invoice was paid up meanwhile so that less than the amount is left.
std::optional<PaymentId> insert_payment(Transaction& tx, const Invoice& invoice,
                                        const NewPayment& payment, std::optional<UserId> author);
/// Absent, and nothing written, when it was reversed meanwhile.
std::optional<PaymentId> insert_reversal(Transaction& tx, const Invoice& invoice,
                                         const Payment& payment, std::optional<UserId> author);

}  // namespace cstims
