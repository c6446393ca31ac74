#include "account/user_actions.h"

#include <thread>

#include "account/billing_store.h"
#include "account/portal.h"
#include "account/user_store.h"
#include "base/failure.h"

using namespace cstims;
using namespace cstims::test;

namespace {

const std::string good_password = "tall grey heron walks";

UserEdit edit(const std::string& name, Role type, UserStatus status = UserStatus::verified) {
  return {name, EmailAddress::stored(name + "@example.test"), good_password, type, status};
}

UserEdit without_password(UserEdit wanted) {
  wanted.password.clear();
  return wanted;
}

Fields entry(const std::string& name, const std::string& type,
             const std::string& status = "verified", const std::string& password = good_password) {
  return {{"username", name},
          {"email", name + "@example.test"},
          {"password", password},
          {"type", type},
          {"status", status}};
}

std::optional<User> find(World& world, std::string_view username) {
  return world.database().read(
      [&](Transaction& tx) { return find_user_by_username(tx, username); });
}

constexpr Statement order_service{"service", R"(
  insert into services (name, type, billing, created_at)
  values ('Small VPS', 'standard', '5 EUR/month', :now))"};
constexpr Statement place_order{"order", R"(
  insert into orders (service_id, name, client_id, status, ordered_at, billing)
  values (1, 'web', :client, 'setting up', :now, '5 EUR/month'))"};

void give_order(World& world, const Viewer& client) {
  world.database().write([&](Transaction& tx) {
    tx.execute(order_service, {{"now", tx.now()}});
    tx.execute(place_order, {{"client", *client.user}, {"now", tx.now()}});
  });
}

}  // namespace

DATABASE_SENTENCE(account, "an administrator adds, finds, edits and deletes a user") {
  const Portal portal(world);
  Browser root(portal);
  root.sign_in("root");
  EXPECT_EQ(root.post("/manageusers/new", "/manageusers", entry("eve", "helpdesk")).status, 303);
  const auto eve = find(world, "eve");
  ASSERT_TRUE(eve);
  EXPECT_EQ(eve->type, Role::helpdesk);
  EXPECT_NE(root.get("/manageusers?search=eve").body.find("/manageusers/" + eve->id.text()),
            std::string::npos);

  const auto page = "/manageusers/" + eve->id.text();
  EXPECT_EQ(root.post(page, entry("evelyn", "accountant", "verified", "")).status, 303);
  EXPECT_EQ(find(world, "evelyn")->type, Role::accountant);
  Browser evelyn(portal);
  EXPECT_EQ(evelyn.sign_in("evelyn", good_password).status, 303);  // the password stayed

  EXPECT_EQ(root.post(page, page + "/deletion", {}).status, 303);
  EXPECT_FALSE(find(world, "evelyn"));
  EXPECT_EQ(evelyn.get("/account").status, 303);
}

DATABASE_SENTENCE(account, "only administrators reach the pages of users") {
  const Portal portal(world);
  for (const auto* name : {"ada", "grace", "luca"}) {
    Browser browser(portal);
    browser.sign_in(name);
    for (const auto* path : {"/manageusers", "/manageusers/new", "/manageusers/1"}) {
      EXPECT_EQ(browser.get(path).status, 403) << name << path;
    }
    EXPECT_EQ(browser.post("/account", "/manageusers/1/deletion", {}).status, 403) << name;
    EXPECT_EQ(browser.post("/account", "/manageusers", entry("eve", "admin")).status, 403) << name;
  }
  Browser nobody(portal);
  EXPECT_EQ(nobody.get("/manageusers").status, 303);
  EXPECT_EQ(count_rows(world, "users"), 5);
}

DATABASE_SENTENCE(
    account,
    "ancestor: get-delete: a GET deletes nobody, nor does a POST without the form's token") {
  const Portal portal(world);
  Browser root(portal);
  root.sign_in("root");
  root.get("/manageusers?search=&del=1");
  EXPECT_EQ(root.get("/manageusers/1/deletion").status, 405);
  EXPECT_EQ(root.post("/login", "/manageusers/1/deletion", {{"csrf", "forged"}}).status, 403);
  EXPECT_TRUE(find(world, "ada"));
}

DATABASE_SENTENCE(
    account, "ancestor: orphans: a client with orders is not deleted, and disabling is offered") {
  const Portal portal(world);
  give_order(world, world.ada());
  Browser root(portal);
  root.sign_in("root");
  const auto answer = root.post("/manageusers/1", "/manageusers/1/deletion", {});
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find("This account has orders"), std::string::npos);
  EXPECT_TRUE(find(world, "ada"));
  EXPECT_EQ(count_rows(world, "orders where client_id = 1"), 1);
  // The schema says the same, whatever a program forgets.
  EXPECT_THROW(world.database().write([&](Transaction& tx) { delete_user(tx, *world.ada().user); }),
               ConstraintViolation);
}

