// Mails about accounts. What goes to an address that is not yet known to be the person's holds no
// text that a visitor chose.
#pragma once

#include "account/codes.h"
#include "account/session_store.h"
#include "account/user.h"
#include "mail/outbox.h"

namespace cstims {

/// The link that verifies the address given at registration.
void queue_verification(Act& act, const User& user, const MailedCode& code);
/// To mail.admin only.
void queue_registration_notice(Act& act, const User& user);
/// To mail.admin only.
void queue_verified_notice(Act& act, const User& user);
/// To the owner of an address that somebody registered with, at most once an hour.
void queue_address_known(Act& act, const User& owner);
void queue_reset_link(Act& act, const User& user, const MailedCode& code);
void queue_password_changed(Act& act, const User& user);
/// The link that confirms a new address, mailed there.
void queue_new_address_link(Act& act, const EmailAddress& address, const MailedCode& code);
/// To both addresses; `user` has the new one.
void queue_email_changed(Act& act, const User& user, const EmailAddress& old_address);
void queue_new_sign_in(Act& act, const User& user, const Visitor& visitor);

}  // namespace cstims
