#include <fmt/format.h>

#include <iostream>

#include "account/user_actions.h"
#include "account/user_store.h"
#include "app/command_functions.h"
#include "base/failure.h"

namespace cstims {
namespace {

std::optional<std::string> typed_password(const Invocation& run) {
  if (!run.given("--password-stdin")) return std::nullopt;
  std::string password;
  if (!std::getline(std::cin, password))
    throw UsageError("--password-stdin: nothing came on standard input");
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

void print_made_password(const std::string& password) {
  if (!password.empty()) fmt::print("password: {}\n", password);
}

}  // namespace

int create_user_command(Invocation& run) {
  const CommandUser wanted{.username = run.require("--username"),
                           .email = run.require("--email"),
                           .type = run.require("--type"),
                           .password = typed_password(run)};
  const std::string password =
      granted(create_user_by_command(run.installation().services(), wanted));
  fmt::print("{} ({}) can sign in at {}/login\n", wanted.username, wanted.type,
             run.installation().site().url);
  print_made_password(password);
  return 0;
}

int set_password_command(Invocation& run) {
  const std::string username = run.require("--username");
  const auto typed = typed_password(run);
  print_made_password(
      granted(set_password_by_command(run.installation().services(), username, typed)));
  fmt::print("{} has a new password; all sessions are ended\n", username);
  return 0;
}

int list_users_command(Invocation& run) {
  Listing listing;
  listing.search = run.value("--search").value_or("");
  listing.csv = true;
  const auto users =
      run.installation().database().read([&](Transaction& tx) { return list_users(tx, listing); });
  OutputTable table{{"id", "username", "email", "type", "status", "registered"}, {}};
  for (const auto& user : users.rows) {
    table.rows.push_back({user.id.number(), user.username, user.email.text(),
                          std::string(text(user.type)), std::string(text(user.status)),
                          user.registered_at.text()});
  }
  print_table(table, run.json());
  return 0;
}

}  // namespace cstims