DATABASE_SENTENCE(account, "taken names and addresses are refused beside their fields") {
  const Portal portal(world);
  Browser root(portal);
  root.sign_in("root");
  auto fields = entry("ada", "client");
  fields["email"] = "bob@example.test";
  const auto answer = root.post("/manageusers/new", "/manageusers", fields);
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find("This user name is taken."), std::string::npos);
  EXPECT_NE(answer.body.find("This address belongs to another account."), std::string::npos);
}

DATABASE_SENTENCE(account, "a changed type or status signs the person out") {
  const Portal portal(world);
  Browser grace(portal);
  grace.sign_in("grace");
  Browser root(portal);
  root.sign_in("root");
  EXPECT_EQ(root.post("/manageusers/3", entry("grace", "client", "verified", "")).status, 303);
  EXPECT_EQ(grace.get("/account").status, 303);
  EXPECT_EQ(root.post("/manageusers/3", entry("grace", "client", "disabled", "")).status, 303);
  EXPECT_EQ(grace.sign_in("grace").status, 422);
}

DATABASE_SENTENCE(account,
                  "a password set by an administrator ends the sessions and is told by mail") {
  const Portal portal(world);
  Browser ada(portal);
  ada.sign_in("ada");
  Browser root(portal);
  root.sign_in("root");
  EXPECT_EQ(root.post("/manageusers/1", entry("ada", "client")).status, 303);
  EXPECT_EQ(ada.get("/account").status, 303);
  EXPECT_EQ(mails_of_kind(world, "password changed").size(), 1U);
  Browser again(portal);
  EXPECT_EQ(again.sign_in("ada", good_password).status, 303);
}

DATABASE_SENTENCE(account, "an address changed by an administrator is told to both addresses") {
  const auto services = services_with_hasher(world);
  auto wanted = without_password(edit("ada", Role::client));
  wanted.email = EmailAddress::stored("lovelace@example.test");
  ASSERT_TRUE(edit_user(services, world.root(), *world.ada().user, wanted));
  EXPECT_EQ(mails_of_kind(world, "address changed").size(), 2U);
}

DATABASE_SENTENCE(account, "nobody changes the own type or status, nor deletes the own account") {
  const auto services = services_with_hasher(world);
  ASSERT_TRUE(create_user(services, edit("second", Role::admin)));
  const auto root = *world.root().user;
  const auto demoted =
      edit_user(services, world.root(), root, without_password(edit("root", Role::client)));
  ASSERT_FALSE(demoted);
  EXPECT_TRUE(demoted.error().find("type"));
  const auto disabled =
      edit_user(services, world.root(), root,
                without_password(edit("root", Role::admin, UserStatus::disabled)));
  ASSERT_FALSE(disabled);
  EXPECT_TRUE(disabled.error().find("status"));
  EXPECT_FALSE(world.act(world.root(), [&](Act& act) { return delete_account(act, root); }));
  EXPECT_TRUE(edit_user(services, world.root(), root, without_password(edit("root", Role::admin))));
}

DATABASE_SENTENCE(account,
                  "the last active administrator is not demoted, disabled or deleted by anybody") {
  const auto services = services_with_hasher(world);
  const auto system = Viewer::of_system("command");
  const auto root = *world.root().user;
  const auto second = create_user(services, edit("second", Role::admin, UserStatus::disabled));
  ASSERT_TRUE(second);  // not active, so it does not count
  EXPECT_FALSE(edit_user(services, system, root, without_password(edit("root", Role::client))));
  EXPECT_FALSE(edit_user(services, system, root,
                         without_password(edit("root", Role::admin, UserStatus::disabled))));
  EXPECT_FALSE(world.act(system, [&](Act& act) { return delete_account(act, root); }));
  ASSERT_TRUE(edit_user(services, system, *second, without_password(edit("second", Role::admin))));
  EXPECT_TRUE(edit_user(services, system, root, without_password(edit("root", Role::client))));
}

