#include "ticket/ticket_pages.h"

#include <fstream>

#include "base/text.h"
#include "db/file_scanner.h"
#include "support/fake_scanner.h"
#include "ticket/desk.h"

namespace cstims::test {
namespace {

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

std::string path_of(TicketId ticket) {
  return "/tickets/" + ticket.text();
}

/// Every page on which `viewer` could meet the ticket.
std::vector<std::string> pages_with(TicketId ticket) {
  return {
      path_of(ticket),      "/helpdesk",   "/managetickets",      "/managetickets/" + ticket.text(),
      "/managetickets/new", "/openticket", "/helpdesk?format=csv"};
}

}  // namespace

DATABASE_SENTENCE(ticket_pages,
                  "a client opens a ticket about its order with a file, and can "
                  "fetch it again") {
  const auto order = insert_test_order(world, world.ada(), "web1");
  Visitor ada(world, world.ada());
  EXPECT_TRUE(holds(ada.get("/openticket"), "web1 (#" + order.text() + ")"));
  const auto sent = ada.post("/openticket",
                             {{"order", order.text()}, {"subject", "Down"}, {"body", "Since noon"}},
                             {upload(world, "trace.txt", "1 * * *\n")});
  ASSERT_EQ(sent.status, 303);
  const auto shown = ada.get(header_of(sent, "Location"));
  EXPECT_EQ(shown.status, 200);
  EXPECT_TRUE(holds(shown, "Since noon"));
  EXPECT_TRUE(holds(shown, "trace.txt"));
  const auto file = ada.get(header_of(sent, "Location") + "/attachments/1");
  EXPECT_EQ(file.status, 200);
  EXPECT_TRUE(header_of(file, "Content-Disposition").starts_with("attachment"));
  EXPECT_EQ(header_of(file, "Content-Type"), "text/plain");
  EXPECT_EQ(header_of(file, "X-Content-Type-Options"), "nosniff");
  EXPECT_NE(header_of(file, "Content-Security-Policy").find("sandbox"), std::string::npos);
  std::ifstream kept(file.file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "1 * * *\n");
  EXPECT_EQ(file.file.find("trace"), std::string::npos);
}

DATABASE_SENTENCE(ticket_pages,
                  "a file that is infected or cannot be scanned is refused beside its field, and "
                  "what was typed stays") {
  FakeScanner clamd;
  const FileScanner scanner(clamd.address(), std::chrono::milliseconds(500));
  world.scan_with(scanner);
  Visitor ada(world, world.ada());
  const auto id = open_test_ticket(world, world.ada());
  const auto open = [&](const std::string& content) {
    return ada.post("/openticket", {{"subject", "Down"}, {"body", "Since noon"}},
                    {upload(world, "trace.txt", content)});
  };
  const auto answer = [&](const std::string& content) {
    return ada.post(path_of(id) + "/replies", {{"body", "Here it is"}},
                    {upload(world, "trace.txt", content)});
  };
  for (const auto& refused : {open("xEICARx"), answer("xEICARx")}) {
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(holds(refused, "“trace.txt” holds something harmful (Eicar-Test-Signature)."));
    EXPECT_TRUE(holds(refused, "aria-invalid=\"true\""));
  }
  clamd.set(FakeScanner::Mood::hangs_up);
  EXPECT_TRUE(holds(open("1 * * *\n"), "could not be scanned for viruses just now"));
  const auto again = answer("1 * * *\n");
  EXPECT_EQ(again.status, 422);
  EXPECT_TRUE(holds(again, "Here it is"));
  EXPECT_TRUE(entries_of(world, world.ada(), id).empty());
  const int scans = clamd.scans();
  EXPECT_EQ(ada.post(path_of(id) + "/replies", {{"body", "No file"}}).status, 303);
  EXPECT_EQ(clamd.scans(), scans) << "nothing to scan";
  clamd.set(FakeScanner::Mood::works);
  EXPECT_EQ(open("1 * * *\n").status, 303);
  EXPECT_EQ(answer("1 * * *\n").status, 303);
}

DATABASE_SENTENCE(ticket_pages, "a refused ticket comes back with what was typed and says why") {
  Visitor ada(world, world.ada());
  const auto again = ada.post("/openticket", {{"subject", ""}, {"body", "long <story>"}});
  EXPECT_EQ(again.status, 422);
  EXPECT_TRUE(holds(again, "long &lt;story&gt;"));
  EXPECT_TRUE(holds(again, "aria-invalid=\"true\""));
  const auto file = ada.post("/openticket", {{"subject", "x"}, {"body", "y"}},
                             {upload(world, "evil.html", "<html>")});
  EXPECT_EQ(file.status, 422);
  EXPECT_TRUE(holds(file, "evil.html"));
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(ticket_pages,
                  "ancestor: ticket-idor: the page offers own orders only and takes "
                  "no other's") {
  const auto bobs = insert_test_order(world, world.bob(), "bobs-secret");
  Visitor ada(world, world.ada());
  EXPECT_FALSE(holds(ada.get("/openticket"), "bobs-secret"));
  EXPECT_FALSE(holds(ada.get("/openticket?order=" + bobs.text()), "bobs-secret"));
  for (const auto& order : {bobs.text(), std::string("999"), std::string("9223372036854775807")}) {
    const auto sent = ada.post("/openticket", {{"order", order}, {"subject", "x"}, {"body", "y"}});
    EXPECT_EQ(sent.status, 422) << order;
    EXPECT_FALSE(holds(sent, "bobs-secret"));
  }
}

DATABASE_SENTENCE(ticket_pages,
                  "another's ticket answers like one that is not there, on every "
                  "address") {
  const auto id = open_test_ticket(world, world.ada(), "Private matter");
  Visitor bob(world, world.bob());
  for (const auto& path : {path_of(id), path_of(id) + "/attachments/1"}) {
    EXPECT_EQ(bob.get(path).status, 404) << path;
    EXPECT_FALSE(holds(bob.get(path), "Private"));
  }
  for (const auto* act : {"/replies", "/closure", "/reopening"}) {
    const auto absent = bob.post("/tickets/999" + std::string(act), {});
    const auto foreign = bob.post(path_of(id) + act, {});
    EXPECT_EQ(foreign.status, 404) << act;
    EXPECT_EQ(foreign.body, absent.body);
  }
  for (const auto* text : {"0", "-1", "1e3", "x", "9223372036854775808", "1%20"}) {
    EXPECT_EQ(bob.get("/tickets/" + std::string(text)).status, 404) << text;
  }
}

DATABASE_SENTENCE(ticket_pages,
                  "ancestor: ticket-xss: markup in subject, text, note, comment and "
                  "file name is shown as text on every page") {
  const std::string markup = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";
  const auto id = open_test_ticket(world, world.ada(), markup, markup);
  ASSERT_TRUE(write(world, world.grace(), id, markup));
  write_note(world, world.grace(), id, markup);
  ASSERT_TRUE(close(world, world.grace(), id, TicketStatus::closed, markup));
  ASSERT_TRUE(reopen(world, world.grace(), id));
  open_test_ticket(world, world.ada(), markup + " two", markup);
  Visitor root(world, world.root());
  Visitor ada(world, world.ada());
  for (const auto& page : pages_with(id)) {
    for (const auto& shown : {root.get(page), ada.get(page)}) {
      if (page.ends_with("csv")) continue;
      EXPECT_FALSE(holds(shown, "<script>alert")) << page;
      EXPECT_FALSE(holds(shown, "<img src=x")) << page;
    }
  }
  EXPECT_TRUE(holds(root.get(path_of(id)), "&lt;script&gt;alert(1)"));
  for (const auto& mail : world.mails()) {
    EXPECT_EQ(mail.body_html.find("<script>alert"), std::string::npos) << mail.kind;
    EXPECT_EQ(mail.body_html.find("<img src=x"), std::string::npos) << mail.kind;
  }
}

DATABASE_SENTENCE(ticket_pages,
                  "ancestor: get-delete: no GET changes a ticket, and no form of "
                  "another site does") {
  const auto id = open_test_ticket(world, world.ada());
  Visitor root(world, world.root());
  for (const auto* act : {"/deletion", ""}) {
    root.get("/managetickets/" + id.text() + act);
  }
  EXPECT_EQ(root.get("/managetickets/" + id.text() + "/deletion").status, 405);
  for (const auto* act : {"/closure", "/assignment", "/reopening", "/replies"}) {
    EXPECT_EQ(root.get(path_of(id) + act).status, 405) << act;
    EXPECT_EQ(root.post_from_elsewhere(path_of(id) + act).status, 403) << act;
  }
  EXPECT_EQ(root.post_from_elsewhere("/managetickets/" + id.text() + "/deletion").status, 403);
  EXPECT_TRUE(ticket_of(world, id).is_open());
  EXPECT_EQ(root.post("/managetickets/" + id.text() + "/deletion", {}).status, 303);
  EXPECT_EQ(root.get(path_of(id)).status, 404);
}

DATABASE_SENTENCE(ticket_pages,
                  "ancestor: helpdesk-404: the helpdesk lands on its queue and reads "
                  "the tickets it is given") {
  const auto id = open_test_ticket(world, world.ada(), "No network");
  ASSERT_TRUE(assign(world, world.root(), id, {Assignment::To::person, world.grace().user}));
  Visitor grace(world, world.grace());
  const auto queue = grace.get("/helpdesk");
  EXPECT_EQ(queue.status, 200);
  EXPECT_TRUE(holds(queue, "No network"));
  EXPECT_EQ(grace.get(path_of(id)).status, 200);
}

DATABASE_SENTENCE(ticket_pages, "who may, page by page") {
  const auto id = open_test_ticket(world, world.ada());
  struct Expected {
    Viewer viewer;
    int open, show, helpdesk, manage;
  };
  const std::vector<Expected> table{
      {Viewer::nobody(), 303, 303, 303, 303}, {world.ada(), 200, 200, 403, 403},
      {world.bob(), 200, 404, 403, 403},      {world.grace(), 403, 200, 200, 403},
      {world.luca(), 403, 200, 403, 403},     {world.root(), 403, 200, 200, 200}};
  for (const auto& row : table) {
    Visitor visitor(world, row.viewer);
    EXPECT_EQ(visitor.get("/openticket").status, row.open) << row.viewer.name;
    EXPECT_EQ(visitor.get(path_of(id)).status, row.show) << row.viewer.name;
    EXPECT_EQ(visitor.get("/helpdesk").status, row.helpdesk) << row.viewer.name;
    for (const auto& path : {std::string("/managetickets"), std::string("/managetickets/new"),
                             "/managetickets/" + id.text()}) {
      EXPECT_EQ(visitor.get(path).status, row.manage) << row.viewer.name << path;
    }
  }
  Visitor luca(world, world.luca());
  EXPECT_EQ(luca.post(path_of(id) + "/replies", {{"body", "x"}}).status, 403);
  EXPECT_EQ(luca.post(path_of(id) + "/closure", {{"status", "closed"}}).status, 403);
  EXPECT_EQ(luca.post(path_of(id) + "/assignment", {}).status, 403);
  EXPECT_FALSE(holds(luca.get(path_of(id)), "name=\"body\""));
  Visitor ada(world, world.ada());
  EXPECT_EQ(ada.post(path_of(id) + "/assignment", {}).status, 403);
}

DATABASE_SENTENCE(ticket_pages, "notes and names of staff stand on no page of the client") {
  const auto id = open_test_ticket(world, world.ada());
  write_note(world, world.grace(), id, "CANARY");
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  ASSERT_TRUE(close(world, world.grace(), id, TicketStatus::nofix, "Sorry"));
  Visitor ada(world, world.ada());
  const auto shown = ada.get(path_of(id));
  for (const auto* secret : {"CANARY", "grace", "internal note"}) {
    EXPECT_FALSE(holds(shown, secret)) << secret;
  }
  EXPECT_TRUE(holds(shown, "Hello"));
  EXPECT_TRUE(holds(shown, "Sorry"));
  Visitor grace(world, world.grace());
  EXPECT_TRUE(holds(grace.get(path_of(id)), "CANARY"));
}

DATABASE_SENTENCE(ticket_pages, "reply and internal note are two forms, and each does its own") {
  const auto id = open_test_ticket(world, world.ada());
  Visitor grace(world, world.grace());
  const auto page = grace.get(path_of(id));
  EXPECT_TRUE(holds(page, "Send to the client"));
  EXPECT_TRUE(holds(page, "Keep as internal note"));
  world.clear_mails();
  EXPECT_EQ(grace.post(path_of(id) + "/replies", {{"body", "note"}, {"internal", "1"}}).status,
            303);
  EXPECT_TRUE(world.mails().empty());
  EXPECT_EQ(grace.post(path_of(id) + "/replies", {{"body", "reply"}}).status, 303);
  EXPECT_EQ(mails_told(world).size(), 1U);
}

DATABASE_SENTENCE(ticket_pages, "a reply held back keeps its text beside what came in between") {
  const auto id = open_test_ticket(world, world.ada());
  Visitor grace(world, world.grace());
  ASSERT_TRUE(write(world, world.root(), id, "I was first"));
  const auto held = grace.post(path_of(id) + "/replies", {{"body", "my own words"}, {"seen", "0"}});
  EXPECT_EQ(held.status, 422);
  EXPECT_TRUE(holds(held, "my own words"));
  EXPECT_TRUE(holds(held, "I was first"));
  const auto newest = entries_of(world, world.grace(), id).back().id.text();
  EXPECT_TRUE(holds(held, "name=\"seen\" value=\"" + newest + "\""));
}

DATABASE_SENTENCE(ticket_pages, "a ticket of nobody's is taken from the queue with one button") {
  const auto id = open_test_ticket(world, world.ada());
  Visitor grace(world, world.grace());
  EXPECT_TRUE(holds(grace.get("/helpdesk"), "formaction=\"" + path_of(id) + "/assignment\""));
  EXPECT_EQ(grace.post(path_of(id) + "/assignment", {}).status, 303);
  EXPECT_EQ(ticket_of(world, id).assignee, world.grace().user);
  EXPECT_FALSE(holds(grace.get("/helpdesk"), "formaction="));
  Visitor root(world, world.root());
  const auto late = root.post(path_of(id) + "/assignment", {});
  EXPECT_EQ(late.status, 422);
  EXPECT_TRUE(holds(late, "Somebody else has this ticket already."));
}

DATABASE_SENTENCE(ticket_pages, "client and helpdesk close and reopen from the page") {
  const auto id = open_test_ticket(world, world.ada());
  Visitor ada(world, world.ada());
  Visitor grace(world, world.grace());
  EXPECT_EQ(grace.post(path_of(id) + "/closure", {{"status", "nofix"}, {"comment", "No"}}).status,
            303);
  EXPECT_TRUE(holds(ada.get(path_of(id)), "Reopen the ticket"));
  EXPECT_EQ(ada.post(path_of(id) + "/reopening", {}).status, 303);
  EXPECT_EQ(ada.post(path_of(id) + "/closure", {{"status", "closed"}}).status, 303);
  EXPECT_EQ(ada.post(path_of(id) + "/closure", {{"status", "closed"}}).status, 422);
  EXPECT_EQ(ada.post(path_of(id) + "/replies", {{"body", "Wait"}}).status, 303);
  EXPECT_TRUE(ticket_of(world, id).is_open());
  EXPECT_EQ(ada.post(path_of(id) + "/closure", {{"status", "nofix"}}).status, 422);
  world.clock().advance(std::chrono::days(1));
  ASSERT_TRUE(close(world, world.grace(), id));
  world.clock().advance(std::chrono::days(15));
  EXPECT_TRUE(holds(ada.get(path_of(id)), "Open a new one"));
  EXPECT_FALSE(holds(ada.get(path_of(id)), "Reopen the ticket"));
}

DATABASE_SENTENCE(ticket_pages, "a field that the form does not have is a bad request") {
  const auto id = open_test_ticket(world, world.ada());
  Visitor ada(world, world.ada());
  for (const auto* field :
       {"status", "assignee", "client", "client_id", "internal", "author_id", "by_staff", "kind"}) {
    const auto sent = ada.post(path_of(id) + "/replies", {{"body", "x"}, {field, "1"}});
    EXPECT_EQ(sent.status, 400) << field;
  }
  EXPECT_TRUE(entries_of(world, world.root(), id).empty());
}

DATABASE_SENTENCE(ticket_pages, "an admin adds, edits and deletes a ticket by form") {
  const auto order = insert_test_order(world, world.ada(), "web1");
  Visitor root(world, world.root());
  EXPECT_TRUE(holds(root.get("/managetickets/new"), "web1"));
  const std::map<std::string, std::string, std::less<>> fields{
      {"client", "1"},    {"order", order.text()}, {"subject", "By phone"},
      {"body", "Called"}, {"status", "open"},      {"assignee", "3"}};
  EXPECT_EQ(root.post("/managetickets", fields).status, 303);
  const auto list = root.get("/managetickets");
  EXPECT_TRUE(holds(list, "By phone"));
  auto edited = fields;
  edited["subject"] = "By letter";
  edited["status"] = "nofix";
  EXPECT_EQ(root.post("/managetickets/1", edited).status, 303);
  EXPECT_TRUE(holds(root.get("/managetickets"), "By letter"));
  EXPECT_EQ(ticket_of(world, TicketId(1)).status, TicketStatus::nofix);
  edited["client"] = "3";
  const auto refused = root.post("/managetickets/1", edited);
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "By letter"));
  EXPECT_EQ(root.post("/managetickets/1/deletion", {}).status, 303);
  EXPECT_EQ(root.get("/managetickets/1").status, 404);
}

