#include "account/user.h"

#include "base/failure.h"
#include "support/world.h"

using namespace cstims;
using namespace cstims::test;

SENTENCE(account, "a user name is 3 to 31 of a to z, digits, dot, hyphen and underscore") {
  for (const auto* good :
       {"ada", "a-b", "0.0", "ada_lovelace", "a234567890123456789012345678901"}) {
    ASSERT_TRUE(parse_username(good)) << good;
    EXPECT_EQ(*parse_username(good), good);
  }
  for (const auto* bad : {"", "ab", "a2345678901234567890123456789012", "-ab", ".ab", "_ab",
                          "a b c", "a/b", "ada\n", "admi\xc3\xb1",
                          "\xd0\xb0"
                          "dmin",
                          "a\"><b>", "ada@b"}) {
    EXPECT_FALSE(parse_username(bad)) << bad;
  }
}

SENTENCE(account, "a user name is folded, so that no twin differs only by case") {
  EXPECT_EQ(*parse_username("Admin"), "admin");
}

SENTENCE(account, "ancestor: username-xss: markup is no user name") {
  for (const auto* attack : {"<script>alert(1)</script>", "ada<b>", "x\" onload=\"a", "ada'--"}) {
    EXPECT_FALSE(parse_username(attack)) << attack;
  }
}

namespace {

FormData registration(std::string username, std::string email, std::string password,
                      std::string again) {
  return {{{"username", std::move(username)},
           {"email", std::move(email)},
           {"password", std::move(password)},
           {"confirm_password", std::move(again)}},
          {}};
}

constexpr const char* good_password = "tall grey heron walks";

}  // namespace

SENTENCE(account, "a registration holds a folded user name, an address and the password as typed") {
  const auto site = site_of_tests();
  const auto read = parse_registration(
      registration(" Eve ", "Eve@Example.test", " tall grey heron ", " tall grey heron "), site);
  ASSERT_TRUE(read) << read.error().english();
  EXPECT_EQ(read->username, "eve");
  EXPECT_EQ(read->email.key(), "eve@example.test");
  EXPECT_EQ(read->password, " tall grey heron ");
}

SENTENCE(account, "ancestor: email-unchecked: a registration without a good address is refused") {
  const auto site = site_of_tests();
  for (const auto* bad : {"", "eve", "eve@", "@example.test", "eve@@example.test",
                          "a,b@example.test", "eve@example.test\r\nBcc: x@example.test"}) {
    const auto read =
        parse_registration(registration("eve", bad, good_password, good_password), site);
    ASSERT_FALSE(read) << bad;
    EXPECT_TRUE(read.error().find("email")) << bad;
  }
}

SENTENCE(account, "two different passwords are refused at the second field") {
  const auto site = site_of_tests();
  const auto read = parse_registration(
      registration("eve", "eve@example.test", good_password, "tall grey heron flies"), site);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().find("confirm_password"));
  EXPECT_FALSE(read.error().find("password"));
}

SENTENCE(account, "a registration that names its own type or status is no form of ours") {
  auto form = registration("eve", "eve@example.test", good_password, good_password);
  form.fields["type"] = "admin";
  EXPECT_THROW((void)parse_registration(form, site_of_tests()), BadRequest);
}

SENTENCE(account, "after signing in only paths of ours are followed") {
  EXPECT_EQ(own_path("/tickets/12?page=2"), "/tickets/12?page=2");
  for (const auto* foreign :
       {"", "https://evil.test/", "//evil.test", "/\\evil.test", "tickets", "javascript:alert(1)",
        "/\t/evil.test", "/a\r\nSet-Cookie: x=1", "/logout", "/login?next=/login"}) {
    EXPECT_EQ(own_path(foreign), "") << foreign;
  }
}

SENTENCE(account, "everybody lands on the page of their type") {
  EXPECT_EQ(home_path(Role::client), "/client");
  EXPECT_EQ(home_path(Role::helpdesk), "/helpdesk");
  EXPECT_EQ(home_path(Role::accountant), "/accountant");
  EXPECT_EQ(home_path(Role::admin), "/admin");
}

SENTENCE(account, "a country of billing details is two letters, whatever the case") {
  const FormData spain{{{"billing_country", "es"}}, {}};
  EXPECT_EQ(parse_billing_details(spain)->country, "ES");
  const FormData wrong{{{"billing_country", "E1"}}, {}};
  EXPECT_TRUE(parse_billing_details(wrong).error().find("billing_country"));
  EXPECT_TRUE(parse_billing_details(FormData{}));
}
