#include "invoice/client_choice.h"

#include <algorithm>

#include "account/user_store.h"

namespace cstims {

namespace {

constexpr int most_clients_offered = 50;

}  // namespace

OfferedClients offer_clients(Transaction& tx, const std::string& search,
                             std::optional<UserId> chosen) {
  OfferedClients offered{list_users_for_choice(tx, Role::client, search, most_clients_offered),
                         search};
  const auto& users = offered.users;
  const bool there =
      !chosen || std::ranges::any_of(users, [&](const User& user) { return user.id == *chosen; });
  auto client = there ? std::nullopt : find_user(tx, *chosen);
  if (client && client->type == Role::client) {
    offered.users.insert(offered.users.begin(), *std::move(client));
  }
  return offered;
}

Field client_field(const OfferedClients& clients, std::optional<UserId> chosen) {
  Field field{.kind = FieldKind::select,
              .name = "client",
              .label = message("Client"),
              .value = chosen ? chosen->text() : "",
              .required = true,
              .choices = {{"", message("Choose")}},
              .columns = 6};
  for (const auto& user : clients.users) {
    field.choices.push_back({user.id.text(), message("{}", {user.label()})});
  }
  return field;
}

Form client_search_form(const std::string& path, const std::string& search) {
  return {.action = path,
          .submit = message("Find clients"),
          .fields = {{.name = "client_search",
                      .label = message("Client not in the list?"),
                      .value = search,
                      .hint = message("Part of the name or e-mail address.")}},
          .tone = "secondary",
          .method = "get"};
}

}  // namespace cstims
