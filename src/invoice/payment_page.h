// The page of one payment. For the handlers of invoice/ only.
#pragma once

#include <string_view>
#include <vector>

#include "http/context.h"
#include "invoice/credit_store.h"
#include "invoice/payment.h"
#include "invoice/payment_store.h"

namespace cstims {

struct PaymentPage {
  static constexpr std::string_view view = "invoice/payment.html";
  const Context& context;
  Date today;
  Payment payment;
  std::vector<Allocation> allocations;
  std::vector<StandingPart> standing;
  std::vector<CreditEntry> credit;
  Money left;                 // credit of this payment
  std::vector<Invoice> open;  // the client's, that it could settle
  std::string_view refused_form = {};
  const Refusal* refusal = nullptr;
  Message title() const;
};

/// Throws NotFound.
PaymentPage load_payment_page(const Context& context, PaymentId id);
void fill(Dictionary& values, const PaymentPage& page);

}  // namespace cstims
