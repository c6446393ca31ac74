#include "account/billing_pages.h"

#include <array>

#include "account/account_actions.h"
#include "account/form_fields.h"
#include "account/user_store.h"
#include "base/failure.h"

namespace cstims {

namespace {

struct ClientBillingPage {
  static constexpr std::string_view view = "account/client_billing.html";
  const Context& context;
  User user;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Billing details of {}", {user.username}); }
};

Form client_billing_form(const User& user) {
  constexpr std::array statuses{TaxStatus::domestic, TaxStatus::reverse_charge,
                                TaxStatus::outside_eu, TaxStatus::exempt};
  std::vector<Choice> choices;
  for (const auto status : statuses) choices.push_back({std::string(text(status)), shown(status)});
  Form form{.action = "/clients/" + user.id.text() + "/billing",
            .submit = message("Save"),
            .fields = billing_fields(user)};
  form.fields.push_back({.kind = FieldKind::select,
                         .name = "tax_status",
                         .label = message("Tax"),
                         .value = std::string(text(user.tax_status)),
                         .hint = message("Holds for invoices issued from now on."),
                         .choices = std::move(choices),
                         .columns = 6});
  form.fields.push_back({.name = "tax_exemption",
                         .label = message("Why exempt"),
                         .value = user.tax_exemption,
                         .hint = message("With the article of the law; printed on invoices."),
                         .columns = 6});
  return form;
}

void fill(Dictionary& values, const ClientBillingPage& page) {
  values.set("USERNAME", page.user.username);
  fill_form(values, "FORM", client_billing_form(page.user), page.refusal,
            page.refusal ? &page.context.request.form : nullptr);
}

User client_of(const Context& context) {
  auto user = context.database().read(
      [&](Transaction& tx) { return require_user(tx, context.request.path_id<User>()); });
  if (user.type != Role::client) throw NotFound("staff are not billed");
  return user;
}

}  // namespace

Response edit_client_billing(Context& context) {
  return render(context, ClientBillingPage{context, client_of(context)});
}

Response update_client_billing(Context& context) {
  auto user = client_of(context);
  const auto edit = parse_client_billing(context.request.form, context.site().seller_country);
  if (!edit) return render(context, ClientBillingPage{context, user, &edit.error()}, 422);
  context.act([&](Act& act) { set_client_billing(act, user.id, *edit); });
  return context.redirect("/clients/" + user.id.text() + "/billing",
                          message("The billing details are saved."));
}

}  // namespace cstims
