#include "account/portal.h"
#include "account/session.h"
#include "account/throttle.h"
#include "account/user_store.h"
#include "base/secret.h"
#include "base/text.h"

using namespace cstims;
using namespace cstims::test;
using namespace std::chrono_literals;

namespace {

std::string without_tokens(std::string body) {
  for (const std::string_view mark : {"name=\"csrf\" value=\"", "value=\""}) {
    for (auto at = body.find(mark); at != std::string::npos; at = body.find(mark, at + 1)) {
      const auto from = at + mark.size();
      body.erase(from, body.find('"', from) - from);
    }
  }
  return body;
}

constexpr Statement set_status{"set status", "update users set status = :status where id = :user"};
constexpr Statement set_hash{"set hash", "update users set password_hash = :hash where id = :user"};
constexpr Statement get_hash{"get hash", "select password_hash from users where id = 1"};

void become(World& world, const Viewer& viewer, std::string_view status) {
  world.database().write([&](Transaction& tx) {
    tx.execute(set_status, {{"status", status}, {"user", *viewer.user}});
  });
}

}  // namespace

DATABASE_SENTENCE(account,
                  "everybody signs in by name or address, in any case, and lands at home") {
  const Portal portal(world);
  const std::pair<const char*, const char*> homes[] = {{"ada", "/client"},
                                                       {"grace", "/helpdesk"},
                                                       {"luca", "/accountant"},
                                                       {"root", "/admin"},
                                                       {"ADA@Example.Test", "/client"}};
  for (const auto& [name, path] : homes) {
    Browser browser(portal);
    const auto answer = browser.sign_in(name);
    EXPECT_EQ(answer.status, 303) << name;
    EXPECT_EQ(header(answer, "Location"), path);
    EXPECT_EQ(browser.get(path).status, 200);
  }
}

DATABASE_SENTENCE(account,
                  "signing in goes on to the own page that was asked for, never to another site") {
  const Portal portal(world);
  Browser own(portal);
  EXPECT_EQ(header(own.post("/login", {{"username", "ada"},
                                       {"password", std::string(password_of_all)},
                                       {"next", "/account"}}),
                   "Location"),
            "/account");
  Browser foreign(portal);
  EXPECT_EQ(header(foreign.post("/login", {{"username", "ada"},
                                           {"password", std::string(password_of_all)},
                                           {"next", "//evil.test/"}}),
                   "Location"),
            "/client");
}

DATABASE_SENTENCE(
    account,
    "ancestor: session-fixation: a session chosen before signing in is worth nothing after it") {
  const Portal portal(world);
  Browser browser(portal);
  const auto planted = random_token();
  browser.cookies["cstims_session"] = planted;
  EXPECT_EQ(browser.sign_in("ada").status, 303);
  EXPECT_NE(browser.cookies["cstims_session"], planted);
  Browser thief(portal);
  thief.cookies["cstims_session"] = planted;
  EXPECT_EQ(header(thief.get("/account"), "Location"), "/login?next=/account");
}

DATABASE_SENTENCE(account, "signing in again ends the session before it") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  const auto first = browser.cookies["cstims_session"];
  // The sign-in page leads home who is signed in, so the form comes from another page.
  browser.post("/account", "/login",
               {{"username", "ada"}, {"password", std::string(password_of_all)}});
  Browser old(portal);
  old.cookies["cstims_session"] = first;
  EXPECT_EQ(old.get("/account").status, 303);
  EXPECT_EQ(browser.get("/account").status, 200);
}

DATABASE_SENTENCE(account,
                  "ancestor: cookie-flags: cookies are HttpOnly and SameSite, over https Secure "
                  "with the __Host- prefix") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  ASSERT_GE(browser.set_cookies.size(), 2U);
  for (const auto& cookie : browser.set_cookies) {
    EXPECT_NE(cookie.find("; Path=/"), std::string::npos) << cookie;
    EXPECT_NE(cookie.find("; HttpOnly"), std::string::npos) << cookie;
    EXPECT_NE(cookie.find("; SameSite=Lax"), std::string::npos) << cookie;
    EXPECT_EQ(cookie.find("Domain"), std::string::npos) << cookie;
  }
  world.site().url = "https://portal.example.test";
  Browser secure(portal);
  secure.sign_in("ada");
  ASSERT_GE(secure.set_cookies.size(), 2U);
  for (const auto& cookie : secure.set_cookies) {
    EXPECT_TRUE(cookie.starts_with("__Host-cstims_")) << cookie;
    EXPECT_NE(cookie.find("; Secure"), std::string::npos) << cookie;
  }
}

