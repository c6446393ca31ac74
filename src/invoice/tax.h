// What an invoice says about its tax: the words that the law asks for where none is charged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/tax_status.h"
#include "base/refusal.h"
#include "invoice/billing_decision.h"
#include "invoice/invoice.h"
#include "service/tax_rate_store.h"

namespace cstims {

/// The rate is a function of the service's rate, the client's status and the day the price falls
/// due (LIVA art. 75.Uno.7): clients who are not taxed here have 0 %.
TaxRate tax_rate_for(const TaxRates& rates, const std::string& name, TaxStatus status, Date due_on);

/// The same for each service: for BillingRules. `taxes` must outlive it.
TaxOfService tax_of_client(const ServiceTaxes& taxes, TaxStatus status);

/// Printed on invoices of such clients, in Spanish and English whatever the site's language: the
/// law asks for the Spanish words (RD 1619/2012 art. 6.1.j, m), the client reads the English ones.
/// Empty for who is taxed here.
std::string tax_note(TaxStatus status, const std::string& exemption);

/// Refuses an invoice that charges tax to a client who is not taxed here.
Result<void> check_tax_of_lines(const std::vector<InvoiceLine>& lines, TaxStatus status);

}  // namespace cstims
