// Rows of users, as far as invoices need them.
#pragma once

#include "account/user.h"
#include "db/database.h"

namespace cstims {

void update_billing_details(Transaction& tx, UserId id, const BillingDetails& billing);
void update_tax_treatment(Transaction& tx, UserId id, const TaxTreatment& treatment);

}  // namespace cstims
