// Tax rates by name, each from a day on: "standard" from 2012-09-01 is 21 %. A service names the
// rate that its orders are taxed with; the rate of the day on which a price falls due holds. What
// was added never changes: invoices were made with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

/// What services are taxed with that name no other rate. Without a row it is the setting
/// billing.tax_rate.
inline constexpr std::string_view standard_tax = "standard";

struct NamedTaxRate {
  std::string name;
  Date valid_from;
  TaxRate rate;
};

class TaxRates {
 public:
  TaxRates(std::vector<NamedTaxRate> rates, TaxRate standard)
      : rates_(std::move(rates)), standard_(standard) {}
  /// Absent when the name has no rate that holds on that day.
  std::optional<TaxRate> find(std::string_view name, Date day) const;
  /// Throws Failure instead.
  TaxRate require(std::string_view name, Date day) const;
  bool knows(std::string_view name) const;
  const std::vector<NamedTaxRate>& all() const { return rates_; }

 private:
  std::vector<NamedTaxRate> rates_;
  TaxRate standard_;
};

/// Fields `name`, `valid_from`, `rate`.
Result<NamedTaxRate> parse_tax_rate(const FormData& form);
/// Refuses a day before the newest of its name, and one in the past of a name that is in use (of a
/// new name it may lie in the past).
Result<void> may_add(const TaxRates& rates, const NamedTaxRate& rate, Date today);

}  // namespace cstims
