#include "ticket/canned_reply.h"

#include "base/failure.h"
#include "ticket/canned_reply_actions.h"
#include "ticket/canned_reply_store.h"
#include "ticket/desk.h"

namespace cstims::test {
namespace {

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

Result<CannedReplyEdit> parsed(const std::string& body) {
  const FormData form{.fields = {{"name", "Hello"}, {"body", body}}, .uploads = {}};
  FormReader reader(form);
  return parse_canned_reply(reader);
}

CannedValues values() {
  return {"ada", "7", "No {staff} {client}", "Small VPS", "grace", "ARFNET"};
}

CannedReplyId add(World& world, const std::string& name, const std::string& body,
                  const std::string& category = "") {
  return world
      .act(world.grace(),
           [&](Act& act) {
             return add_canned_reply(act, {name, category, body});
           })
      .value();
}

}  // namespace

SENTENCE(canned_reply, "variables are filled in once, and a value is never read as a variable") {
  EXPECT_EQ(fill_in("{client}, #{ticket} {subject}: {service}. {staff}, {site}", values()),
            "ada, #7 No {staff} {client}: Small VPS. grace, ARFNET");
  EXPECT_EQ(fill_in("{client}{client}", values()), "adaada");
}

SENTENCE(canned_reply, "an unknown variable is refused beside the text, with the known ones") {
  for (const char* body : {"Dear {name}", "{Client}", "{client} {note}", "x{assignee}y"}) {
    const auto refused = parsed(body);
    ASSERT_FALSE(refused) << body;
    const auto* told = refused.error().find("body");
    ASSERT_NE(told, nullptr) << body;
    EXPECT_NE(told->english().find("{client}, {ticket}, {subject}, {service}, {staff}, {site}"),
              std::string::npos);
  }
}

SENTENCE(canned_reply, "braces that hold no word stay as they are") {
  for (const char* body : {"{}", "{", "}", "{ client }", "{\"a\": 1}", "server { listen 80; }",
                           "echo ${HOME} ${client}", "{{", "{1}", "{client"}) {
    const auto taken = parsed(body);
    ASSERT_TRUE(taken) << body;
    EXPECT_EQ(fill_in(taken->body, values()), body);
  }
  EXPECT_EQ(fill_in("{{client}}", values()), "{ada}");
}

DATABASE_SENTENCE(canned_reply, "a text is written for the ticket it goes to") {
  const auto order = insert_test_order(world, world.ada(), "web1");
  const auto about_order = world
                               .act(world.ada(),
                                    [&](Act& act) {
                                      return open_ticket(act, {order, "<Down>", "Since noon.", {}});
                                    })
                               .value();
  const auto about_nothing = open_test_ticket(world, world.bob());
  const auto id = add(world, "Greeting", "{client} {ticket} {subject} {service} {staff} {site}");
  const auto written = [&](TicketId ticket) {
    return world.database().read([&](Transaction& tx) {
      return write_canned_reply(tx, world.grace(), world.mailer(), ticket, id);
    });
  };
  EXPECT_EQ(written(about_order), "ada " + about_order.text() + " <Down> Small VPS grace ARFNET");
  EXPECT_EQ(written(about_nothing),
            "bob " + about_nothing.text() + " No network your service grace ARFNET");
}

DATABASE_SENTENCE(canned_reply, "the helpdesk adds, finds, changes and deletes them") {
  Visitor grace(world, world.grace());
  EXPECT_TRUE(holds(grace.get("/cannedreplies"), "No canned replies yet."));
  EXPECT_EQ(grace
                .post("/cannedreplies", {{"name", "Reboot"},
                                         {"category", "Servers"},
                                         {"body", "Dear {client}, <reboot> it."}})
                .status,
            303);
  add(world, "Invoice", "See your invoices.");
  EXPECT_TRUE(holds(grace.get("/cannedreplies"), "Dear {client}, &lt;reboot&gt; it."));
  const auto found = grace.get("/cannedreplies?search=SERVERS");
  EXPECT_TRUE(holds(found, "Reboot"));
  EXPECT_FALSE(holds(found, "See your invoices."));
  EXPECT_TRUE(holds(grace.get("/cannedreplies?search=your"), "See your invoices."));

  const auto same = grace.post("/cannedreplies", {{"name", "Reboot"}, {"body", "x"}});
  EXPECT_EQ(same.status, 422);
  EXPECT_TRUE(holds(same, "Another canned reply has this name."));
  const auto unknown = grace.post("/cannedreplies", {{"name", "X"}, {"body", "Dear {nobody}"}});
  EXPECT_EQ(unknown.status, 422);
  EXPECT_TRUE(holds(unknown, "Dear {nobody}"));
  EXPECT_TRUE(holds(unknown, "There is no variable {nobody}."));

  EXPECT_EQ(grace
                .post("/cannedreplies/1",
                      {{"name", "Restart"}, {"category", ""}, {"body", "Do."}, {"version", "1"}})
                .status,
            303);
  EXPECT_TRUE(holds(grace.get("/cannedreplies/1"), "Canned reply Restart"));
  EXPECT_TRUE(holds(grace.get("/cannedreplies/1"), "data-confirm=\"Delete Restart for good?\""));
  EXPECT_EQ(grace.post("/cannedreplies/1/deletion", {}).status, 303);
  EXPECT_EQ(grace.get("/cannedreplies/1").status, 404);
  EXPECT_TRUE(holds(grace.get("/cannedreplies?format=csv"), "See your invoices."));
}

DATABASE_SENTENCE(canned_reply, "who saves second is told that somebody else changed it") {
  const auto path = "/cannedreplies/" + add(world, "Hello", "one").text();
  Visitor grace(world, world.grace());
  Visitor root(world, world.root());
  const auto save = [&](Visitor& visitor, const std::string& body, const std::string& version) {
    return visitor.post(path, {{"name", "Hello"}, {"body", body}, {"version", version}});
  };
  EXPECT_EQ(save(grace, "two", "1").status, 303);
  const auto late = save(root, "three", "1");
  EXPECT_EQ(late.status, 422);
  EXPECT_TRUE(holds(late, "Somebody else changed this text"));
  EXPECT_TRUE(holds(late, "three"));
  EXPECT_TRUE(holds(late, R"(name="version" value="2")"));
  EXPECT_TRUE(holds(grace.get(path), "two"));
  EXPECT_EQ(save(root, "three", "2").status, 303);
  EXPECT_TRUE(holds(grace.get(path), "three"));
}

DATABASE_SENTENCE(canned_reply,
                  "the ticket's page offers them, and writes one where no script runs") {
  const auto ticket = open_test_ticket(world, world.ada(), "<b>Down</b>");
  const auto path = "/tickets/" + ticket.text();
  Visitor grace(world, world.grace());
  EXPECT_FALSE(holds(grace.get(path), "data-canned"));
  const auto id = add(world, "Sorry", "Sorry for “{subject}”, {client}.", "Outage");
  EXPECT_TRUE(holds(grace.get(path), ">Outage: Sorry</option>"));
  EXPECT_TRUE(
      holds(grace.get(path + "?canned=" + id.text()), "Sorry for “&lt;b&gt;Down&lt;/b&gt;”, ada."));
  const auto text = grace.get(path + "/cannedreplies/" + id.text());
  EXPECT_EQ(text.body, "Sorry for “<b>Down</b>”, ada.");
  EXPECT_TRUE(header_of(text, "Content-Type").starts_with("text/plain"));
  EXPECT_EQ(grace.get(path + "?canned=77").status, 404);
  EXPECT_EQ(grace.get(path + "?canned=x").status, 404);
  EXPECT_EQ(grace.get("/tickets/77/cannedreplies/" + id.text()).status, 404);
}

DATABASE_SENTENCE(canned_reply, "clients and accountants get nothing of them") {
  const auto ticket = open_test_ticket(world, world.ada());
  const auto id = add(world, "Inner words", "The inner text.");
  for (const auto& viewer : {world.ada(), world.luca()}) {
    Visitor visitor(world, viewer);
    const auto page = visitor.get("/tickets/" + ticket.text() + "?canned=" + id.text());
    EXPECT_EQ(page.status, 200);
    EXPECT_FALSE(holds(page, "inner text"));
    EXPECT_FALSE(holds(page, "Inner words"));
    EXPECT_EQ(visitor.get("/cannedreplies").status, 403);
    EXPECT_EQ(visitor.get("/tickets/" + ticket.text() + "/cannedreplies/" + id.text()).status, 403);
    EXPECT_EQ(visitor.post("/cannedreplies/" + id.text() + "/deletion", {}).status, 403);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { delete_canned_reply(act, id); }), Forbidden);
  }
}

}  // namespace cstims::test
