#include "service/tax_rates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {

std::optional<TaxRate> TaxRates::find(std::string_view name, Date day) const {
  const NamedTaxRate* newest = nullptr;
  for (const auto& rate : rates_) {
    if (rate.name != name || rate.valid_from > day) continue;
    if (!newest || newest->valid_from < rate.valid_from) newest = &rate;
  }
  if (newest) return newest->rate;
  return name == standard_tax ? std::optional(standard_) : std::nullopt;
}

TaxRate TaxRates::require(std::string_view name, Date day) const {
  const auto rate = find(name, day);
  if (!rate) throw Failure(fmt::format("no tax rate “{}” holds on {}", name, day.text()));
  return *rate;
}

bool TaxRates::knows(std::string_view name) const {
  return name == standard_tax ||
         std::ranges::find(rates_, name, &NamedTaxRate::name) != rates_.end();
}

Result<NamedTaxRate> parse_tax_rate(const FormData& form) {
  FormReader reader(form);
  const auto name = reader.line("name", {.required = true, .longest = 40});
  const auto day = reader.date("valid_from", true);
  const auto typed = reader.line("rate", {.required = true, .longest = 10});
  const auto rate = TaxRate::parse(typed);
  if (!rate && !typed.empty()) {
    reader.refuse("rate", message("Write the tax in per cent: 21, 5.2 or 0."));
  }
  return reader.finish(NamedTaxRate{lower_ascii(name), day.value_or(Date(2000, 1, 1)),
                                    rate.value_or(TaxRate::basis_points(0))});
}

Result<void> may_add(const TaxRates& rates, const NamedTaxRate& rate, Date today) {
  bool in_use = rate.name == standard_tax;
  for (const auto& other : rates.all()) {
    if (other.name != rate.name) continue;
    in_use = true;
    if (other.valid_from >= rate.valid_from) {
      return refuse("valid_from", message("A rate of this name holds from {} already: rates only "
                                          "follow each other.",
                                          {show(other.valid_from)}));
    }
  }
  if (in_use && rate.valid_from < today) {
    return refuse("valid_from", message("Invoices may have been made with the rate of that day: "
                                        "choose today or a later one."));
  }
  return {};
}

}  // namespace cstims
