#include "account/account_actions.h"

#include "account/portal.h"
#include "account/user_store.h"

using namespace cstims;
using namespace cstims::test;
using namespace std::chrono_literals;

namespace {

const std::string current(password_of_all);
const std::string other_password = "small red robin sings";

Fields password_change(const std::string& old_password, const std::string& new_password) {
  return {{"current_password", old_password},
          {"password", new_password},
          {"confirm_password", new_password}};
}

User ada_of(World& world) {
  return world.database().read(
      [&](Transaction& tx) { return require_user(tx, *world.ada().user); });
}

}  // namespace

DATABASE_SENTENCE(
    account, "changing the password ends the other sessions, renews this one and tells the owner") {
  const Portal portal(world);
  Browser here(portal);
  Browser there(portal);
  here.sign_in("ada");
  there.sign_in("ada");
  const auto before = here.cookies["cstims_session"];
  const auto answer =
      here.post("/account", "/account/password", password_change(current, other_password));
  EXPECT_EQ(answer.status, 303);
  EXPECT_NE(here.cookies["cstims_session"], before);
  EXPECT_EQ(here.get("/account").status, 200);
  EXPECT_EQ(there.get("/account").status, 303);
  const auto mails = mails_of_kind(world, "password changed");
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails.front().recipient, "ada@example.test");
  Browser again(portal);
  EXPECT_EQ(again.sign_in("ada", other_password).status, 303);
}

DATABASE_SENTENCE(account,
                  "changing the password needs the current one, and guessing it is slowed") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  const auto wrong = password_change("wrong horse battery staple", other_password);
  for (int n = 0; n < 5; ++n) {
    const auto answer = browser.post("/account", "/account/password", wrong);
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("This is not your password."), std::string::npos);
  }
  const auto answer = browser.post("/account", "/account/password", wrong);
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(header(answer, "Retry-After"), "");
  EXPECT_EQ(browser
                .post("/account", "/account/email",
                      {{"email", "new@example.test"}, {"current_password", current}})
                .status,
            429);
  world.clock().advance(2s);
  EXPECT_EQ(browser.post("/account", "/account/password", password_change(current, other_password))
                .status,
            303);
}

DATABASE_SENTENCE(account, "the rules for passwords hold when changing it") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  for (const auto* weak : {"short", "passwordpassword", "qwertyuiopasdfgh"}) {
    EXPECT_EQ(browser.post("/account", "/account/password", password_change(current, weak)).status,
              422)
        << weak;
  }
}

DATABASE_SENTENCE(account,
                  "a new address counts when its link is confirmed; both addresses are told, other "
                  "sessions end") {
  const Portal portal(world);
  Browser here(portal);
  Browser there(portal);
  here.sign_in("ada");
  there.sign_in("ada");
  EXPECT_EQ(here.post("/account", "/account/email",
                      {{"email", "lovelace@example.test"}, {"current_password", current}})
                .status,
            303);
  EXPECT_EQ(ada_of(world).email.text(), "ada@example.test");
  const auto links = mails_of_kind(world, "new address");
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links.front().recipient, "lovelace@example.test");
  const auto code = mailed_code(world, "new address");
  const auto page = "/account/email/confirmation?code=" + code;
  EXPECT_EQ(here.get(page).status, 200);
  EXPECT_EQ(ada_of(world).email.text(), "ada@example.test");

  EXPECT_EQ(here.post(page, "/account/email/confirmation", {{"code", code}}).status, 303);
  EXPECT_EQ(ada_of(world).email.text(), "lovelace@example.test");
  EXPECT_EQ(here.get("/account").status, 200);
  EXPECT_EQ(there.get("/account").status, 303);
  std::vector<std::string> told;
  for (const auto& mail : mails_of_kind(world, "address changed")) told.push_back(mail.recipient);
  EXPECT_EQ(told, (std::vector<std::string>{"ada@example.test", "lovelace@example.test"}));
}

DATABASE_SENTENCE(account,
                  "an address of another account cannot be taken, and the answer does not tell") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  const auto ask = [&](const std::string& email) {
    return browser.post("/account", "/account/email",
                        {{"email", email}, {"current_password", current}});
  };
  const auto known = ask("bob@example.test");
  const auto unknown = ask("nobody@example.test");
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(header(known, "Location"), header(unknown, "Location"));
  const auto mails = mails_of_kind(world, "address known");
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails.front().recipient, "bob@example.test");
  ASSERT_EQ(mails_of_kind(world, "new address").size(), 1U);
}

DATABASE_SENTENCE(account, "an address that somebody took meanwhile stays theirs") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  browser.post("/account", "/account/email",
               {{"email", "new@example.test"}, {"current_password", current}});
  const auto code = mailed_code(world, "new address");
  world.database().write([&](Transaction& tx) {
    update_email(tx, *world.bob().user, EmailAddress::stored("new@example.test"));
  });
  EXPECT_EQ(browser.post("/account", "/account/email/confirmation", {{"code", code}}).status, 422);
  EXPECT_EQ(ada_of(world).email.text(), "ada@example.test");
}

DATABASE_SENTENCE(account, "billing details are kept as typed and shown escaped") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  EXPECT_EQ(browser
                .post("/account", "/account/billing",
                      {{"billing_name", "Ada <b>Lovelace</b>"},
                       {"billing_address", "Calle Mayor 1\r\n28013 Madrid"},
                       {"billing_country", "es"},
                       {"billing_tax_number", "ES12345678Z"}})
                .status,
            303);
  const auto user = ada_of(world);
  EXPECT_EQ(user.billing(), (BillingDetails{"Ada <b>Lovelace</b>", "Calle Mayor 1\n28013 Madrid",
                                            "ES", "12345678Z"}));
  const auto page = browser.get("/account").body;
  EXPECT_EQ(page.find("<b>Lovelace"), std::string::npos);
  EXPECT_NE(page.find("Ada &lt;b&gt;Lovelace"), std::string::npos);
}

DATABASE_SENTENCE(account, "a person ends one or all other sessions, and never somebody else's") {
  const Portal portal(world);
  Browser here(portal);
  Browser there(portal);
  Browser elsewhere(portal);
  Browser bob(portal);
  here.sign_in("ada");
  there.sign_in("ada");
  elsewhere.sign_in("ada");
  bob.sign_in("bob");
  EXPECT_EQ(here.post("/account", "/account/sessions/2/ending", {}).status, 303);
  EXPECT_EQ(there.get("/account").status, 303);
  EXPECT_EQ(here.post("/account", "/account/sessions/4/ending", {}).status, 404);
  EXPECT_EQ(bob.get("/account").status, 200);
  EXPECT_EQ(here.post("/account", "/account/sessions/ending", {}).status, 303);
  EXPECT_EQ(elsewhere.get("/account").status, 303);
  EXPECT_EQ(here.get("/account").status, 200);
  EXPECT_EQ(bob.get("/account").status, 200);
}

DATABASE_SENTENCE(account, "the account page shows where one is signed in, markup escaped") {
  const Portal portal(world);
  Browser browser(portal);
  browser.sign_in("ada");
  Browser odd(portal, "198.51.100.9");
  odd.user_agent = "<script>alert(1)</script> x";
  odd.sign_in("ada");
  const auto page = browser.get("/account").body;
  for (const auto* seen :
       {"Firefox, Linux", "192.0.2.7", "198.51.100.9", "&lt;script&gt;alert(1)"}) {
    EXPECT_NE(page.find(seen), std::string::npos) << seen;
  }
  EXPECT_EQ(page.find("<script>alert(1)"), std::string::npos);
}
