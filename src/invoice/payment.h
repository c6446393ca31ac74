// Money that came in for an invoice. A payment is a fact: it is undone by another row, never
// changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"
#include "invoice/invoice.h"

namespace cstims {

/// "transfer", "card", …: what a form offers, in this order.
const std::vector<std::string>& payment_methods();
/// "Bank transfer", for people; a method unknown here is shown as it is.
Message shown_method(std::string_view method);

struct PaymentProof {
  std::string name;
  std::string media_type;
  std::string sha256;  // where it lies in the file store
};

struct NewPayment {
  Money amount;
  Date date;
  std::string method;
  std::string reference;
  std::optional<PaymentProof> proof = {};
};

struct Payment {
  PaymentId id;
  Date date;
  std::string method;
  std::string reference;
  Money amount;  // what was allocated to the invoice; negative in a reversal
  std::optional<PaymentId> reverses = {};
  bool is_reversed = false;
  std::optional<PaymentProof> proof = {};
  Instant recorded_at;
  std::string recorded_by;  // user name; empty: the system
};

/// Fields `amount`, `date`, `method`, `reference` and the file `proof` (PDF, PNG, JPEG). An empty
/// date is today; neither the future nor more than ten years back.
Result<NewPayment> parse_payment(const FormData& form, Currency currency, Date today);

/// Refuses what is not an edge: paying drafts, rectifying and rectified invoices, and more than the
/// rest, which the message names.
Result<void> may_pay(const Invoice& invoice, const NewPayment& payment);

}  // namespace cstims
