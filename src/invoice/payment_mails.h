// What clients and the accounting list are told about money: each mail goes to both.
#pragma once

#include <vector>

#include "account/user.h"
#include "invoice/invoice.h"
#include "invoice/payment.h"
#include "mail/outbox.h"

namespace cstims {

/// What a payment did to an invoice, which is as it is afterwards.
struct PaidPart {
  Invoice invoice;
  Money amount;  // negative in a reversal
};
struct PaymentNews {
  Payment payment;
  std::vector<PaidPart> parts;
  Money credit;  // recorded: what became credit; reversed: all the credit there is now
};

void queue_payment_recorded(Act& act, const PaymentNews& news, const User& client);
/// `news.payment` is the reversal, of a payment or of a refund.
void queue_payment_reversed(Act& act, const PaymentNews& news, const User& client);
/// `credit` is what is left.
void queue_refund_recorded(Act& act, const Payment& refund, const Money& credit,
                           const User& client);
/// Credit was used by hand; `invoice` is as it is afterwards.
void queue_credit_used(Act& act, const Invoice& invoice, const Money& used, const User& client);

}  // namespace cstims
