// Ids, email addresses, viewers, refusals.
#include "base/email_address.h"
#include "base/failure.h"
#include "base/id.h"
#include "base/refusal.h"
#include "base/viewer.h"
#include "support/sentence.h"

namespace cstims {

SENTENCE(id, "an id is digits without sign, space or leading zero, up to 63 bits") {
  EXPECT_EQ(TicketId::parse("1"), TicketId(1));
  EXPECT_EQ(TicketId::parse("9223372036854775807"), TicketId(9223372036854775807));
  for (const auto* text : {"", "0", "01", "-1", "+1", " 1", "1 ", "1e3", "0x1", "1.0", "one",
                           "9223372036854775808", "99999999999999999999", "1'", "１"}) {
    EXPECT_FALSE(TicketId::parse(text)) << text;
  }
}

SENTENCE(email_address, "an address that mail can be sent to is taken") {
  const std::string local64(64, 'a');
  for (const auto& text : std::vector<std::string>{
           "ada@example.org", "a@b.co", "ada+tag@example.org", "first.last@sub.example.org",
           "o'brien@example.org", "!#$%&'*+-/=?^_`{|}~@example.org", "root@localhost",
           "a@xn--bcher-kva.example", "1@1.example", local64 + "@example.org",
           "a@" + std::string(63, 'b') + ".org"}) {
    EXPECT_TRUE(EmailAddress::parse(text)) << text;
  }
}

SENTENCE(email_address, "what is no address, or hides another header, is refused") {
  for (const auto& text : std::vector<std::string>{"",
                                                   "ada",
                                                   "@example.org",
                                                   "ada@",
                                                   "ada@@example.org",
                                                   "a@b@example.org",
                                                   "a b@example.org",
                                                   "ada@exam ple.org",
                                                   ".ada@example.org",
                                                   "ada.@example.org",
                                                   "a..b@example.org",
                                                   "ada@example",
                                                   "ada@.org",
                                                   "ada@example..org",
                                                   "ada@example.org.",
                                                   "ada@-a.org",
                                                   "ada@a-.org",
                                                   "ada@exa_mple.org",
                                                   "ada@[127.0.0.1]",
                                                   "ada@127.0.0.1",
                                                   "\"a\"@example.org",
                                                   "ada@example.org\r\nBcc: x@example.org",
                                                   "ada\n@example.org",
                                                   "<ada@example.org>",
                                                   "ada@example.org,bob@example.org",
                                                   "ada@example.org;bob",
                                                   "adá@example.org",
                                                   "ada@exámple.org",
                                                   "ada(x)@example.org",
                                                   std::string("a\0@example.org", 14),
                                                   std::string(65, 'a') + "@example.org",
                                                   "a@" + std::string(64, 'b') + ".org"}) {
    EXPECT_FALSE(EmailAddress::parse(text)) << text;
  }
}

SENTENCE(email_address, "an address has at most 254 octets") {
  const std::string label(62, 'b');
  const std::string domain = label + "." + label + "." + label + "." + std::string(49, 'c');
  ASSERT_EQ(domain.size(), 238U);
  EXPECT_TRUE(EmailAddress::parse(std::string(15, 'a') + "@" + domain));
  EXPECT_FALSE(EmailAddress::parse(std::string(16, 'a') + "@" + domain));
}

SENTENCE(email_address, "the domain is lower-cased, the key wholly, the local part stays") {
  const auto address = EmailAddress::parse("  Ada.L@Example.ORG ").value();
  EXPECT_EQ(address.text(), "Ada.L@example.org");
  EXPECT_EQ(address.key(), "ada.l@example.org");
  EXPECT_EQ(address.local_part(), "Ada.L");
  EXPECT_EQ(address.domain(), "example.org");
  EXPECT_THROW(EmailAddress::stored("nobody"), DatabaseError);
}

SENTENCE(viewer, "roles see what is theirs") {
  const Viewer client{UserId(1), Role::client, "ada", false};
  const Viewer helpdesk{UserId(2), Role::helpdesk, "grace", false};
  const Viewer accountant{UserId(3), Role::accountant, "luca", false};
  const Viewer admin{UserId(4), Role::admin, "root", false};
  const auto system = Viewer::of_system("cstims");
  EXPECT_TRUE(client.is_client());
  EXPECT_FALSE(client.is_staff());
  EXPECT_TRUE(helpdesk.is_helpdesk());
  EXPECT_FALSE(helpdesk.is_accountant());
  EXPECT_FALSE(helpdesk.is_admin());
  EXPECT_TRUE(accountant.is_accountant());
  EXPECT_FALSE(accountant.is_helpdesk());
  EXPECT_TRUE(admin.is_helpdesk() && admin.is_accountant() && admin.is_admin());
  EXPECT_TRUE(system.is_staff() && system.is_admin());
  EXPECT_FALSE(Viewer::nobody().is_staff());
  EXPECT_FALSE(Viewer::nobody().is_client());
  EXPECT_THROW(Viewer::nobody().require_user(), Forbidden);
  EXPECT_EQ(client.require_user(), UserId(1));
}

SENTENCE(viewer, "a role is read as it is written, and nobody is none") {
  for (const auto role : {Role::client, Role::helpdesk, Role::accountant, Role::admin}) {
    EXPECT_EQ(parse_role(text(role)), role);
  }
  EXPECT_EQ(parse_role("nobody"), std::nullopt);
  EXPECT_EQ(parse_role("Admin"), std::nullopt);
}

SENTENCE(refusal, "arguments fill the gaps of a message in order, and are not themselves filled") {
  EXPECT_EQ(message("{} of {}", {"{}", "b"}).english(), "{} of b");
  EXPECT_EQ(message("no gap", {"a"}).english(), "no gap");
  EXPECT_EQ(message("{} and {}", {"a"}).english(), "a and {}");
}

SENTENCE(refusal, "a refusal lists its fields and finds the first message of one") {
  Refusal refusal;
  refusal.add("body", message("One.")).add("body", message("Two.")).add("", message("All."));
  EXPECT_EQ(refusal.english(), "body: One.; body: Two.; All.");
  EXPECT_EQ(refusal.find("body")->english(), "One.");
  EXPECT_EQ(refusal.find("subject"), nullptr);
}

}  // namespace cstims
