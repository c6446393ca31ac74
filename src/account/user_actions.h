// What administrators and the command line do with accounts. The last active administrator always
// stays, and nobody changes the type or status of their own account.
#pragma once

#include <optional>
#include <string>

#include "account/user.h"
#include "http/context.h"

namespace cstims {

/// An unverified one is mailed the link. Refuses taken names and addresses.
Result<UserId> create_user(const Services& services, const UserEdit& wanted);

/// A new password, type or status ends the person's sessions; password and address are told by
/// mail. Throws NotFound.
Result<void> edit_user(const Services& services, const Viewer& viewer, UserId id,
                       const UserEdit& wanted);

/// Refused while orders, tickets, invoices or payments name the user: then disable the account
/// instead.
Result<void> delete_account(Act& act, UserId id);

/// `cstims user create`: verified. Without a password one is made; returned to be printed once,
/// else empty.
struct CommandUser {
  std::string username;
  std::string email;
  std::string type;
  std::optional<std::string> password;
};
Result<std::string> create_user_by_command(const Services& services, const CommandUser& wanted);

/// `cstims user set-password`: ends the sessions, voids codes and throttles, tells the owner.
/// Returns a made password as above. Throws NotFound.
Result<std::string> set_password_by_command(const Services& services, const std::string& username,
                                            const std::optional<std::string>& password);

/// The job: expired sessions, codes, throttles, and registrations never verified for a week. Says
/// what it did.
std::string clean_up_accounts(Transaction& tx);

}  // namespace cstims
