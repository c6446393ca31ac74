#include <thread>

#include "account/portal.h"
#include "account/registration_actions.h"
#include "account/registration_store.h"
#include "account/user_store.h"
#include "base/failure.h"

using namespace cstims;
using namespace cstims::test;
using namespace std::chrono_literals;

namespace {

const std::string good_password = "tall grey heron walks";
const std::string other_password = "small red robin sings";

Fields registration(const std::string& username, const std::string& email) {
  return {{"username", username},
          {"email", email},
          {"password", good_password},
          {"confirm_password", good_password}};
}

std::optional<User> find(World& world, std::string_view username) {
  return world.database().read(
      [&](Transaction& tx) { return find_user_by_username(tx, username); });
}

Fields new_passwords(const std::string& code, const std::string& password) {
  return {{"code", code}, {"password", password}, {"confirm_password", password}};
}

}  // namespace

DATABASE_SENTENCE(account, "a client registers, opens the link, presses the button and signs in") {
  const Portal portal(world);
  Browser browser(portal);
  const auto registered = browser.post("/register", registration("eve", "eve@example.test"));
  EXPECT_EQ(registered.status, 303);
  EXPECT_EQ(header(registered, "Location"), "/login");
  EXPECT_EQ(find(world, "eve")->status, UserStatus::unverified);
  EXPECT_EQ(find(world, "eve")->type, Role::client);
  EXPECT_EQ(browser.sign_in("eve", good_password).status, 422);

  const auto code = mailed_code(world, "address to verify");
  ASSERT_NE(code, "");
  const auto page = "/verify?code=" + code;
  for (int n = 0; n < 5; ++n) EXPECT_EQ(browser.get(page).status, 200);
  EXPECT_EQ(find(world, "eve")->status, UserStatus::unverified);
  const auto verified = browser.post(page, "/verify", {{"code", code}});
  EXPECT_EQ(header(verified, "Location"), "/login");
  EXPECT_EQ(find(world, "eve")->status, UserStatus::verified);
  EXPECT_EQ(header(browser.sign_in("eve", good_password), "Location"), "/client");
  EXPECT_EQ(browser.post("/forgot", "/verify", {{"code", code}}).status, 422);
}

DATABASE_SENTENCE(
    account,
    "ancestor: mail-leak: the notice of a registration goes to the administrators' address only") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("eve", "eve@example.test"));
  const auto admin = world.site().mail_admin.text();
  for (const auto& mail : world.mails()) {
    if (mail.recipient != admin) {
      EXPECT_EQ(mail.recipient, "eve@example.test");
      EXPECT_EQ(mail.kind, "address to verify");
      EXPECT_EQ(mail.body_text.find("root@"), std::string::npos);
      EXPECT_EQ(mail.headers.find("Cc"), std::string::npos);
    }
  }
  const auto notices = mails_of_kind(world, "client registered");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices.front().recipient, admin);
  const auto links = mails_of_kind(world, "address to verify");
  ASSERT_EQ(links.size(), 1U);
  const auto code = mailed_code(world, "address to verify");
  browser.post("/verify?code=" + code, "/verify", {{"code", code}});
  const auto verified = mails_of_kind(world, "address verified");
  ASSERT_EQ(verified.size(), 1U);
  EXPECT_EQ(verified.front().recipient, admin);
}

DATABASE_SENTENCE(
    account,
    "ancestor: mailer-null-register: the account and its mails are stored together, or neither") {
  const Portal portal(world);
  Browser browser(portal);
  EXPECT_EQ(browser.post("/register", registration("eve", "eve@example.test")).status, 303);
  EXPECT_EQ(world.mails().size(), 2U);
  // Where the mail cannot be queued nothing is left behind.
  Mailer broken{world.renderer(), world.site(), {}};
  const auto fail = [&] {
    world.database().write([&](Transaction& tx) {
      const Viewer nobody;
      Act act{tx, nobody, broken, world.site()};
      insert_user(act.tx, {.username = "mallory",
                           .email = EmailAddress::stored("mallory@example.test"),
                           .password_hash = "x",
                           .type = Role::client,
                           .status = UserStatus::unverified})
          .value();
      queue_mail(act, {.kind = "x",
                       .view = "no_such_view",
                       .event = "x",
                       .to = EmailAddress::stored("mallory@example.test"),
                       .fill = {}});
    });
  };
  EXPECT_ANY_THROW(fail());
  EXPECT_FALSE(find(world, "mallory"));
}

