#include "account/form_fields.h"

#include <algorithm>

#include "account/registration_actions.h"

namespace cstims {
namespace {

struct WornOutPage {
  static constexpr std::string_view view = "account/worn_out.html";
  std::string contact;
  Message title() const { return message("This link does not work"); }
};

void fill(Dictionary& values, const WornOutPage& page) {
  values.set("SENTENCE", worn_out_link());
  values.set("CONTACT", page.contact);
}

}  // namespace

Field email_field(std::string value) {
  return {.kind = FieldKind::email,
          .name = "email",
          .label = message("E-mail"),
          .value = std::move(value),
          .required = true,
          .autocomplete = "email"};
}

Field new_password_field(const Site& site) {
  const auto shortest = std::to_string(std::max(8, site.shortest_password));
  return {.kind = FieldKind::password,
          .name = "password",
          .label = message("New password"),
          .value = {},
          .hint = message("At least {} characters. A few words that do not belong together are "
                          "easy to remember.",
                          {shortest}),
          .required = true,
          .autocomplete = "new-password"};
}

Field confirm_password_field() {
  return {.kind = FieldKind::password,
          .name = "confirm_password",
          .label = message("The same again"),
          .value = {},
          .required = true,
          .autocomplete = "new-password"};
}

Field current_password_field() {
  return {.kind = FieldKind::password,
          .name = "current_password",
          .label = message("Current password"),
          .value = {},
          .required = true,
          .autocomplete = "current-password"};
}

std::vector<Field> billing_fields(const User& user) {
  return {{.name = "billing_name",
           .label = message("Name on invoices"),
           .value = user.billing_name,
           .autocomplete = "name"},
          {.kind = FieldKind::lines,
           .name = "billing_address",
           .label = message("Address"),
           .value = user.billing_address,
           .autocomplete = "street-address",
           .rows = 4},
          {.name = "billing_country",
           .label = message("Country"),
           .value = user.billing_country,
           .hint = message("Two letters, such as ES."),
           .autocomplete = "country",
           .columns = 6},
          {.name = "billing_tax_number",
           .label = message("Tax number"),
           .value = user.billing_tax_number,
           .hint = message("Businesses in another country of the EU: the VAT number."),
           .columns = 6}};
}

Response worn_out_page(const Context& context) {
  return with_secret_address(render(context, WornOutPage{context.site().mail_admin.text()}, 422));
}

Response with_secret_address(Response response) {
  response.add("Referrer-Policy", "no-referrer");
  response.add("Cache-Control", "no-store");
  return response;
}

}  // namespace cstims
