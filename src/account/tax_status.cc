#include "account/tax_status.h"

#include <array>

#include "account/user.h"
#include "base/failure.h"
#include "base/tax_number.h"

namespace cstims {

namespace {

bool is_elsewhere_in_eu(const BillingDetails& details, std::string_view seller_country) {
  return is_eu_country(details.country) && details.country != seller_country;
}

}  // namespace

std::string_view text(TaxStatus status) {
  switch (status) {
    case TaxStatus::domestic:
      return "domestic";
    case TaxStatus::reverse_charge:
      return "reverse charge";
    case TaxStatus::outside_eu:
      return "outside EU";
    case TaxStatus::exempt:
      return "exempt";
  }
  return {};
}

TaxStatus stored_tax_status(std::string_view stored) {
  constexpr std::array all{TaxStatus::domestic, TaxStatus::reverse_charge, TaxStatus::outside_eu,
                           TaxStatus::exempt};
  for (const auto status : all) {
    if (text(status) == stored) return status;
  }
  throw DatabaseError("'" + std::string(stored) + "' is no tax status");
}

Message shown(TaxStatus status) {
  switch (status) {
    case TaxStatus::domestic:
      return message("Taxed here");
    case TaxStatus::reverse_charge:
      return message("Business elsewhere in the EU: reverse charge");
    case TaxStatus::outside_eu:
      return message("Outside the EU: not subject");
    case TaxStatus::exempt:
      return message("Exempt");
  }
  return {};
}

TaxStatus tax_status_after(TaxStatus before, const BillingDetails& details,
                           std::string_view seller_country) {
  if (before == TaxStatus::outside_eu || before == TaxStatus::exempt) return before;
  const bool business = is_elsewhere_in_eu(details, seller_country) && !details.tax_number.empty();
  return business ? TaxStatus::reverse_charge : TaxStatus::domestic;
}

Result<void> check_tax_treatment(const TaxTreatment& treatment, const BillingDetails& details,
                                 std::string_view seller_country) {
  if (treatment.status == TaxStatus::reverse_charge) {
    if (!is_elsewhere_in_eu(details, seller_country)) {
      return refuse("tax_status", message("Reverse charge is for businesses in another country of "
                                          "the EU: set the country."));
    }
    if (details.tax_number.empty()) {
      return refuse("billing_tax_number", message("Reverse charge needs the VAT number."));
    }
  }
  const bool inside = is_eu_country(details.country) || details.country.empty();
  if (treatment.status == TaxStatus::outside_eu && inside) {
    return refuse("tax_status", message("This needs a country outside the EU."));
  }
  if (treatment.status == TaxStatus::exempt && treatment.exemption.empty()) {
    return refuse("tax_exemption", message("Give the reason and the article of the law: it stands "
                                           "on the invoices."));
  }
  return {};
}

}  // namespace cstims
