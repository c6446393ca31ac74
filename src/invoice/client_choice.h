// Choosing a client in a form: up to fifty that match are offered, a search beside the form finds
// the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/user.h"
#include "db/database.h"
#include "html/form_view.h"

namespace cstims {

/// The chosen one is always among them.
struct OfferedClients {
  std::vector<User> users;
  std::string search;
};
OfferedClients offer_clients(Transaction& tx, const std::string& search,
                             std::optional<UserId> chosen);

/// The select `client`.
Field client_field(const OfferedClients& clients, std::optional<UserId> chosen);
/// Asks `path` again with the field `client_search`.
Form client_search_form(const std::string& path, const std::string& search);

}  // namespace cstims