DATABASE_SENTENCE(
    account, "of twenty demotions of twenty administrators at once one administrator is left") {
  const auto services = services_with_hasher(world);
  std::vector<std::pair<std::string, UserId>> admins{{"root", *world.root().user}};
  world.database().write([&](Transaction& tx) {
    for (int n = 1; n < 20; ++n) {
      const auto name = "admin" + std::to_string(n);
      const auto id = insert_user(tx, {.username = name,
                                       .email = EmailAddress::stored(name + "@example.test"),
                                       .password_hash = "x",
                                       .type = Role::admin,
                                       .status = UserStatus::verified});
      admins.emplace_back(name, id.value());
    }
  });
  std::vector<std::thread> threads;
  for (const auto& [name, id] : admins) {
    threads.emplace_back([&services, &name, id] {
      for (bool done = false; !done;) {
        try {
          (void)edit_user(services, Viewer::of_system("test"), id,
                          without_password(edit(name, Role::client)));
          done = true;
        } catch (const Overload&) {
          // The database asked to come back.
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count_rows(world, "users where type = 'admin' and status = 'verified'"), 1);
}

DATABASE_SENTENCE(account,
                  "the command line makes verified accounts, with a password given or made") {
  const Portal portal(world);
  const auto given = create_user_by_command(portal.services(),
                                            {"Eve", "eve@example.test", "admin", good_password});
  ASSERT_TRUE(given) << given.error().english();
  EXPECT_EQ(*given, "");
  Browser eve(portal);
  EXPECT_EQ(header(eve.sign_in("eve", good_password), "Location"), "/admin");

  const auto made =
      create_user_by_command(portal.services(), {"mia", "mia@example.test", "client", {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), 20U);
  Browser mia(portal);
  EXPECT_EQ(mia.sign_in("mia", *made).status, 303);
}

DATABASE_SENTENCE(
    account,
    "the command line refuses bad names, types, weak passwords and taken ones, each by its field") {
  const auto services = services_with_hasher(world);
  const auto bad = create_user_by_command(services, {"<b>", "x", "boss", good_password});
  ASSERT_FALSE(bad);
  for (const auto* field : {"username", "email", "type"})
    EXPECT_TRUE(bad.error().find(field)) << field;
  const auto weak =
      create_user_by_command(services, {"eve", "eve@example.test", "client", "passwordpassword"});
  EXPECT_TRUE(weak.error().find("password"));
  const auto taken = create_user_by_command(services, {"ada", "eve@example.test", "client", {}});
  EXPECT_TRUE(taken.error().find("username"));
}

DATABASE_SENTENCE(account,
                  "the command line sets a password, ends the sessions and lifts the throttle") {
  const Portal portal(world);
  Browser ada(portal);
  ada.sign_in("ada");
  Browser stranger(portal, "198.51.100.1");
  for (int n = 0; n < 7; ++n) stranger.sign_in("ada", "wrong horse battery staple");
  const auto made = set_password_by_command(portal.services(), "ada", {});
  ASSERT_TRUE(made);
  EXPECT_EQ(ada.get("/account").status, 303);
  Browser elsewhere(portal, "203.0.113.1");
  EXPECT_EQ(elsewhere.sign_in("ada", *made).status, 303);
  EXPECT_THROW((void)set_password_by_command(portal.services(), "nobody", {}), NotFound);
}

DATABASE_SENTENCE(account,
                  "users are found by any part of name or address, and wildcards are letters") {
  const auto found = [&](const std::string& search) {
    return world.database().read([&](Transaction& tx) {
      return list_users(tx, {.search = search, .sort = "username", .filters = {}}).rows.size();
    });
  };
  EXPECT_EQ(found("DA"), 1U);
  EXPECT_EQ(found("@example.test"), 5U);
  EXPECT_EQ(found("%"), 0U);
  EXPECT_EQ(found("_"), 0U);
  EXPECT_EQ(found("' or 1=1"), 0U);
}

DATABASE_SENTENCE(account,
                  "users are filtered by type and status and sorted by every offered column") {
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(list_users(tx, {.search = {}, .sort = "-id", .filters = {{"type", "client"}}}).total,
              2);
    EXPECT_EQ(
        list_users(tx, {.search = {}, .sort = "-id", .filters = {{"status", "disabled"}}}).total,
        0);
    for (const auto& sort : user_listing_rules().sorts) {
      EXPECT_EQ(list_users(tx, {.search = {}, .sort = sort, .filters = {}}).rows.size(), 5U)
          << sort;
    }
    EXPECT_EQ(
        list_users(tx, {.search = {}, .sort = "-username", .filters = {}}).rows.front().username,
        "root");
  });
}

DATABASE_SENTENCE(account, "the list of users as a file holds no formulas and no password hashes") {
  const Portal portal(world);
  world.database().write([&](Transaction& tx) {
    update_billing_details(tx, *world.ada().user, {"=HYPERLINK(\"x\")", "", "", ""});
  });
  Browser root(portal);
  root.sign_in("root");
  const auto answer = root.get("/manageusers?format=csv");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("'=HYPERLINK"), std::string::npos);
  EXPECT_EQ(answer.body.find("argon2"), std::string::npos);
}

DATABASE_SENTENCE(account, "select boxes offer people of one type who are not disabled") {
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(list_users_for_choice(tx, Role::client, "", 50).size(), 2U);
    EXPECT_EQ(list_users_for_choice(tx, Role::client, "bo", 50).front().username, "bob");
    EXPECT_EQ(list_users_for_choice(tx, Role::client, "", 1).size(), 1U);
    const auto people = list_helpdesk_people(tx);
    ASSERT_EQ(people.size(), 2U);
    EXPECT_EQ(people[0].username, "grace");
    EXPECT_EQ(people[1].username, "root");
  });
}
