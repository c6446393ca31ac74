// Rows of users. The caller decides who may ask; password hashes leave this file only as a
// PasswordRow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/user.h"
#include "base/listing.h"
#include "db/database.h"

namespace cstims {

std::optional<User> find_user(Transaction& tx, UserId id);
User require_user(Transaction& tx, UserId id);  // throws NotFound
std::vector<User> require_users(Transaction& tx, const std::vector<UserId>& ids);  // in order
std::optional<User> find_user_by_username(Transaction& tx, std::string_view username);
std::optional<User> find_user_by_email(Transaction& tx, const EmailAddress& email);
/// `name` is a user name or an e-mail address in any case.
std::optional<User> find_user_to_sign_in(Transaction& tx, std::string_view name);

/// For select boxes: users of that type who are not disabled, by name; `search` matches user name,
/// e-mail and billing name.
std::vector<User> list_users_for_choice(Transaction& tx, Role type, std::string_view search,
                                        int limit);
/// Who can be given a ticket: helpdesk and admins, verified, by name.
struct HelpdeskPerson {
  UserId id;
  std::string username;
};
std::vector<HelpdeskPerson> list_helpdesk_people(Transaction& tx);
/// The page /manageusers: rules below, `search` as above.
Page<User> list_users(Transaction& tx, const Listing& listing);
const ListingRules& user_listing_rules();

struct NewUser {
  std::string username;
  EmailAddress email;
  std::string password_hash;
  Role type;
  UserStatus status;
};
/// Refuses a taken user name (field "username") or address (field "email").
Result<UserId> insert_user(Transaction& tx, const NewUser& user);
/// As insert_user; the caller has checked `is_last_active_admin`.
Result<void> update_user(Transaction& tx, UserId id, const UserEdit& edit);
void update_email(Transaction& tx, UserId id, const EmailAddress& email);
void update_last_sign_in(Transaction& tx, UserId id);
void mark_verified(Transaction& tx, UserId id);
void delete_user(Transaction& tx, UserId id);

std::string require_password_hash(Transaction& tx, UserId id);
void update_password_hash(Transaction& tx, UserId id, std::string_view hash);
/// Replaces an outdated hash of the same password; false when the password changed meanwhile.
bool renew_password_hash(Transaction& tx, UserId id, std::string_view old_hash,
                         std::string_view new_hash);

/// Locks the verified admins until the transaction ends, so that two at once cannot remove the last
/// two.
bool is_last_active_admin(Transaction& tx, UserId id);
/// What keeps this user from being deleted: "orders", "tickets", … in a fixed order; empty when
/// nothing does.
std::vector<std::string> list_dependents(Transaction& tx, UserId id);

}  // namespace cstims
