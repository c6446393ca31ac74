#include "base/viewer.h"

#include "base/failure.h"

namespace cstims {

std::string_view text(Role role) {
  switch (role) {
    case Role::nobody:
      return "nobody";
    case Role::client:
      return "client";
    case Role::helpdesk:
      return "helpdesk";
    case Role::accountant:
      return "accountant";
    case Role::admin:
      return "admin";
  }
  return "nobody";
}

std::optional<Role> parse_role(std::string_view written) {
  for (const auto role : {Role::client, Role::helpdesk, Role::accountant, Role::admin}) {
    if (text(role) == written) return role;
  }
  return std::nullopt;
}

UserId Viewer::require_user() const {
  if (!user) throw Forbidden("nobody is signed in");
  return *user;
}

}  // namespace cstims
