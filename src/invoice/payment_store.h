// Rows of payments and their allocations to invoices. Nothing here is updated or deleted but
// invoices.paid, which moves with each allocation.
#pragma once

#include <optional>
#include <vector>

#include "base/id.h"
#include "base/listing.h"
#include "base/viewer.h"
#include "db/database.h"
#include "invoice/payment.h"

namespace cstims {

/// What stands, or stood, on one invoice, oldest first. The caller has found the invoice for its
/// viewer.
std::vector<Allocation> list_allocations(Transaction& tx, const Invoice& invoice);
/// Where a payment went, oldest first.
std::vector<Allocation> list_allocations(Transaction& tx, const Payment& payment);

std::optional<Payment> find_payment(Transaction& tx, PaymentId id);
Payment require_payment(Transaction& tx, PaymentId id);  // throws NotFound

/// All payments, refunds and reversals; filters `kind` (received, refund, reversal) and `left`
/// (credit), search by client, reference and amount.
ListingRules payment_listing_rules();
Page<Payment> list_payments(Transaction& tx, const Listing& listing);

struct PaymentRow {
  UserId client;
  NewPayment payment;
  PaymentKind kind = PaymentKind::received;
  std::optional<PaymentId> reverses = {};
  std::optional<UserId> author = {};
};
/// The row alone.
PaymentId insert_payment(Transaction& tx, const PaymentRow& row);

/// A part of a payment for an invoice (negative: taken off it); invoices.paid moves with it. False,
/// and nothing written, when the invoice would hold less than nothing or more than it asks for.
bool insert_allocation(Transaction& tx, PaymentId payment, InvoiceId invoice, const Money& amount,
                       AllocationReason why);

/// What of a payment stands on an invoice now.
struct StandingPart {
  InvoiceId invoice;
  PaymentId payment;
  Money amount;  // above zero
};
/// Of a payment, by invoice.
std::vector<StandingPart> list_standing_parts(Transaction& tx, const Payment& payment);
/// On an invoice, the newest payment first.
std::vector<StandingPart> list_standing_parts(Transaction& tx, const Invoice& invoice);

/// The client's invoices with something left to pay, by due date.
std::vector<Invoice> list_open_invoices(Transaction& tx, UserId client, int limit);

}  // namespace cstims
