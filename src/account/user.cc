#include "account/user.h"

#include <algorithm>

#include "account/password_rules.h"
#include "base/tax_number.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_name = 254;  // of an address; user names are shorter

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string read_username(FormReader& reader) {
  const auto typed = reader.line("username", {.required = true});
  if (typed.empty()) return {};
  auto username = parse_username(typed);
  if (username) return std::move(*username);
  reader.refuse("username", username.error().items.front().message);
  return {};
}

void check_new_password(FormReader& reader, std::string_view password,
                        const PasswordContext& context) {
  if (password.empty()) return;  // refused or allowed already
  if (const auto complaint = password_complaint(password, context)) {
    reader.refuse("password", *complaint);
  }
}

void check_repetition(FormReader& reader, std::string_view password) {
  const auto repeated = reader.secret("confirm_password", {.longest = longest_password});
  if (repeated != password) {
    reader.refuse("confirm_password", message("The two passwords differ."));
  }
}

std::string text_of(const std::optional<EmailAddress>& email) {
  return email ? email->text() : std::string();
}

bool is_country_code(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// Stands in where a refused field has no value; `finish` never lets it out.
EmailAddress no_address() {
  return EmailAddress::stored("nobody@localhost");
}

}  // namespace

std::string_view text(UserStatus status) {
  switch (status) {
    case UserStatus::unverified:
      return "unverified";
    case UserStatus::verified:
      return "verified";
    case UserStatus::disabled:
      return "disabled";
  }
  return "disabled";
}

std::optional<UserStatus> parse_user_status(std::string_view written) {
  for (const auto status : {UserStatus::unverified, UserStatus::verified, UserStatus::disabled}) {
    if (text(status) == written) return status;
  }
  return std::nullopt;
}

Message shown(UserStatus status) {
  switch (status) {
    case UserStatus::unverified:
      return message("Unverified");
    case UserStatus::verified:
      return message("Verified");
    case UserStatus::disabled:
      return message("Disabled");
  }
  return message("Disabled");
}

Message shown(Role role) {
  switch (role) {
    case Role::client:
      return message("Client");
    case Role::helpdesk:
      return message("Helpdesk");
    case Role::accountant:
      return message("Accountant");
    case Role::admin:
      return message("Administrator");
    case Role::nobody:
      break;
  }
  return message("Nobody");
}

std::string User::label() const {
  return billing_name.empty() ? username : billing_name + " (" + username + ")";
}

Result<std::string> parse_username(std::string_view text) {
  auto username = lower_ascii(text);
  const bool shaped = username.size() >= 3 && username.size() <= 31 &&
                      is_lower_or_digit(username.front()) &&
                      std::ranges::all_of(username, [](char c) {
                        return is_lower_or_digit(c) || c == '_' || c == '.' || c == '-';
                      });
  if (!shaped) {
    return refuse("username", message("3 to 31 letters (a to z), digits, dots, hyphens and "
                                      "underscores; the first a letter or digit."));
  }
  return username;
}

Result<Registration> parse_registration(const FormData& form, const Site& site) {
  FormReader reader(form);
  auto username = read_username(reader);
  const auto email = reader.email("email", true);
  auto password = reader.secret("password", {.required = true, .longest = longest_password});
  check_new_password(reader, password, {site, username, text_of(email)});
  check_repetition(reader, password);
  return reader.finish(
      Registration{std::move(username), email.value_or(no_address()), std::move(password)});
}

Result<SignIn> parse_sign_in(const FormData& form) {
  FormReader reader(form);
  SignIn sign_in;
  sign_in.name = lower_ascii(reader.line("username", {.required = true, .longest = longest_name}));
  sign_in.password = reader.secret("password", {.required = true, .longest = longest_password});
  sign_in.next = own_path(reader.line("next", {.longest = 2000}));
  return reader.finish(std::move(sign_in));
}

Result<UserEdit> parse_user_edit(const FormData& form, const Site& site, PasswordField wanted) {
  FormReader reader(form);
  auto username = read_username(reader);
  const auto email = reader.email("email", true);
  auto password = reader.secret(
      "password", {.required = wanted == PasswordField::required, .longest = longest_password});
  check_new_password(reader, password, {site, username, text_of(email)});
  const auto type =
      parse_role(reader.choice("type", {"client", "helpdesk", "accountant", "admin"}, true));
  const auto status =
      parse_user_status(reader.choice("status", {"unverified", "verified", "disabled"}, true));
  return reader.finish(UserEdit{std::move(username), email.value_or(no_address()),
                                std::move(password), type.value_or(Role::client),
                                status.value_or(UserStatus::disabled)});
}

