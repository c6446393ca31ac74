// Registering, verifying the address, and choosing a new password when the old one is forgotten.
// What a visitor is told never depends on whether an address is known here; the difference is only
// in the mail.
#pragma once

#include <optional>
#include <string_view>

#include "account/codes.h"
#include "account/session_store.h"
#include "account/user.h"
#include "http/context.h"

namespace cstims {

/// Makes an unverified client and mails the link and mail.admin. For a known address nothing is
/// made and its owner is told. Refuses only a taken user name. Throws Overload for too many mails
/// from one address.
Result<void> register_client(const Services& services, const Registration& registration,
                             const Visitor& visitor);

/// Refuses a code that is not good any more. Throws Overload (throttle.h).
Result<void> verify_address(const Services& services, std::string_view code,
                            const Visitor& visitor);

void request_reset(const Services& services, const EmailAddress& address, const Visitor& visitor);

/// Ends all sessions, voids all codes, tells the owner; never signs in. The mailed code proves the
/// address too. Refuses and throws like verify_address.
Result<void> reset_password(const Services& services, const NewPassword& chosen,
                            const Visitor& visitor);

/// Whether the link is still good; changes nothing.
bool is_good_code(const Services& services, CodePurpose purpose, std::string_view code);
/// Whose reset code it is.
std::optional<User> find_owner_of_reset(const Services& services, std::string_view code);

/// "This link is not good any more…".
Message worn_out_link();

}  // namespace cstims
