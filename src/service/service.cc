#include "service/service.h"

#include <array>

namespace cstims {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_options = 4000;
constexpr std::size_t longest_description = 20'000;
constexpr std::int64_t most_trial_days = 366;

constexpr std::array types = {ServiceType::premium, ServiceType::standard, ServiceType::free};

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const auto type : types) names.emplace_back(text(type));
  return names;
}

/// Keeps the field of each item, or puts it on `field` when it has none.
void refuse_with(FormReader& reader, const Refusal& refusal) {
  for (const auto& item : refusal.items) reader.refuse(item.field, item.message);
}

/// The last value of every option.
ServiceOptions last_choice(const ServiceOptions& options) {
  std::map<std::string, std::string, std::less<>> chosen;
  for (const auto& option : options.list()) chosen.emplace(option.key, option.values.back().text());
  return options.choose(chosen).value();
}

Result<void> check_keys(const BillingTerm& billing, const ServiceOptions& options) {
  const auto keys = billing.keys();
  for (const auto& key : keys) {
    if (options.find(key)) continue;
    return refuse("billing",
                  message("The price depends on “{}”, but there is no such option.", {key}));
  }
  for (const auto& option : options.list()) {
    if (keys.contains(option.key)) continue;
    return refuse(
        "options",
        message("No price depends on “{}”: use it in the formula or leave the option out.",
                {option.key}));
  }
  return {};
}

}  // namespace

std::string_view text(ServiceType type) {
  switch (type) {
    case ServiceType::premium:
      return "premium";
    case ServiceType::standard:
      return "standard";
    case ServiceType::free:
      return "free";
  }
  return {};
}

std::optional<ServiceType> parse_service_type(std::string_view name) {
  for (const auto type : types) {
    if (text(type) == name) return type;
  }
  return std::nullopt;
}

Message shown(ServiceType type) {
  switch (type) {
    case ServiceType::premium:
      return message("premium");
    case ServiceType::standard:
      return message("standard");
    case ServiceType::free:
      return message("free");
  }
  return {};
}

Result<ServiceEdit> parse_service(const FormData& form, Currency currency) {
  FormReader reader(form);
  const auto name = reader.line("name", {.required = true, .longest = longest_name});
  const auto type = parse_service_type(reader.choice("type", type_names(), true));
  const auto billing_text =
      reader.line("billing", {.required = true, .longest = BillingTerm::longest});
  const auto options_text = reader.lines("options", {.longest = longest_options});
  const auto description = reader.lines("description", {.longest = longest_description});
  const bool active = reader.checked("active");
  auto tax_name = lower_ascii(reader.line("tax", {.longest = 40}));
  if (tax_name.empty()) tax_name = standard_tax;
  const auto trial_days = reader.number("trial_days", false).value_or(0);
  if (trial_days > most_trial_days) {
    reader.refuse("trial_days", message("At most {} days.", {std::to_string(most_trial_days)}));
  }
  const auto billing = BillingTerm::parse(billing_text, currency);
  if (!billing && !billing_text.empty()) refuse_with(reader, billing.error());
  const auto options = ServiceOptions::parse(options_text);
  if (!options) refuse_with(reader, options.error());
  if (billing && options) {
    const auto examples = price_examples(*billing, *options);
    if (!examples) refuse_with(reader, examples.error());
  }
  if (type == ServiceType::free && billing && !billing->is_free()) {
    reader.refuse("billing", message("A service of type free has the billing term “free”."));
  }
  return reader.finish(ServiceEdit{.name = name,
                                   .type = type.value_or(ServiceType::standard),
                                   .billing = billing ? *billing : BillingTerm::stored("free"),
                                   .options = options ? *options : ServiceOptions(),
                                   .description = description,
                                   .active = active,
                                   .trial_days = static_cast<int>(trial_days),
                                   .tax_name = std::move(tax_name)});
}

Result<std::vector<PriceExample>> price_examples(const BillingTerm& billing,
                                                 const ServiceOptions& options) {
  if (const auto fit = check_keys(billing, options); !fit) return std::unexpected(fit.error());
  if (billing.is_free()) {
    return std::vector{PriceExample{options, ResolvedTerm::free(billing.currency())}};
  }
  std::vector<ServiceOptions> choices = {options.first_choice()};
  if (const auto last = last_choice(options); last.text() != choices.front().text()) {
    choices.push_back(last);
  }
  std::vector<PriceExample> examples;
  for (const auto& alternative : billing.alternatives()) {
    for (const auto& chosen : choices) {
      const auto term = billing.resolve(alternative.cycle, chosen.values());
      if (!term) return std::unexpected(term.error());
      examples.push_back({chosen, *term});
    }
  }
  return examples;
}

}  // namespace cstims