Result<PasswordChange> parse_password_change(const FormData& form, const User& user,
                                             const Site& site) {
  FormReader reader(form);
  PasswordChange change;
  change.current_password =
      reader.secret("current_password", {.required = true, .longest = longest_password});
  change.password = reader.secret("password", {.required = true, .longest = longest_password});
  check_new_password(reader, change.password, {site, user.username, user.email.text()});
  check_repetition(reader, change.password);
  return reader.finish(std::move(change));
}

Result<NewPassword> parse_new_password(const FormData& form, const User* user, const Site& site) {
  FormReader reader(form);
  NewPassword chosen;
  chosen.code = reader.line("code", {.longest = 200});
  chosen.password = reader.secret("password", {.required = true, .longest = longest_password});
  check_new_password(reader, chosen.password,
                     {site, user ? user->username : "", user ? user->email.text() : ""});
  check_repetition(reader, chosen.password);
  return reader.finish(std::move(chosen));
}

Result<EmailAddress> parse_forgotten(const FormData& form) {
  FormReader reader(form);
  const auto email = reader.email("email", true);
  return reader.finish(email.value_or(no_address()));
}

Result<std::string> parse_code(const FormData& form) {
  FormReader reader(form);
  return reader.finish(reader.line("code", {.longest = 200}));
}

Result<EmailChange> parse_email_change(const FormData& form) {
  FormReader reader(form);
  auto password =
      reader.secret("current_password", {.required = true, .longest = longest_password});
  const auto email = reader.email("email", true);
  return reader.finish(EmailChange{std::move(password), email.value_or(no_address())});
}

namespace {

BillingDetails read_billing_details(FormReader& reader) {
  BillingDetails billing;
  billing.name = reader.line("billing_name", {.longest = 120});
  billing.address = reader.lines("billing_address", {.longest = 500});
  billing.country = upper_ascii(reader.line("billing_country", {.longest = 2}));
  billing.tax_number = reader.line("billing_tax_number", {.longest = 30});
  if (!billing.country.empty() && !is_country_code(billing.country)) {
    reader.refuse("billing_country", message("Two letters, such as ES."));
  }
  if (billing.tax_number.empty()) return billing;
  auto number = parse_tax_number(billing.tax_number, billing.country);
  if (!number) {
    reader.refuse("billing_tax_number", number.error().items.front().message);
  } else {
    billing.tax_number = std::move(*number);
  }
  return billing;
}

}  // namespace

Result<BillingDetails> parse_billing_details(const FormData& form) {
  FormReader reader(form);
  auto billing = read_billing_details(reader);
  return reader.finish(std::move(billing));
}

Result<ClientBilling> parse_client_billing(const FormData& form, std::string_view seller_country) {
  FormReader reader(form);
  ClientBilling billing{.details = read_billing_details(reader), .treatment = {}};
  const auto status =
      reader.choice("tax_status", {"domestic", "reverse charge", "outside EU", "exempt"}, true);
  if (!status.empty()) billing.treatment.status = stored_tax_status(status);
  const auto exemption = reader.line("tax_exemption", {.longest = 200});
  if (billing.treatment.status == TaxStatus::exempt) billing.treatment.exemption = exemption;
  if (!reader.refused()) {
    const auto fits = check_tax_treatment(billing.treatment, billing.details, seller_country);
    if (!fits) reader.refuse(fits.error().items[0].field, fits.error().items[0].message);
  }
  return reader.finish(std::move(billing));
}

std::string own_path(std::string_view next) {
  // "//host" and "/\host" are other sites to a browser, and so is what hides a slash behind a
  // control.
  const bool own = next.starts_with('/') && !next.starts_with("//") &&
                   next.find('\\') == std::string_view::npos && !has_controls(next, true) &&
                   next.size() <= 2000 && !next.starts_with("/login") &&
                   !next.starts_with("/logout");
  return own ? std::string(next) : std::string();
}

std::string_view home_path(Role role) {
  switch (role) {
    case Role::client:
      return "/client";
    case Role::helpdesk:
      return "/helpdesk";
    case Role::accountant:
      return "/accountant";
    case Role::admin:
      return "/admin";
    case Role::nobody:
      break;
  }
  return "/login";
}

}  // namespace cstims