DATABASE_SENTENCE(
    account,
    "ancestor: user-enumeration: unknown, wrong, unverified and disabled get the same answer") {
  const Portal portal(world);
  become(world, world.bob(), "unverified");
  become(world, world.luca(), "disabled");
  std::vector<std::string> answers;
  const std::string right(password_of_all);
  for (const auto& [name, password] : {std::pair<std::string, std::string>{"nobody", right},
                                       {"ada", "wrong horse battery staple"},
                                       {"bob", right},
                                       {"luca", right}}) {
    Browser browser(portal);
    const auto answer = browser.sign_in(name, password);
    EXPECT_EQ(answer.status, 422) << name;
    answers.push_back(without_tokens(answer.body));
  }
  for (const auto& answer : answers) EXPECT_EQ(answer, answers.front());
  EXPECT_NE(answers.front().find("is wrong"), std::string::npos);
}

DATABASE_SENTENCE(
    account,
    "an unverified person with the right password is mailed a new link, with a wrong one none") {
  const Portal portal(world);
  become(world, world.bob(), "unverified");
  Browser browser(portal);
  browser.sign_in("bob", "wrong horse battery staple");
  EXPECT_EQ(mails_of_kind(world, "address to verify").size(), 0U);
  browser.sign_in("bob");
  EXPECT_EQ(mails_of_kind(world, "address to verify").size(), 1U);
}

DATABASE_SENTENCE(account,
                  "ancestor: no-throttle: forty wrong passwords are slowed and then turned away") {
  const Portal portal(world);
  Browser browser(portal);
  int refused = 0;
  int turned_away = 0;
  for (int n = 0; n < 40; ++n) {
    const auto answer = browser.sign_in("ada", "wrong horse battery staple");
    if (answer.status == 422) ++refused;
    if (answer.status != 429) continue;
    ++turned_away;
    EXPECT_NE(header(answer, "Retry-After"), "");
  }
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(turned_away, 35);
  EXPECT_EQ(browser.sign_in("ada").status, 429);
  world.clock().advance(2s);
  EXPECT_EQ(browser.sign_in("ada").status, 303);
}

DATABASE_SENTENCE(
    account, "strangers' guesses, even from the same network, do not shut out a known device") {
  const Portal portal(world);
  Browser owner(portal, "192.0.2.7");
  owner.sign_in("ada");
  const auto device = owner.cookies["cstims_device"];
  ASSERT_NE(device, "");
  for (int n = 0; n < 60; ++n) {
    Browser stranger(portal, "192.0.2." + std::to_string(n + 10));
    stranger.sign_in("ada", "wrong horse battery staple");
  }
  Browser elsewhere(portal, "198.51.100.1");
  EXPECT_EQ(elsewhere.sign_in("ada").status, 429);
  Browser again(portal, "192.0.2.7");
  again.cookies["cstims_device"] = device;
  EXPECT_EQ(again.sign_in("ada").status, 303);
}

DATABASE_SENTENCE(account, "a known device may not guess on and on either") {
  const Portal portal(world);
  Browser owner(portal);
  owner.sign_in("ada");
  const auto device = owner.cookies["cstims_device"];
  int turned_away = 0;
  for (int n = 0; n < 10; ++n) {
    Browser thief(portal);
    thief.cookies["cstims_device"] = device;
    turned_away += thief.sign_in("ada", "wrong horse battery staple").status == 429 ? 1 : 0;
  }
  EXPECT_EQ(turned_away, 5);
}

DATABASE_SENTENCE(account, "names are slowed whatever their case, and unknown names too") {
  const Portal portal(world);
  for (const auto& [one, other] : {std::pair{"ada", "ADA"}, std::pair{"no.such", "No.Such"}}) {
    Browser browser(portal, "203.0.113." + std::to_string(one[0]));
    for (int n = 0; n < 5; ++n) browser.sign_in(n % 2 == 0 ? one : other, "wrong horse battery");
    EXPECT_EQ(browser.sign_in(other, "wrong horse battery").status, 429) << one;
  }
}

