// What a change or an early end of an order would give back and charge, before anybody means it.
// The credits are those order_changes.h would make, the charges those of the billing run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "invoice/billing_simulation.h"
#include "invoice/order_changes.h"
#include "invoice/rectification.h"

namespace cstims {

struct PreviewedCredit {
  Invoice original;
  Correction correction;
};

struct OrderChangePreview {
  Date from;
  std::vector<PreviewedCredit> credits;
  Money given_back;                       // with tax
  Money credit;                           // of it, what was paid: it becomes the client's credit
  std::vector<SimulatedInvoice> charges;  // of the next run that has something due
  Money charged;                          // with tax
};

Result<OrderChangePreview> preview_change(Transaction& tx, const BillingParts& parts,
                                          const Order& order, const TermsChange& change);
Result<OrderChangePreview> preview_end(Transaction& tx, const BillingParts& parts,
                                       const Order& order, const OrderEnd& end);

}  // namespace cstims
