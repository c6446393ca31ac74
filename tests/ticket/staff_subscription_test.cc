#include <algorithm>

#include "account/mail_choices_store.h"
#include "ticket/desk.h"

namespace cstims::test {
namespace {

void subscribe(World& world, const Viewer& person, bool new_tickets, MessageMails messages) {
  world.database().write([&](Transaction& tx) {
    put_mail_choices(tx, *person.user, {"", TicketMails{new_tickets, messages}});
  });
}

std::int64_t copies(World& world, const std::string& kind, const std::string& name) {
  return std::ranges::count(mails_told(world), kind + " > " + name + "@example.test");
}

constexpr Statement change_person{"change a person of tests", R"(
  update users
  set type = :type, status = :status
  where id = :user)"};

void change(World& world, const Viewer& person, const char* type, const char* status) {
  world.database().write([&](Transaction& tx) {
    tx.execute(change_person, {{"user", person.user}, {"type", type}, {"status", status}});
  });
}

}  // namespace

DATABASE_SENTENCE(staff_subscription, "without a choice only the list and the assignee get mail") {
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(write(world, world.ada(), ticket, "Hello?"));
  EXPECT_EQ(copies(world, "ticket opened", "grace"), 0);
  EXPECT_EQ(copies(world, "ticket answered by client", "grace"), 0);
  EXPECT_TRUE(assign(world, world.grace(), ticket));
  EXPECT_TRUE(write(world, world.ada(), ticket, "Anybody?"));
  EXPECT_EQ(copies(world, "ticket answered by client", "grace"), 1);
}

DATABASE_SENTENCE(staff_subscription,
                  "new tickets come as a copy of one's own, beside the list's") {
  subscribe(world, world.grace(), true, MessageMails::mine);
  open_test_ticket(world, world.ada());
  EXPECT_EQ(copies(world, "ticket opened", "grace"), 1);
  EXPECT_EQ(std::ranges::count(mails_told(world), "ticket opened > helpdesk@arf20.com"), 1);
  EXPECT_EQ(copies(world, "ticket opened", "root"), 0);
  EXPECT_EQ(copies(world, "ticket answered by client", "grace"), 0);
}

DATABASE_SENTENCE(staff_subscription, "what clients write comes to those who want it, once each") {
  subscribe(world, world.grace(), false, MessageMails::unassigned);
  subscribe(world, world.root(), false, MessageMails::all);
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(write(world, world.ada(), ticket, "Hello?"));
  EXPECT_EQ(copies(world, "ticket answered by client", "grace"), 1);
  EXPECT_EQ(copies(world, "ticket answered by client", "root"), 1);
  EXPECT_EQ(std::ranges::count(mails_told(world), "ticket answered by client > helpdesk@arf20.com"),
            1);
  EXPECT_TRUE(assign(world, world.root(), ticket));
  world.clear_mails();
  EXPECT_TRUE(write(world, world.ada(), ticket, "Now?"));
  EXPECT_EQ(copies(world, "ticket answered by client", "grace"), 0) << "it is somebody's";
  EXPECT_EQ(copies(world, "ticket answered by client", "root"), 1) << "one, though two reasons";
}

DATABASE_SENTENCE(staff_subscription, "nobody gets their own words, or two mails of one act") {
  subscribe(world, world.root(), true, MessageMails::all);
  subscribe(world, world.grace(), true, MessageMails::all);
  world.act(world.root(), [&](Act& act) {
    return add_ticket(act, {.client = *world.ada().user,
                            .order = {},
                            .subject = "By phone",
                            .body = "It is down.",
                            .status = TicketStatus::open,
                            .assignee = world.grace().user});
  });
  EXPECT_EQ(copies(world, "ticket opened", "root"), 0);
  EXPECT_EQ(copies(world, "ticket opened", "grace"), 0);
  EXPECT_EQ(copies(world, "ticket assigned", "grace"), 1);
}

DATABASE_SENTENCE(staff_subscription, "notes and our own replies are told to no subscriber") {
  subscribe(world, world.root(), true, MessageMails::all);
  const auto ticket = open_test_ticket(world, world.ada());
  world.clear_mails();
  write_note(world, world.grace(), ticket, "A secret.");
  EXPECT_TRUE(write(world, world.grace(), ticket, "Hello."));
  for (const auto& mail : world.mails()) EXPECT_NE(mail.recipient, "root@example.test");
}

DATABASE_SENTENCE(staff_subscription,
                  "who left the helpdesk or is shut out gets nothing any more") {
  subscribe(world, world.grace(), true, MessageMails::all);
  subscribe(world, world.root(), true, MessageMails::all);
  change(world, world.grace(), "accountant", "verified");
  change(world, world.root(), "admin", "disabled");
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(write(world, world.ada(), ticket, "Hello?"));
  for (const auto& mail : world.mails()) {
    EXPECT_NE(mail.recipient, "grace@example.test");
    EXPECT_NE(mail.recipient, "root@example.test");
  }
}

DATABASE_SENTENCE(staff_subscription, "each mail is in the language of who gets it") {
  world.database().write([&](Transaction& tx) {
    put_mail_choices(tx, *world.ada().user, {"es", {}});
  });
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(assign(world, world.grace(), ticket));
  EXPECT_TRUE(close(world, world.grace(), ticket));
  int spanish = 0;
  for (const auto& mail : world.mails()) {
    const bool of_ada = mail.recipient == "ada@example.test";
    EXPECT_EQ(mail.body_html.find("<html lang=\"es\">") != std::string::npos, of_ada) << mail.kind;
    if (mail.kind != "ticket closed") continue;
    EXPECT_EQ(mail.body_text.find("La consulta se ha cerrado.") != std::string::npos, of_ada);
    spanish += of_ada;
  }
  EXPECT_EQ(spanish, 1);
}

}  // namespace cstims::test
