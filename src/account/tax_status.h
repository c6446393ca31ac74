// How a client is taxed. Clients say where they are and give their tax number; what follows from
// that alone is decided here, the rest by staff.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/form.h"
#include "base/refusal.h"

namespace cstims {

struct BillingDetails;

/// `reverse_charge`: a business elsewhere in the EU, which owes the tax itself; `outside_eu`: not
/// subject; `exempt`: for a reason that is printed.
enum class TaxStatus { domestic, reverse_charge, outside_eu, exempt };

std::string_view text(TaxStatus status);             // as in the database
TaxStatus stored_tax_status(std::string_view text);  // throws DatabaseError
Message shown(TaxStatus status);

/// What a client's own change of billing details makes of it: with a country of the EU other than
/// the seller's and a tax number (of the right form, or it would not be kept) reverse charge, else
/// domestic. What staff set, outside the EU or exempt, stays.
TaxStatus tax_status_after(TaxStatus before, const BillingDetails& details,
                           std::string_view seller_country);

/// How staff want a client taxed.
struct TaxTreatment {
  TaxStatus status = TaxStatus::domestic;
  std::string exemption = {};  // why exempt; empty otherwise
};
/// Refuses (fields `tax_status`, `tax_exemption`) reverse charge for who is not elsewhere in the EU
/// or has no tax number, "outside EU" inside it, and an exemption without its reason.
Result<void> check_tax_treatment(const TaxTreatment& treatment, const BillingDetails& details,
                                 std::string_view seller_country);

}  // namespace cstims
