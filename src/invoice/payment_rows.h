// The columns of a payment as its statements name them. For the stores of payments only.
#pragma once

#include "db/database.h"
#include "invoice/payment.h"

namespace cstims {

/// Columns id, kind, client_id, client_name, date, method, reference, currency, amount,
/// reverses_id, is_reversed, proof_name, proof_type, proof_sha256, recorded_at, username.
Payment read_payment_row(const Row& row);

}  // namespace cstims