DATABASE_SENTENCE(ticket_pages,
                  "the admin's form finds clients by name and offers the chosen one's "
                  "orders") {
  insert_test_order(world, world.ada(), "of-ada");
  insert_test_order(world, world.bob(), "of-bob");
  Visitor root(world, world.root());
  const auto bobs = root.get("/managetickets/new?client_search=bob");
  EXPECT_TRUE(holds(bobs, "of-bob"));
  EXPECT_FALSE(holds(bobs, "of-ada"));
  const auto chosen = root.get("/managetickets/new?client=1");
  EXPECT_TRUE(holds(chosen, "of-ada"));
  EXPECT_FALSE(holds(chosen, "of-bob"));
}

DATABASE_SENTENCE(ticket_pages, "the list as a file guards cells against formulas") {
  open_test_ticket(world, world.ada(), "=HYPERLINK(\"http://evil\")");
  Visitor grace(world, world.grace());
  const auto file = grace.get("/helpdesk?format=csv");
  EXPECT_TRUE(header_of(file, "Content-Type").starts_with("text/csv"));
  EXPECT_TRUE(holds(file, "'=HYPERLINK"));
  EXPECT_FALSE(holds(file, ",=HYPERLINK"));
  EXPECT_FALSE(holds(file, "\"=HYPERLINK"));
}

}  // namespace cstims::test
