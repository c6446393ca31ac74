#include "inbox/inbox_pages.h"

#include "base/failure.h"
#include "inbox/post_office.h"
#include "support/person.h"
#include "support/visit.h"
#include "ticket/ticket_pages.h"
#include "ticket/ticket_queue_pages.h"

namespace cstims {
namespace {

using namespace test;

constexpr Route routes[] = {
    {"GET", "/inbox", Who::helpdesk, show_inbox},
    {"GET", "/inbox/{mail}", Who::helpdesk, show_inbound_mail},
    {"GET", "/inbox/{mail}/raw", Who::helpdesk, download_inbound_mail},
    {"POST", "/inbox/{mail}/attachment", Who::helpdesk, create_mail_attachment, Body::form},
    {"POST", "/inbox/{mail}/ticket", Who::helpdesk, create_mail_ticket, Body::form},
    {"POST", "/inbox/{mail}/retry", Who::helpdesk, create_mail_retry, Body::form},
    {"POST", "/inbox/{mail}/rejection", Who::helpdesk, create_mail_rejection, Body::form},
    {"GET", "/inbox/{mail}/confirmation", Who::helpdesk, show_mail_confirmation},
    {"POST", "/inbox/{mail}/confirmation", Who::helpdesk, create_mail_confirmation, Body::form},
    {"GET", "/tickets/{ticket}", Who::signed_in, show_ticket},
    {"GET", "/helpdesk", Who::helpdesk, show_helpdesk},
};

Person grace(World& world) {
  return {world, routes, world.grace()};
}

bool has(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

InboundMailId held_mail(World& world, const std::string& from = "eve@elsewhere.example") {
  open_post_office(world);
  return receive(world, Letter{.from = "\"<b>Eve</b>\" <" + from + ">",
                               .subject = "<script>alert(1)</script> help",
                               .body = "Please <img src=x onerror=alert(1)> help."})
      .mail;
}

}  // namespace

DATABASE_SENTENCE(inbox_pages,
                  "the list and the page of a mail show what it says, never as markup") {
  const auto mail = held_mail(world);
  for (const std::string& path : {std::string("/inbox"), "/inbox/" + mail.text()}) {
    const auto page = grace(world).get(path);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(has(page, "&lt;script&gt;")) << path;
    EXPECT_FALSE(has(page, "<script>alert")) << path;
    EXPECT_FALSE(has(page, "<b>Eve")) << path;
    EXPECT_FALSE(has(page, "<img src=x")) << path;
    EXPECT_TRUE(has(page, "eve@elsewhere.example")) << path;
  }
  EXPECT_TRUE(has(grace(world).get("/inbox?verdict=waiting"), "eve@elsewhere.example"));
  EXPECT_FALSE(has(grace(world).get("/inbox?verdict=taken"), "eve@elsewhere.example"));
  EXPECT_TRUE(has(grace(world).get("/inbox?search=elsewhere"), "eve@elsewhere.example"));
  EXPECT_FALSE(has(grace(world).get("/inbox?search=nowhere"), "eve@elsewhere.example"));
  EXPECT_TRUE(has(grace(world).get("/inbox?format=csv"), "eve@elsewhere.example"));
  EXPECT_TRUE(has(grace(world).get("/helpdesk"), "/inbox?verdict=waiting"));
}

DATABASE_SENTENCE(inbox_pages, "the raw mail is a download that no browser runs") {
  const auto mail = held_mail(world);
  const auto raw = grace(world).get("/inbox/" + mail.text() + "/raw");
  EXPECT_EQ(header_value(raw, "Content-Type"), "message/rfc822");
  EXPECT_TRUE(header_value(raw, "Content-Disposition").starts_with("attachment"));
  EXPECT_NE(header_value(raw, "Content-Security-Policy").find("sandbox"), std::string::npos);
}

DATABASE_SENTENCE(inbox_pages, "a held mail is put on a ticket as a message of its client") {
  const auto mail = held_mail(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const std::string path = "/inbox/" + mail.text();
  EXPECT_EQ(grace(world).post(path + "/attachment", {{"ticket", "987654"}}).status, 422);
  EXPECT_EQ(redirected_to(grace(world).post(path + "/attachment", {{"ticket", ticket.text()}})),
            "/tickets/" + ticket.text());
  const auto entries = entries_of(world, world.ada(), ticket);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].author, world.ada().user);
  EXPECT_TRUE(entries[0].body.starts_with("eve@elsewhere.example wrote:\n\nPlease"));
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::taken);
  EXPECT_EQ(grace(world).post(path + "/attachment", {{"ticket", ticket.text()}}).status, 422)
      << "once";
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
  EXPECT_TRUE(has(grace(world).get("/tickets/" + ticket.text()), path))
      << "the entry leads to its mail";
  EXPECT_FALSE(has(Person(world, routes, world.ada()).get("/tickets/" + ticket.text()), path));
}

