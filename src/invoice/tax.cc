#include "invoice/tax.h"

#include <algorithm>

namespace cstims {

TaxRate tax_rate_for(const TaxRates& rates, const std::string& name, TaxStatus status,
                     Date due_on) {
  if (status != TaxStatus::domestic) return TaxRate::basis_points(0);
  return rates.require(name, due_on);
}

TaxOfService tax_of_client(const ServiceTaxes& taxes, TaxStatus status) {
  return [&taxes, status](ServiceId service, Date due_on) {
    return tax_rate_for(taxes.rates, taxes.names.at(service), status, due_on);
  };
}

std::string tax_note(TaxStatus status, const std::string& exemption) {
  switch (status) {
    case TaxStatus::domestic:
      return {};
    case TaxStatus::reverse_charge:
      return "Inversión del sujeto pasivo / Reverse charge (art. 196, Directive 2006/112/EC).";
    case TaxStatus::outside_eu:
      return "Operación no sujeta (art. 69.Uno.1.º Ley 37/1992) / Not subject to VAT: the client "
             "is "
             "established outside the EU.";
    case TaxStatus::exempt:
      return "Operación exenta / Exempt: " + exemption;
  }
  return {};
}

Result<void> check_tax_of_lines(const std::vector<InvoiceLine>& lines, TaxStatus status) {
  if (status == TaxStatus::domestic) return {};
  const bool taxed =
      std::ranges::any_of(lines, [](const auto& line) { return line.tax_rate.points() != 0; });
  if (!taxed) return {};
  return refuse("", message("This client is not taxed here: set the tax of every line to 0, or "
                            "change how the client is taxed."));
}

}  // namespace cstims
