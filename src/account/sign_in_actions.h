// Signing in and out, and proving again who one is. Verbs with a password take the Services: it is
// hashed between transactions, never inside one.
#pragma once

#include <string>
#include <string_view>

#include "account/session_store.h"
#include "account/user.h"
#include "http/context.h"

namespace cstims {

struct SignedIn {
  User user;
  std::string session_token;  // new: for the cookie
  std::string device_token;   // for the other cookie; new when the device was not known
};
/// One and the same refusal for an unknown name, a wrong password, an unverified address and a
/// disabled account; with the right password an unverified person is mailed a new link.
/// `old_session_hash`: the session the browser came with ends. Throws Overload when guessing must
/// wait (throttle.h).
Result<SignedIn> sign_in(const Services& services, const SignIn& typed, const Visitor& visitor,
                         std::string_view old_session_hash);

void sign_out(Act& act, const SessionInfo& session);

/// The password asked again of somebody signed in, before credentials change. Refuses the field
/// "current_password". Returns the hash it was checked against. Throws Overload as above.
Result<std::string> confirm_password(const Services& services, UserId user,
                                     std::string_view password);

/// Act for a verb that needs the password hashed first, in a write transaction as `viewer`.
template <typename Verb>
auto act_as(const Services& services, const Viewer& viewer, Verb&& verb) {
  return services.database.write([&](Transaction& tx) {
    Act act{tx, viewer, services.mailer, services.site};
    return verb(act);
  });
}

/// Throws std::logic_error when this process was not given one.
PasswordHasher& require_hasher(const Services& services);

}  // namespace cstims
