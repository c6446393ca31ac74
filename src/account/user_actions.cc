#include "account/user_actions.h"

#include <fmt/format.h>

#include "account/account_mails.h"
#include "account/codes.h"
#include "account/password.h"
#include "account/password_rules.h"
#include "account/registration_store.h"
#include "account/session_store.h"
#include "account/sign_in_actions.h"
#include "account/throttle.h"
#include "account/user_store.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t made_password_bytes = 15;  // 20 characters

/// Runs `attempt` again when a unique key refused it: the second time the rival is there to be
/// seen.
template <typename Attempt>
auto despite_rivals(Attempt&& attempt) {
  try {
    return attempt();
  } catch (const ConstraintViolation&) {
    return attempt();
  }
}

Result<UserId> create_in(Act& act, const UserEdit& wanted, const std::string& hash) {
  const auto id = insert_user(act.tx, {.username = wanted.username,
                                       .email = wanted.email,
                                       .password_hash = hash,
                                       .type = wanted.type,
                                       .status = wanted.status});
  if (!id) return id;
  const auto user = require_user(act.tx, *id);
  if (user.status == UserStatus::unverified) {
    if (const auto code = make_code(act.tx, user.id, CodePurpose::verify, user.email)) {
      queue_verification(act, user, *code);
    }
  }
  log_info("user created", {{"user", user.id.text()}, {"type", std::string(text(user.type))}});
  return id;
}

bool stays_admin(const UserEdit& wanted) {
  return wanted.type == Role::admin && wanted.status == UserStatus::verified;
}

Message last_admin_stays() {
  return message("This is the last active administrator: make another one first.");
}

Result<void> may_become(Act& act, const User& before, const UserEdit& wanted) {
  if (act.viewer.user == before.id) {
    Refusal refusal;
    const auto own = message("Another administrator must change this for you.");
    if (wanted.type != before.type) refusal.add("type", own);
    if (wanted.status != before.status) refusal.add("status", own);
    if (!refusal.items.empty()) return std::unexpected(std::move(refusal));
  }
  if (!stays_admin(wanted) && is_last_active_admin(act.tx, before.id)) {
    return refuse(wanted.type != Role::admin ? "type" : "status", last_admin_stays());
  }
  return {};
}

void set_password(Act& act, const User& user, const std::string& hash) {
  update_password_hash(act.tx, user.id, hash);
  void_codes(act.tx, user.id);
  delete_sessions(act.tx, user.id);
  forgive_attempt(act.tx, {account_bucket(user, user.username), session_bucket(user.id)});
  queue_password_changed(act, user);
}

Result<void> edit_in(Act& act, UserId id, const UserEdit& wanted, const std::string& hash) {
  const auto before = require_user(act.tx, id);
  if (auto may = may_become(act, before, wanted); !may) return may;
  if (auto done = update_user(act.tx, id, wanted); !done) return done;
  const auto after = require_user(act.tx, id);
  if (!hash.empty()) set_password(act, after, hash);
  if (after.type != before.type || after.status != before.status) delete_sessions(act.tx, id);
  if (after.email != before.email) {
    void_codes(act.tx, id);
    queue_email_changed(act, after, before.email);
  }
  log_info("user edited", {{"user", id.text()},
                           {"type", std::string(text(after.type))},
                           {"status", std::string(text(after.status))},
                           {"by", act.viewer.name}});
  return {};
}

/// The noun that people know the first dependent row by.
Message dependents_sentence(const std::vector<std::string>& dependents) {
  const auto& first = dependents.front();

  if (first == "orders") {
    return message("This account has orders, so it cannot be deleted. Disable it instead.");
  }
  if (first == "tickets" || first == "replies") {
    return message("This account has tickets, so it cannot be deleted. Disable it instead.");
  }
  if (first == "invoices" || first == "payments") {
    return message("This account has invoices, so it cannot be deleted. Disable it instead.");
  }
  return message("The history names this account, so it cannot be deleted. Disable it instead.");
}

Result<std::string> chosen_or_made(const Services& services,
                                   const std::optional<std::string>& password,
                                   const std::string& username, const std::string& email) {
  if (!password) return random_token(made_password_bytes);
  if (const auto complaint = password_complaint(*password, {services.site, username, email})) {
    return refuse("password", *complaint);
  }
  return *password;
}

}  // namespace

Result<UserId> create_user(const Services& services, const UserEdit& wanted) {
  const auto hash = require_hasher(services).hash(wanted.password);
  return despite_rivals([&] {
    return act_as(services, Viewer::nobody(),
                  [&](Act& act) { return create_in(act, wanted, hash); });
  });
}

Result<void> edit_user(const Services& services, const Viewer& viewer, UserId id,
                       const UserEdit& wanted) {
  const auto hash =
      wanted.password.empty() ? std::string() : require_hasher(services).hash(wanted.password);
  return despite_rivals([&] {
    return act_as(services, viewer, [&](Act& act) { return edit_in(act, id, wanted, hash); });
  });
}

Result<void> delete_account(Act& act, UserId id) {
  const auto user = require_user(act.tx, id);
  if (act.viewer.user == id) return refuse("", message("You cannot delete your own account."));
  if (is_last_active_admin(act.tx, id)) return refuse("", last_admin_stays());
  if (const auto dependents = list_dependents(act.tx, id); !dependents.empty()) {
    return refuse("", dependents_sentence(dependents));
  }
  delete_user(act.tx, id);
  log_info("user deleted", {{"user", id.text()}, {"by", act.viewer.name}});
  return {};
}

Result<std::string> create_user_by_command(const Services& services, const CommandUser& wanted) {
  Refusal refusal;
  const auto take_refusal = [&](std::string_view field, const Refusal& of) {
    for (const auto& item : of.items) refusal.add(field, item.message);
  };
  const auto username = parse_username(trim(wanted.username));
  if (!username) take_refusal("username", username.error());
  const auto email = EmailAddress::parse(wanted.email);
  if (!email) take_refusal("email", email.error());
  const auto type = parse_role(wanted.type);
  if (!type) refusal.add("type", message("One of client, helpdesk, accountant, admin."));
  if (!refusal.items.empty()) return std::unexpected(std::move(refusal));

  const auto password = chosen_or_made(services, wanted.password, *username, email->text());
  if (!password) return password;
  const auto id =
      create_user(services, {*username, *email, *password, *type, UserStatus::verified});
  if (!id) return std::unexpected(id.error());
  return wanted.password ? std::string() : *password;
}

Result<std::string> set_password_by_command(const Services& services, const std::string& username,
                                            const std::optional<std::string>& password) {
  const auto user = services.database.read(
      [&](Transaction& tx) { return find_user_by_username(tx, lower_ascii(username)); });
  if (!user) throw NotFound(fmt::format("there is no user {}", username));
  const auto chosen = chosen_or_made(services, password, user->username, user->email.text());
  if (!chosen) return chosen;
  const auto hash = require_hasher(services).hash(*chosen);
  act_as(services, Viewer::of_system("command"),
         [&](Act& act) { set_password(act, require_user(act.tx, user->id), hash); });
  return password ? std::string() : *chosen;
}

std::string clean_up_accounts(Transaction& tx) {
  const auto sessions = delete_stale_sessions(tx);
  const auto codes = delete_stale_codes(tx);
  const auto throttles = delete_stale_throttles(tx);
  const auto registrations = delete_stale_registrations(tx);
  return fmt::format("{} sessions and devices, {} codes, {} throttles, {} registrations removed",
                     sessions, codes, throttles, registrations);
}

}  // namespace cstims