DATABASE_SENTENCE(
    inbox_pages, "a ticket is opened of a held mail, for the sender's account where there is one") {
  const auto mail = held_mail(world, "ada@example.test");
  const std::string path = "/inbox/" + mail.text();
  EXPECT_TRUE(has(grace(world).get(path), "value=\"1\" selected"));
  EXPECT_EQ(grace(world).post(path + "/ticket", {{"client", "3"}, {"subject", "Help"}}).status,
            422);
  const auto opened = grace(world).post(path + "/ticket", {{"client", "1"}, {"subject", "Help"}});
  ASSERT_EQ(opened.status, 303) << opened.body;
  const auto ticket = row_of(world, mail).ticket.value();
  EXPECT_EQ(ticket_of(world, ticket).subject, "Help");
  EXPECT_EQ(ticket_of(world, ticket).client, world.ada().user);
  EXPECT_TRUE(has(grace(world).get("/tickets/" + ticket.text()), path));
}

DATABASE_SENTENCE(inbox_pages, "a held mail is rejected, or judged again") {
  const auto mail = held_mail(world);
  const std::string path = "/inbox/" + mail.text();
  EXPECT_EQ(redirected_to(grace(world).post(path + "/retry")), path);
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::held);
  EXPECT_EQ(redirected_to(grace(world).post(path + "/rejection")), "/inbox");
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::rejected);
  EXPECT_EQ(row_of(world, mail).reason, "by grace");
  EXPECT_EQ(grace(world).post(path + "/rejection").status, 422);
}

DATABASE_SENTENCE(inbox_pages,
                  "a mailed note is sent by its author's click, not by looking at the page") {
  open_post_office(world);
  const auto ticket = open_test_ticket(world, world.ada());
  const auto mail =
      receive(world, Letter{.from = "grace@example.test",
                            .to = answers_to(world, ticket, MailReader::staff(*world.grace().user)),
                            .body = "Pull the plug."})
          .mail;
  const std::string path = "/inbox/" + mail.text() + "/confirmation";
  world.clear_mails();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(has(grace(world).get(path), "Pull the plug."));
  EXPECT_TRUE(entries_of(world, world.ada(), ticket).empty());
  EXPECT_EQ(redirected_to(Person(world, routes, world.root()).get(path)),
            "/tickets/" + ticket.text());
  EXPECT_EQ(grace(world).post_from_elsewhere(path).status, 403);
  EXPECT_TRUE(entries_of(world, world.ada(), ticket).empty());
  EXPECT_EQ(redirected_to(grace(world).post(path)), "/tickets/" + ticket.text());
  EXPECT_EQ(entries_of(world, world.ada(), ticket).size(), 1U);
  grace(world).post(path);
  EXPECT_EQ(world.mails().size(), 1U);
}

DATABASE_SENTENCE(inbox_pages, "clients and accountants do not get there") {
  const auto mail = held_mail(world);
  for (const auto& viewer : {world.ada(), world.luca(), Viewer::nobody()}) {
    Person person(world, routes, viewer);
    for (const std::string& path :
         {std::string("/inbox"), "/inbox/" + mail.text(), "/inbox/" + mail.text() + "/raw"}) {
      EXPECT_NE(person.get(path).status, 200) << path;
    }
    EXPECT_NE(person.post("/inbox/" + mail.text() + "/rejection").status, 200);
  }
  EXPECT_EQ(row_of(world, mail).verdict, InboundVerdict::held);
}

}  // namespace cstims