DATABASE_SENTENCE(
    account,
    "ancestor: duplicate-names: of eight registrations of one name at once one row is left") {
  const auto services = services_with_hasher(world);
  std::vector<std::thread> threads;
  for (int n = 0; n < 8; ++n) {
    threads.emplace_back([&, n] {
      const Registration registration{
          "twin", EmailAddress::stored("twin" + std::to_string(n) + "@example.test"),
          good_password};
      const Visitor visitor{
          .address = "192.0.2." + std::to_string(n), .user_agent = {}, .device_token = {}};
      try {
        (void)register_client(services, registration, visitor);
      } catch (const Overload&) {
        // Told to come back: as good as refused.
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count_rows(world, "users where username = 'twin'"), 1);
  EXPECT_EQ(mails_of_kind(world, "client registered").size(), 1U);
}

DATABASE_SENTENCE(account, "a taken user name is refused beside its field, with what was typed") {
  const Portal portal(world);
  Browser browser(portal);
  const auto answer = browser.post("/register", registration("ADA", "eve@example.test"));
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find("This user name is taken."), std::string::npos);
  EXPECT_NE(answer.body.find("eve@example.test"), std::string::npos);
  EXPECT_EQ(answer.body.find(good_password), std::string::npos);
  EXPECT_EQ(world.mails().size(), 0U);
}

DATABASE_SENTENCE(account,
                  "a known address gets the same answer as a new one, and its owner a mail") {
  const Portal portal(world);
  Browser one(portal);
  const auto unknown = one.post("/register", registration("eve", "eve@example.test"));
  Browser other(portal);
  const auto known = other.post("/register", registration("evil", "Ada@Example.test"));
  EXPECT_EQ(unknown.status, known.status);
  EXPECT_EQ(header(unknown, "Location"), header(known, "Location"));
  EXPECT_EQ(unknown.body, known.body);
  EXPECT_EQ(count_rows(world, "users where username = 'evil'"), 0);
  const auto mails = mails_of_kind(world, "address known");
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails.front().recipient, "ada@example.test");
  // Nor does asking for the name again tell.
  for (const auto* name : {"eve", "evil"}) {
    Browser third(portal);
    EXPECT_EQ(third.post("/register", registration(name, "third@example.test")).status, 422)
        << name;
  }
}

DATABASE_SENTENCE(account, "mail to an address nobody proved holds no text the visitor chose") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("buy-at-evil.test", "victim@example.test"));
  for (const auto& mail : world.mails()) {
    if (mail.recipient != "victim@example.test") continue;
    EXPECT_EQ((mail.subject + mail.body_text + mail.body_html).find("buy-at"), std::string::npos);
  }
  EXPECT_EQ(mails_of_kind(world, "address to verify").size(), 1U);
}

DATABASE_SENTENCE(account, "links in mails use the configured address of the site") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("eve", "eve@example.test"));
  const auto body = mails_of_kind(world, "address to verify").front().body_text;
  EXPECT_NE(body.find(world.site().url + "/verify?code="), std::string::npos) << body;
}

DATABASE_SENTENCE(
    account,
    "a person who registers twice with one address is mailed a new link for the account there is") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("eve", "eve@example.test"));
  const auto first = mailed_code(world, "address to verify");
  browser.post("/register", registration("eve2", "eve@example.test"));
  const auto second = mailed_code(world, "address to verify");
  EXPECT_NE(first, second);
  EXPECT_EQ(browser.post("/forgot", "/verify", {{"code", first}}).status, 422);
  EXPECT_EQ(browser.post("/forgot", "/verify", {{"code", second}}).status, 303);
  EXPECT_EQ(find(world, "eve")->status, UserStatus::verified);
}

