#include "account/sign_in_actions.h"

#include <stdexcept>

#include "account/account_mails.h"
#include "account/codes.h"
#include "account/password.h"
#include "account/throttle.h"
#include "account/user_store.h"
#include "base/log.h"

namespace cstims {
namespace {

struct Candidate {
  std::optional<User> user;
  std::string hash;  // empty: nobody of that name
  bool known_device = false;
};

Candidate find_candidate(Transaction& tx, const SignIn& typed, const Visitor& visitor) {
  Candidate candidate{.user = find_user_to_sign_in(tx, typed.name), .hash = {}};
  if (candidate.user) {
    candidate.hash = require_password_hash(tx, candidate.user->id);
    candidate.known_device = is_known_device(tx, candidate.user->id, visitor.device_token);
  }
  return candidate;
}

/// A known device counts alone: strangers' guesses, even from the same network, do not shut its
/// owner out.
std::vector<Bucket> buckets_of(const Candidate& candidate, const SignIn& typed,
                               const Visitor& visitor) {
  if (candidate.known_device) return {device_bucket(candidate.user->id, visitor.device_token)};
  return {address_bucket(visitor.address), account_bucket(candidate.user, typed.name)};
}

std::unexpected<Refusal> refuse_sign_in() {
  return refuse("", message("The user name or the password is wrong, or the account is not active. "
                            "If you have just registered, open the link we mailed you first."));
}

void mail_new_link(const Services& services, const User& user) {
  act_as(services, Viewer::nobody(), [&](Act& act) {
    if (const auto code = make_code(act.tx, user.id, CodePurpose::verify, user.email)) {
      queue_verification(act, user, *code);
    }
  });
}

std::string device_token_of(Act& act, const User& user, const Visitor& visitor) {
  if (is_known_device(act.tx, user.id, visitor.device_token)) {
    mark_device_seen(act.tx, user.id, visitor.device_token);
    return visitor.device_token;
  }
  queue_new_sign_in(act, user, visitor);
  // Never the one the browser brought: somebody else may have put it there.
  return insert_device(act.tx, user.id);
}

}  // namespace

PasswordHasher& require_hasher(const Services& services) {
  if (services.hasher == nullptr) throw std::logic_error("this process has no PasswordHasher");
  return *services.hasher;
}

Result<SignedIn> sign_in(const Services& services, const SignIn& typed, const Visitor& visitor,
                         std::string_view old_session_hash) {
  auto& hasher = require_hasher(services);
  const auto candidate =
      services.database.read([&](Transaction& tx) { return find_candidate(tx, typed, visitor); });
  const auto buckets = buckets_of(candidate, typed, visitor);
  charge_attempt(services.database, buckets);

  const bool right = hasher.matches(candidate.hash, typed.password);
  if (!right || !candidate.user->may_sign_in()) {
    log_info("sign-in refused", {{"user", candidate.user ? candidate.user->id.text() : "unknown"},
                                 {"address", visitor.address}});
    const bool unverified = right && candidate.user->status == UserStatus::unverified;
    if (unverified) mail_new_link(services, *candidate.user);
    return refuse_sign_in();
  }
  const auto new_hash =
      is_outdated_hash(candidate.hash) ? hasher.hash(typed.password) : candidate.hash;

  return act_as(services, Viewer::nobody(), [&](Act& act) -> Result<SignedIn> {
    const auto user = find_user(act.tx, candidate.user->id);
    // Disabled, deleted or given another password while the hash was computed.
    if (!user || !user->may_sign_in() ||
        !renew_password_hash(act.tx, user->id, candidate.hash, new_hash)) {
      return refuse_sign_in();
    }
    forgive_attempt(act.tx, buckets);
    delete_session_by_hash(act.tx, old_session_hash);
    update_last_sign_in(act.tx, user->id);
    auto device = device_token_of(act, *user, visitor);
    auto session = insert_session(act.tx, *user, visitor);
    log_info("signed in", {{"user", user->id.text()}, {"address", visitor.address}});
    return SignedIn{*user, std::move(session), std::move(device)};
  });
}

void sign_out(Act& act, const SessionInfo& session) {
  delete_session_by_hash(act.tx, session.id_hash);
}

Result<std::string> confirm_password(const Services& services, UserId user,
                                     std::string_view password) {
  const std::vector buckets{session_bucket(user)};
  charge_attempt(services.database, buckets);
  auto hash =
      services.database.read([&](Transaction& tx) { return require_password_hash(tx, user); });
  if (!require_hasher(services).matches(hash, password)) {
    log_info("password confirmation refused", {{"user", user.text()}});
    return refuse("current_password", message("This is not your password."));
  }
  services.database.write([&](Transaction& tx) { forgive_attempt(tx, buckets); });
  return hash;
}

}  // namespace cstims
