#include "account/registration_actions.h"

#include "account/account_mails.h"
#include "account/password.h"
#include "account/registration_store.h"
#include "account/sign_in_actions.h"
#include "account/throttle.h"
#include "account/user_store.h"
#include "base/log.h"

namespace cstims {
namespace {

void mail_verification(Act& act, const User& user) {
  if (const auto code = make_code(act.tx, user.id, CodePurpose::verify, user.email)) {
    queue_verification(act, user, *code);
  }
}

/// Somebody gave an address we know: only its owner hears of it.
void tell_owner(Act& act, const User& owner) {
  if (owner.status == UserStatus::unverified) return mail_verification(act, owner);
  if (owner.status == UserStatus::verified) queue_address_known(act, owner);
}

Result<void> register_in(Act& act, const Registration& registration, const std::string& hash,
                         const Visitor& visitor) {
  charge_mail(act.tx, visitor.address);
  if (find_user_by_username(act.tx, registration.username) ||
      is_reserved_username(act.tx, registration.username)) {
    return refuse("username", message("This user name is taken."));
  }
  if (const auto owner = find_user_by_email(act.tx, registration.email)) {
    reserve_username(act.tx, registration.username);
    tell_owner(act, *owner);
    return {};
  }
  const auto id = insert_user(act.tx, {.username = registration.username,
                                       .email = registration.email,
                                       .password_hash = hash,
                                       .type = Role::client,
                                       .status = UserStatus::unverified});
  if (!id) return std::unexpected(id.error());
  const auto user = require_user(act.tx, *id);
  mail_verification(act, user);
  queue_registration_notice(act, user);
  log_info("client registered", {{"user", user.id.text()}, {"address", visitor.address}});
  return {};
}

/// The user a code was mailed to, if the address is still theirs and they are not shut out.
std::optional<User> take_code_of(Transaction& tx, CodePurpose purpose, std::string_view code) {
  const auto holder = take_code(tx, purpose, code);
  if (!holder) return std::nullopt;
  auto user = find_user(tx, holder->user);
  const bool good =
      user && user->email.key() == holder->address.key() && user->status != UserStatus::disabled;
  return good ? std::move(user) : std::nullopt;
}

void mark_verified_and_tell(Act& act, const User& user) {
  mark_verified(act.tx, user.id);
  queue_verified_notice(act, user);
}

}  // namespace

Message worn_out_link() {
  return message(
      "This link is not good any more: it was used, a newer one was mailed, or it is too old.");
}

Result<void> register_client(const Services& services, const Registration& registration,
                             const Visitor& visitor) {
  const auto hash = require_hasher(services).hash(registration.password);
  const auto attempt = [&] {
    return act_as(services, Viewer::nobody(),
                  [&](Act& act) { return register_in(act, registration, hash, visitor); });
  };
  try {
    return attempt();
  } catch (const ConstraintViolation&) {
    return attempt();  // two at once: now the other one is there to be seen
  }
}

Result<void> verify_address(const Services& services, std::string_view code,
                            const Visitor& visitor) {
  const std::vector buckets{address_bucket(visitor.address)};
  charge_attempt(services.database, buckets);
  return act_as(services, Viewer::nobody(), [&](Act& act) -> Result<void> {
    const auto user = take_code_of(act.tx, CodePurpose::verify, code);
    if (!user || user->status != UserStatus::unverified) return refuse("", worn_out_link());
    forgive_attempt(act.tx, buckets);
    mark_verified_and_tell(act, *user);
    log_info("address verified", {{"user", user->id.text()}});
    return {};
  });
}

void request_reset(const Services& services, const EmailAddress& address, const Visitor& visitor) {
  // A hash for nothing: it takes far longer than queueing a mail, so that the time tells no more
  // than the answer.
  require_hasher(services).matches("", address.text());
  act_as(services, Viewer::nobody(), [&](Act& act) {
    charge_mail(act.tx, visitor.address);
    const auto user = find_user_by_email(act.tx, address);
    if (!user || user->status == UserStatus::disabled) return;
    if (const auto code = make_code(act.tx, user->id, CodePurpose::reset, user->email)) {
      queue_reset_link(act, *user, *code);
    }
  });
}

Result<void> reset_password(const Services& services, const NewPassword& chosen,
                            const Visitor& visitor) {
  const std::vector buckets{address_bucket(visitor.address)};
  charge_attempt(services.database, buckets);
  const auto hash = require_hasher(services).hash(chosen.password);
  return act_as(services, Viewer::nobody(), [&](Act& act) -> Result<void> {
    const auto user = take_code_of(act.tx, CodePurpose::reset, chosen.code);
    if (!user) return refuse("", worn_out_link());
    forgive_attempt(act.tx, buckets);
    forgive_attempt(act.tx, {account_bucket(user, user->username)});
    if (user->status == UserStatus::unverified) mark_verified_and_tell(act, *user);
    update_password_hash(act.tx, user->id, hash);
    void_codes(act.tx, user->id);
    delete_sessions(act.tx, user->id);
    queue_password_changed(act, *user);
    log_info("password reset", {{"user", user->id.text()}, {"address", visitor.address}});
    return {};
  });
}

bool is_good_code(const Services& services, CodePurpose purpose, std::string_view code) {
  return services.database.read(
      [&](Transaction& tx) { return find_code(tx, purpose, code).has_value(); });
}

std::optional<User> find_owner_of_reset(const Services& services, std::string_view code) {
  return services.database.read([&](Transaction& tx) -> std::optional<User> {
    const auto holder = find_code(tx, CodePurpose::reset, code);
    return holder ? find_user(tx, holder->user) : std::nullopt;
  });
}

}  // namespace cstims