DATABASE_SENTENCE(account,
                  "a sign-in from a device not seen before is told by mail, from a known one not") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  const auto mails = mails_of_kind(world, "new sign-in");
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails.front().recipient, "ada@example.test");
  EXPECT_NE(mails.front().body_text.find("192.0.2.7"), std::string::npos);
  const auto device = browser.cookies["cstims_device"];
  world.clock().advance(1min);
  browser.post("/account", "/logout", {});
  browser.sign_in("ada");
  EXPECT_EQ(mails_of_kind(world, "new sign-in").size(), 1U);
  EXPECT_EQ(browser.cookies["cstims_device"], device);
}

DATABASE_SENTENCE(account, "a device token that somebody planted is not taken over") {
  const Portal portal(world);
  Browser browser(portal);
  const auto planted = random_token();
  browser.cookies["cstims_device"] = planted;
  browser.sign_in("ada");
  EXPECT_NE(browser.cookies["cstims_device"], planted);
}

DATABASE_SENTENCE(account, "an imported bcrypt hash opens and is replaced by argon2id") {
  const Portal portal(world);
  world.database().write([&](Transaction& tx) {
    tx.execute(set_hash, {{"hash", "$2y$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu"},
                          {"user", *world.ada().user}});
  });
  Browser wrong(portal);
  EXPECT_EQ(wrong.sign_in("ada").status, 422);
  Browser browser(portal);
  EXPECT_EQ(browser.sign_in("ada", "correct horse").status, 303);
  const auto stored = world.database().read(
      [](Transaction& tx) { return tx.require(get_hash).text("password_hash"); });
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << stored;
  Browser again(portal);
  EXPECT_EQ(again.sign_in("ada", "correct horse").status, 303);
}

DATABASE_SENTENCE(account, "ancestor: reflected-xss: what was typed comes back escaped") {
  const Portal portal(world);
  Browser browser(portal);
  const auto answer =
      browser.post("/login", {{"username", "\"><script>alert(1)</script>"}, {"password", "x"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body.find("<script>alert"), std::string::npos);
  EXPECT_NE(answer.body.find("&lt;script&gt;alert"), std::string::npos);
}

DATABASE_SENTENCE(account, "a password is never sent back") {
  const Portal portal(world);
  Browser browser(portal);
  EXPECT_EQ(browser.sign_in("ada", "canary horse battery").body.find("canary"), std::string::npos);
}

DATABASE_SENTENCE(account, "SQL in the name is only a name that nobody has") {
  const Portal portal(world);
  for (const auto* attack : {"' or '1'='1", "ada' --", "ada'; drop table users; --", "a%", "ad_"}) {
    Browser browser(portal);
    EXPECT_EQ(browser.sign_in(attack).status, 422) << attack;
  }
  EXPECT_EQ(count_rows(world, "users"), 5);
}

DATABASE_SENTENCE(account, "signing out ends the session on the server and clears the browser") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  const auto token = browser.cookies["cstims_session"];
  const auto answer = browser.post("/account", "/logout", {});
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header(answer, "Location"), "/login");
  EXPECT_EQ(header(answer, "Clear-Site-Data"), "\"cache\", \"storage\"");
  EXPECT_EQ(browser.cookies.count("cstims_session"), 0U);
  Browser replay(portal);
  replay.cookies["cstims_session"] = token;
  EXPECT_EQ(replay.get("/account").status, 303);
}

DATABASE_SENTENCE(account, "a GET of the sign-out page ends nothing") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  EXPECT_EQ(browser.get("/logout").status, 200);
  EXPECT_EQ(browser.get("/account").status, 200);
}

DATABASE_SENTENCE(account, "the sign-in page shows whom to write to") {
  const Portal portal(world);
  Browser browser(portal);
  EXPECT_NE(browser.get("/login").body.find(world.site().mail_admin.text()), std::string::npos);
}

DATABASE_SENTENCE(account, "pages for visitors write nothing") {
  const Portal portal(world);
  Browser browser(portal);
  for (const auto* path : {"/login", "/register", "/forgot", "/verify?code=x", "/reset?code=x",
                           "/account/email/confirmation?code=x"}) {
    browser.get(path);
  }
  for (const auto* table : {"sessions", "throttles", "devices", "mailed_codes", "outbox"}) {
    EXPECT_EQ(count_rows(world, table), 0) << table;
  }
}
