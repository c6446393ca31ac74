// A manual invoice by "an order and a quantity of hours": the price of an hour follows from the
// order's billing term.
#pragma once

#include <optional>
#include <string>

#include "base/id.h"
#include "base/money.h"
#include "invoice/invoice.h"
#include "mail/outbox.h"
#include "service/billing_term.h"

namespace cstims {

/// Of a price by the hour itself; by day and week its 24th and 168th part; of longer cycles their
/// share of a year of 8,760 hours; rounded once to six decimals. Absent for what is free or paid
/// once.
std::optional<Decimal> price_of_hour(const ResolvedTerm& term);

/// The draft with a line for its hours, if it names some. Refuses (fields "order", "hours") an
/// order of another client, or one without a price by time, and what is not worth a cent.
Result<InvoiceDraft> with_hours(Act& act, InvoiceDraft draft);

}  // namespace cstims
