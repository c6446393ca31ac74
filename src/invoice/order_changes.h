// An order that changes or ends on a day that is invoiced already. What was billed for the days
// from then on is given back by rectifying invoices, one of each invoice that billed some, in the
// transaction of the change; the next billing run bills the days anew at the new price. What was
// paid for days given back becomes the client's credit, as of any rectifying invoice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "invoice/rectification.h"
#include "mail/outbox.h"
#include "order/order.h"
#include "service/billing_credit.h"

namespace cstims {

struct GaveBack {
  std::vector<InvoiceId> rectifying;
  Money total;   // with tax; zero when nothing was billed for those days
  Money credit;  // of it, what had been paid: the client's credit
};

/// Days of one invoice that are given back.
struct PlannedCredit {
  struct Part {
    GivenBack back;
    Money net;  // no more than the invoice has left at this rate
  };
  std::optional<Invoice> original = {};  // absent: days that had cost nothing
  std::vector<Part> parts = {};          // each either …
  std::vector<CreditedLine> lines = {};  // … has a line here, or gives back nothing
};
/// What give_back would do, oldest first; nothing is written.
std::vector<PlannedCredit> plan_credits(Transaction& tx, const Order& order, Date from,
                                        const Renderer& renderer);

/// For the verbs below, in their transaction: gives back what is billed of the order for days from
/// `from` on, as the system, whoever acts. Twice gives back nothing the second time. Refuses what
/// rectify refuses: today's month is closed, an invoice is dated after today.
Result<GaveBack> give_back(Act& act, OrderId id, Date from, const std::string& reason);

/// An admin changes what a running order costs from a day on. Refuses what change_order_terms
/// refuses, and (field "from") days of a closed month, whose charges are declared.
Result<GaveBack> change_order(Act& act, OrderId id, const TermsChange& change);

/// An admin ends an order on a day, giving back what was billed after it or not. Of an order that
/// has ended already only that is done; refused when nothing is billed after its last day.
Result<GaveBack> end_order_early(Act& act, OrderId id, const OrderEnd& end);

/// A client ends its order: at the end of the paid period, or at once. At once gives the unused
/// days back where the settings say so (billing.credit_at_end).
Result<GaveBack> end_order_as_asked(Act& act, OrderId id, const EndingRequest& request);

}  // namespace cstims
