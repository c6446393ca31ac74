// Who is looking or acting. Every finder takes a Viewer: what a person may not see does not exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"

namespace cstims {

enum class Role { nobody, client, helpdesk, accountant, admin };

std::string_view text(Role role);
std::optional<Role> parse_role(std::string_view text);  // "client" "helpdesk" "accountant" "admin"

struct Viewer {
  std::optional<UserId> user;  // absent: nobody, or the system (commands, jobs)
  Role role = Role::nobody;
  std::string name;     // username, for pages and logs
  bool system = false;  // a command or job of this installation: sees all, is no person

  bool is_client() const { return role == Role::client; }
  bool is_staff() const { return system || (role != Role::nobody && role != Role::client); }
  bool is_helpdesk() const { return system || role == Role::helpdesk || role == Role::admin; }
  bool is_accountant() const { return system || role == Role::accountant || role == Role::admin; }
  bool is_admin() const { return system || role == Role::admin; }
  /// Throws Forbidden when nobody is signed in.
  UserId require_user() const;

  static Viewer nobody() { return {}; }
  static Viewer of_system(std::string name) {
    return {std::nullopt, Role::nobody, std::move(name), true};
  }
};

}  // namespace cstims
