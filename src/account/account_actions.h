// What people change about their own account. Changing password or address asks for the current
// password, ends the other sessions and tells the owner by mail.
#pragma once

#include <string>
#include <string_view>

#include "account/session_store.h"
#include "account/user.h"
#include "http/context.h"

namespace cstims {

/// Returns the token of the new session that replaces all others. Throws Overload (throttle.h).
Result<std::string> change_password(const Services& services, const Viewer& viewer,
                                    const PasswordChange& change, const Visitor& visitor);

/// Mails a link to the new address; nothing changes until its button is pressed. The answer is the
/// same when the address belongs to another account: then its owner is told. Throws Overload.
Result<void> request_email_change(const Services& services, const Viewer& viewer,
                                  const EmailChange& change, const Visitor& visitor);
/// All sessions but that of `session` end. Throws Overload.
Result<void> confirm_email_change(const Services& services, std::string_view code,
                                  const SessionInfo& session, const Visitor& visitor);

/// The viewer's own; how the client is taxed follows (tax_status_after).
void change_billing_details(Act& act, const BillingDetails& billing);
/// A client's, with the tax status. Throws Forbidden unless an accountant or admin acts.
void set_client_billing(Act& act, UserId client, const ClientBilling& billing);

/// One of the viewer's own; throws NotFound for any other.
void end_session(Act& act, SessionId id);
/// All of the viewer's but the one they are using; how many.
std::int64_t end_other_sessions(Act& act, const SessionInfo& session);

}  // namespace cstims