DATABASE_SENTENCE(
    account, "registrations never verified are forgotten after a week, and their names are free") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("eve", "eve@example.test"));
  browser.post("/register", registration("evil", "ada@example.test"));
  world.clock().advance(24h * 7 - 1s);
  EXPECT_EQ(world.database().write(delete_stale_registrations), 0);
  world.clock().advance(1s);
  EXPECT_EQ(world.database().write(delete_stale_registrations), 1);
  EXPECT_EQ(count_rows(world, "users"), 5);
  EXPECT_EQ(browser.post("/register", registration("eve", "e@example.test")).status, 303);
  EXPECT_EQ(browser.post("/register", registration("evil", "f@example.test")).status, 303);
}

DATABASE_SENTENCE(account,
                  "the twenty-first registration from one address within the hour must wait") {
  const auto services = services_with_hasher(world);
  const auto attempt = [&](int n) {
    const auto name = "user" + std::to_string(n);
    const Registration wanted{name, EmailAddress::stored(name + "@example.test"), good_password};
    (void)register_client(services, wanted,
                          {.address = "192.0.2.7", .user_agent = {}, .device_token = {}});
  };
  for (int n = 0; n < 20; ++n) attempt(n);
  EXPECT_THROW(attempt(20), Overload);
  EXPECT_FALSE(find(world, "user20"));
}

DATABASE_SENTENCE(account,
                  "a forgotten password is set anew by the mailed link, which signs nobody in") {
  const Portal portal(world);
  Browser ada(portal);
  ada.sign_in("ada");
  Browser browser(portal);
  EXPECT_EQ(browser.post("/forgot", {{"email", "ADA@example.test"}}).status, 303);
  const auto code = mailed_code(world, "password reset");
  const auto page = "/reset?code=" + code;
  for (int n = 0; n < 5; ++n) EXPECT_EQ(browser.get(page).status, 200);

  const auto answer = browser.post(page, "/reset", new_passwords(code, other_password));
  EXPECT_EQ(header(answer, "Location"), "/login");
  EXPECT_EQ(browser.get("/account").status, 303);
  EXPECT_EQ(ada.get("/account").status, 303);  // all sessions have ended
  EXPECT_EQ(browser.sign_in("ada").status, 422);
  EXPECT_EQ(browser.sign_in("ada", other_password).status, 303);
  EXPECT_EQ(mails_of_kind(world, "password changed").size(), 1U);
  Browser again(portal);
  EXPECT_EQ(again.post("/forgot", "/reset", new_passwords(code, good_password)).status, 422);
}

DATABASE_SENTENCE(account, "a reset voids the earlier codes, those of other purposes too") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/forgot", {{"email", "ada@example.test"}});
  const auto first = mailed_code(world, "password reset");
  browser.post("/forgot", {{"email", "ada@example.test"}});
  const auto second = mailed_code(world, "password reset");
  Browser owner(portal);
  owner.sign_in("ada");
  owner.post("/account", "/account/email",
             {{"email", "new@example.test"}, {"current_password", std::string(password_of_all)}});
  const auto email = mailed_code(world, "new address");
  ASSERT_NE(email, "");

  EXPECT_EQ(browser.post("/forgot", "/reset", new_passwords(first, other_password)).status, 422);
  EXPECT_EQ(browser.post("/forgot", "/reset", new_passwords(second, other_password)).status, 303);
  EXPECT_EQ(browser.post("/forgot", "/reset", new_passwords(second, good_password)).status, 422);
  EXPECT_EQ(browser.post("/forgot", "/account/email/confirmation", {{"code", email}}).status, 422);
}

DATABASE_SENTENCE(account, "a code of one purpose does not work on the page of another") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("eve", "eve@example.test"));
  const auto verify = mailed_code(world, "address to verify");
  browser.post("/forgot", {{"email", "eve@example.test"}});
  const auto reset = mailed_code(world, "password reset");
  EXPECT_EQ(browser.get("/reset?code=" + verify).status, 422);
  EXPECT_EQ(browser.post("/forgot", "/reset", new_passwords(verify, other_password)).status, 422);
  EXPECT_EQ(browser.post("/forgot", "/verify", {{"code", reset}}).status, 422);
  EXPECT_EQ(browser.post("/forgot", "/account/email/confirmation", {{"code", reset}}).status, 422);
  EXPECT_EQ(find(world, "eve")->status, UserStatus::unverified);
}

