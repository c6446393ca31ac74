// The fields of money that came in or goes out, as several pages ask for them.
#pragma once

#include <vector>

#include "html/form_view.h"
#include "http/context.h"
#include "invoice/payment.h"

namespace cstims {

/// `amount`, `date`, `method`, `reference`, `proof`, read by read_payment.
std::vector<Field> payment_fields(const Money& amount, Date today, Message date_label);

/// Puts the proof that came with the request into the file store: it must lie there before a row
/// names it. Refused where the virus scanner does not let it pass.
Result<void> keep_proof(const Context& context, const NewPayment& payment);

}  // namespace cstims
