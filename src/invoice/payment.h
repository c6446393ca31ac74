// Money that came in, or went back, and what it settled. A payment is a fact: it is undone by
// another row, never changed. What it brought is always what is allocated of it to invoices, what
// is the client's credit, and what was paid back: credit.h.
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

enum class PaymentKind { received, refund };
std::string_view text(PaymentKind kind);
PaymentKind stored_payment_kind(std::string_view text);  // throws DatabaseError

/// Why a part of a payment stands on an invoice, or was taken off it.
enum class AllocationReason { paid, credit, reversed, freed, rectified };
std::string_view text(AllocationReason why);
AllocationReason stored_allocation_reason(std::string_view text);  // throws DatabaseError
Message shown(AllocationReason why);

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
  PaymentKind kind = PaymentKind::received;
  UserId client;
  std::string client_name;
  Date date;
  std::string method;
  std::string reference;
  Money amount;  // the whole of it; negative when money went out or a payment is undone
  std::optional<PaymentId> reverses = {};
  bool is_reversed = false;
  std::optional<PaymentProof> proof = {};
  Instant recorded_at;
  std::string recorded_by;  // user name; empty: the system

  bool stands() const { return !reverses && !is_reversed; }
};

/// "Payment", "Refund", "Reversal".
Message shown_kind(const Payment& payment);

/// A part of a payment on an invoice; negative when it was taken off again.
struct Allocation {
  Payment payment;
  InvoiceId invoice;
  std::string number;  // of the invoice
  Money amount;
  AllocationReason why;
};

/// Fields `amount`, `date`, `method`, `reference` and the file `proof` (PDF, PNG, JPEG). An empty
/// date is today; neither the future nor more than ten years back. For forms with more fields.
NewPayment read_payment(FormReader& reader, Currency currency, Date today);
/// A form of these fields alone.
Result<NewPayment> parse_payment(const FormData& form, Currency currency, Date today);

/// Refuses to pay drafts, rectifying and rectified invoices and what is paid already.
Result<void> may_pay(const Invoice& invoice);

}  // namespace cstims
