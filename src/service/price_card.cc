#include "service/price_card.h"

namespace cstims {
namespace {

/// With one alternative and the first value of every option.
ResolvedTerm first_price(const Service& service, const BillingTerm::Alternative& alternative) {
  return service.billing.resolve(alternative.cycle, service.options.first_choice().values())
      .value();
}

void fill_amount(Dictionary& values, const ResolvedTerm& term) {
  values.set("AMOUNT", term.show_amount(term.price));
  values.set("TERM", shown(term.cycle));
}

void fill_setup(Dictionary& values, const ResolvedTerm& term) {
  if (term.setup) values.section("SETUP").set("AMOUNT", term.show_amount(*term.setup));
}

void fill_prices(Dictionary& card, const Service& service) {
  const auto& alternatives = service.billing.alternatives();
  const ResolvedTerm first = first_price(service, alternatives.front());
  Dictionary price = card.section("PRICE");
  fill_amount(price, first);
  fill_setup(price, first);
  for (std::size_t i = 1; i < alternatives.size(); ++i) {
    const ResolvedTerm other = first_price(service, alternatives[i]);
    Dictionary line = price.section("OTHERS");
    fill_amount(line, other);
    fill_setup(line, other);
  }
}

}  // namespace

void fill_price_card(Dictionary& values, std::string_view name, const Service& service,
                     const Site& site, const std::string& order_address) {
  Dictionary card = values.include(name, "service/_price.html");
  card.set("NAME", service.name);
  if (service.billing.is_free()) {
    card.show("FREE");
  } else {
    fill_prices(card, service);
    if (site.tax_rate.points() > 0) card.section("TAXED").set("TAX", tax_note(site));
  }
  if (!service.options.empty()) {
    card.section("CHOSEN").set("OPTIONS", service.options.first_choice().show_chosen());
  }
  if (!service.description.empty()) {
    card.section("DESCRIBED").set("DESCRIPTION", markdown(service.description));
  }
  if (!order_address.empty()) card.section("ORDERED").set("ADDRESS", order_address);
}

Message price_line(const ResolvedTerm& term) {
  if (term.is_free) return message("Free");
  if (!term.setup) return message("{}", {term.show_price()});
  return message("{}, setup {}", {term.show_price(), term.show_amount(*term.setup)});
}

Message tax_note(const Site& site) {
  if (site.tax_rate.points() == 0) return {};
  return message("plus {} % tax", {site.tax_rate.text()});
}

}  // namespace cstims
