// What is sold: a name, a price in the notation of billing terms, options, and a description in
// Markdown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"
#include "service/billing_term.h"
#include "service/service_options.h"
#include "service/tax_rates.h"

namespace cstims {

enum class ServiceType { premium, standard, free };

std::string_view text(ServiceType type);
std::optional<ServiceType> parse_service_type(std::string_view text);
Message shown(ServiceType type);

struct Service {
  ServiceId id;
  std::string name;
  ServiceType type = ServiceType::standard;
  BillingTerm billing;
  ServiceOptions options;
  std::string description;  // Markdown
  bool active = true;       // on offer; orders of a service that is not stay as they are
  int trial_days = 0;       // free days before the billing of an order begins
  Instant created_at;
  std::string tax_name = std::string(standard_tax);  // of a tax rate
};

/// What an admin types when adding or editing one.
struct ServiceEdit {
  std::string name;
  ServiceType type = ServiceType::standard;
  BillingTerm billing;
  ServiceOptions options;
  std::string description;
  bool active = true;
  int trial_days = 0;
  std::string tax_name = std::string(standard_tax);  // of a tax rate
};

/// Refuses a term and options that do not fit each other: a key without an option, an option no
/// price depends on, a price out of bounds for some choice, a free type with a price.
Result<ServiceEdit> parse_service(const FormData& form, Currency currency);

/// What a term costs for one choice of options.
struct PriceExample {
  ServiceOptions chosen;
  ResolvedTerm term;
};
/// For each alternative of the term the first and the last value of every option; no option: one
/// example each. `billing` and `options` must fit each other, else the refusal says why.
Result<std::vector<PriceExample>> price_examples(const BillingTerm& billing,
                                                 const ServiceOptions& options);

}  // namespace cstims
