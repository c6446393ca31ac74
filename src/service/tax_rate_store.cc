#include "service/tax_rate_store.h"

namespace cstims {

namespace {

constexpr Statement select_rates{"tax rates", R"(
  select name, valid_from, rate
  from tax_rates
  order by name, valid_from)"};

constexpr Statement insert_rate{"insert tax rate", R"(
  insert into tax_rates (name, valid_from, rate, created_at, created_by)
  values (:name, :valid_from, :rate, :now, :author))"};

constexpr Statement select_names{"tax names of services", R"(
  select id, tax_name
  from services)"};

}  // namespace

TaxRates load_tax_rates(Transaction& tx, const Site& site) {
  std::vector<NamedTaxRate> rates;
  for (const auto& row : tx.select(select_rates)) {
    rates.push_back(
        {row.text("name"), row.date("valid_from"), TaxRate::basis_points(row.number("rate"))});
  }
  return {std::move(rates), site.tax_rate};
}

void insert_tax_rate(Transaction& tx, const NamedTaxRate& rate, std::optional<UserId> author) {
  tx.execute(insert_rate, {{"name", rate.name},
                           {"valid_from", rate.valid_from},
                           {"rate", rate.rate.points()},
                           {"now", tx.now()},
                           {"author", author}});
}

std::map<ServiceId, std::string> list_tax_names(Transaction& tx) {
  std::map<ServiceId, std::string> names;
  for (const auto& row : tx.select(select_names)) {
    names.emplace(row.id<struct Service>("id"), row.text("tax_name"));
  }
  return names;
}

ServiceTaxes load_service_taxes(Transaction& tx, const Site& site) {
  return {load_tax_rates(tx, site), list_tax_names(tx)};
}

}  // namespace cstims
