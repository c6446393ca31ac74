// Payments and credit to begin with, for the tests of invoice/.
#pragma once

#include "invoice/books.h"
#include "invoice/credit_store.h"
#include "invoice/payment_actions.h"
#include "invoice/payment_store.h"

namespace cstims::test {

NewPayment money_of(std::int64_t cents);
/// By luca, for one invoice.
PaymentId pay(World& world, InvoiceId invoice, std::int64_t cents);
/// By luca, oldest invoices first.
PaymentId pay_for(World& world, UserId client, std::int64_t cents);
Result<void> reverse(World& world, PaymentId payment);
Payment payment_of(World& world, PaymentId id);
/// In cents.
std::int64_t credit_of(World& world, UserId client = UserId(1));
std::int64_t rest_of(World& world, InvoiceId id);
/// Empty when the books of money are sound.
std::string faults_of(World& world);

}  // namespace cstims::test
