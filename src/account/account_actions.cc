#include "account/account_actions.h"

#include "account/account_mails.h"
#include "account/billing_store.h"
#include "account/password.h"
#include "account/registration_actions.h"
#include "account/sign_in_actions.h"
#include "account/throttle.h"
#include "account/user_store.h"
#include "base/failure.h"
#include "base/log.h"

namespace cstims {

Result<std::string> change_password(const Services& services, const Viewer& viewer,
                                    const PasswordChange& change, const Visitor& visitor) {
  const auto id = viewer.require_user();
  const auto confirmed = confirm_password(services, id, change.current_password);
  if (!confirmed) return std::unexpected(confirmed.error());
  const auto hash = require_hasher(services).hash(change.password);

  return act_as(services, viewer, [&](Act& act) -> Result<std::string> {
    const auto user = require_user(act.tx, id);
    if (require_password_hash(act.tx, id) != *confirmed) {
      throw Conflict("the password changed while another one was being set");
    }
    update_password_hash(act.tx, id, hash);
    void_codes(act.tx, id);
    delete_sessions(act.tx, id);
    queue_password_changed(act, user);
    log_info("password changed", {{"user", id.text()}, {"address", visitor.address}});
    return insert_session(act.tx, user, visitor);
  });
}

Result<void> request_email_change(const Services& services, const Viewer& viewer,
                                  const EmailChange& change, const Visitor& visitor) {
  const auto id = viewer.require_user();
  if (const auto confirmed = confirm_password(services, id, change.current_password); !confirmed) {
    return std::unexpected(confirmed.error());
  }
  return act_as(services, viewer, [&](Act& act) -> Result<void> {
    const auto user = require_user(act.tx, id);
    if (user.email == change.email) {
      return refuse("email", message("This is your address already."));
    }
    charge_mail(act.tx, visitor.address);
    // Made in any case, so that an address of another account gets the same answer.
    const auto code = make_code(act.tx, id, CodePurpose::email, change.email);
    if (!code) {
      return refuse("email", message("Three mails went out within the hour. Try again later."));
    }
    const auto owner = find_user_by_email(act.tx, change.email);
    if (!owner || owner->id == id) {
      queue_new_address_link(act, change.email, *code);
    } else if (owner->status == UserStatus::verified) {
      queue_address_known(act, *owner);
    }
    return {};
  });
}

Result<void> confirm_email_change(const Services& services, std::string_view code,
                                  const SessionInfo& session, const Visitor& visitor) {
  const std::vector buckets{address_bucket(visitor.address)};
  charge_attempt(services.database, buckets);
  return act_as(services, Viewer::nobody(), [&](Act& act) -> Result<void> {
    const auto holder = take_code(act.tx, CodePurpose::email, code);
    auto user = holder ? find_user(act.tx, holder->user) : std::nullopt;
    if (!user || !user->may_sign_in()) return refuse("", worn_out_link());
    const auto owner = find_user_by_email(act.tx, holder->address);
    if (owner && owner->id != user->id) return refuse("", worn_out_link());

    const auto old_address = user->email;
    user->email = holder->address;
    update_email(act.tx, user->id, user->email);
    void_codes(act.tx, user->id);
    delete_sessions(act.tx, user->id, find_session_id(act.tx, user->id, session.id_hash));
    forgive_attempt(act.tx, buckets);
    queue_email_changed(act, *user, old_address);
    log_info("address changed", {{"user", user->id.text()}, {"address", visitor.address}});
    return {};
  });
}

void change_billing_details(Act& act, const BillingDetails& billing) {
  const auto user = require_user(act.tx, act.viewer.require_user());
  update_billing_details(act.tx, user.id, billing);
  const auto status = tax_status_after(user.tax_status, billing, act.site.seller_country);
  update_tax_treatment(act.tx, user.id, {status, user.tax_exemption});
}

void set_client_billing(Act& act, UserId client, const ClientBilling& billing) {
  if (!act.viewer.is_accountant())
    throw Forbidden("accountants and admins set how a client is taxed");
  update_billing_details(act.tx, client, billing.details);
  update_tax_treatment(act.tx, client, billing.treatment);
  log_info("tax status set", {{"client", client.text()},
                              {"status", std::string(text(billing.treatment.status))},
                              {"by", act.viewer.name}});
}

void end_session(Act& act, SessionId id) {
  if (!delete_session(act.tx, act.viewer.require_user(), id)) {
    throw NotFound("no such session of this user");
  }
}

std::int64_t end_other_sessions(Act& act, const SessionInfo& session) {
  const auto user = act.viewer.require_user();
  return delete_sessions(act.tx, user, find_session_id(act.tx, user, session.id_hash));
}

}  // namespace cstims