DATABASE_SENTENCE(account, "a forgotten password is answered alike whether the address is known") {
  const Portal portal(world);
  Browser one(portal);
  Browser other(portal);
  const auto known = one.post("/forgot", {{"email", "ada@example.test"}});
  const auto unknown = other.post("/forgot", {{"email", "zoe@example.test"}});
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(header(known, "Location"), header(unknown, "Location"));
  EXPECT_EQ(known.body, unknown.body);
  EXPECT_EQ(world.mails().size(), 1U);
}

DATABASE_SENTENCE(account, "three reset mails an hour for one address, whoever asks") {
  const Portal portal(world);
  for (int n = 0; n < 6; ++n) {
    Browser browser(portal, "198.51.100." + std::to_string(n));
    EXPECT_EQ(browser.post("/forgot", {{"email", "ada@example.test"}}).status, 303);
  }
  EXPECT_EQ(mails_of_kind(world, "password reset").size(), 3U);
}

DATABASE_SENTENCE(account, "a disabled person is mailed no link") {
  const Portal portal(world);
  static constexpr Statement disable{"disable",
                                     "update users set status = 'disabled' where id = 1"};
  world.database().write([](Transaction& tx) { tx.execute(disable); });
  Browser browser(portal);
  EXPECT_EQ(browser.post("/forgot", {{"email", "ada@example.test"}}).status, 303);
  EXPECT_EQ(world.mails().size(), 0U);
}

DATABASE_SENTENCE(account, "a reset of an unverified person proves the address too") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/register", registration("eve", "eve@example.test"));
  browser.post("/forgot", {{"email", "eve@example.test"}});
  const auto code = mailed_code(world, "password reset");
  browser.post("/reset?code=" + code, "/reset", new_passwords(code, other_password));
  EXPECT_EQ(find(world, "eve")->status, UserStatus::verified);
  EXPECT_EQ(browser.sign_in("eve", good_password).status, 422);
  EXPECT_EQ(browser.sign_in("eve", other_password).status, 303);
}

DATABASE_SENTENCE(account,
                  "the rules for passwords hold at the reset too, and the code stays good") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/forgot", {{"email", "ada@example.test"}});
  const auto code = mailed_code(world, "password reset");
  const auto page = "/reset?code=" + code;
  for (const auto* weak : {"short", "passwordpassword", "ada@example.test1"}) {
    EXPECT_EQ(browser.post(page, "/reset", new_passwords(code, weak)).status, 422) << weak;
  }
  EXPECT_EQ(browser.post(page, "/reset", new_passwords(code, other_password)).status, 303);
}

DATABASE_SENTENCE(account,
                  "guessing codes is slowed and turned away on every page that takes one") {
  const Portal portal(world);
  const std::pair<const char*, Fields> pages[] = {
      {"/verify", {{"code", "wrong"}}},
      {"/reset", new_passwords("wrong", good_password)},
      {"/account/email/confirmation", {{"code", "wrong"}}}};
  int network = 0;
  for (const auto& [path, fields] : pages) {
    Browser browser(portal, "203.0." + std::to_string(++network) + ".5");
    for (int n = 0; n < 20; ++n) {
      EXPECT_EQ(browser.post("/forgot", path, fields).status, 422) << path;
    }
    const auto answer = browser.post("/forgot", path, fields);
    EXPECT_EQ(answer.status, 429) << path;
    EXPECT_NE(header(answer, "Retry-After"), "") << path;
  }
}

DATABASE_SENTENCE(account, "pages whose address holds a code give it to nobody") {
  const Portal portal(world);
  Browser browser(portal);
  browser.post("/forgot", {{"email", "ada@example.test"}});
  const auto answer = browser.get("/reset?code=" + mailed_code(world, "password reset"));
  EXPECT_EQ(header(answer, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
}
