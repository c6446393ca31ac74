#include "account/billing_store.h"

namespace cstims {

namespace {

constexpr Statement update_tax{"user tax", R"(
  update users
  set tax_status = :status,
      tax_exemption = :exemption
  where id = :user)"};

constexpr Statement update_billing{"user billing", R"(
  update users
  set billing_name = :name,
      billing_address = :address,
      billing_country = :country,
      billing_tax_number = :tax_number
  where id = :user)"};

}  // namespace

void update_billing_details(Transaction& tx, UserId id, const BillingDetails& billing) {
  tx.execute(update_billing, {{"name", billing.name},
                              {"address", billing.address},
                              {"country", billing.country},
                              {"tax_number", billing.tax_number},
                              {"user", id}});
}

void update_tax_treatment(Transaction& tx, UserId id, const TaxTreatment& treatment) {
  tx.execute(
      update_tax,
      {{"status", text(treatment.status)}, {"exemption", treatment.exemption}, {"user", id}});
}

}  // namespace cstims
