// Rows of tax rates and which services are taxed with which. Rates are only added.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/site.h"
#include "db/database.h"
#include "service/tax_rates.h"

namespace cstims {

/// By name and day.
TaxRates load_tax_rates(Transaction& tx, const Site& site);
void insert_tax_rate(Transaction& tx, const NamedTaxRate& rate, std::optional<UserId> author);

/// The rate's name of each service.
std::map<ServiceId, std::string> list_tax_names(Transaction& tx);

/// What the services are taxed with.
struct ServiceTaxes {
  TaxRates rates;
  std::map<ServiceId, std::string> names;
};
ServiceTaxes load_service_taxes(Transaction& tx, const Site& site);

}  // namespace cstims
