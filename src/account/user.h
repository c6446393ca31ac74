// People who sign in: clients and staff. Types, rules and forms; sessions, codes, passwords and
// throttles have files of their own beside this one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "account/tax_status.h"
#include "base/date.h"
#include "base/email_address.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"
#include "base/site.h"
#include "base/viewer.h"

namespace cstims {

enum class UserStatus { unverified, verified, disabled };

std::string_view text(UserStatus status);
std::optional<UserStatus> parse_user_status(std::string_view text);
/// "Verified", for people.
Message shown(UserStatus status);
Message shown(Role role);

/// What stands on invoices; all may be empty.
struct BillingDetails {
  std::string name;
  std::string address;  // several lines
  std::string country;  // ISO 3166-1 alpha-2, upper case
  std::string tax_number;
  bool operator==(const BillingDetails&) const = default;
};

struct User {
  UserId id;
  std::string username;
  EmailAddress email;
  Role type;
  UserStatus status;
  Instant registered_at;
  std::optional<Instant> verified_at;
  std::optional<Instant> last_sign_in_at;
  Instant password_changed_at;
  std::string billing_name;
  std::string billing_address;  // several lines
  std::string billing_country;
  std::string billing_tax_number;
  TaxStatus tax_status = TaxStatus::domestic;
  std::string tax_exemption = {};  // why exempt, as printed

  BillingDetails billing() const {
    return {billing_name, billing_address, billing_country, billing_tax_number};
  }
  bool may_sign_in() const { return status == UserStatus::verified; }
  /// "Ada Lovelace (ada)" or "ada": for lists and select boxes of staff.
  std::string label() const;
};

/// Folds ASCII case, then demands `^[a-z0-9][a-z0-9_.-]{2,30}$`: one spelling, no look-alikes.
Result<std::string> parse_username(std::string_view text);

/// Passwords below that somebody chose have passed password_rules.h.
struct Registration {
  std::string username;
  EmailAddress email;
  std::string password;
};
Result<Registration> parse_registration(const FormData& form, const Site& site);

/// /login: `username` is a user name or an e-mail address, folded; any bytes otherwise.
struct SignIn {
  std::string name;
  std::string password;
  std::string next;  // an own path, or empty
};
Result<SignIn> parse_sign_in(const FormData& form);

/// /manageusers, adding and editing. An empty password leaves it as it is (editing only).
struct UserEdit {
  std::string username;
  EmailAddress email;
  std::string password;
  Role type;
  UserStatus status;
};
enum class PasswordField { required, optional };
Result<UserEdit> parse_user_edit(const FormData& form, const Site& site, PasswordField password);

struct PasswordChange {
  std::string current_password;
  std::string password;
};
Result<PasswordChange> parse_password_change(const FormData& form, const User& user,
                                             const Site& site);

/// /reset: the mailed code and what the person chose; `user` is whose code it is, when known.
struct NewPassword {
  std::string code;
  std::string password;
};
Result<NewPassword> parse_new_password(const FormData& form, const User* user, const Site& site);
/// /forgot.
Result<EmailAddress> parse_forgotten(const FormData& form);
/// /verify and the confirmation of a new address: the mailed code alone.
Result<std::string> parse_code(const FormData& form);

struct EmailChange {
  std::string current_password;
  EmailAddress email;
};
Result<EmailChange> parse_email_change(const FormData& form);

/// Fields `billing_name`, `billing_address`, `billing_country`, `billing_tax_number`; the number is
/// checked by the rules of the country (base/tax_number.h).
Result<BillingDetails> parse_billing_details(const FormData& form);

/// The same and `tax_status`, `tax_exemption`, for staff (check_tax_treatment).
struct ClientBilling {
  BillingDetails details;
  TaxTreatment treatment;
};
Result<ClientBilling> parse_client_billing(const FormData& form, std::string_view seller_country);

/// `next` of the sign-in page when it is a path of ours ("/tickets/12"), else empty: never another
/// site.
std::string own_path(std::string_view next);
/// Where a person lands after signing in: /client, /helpdesk, /accountant or /admin.
std::string_view home_path(Role role);

}  // namespace cstims
