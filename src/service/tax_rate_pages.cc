#include "service/tax_rate_pages.h"

#include "base/failure.h"
#include "service/tax_rate_store.h"

namespace cstims {

namespace {

struct TaxRatesPage {
  static constexpr std::string_view view = "service/tax_rates.html";
  const Context& context;
  TaxRates rates;
  Date today;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Tax rates"); }
};

Form rate_form(Date today) {
  return {.action = "/taxrates",
          .submit = message("Add the rate"),
          .fields = {{.name = "name",
                      .label = message("Name"),
                      .value = std::string(standard_tax),
                      .hint = message("“standard” is that of services without another one."),
                      .required = true,
                      .columns = 4},
                     {.kind = FieldKind::date,
                      .name = "valid_from",
                      .label = message("From"),
                      .value = today.text(),
                      .required = true,
                      .columns = 4},
                     {.name = "rate",
                      .label = message("Tax in %"),
                      .required = true,
                      .input_mode = "decimal",
                      .columns = 4}},
          .confirm = message("Add this rate? It cannot be changed afterwards, only followed by "
                             "another.")};
}

ListView list_of(const TaxRatesPage& page) {
  const auto& renderer = page.context.services.renderer;
  ListView list{.path = "/taxrates",
                .empty = message("No rates yet: everything is taxed at {} %, as the setting "
                                 "billing.tax_rate says.",
                                 {page.context.site().tax_rate.text()}),
                .columns = {{message("Name")},
                            {message("From")},
                            {message("State")},
                            {message("Tax in %"), "", true}},
                .rows = {},
                .caption = message("Tax rates"),
                .plain = true};
  for (const auto& rate : page.rates.all()) {
    const bool to_come = rate.valid_from > page.today;
    bool followed = false;
    for (const auto& other : page.rates.all()) {
      followed = followed || (other.name == rate.name && other.valid_from > rate.valid_from &&
                              other.valid_from <= page.today);
    }
    const auto state = to_come ? message("to come") : followed ? message("past") : message("holds");
    list.rows.push_back({{.text = rate.name},
                         {.text = renderer.show(rate.valid_from)},
                         {.text = renderer.translate(state),
                          .badge = !to_come && !followed ? "success" : "secondary"},
                         {.text = rate.rate.text()}});
  }
  return list;
}

void fill(Dictionary& values, const TaxRatesPage& page) {
  fill_list(values, "RATES", list_of(page));
  fill_form(values, "FORM", rate_form(page.today), page.refusal,
            page.refusal ? &page.context.request.form : nullptr);
}

Response rates_page(const Context& context, const Refusal* refusal = nullptr) {
  return render(context, context.database().read([&](Transaction& tx) {
    return TaxRatesPage{context, load_tax_rates(tx, context.site()), tx.today(), refusal};
  }),
                refusal ? 422 : 200);
}

}  // namespace

Result<void> add_tax_rate(Act& act, const NamedTaxRate& rate) {
  if (!act.viewer.is_accountant()) throw Forbidden("accountants and admins add tax rates");
  const auto rates = load_tax_rates(act.tx, act.site);
  if (auto allowed = may_add(rates, rate, act.tx.today()); !allowed) return allowed;
  insert_tax_rate(act.tx, rate, act.viewer.user);
  return {};
}

Response list_tax_rates_page(Context& context) {
  return rates_page(context);
}

Response create_tax_rate(Context& context) {
  const auto rate = parse_tax_rate(context.request.form);
  if (!rate) return rates_page(context, &rate.error());
  const auto added = context.act([&](Act& act) { return add_tax_rate(act, *rate); });
  if (!added) return rates_page(context, &added.error());
  return context.redirect("/taxrates", message("The tax rate is added."));
}

}  // namespace cstims
