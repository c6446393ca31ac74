#include "ticket/ticket_rating.h"

#include "ticket/desk.h"
#include "ticket/ticket_links.h"
#include "ticket/ticket_rating_store.h"

namespace cstims::test {
namespace {

const std::string key(32, 'k');

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

/// The path in the client's newest mail about a closing.
std::string path_in_mail(World& world) {
  std::string path;
  for (const auto& mail : world.mails()) {
    if (mail.kind != "ticket closed" || mail.recipient != "ada@example.test") continue;
    const auto at = mail.body_text.find("/ratings/");
    if (at == std::string::npos) continue;
    path = mail.body_text.substr(at, mail.body_text.find('?', at) - at);
  }
  return path;
}

std::optional<Rating> rating_of(World& world, TicketId ticket) {
  return world.database().read([&](Transaction& tx) { return find_newest_rating(tx, ticket); });
}

TicketId closed_ticket(World& world) {
  const auto ticket = open_test_ticket(world, world.ada());
  EXPECT_TRUE(assign(world, world.grace(), ticket));
  EXPECT_TRUE(close(world, world.grace(), ticket));
  return ticket;
}

}  // namespace

SENTENCE(ticket_rating, "a code names its closing, and nothing else makes it") {
  const Closing closing{TicketId(12), TicketEntryId(34)};
  const auto code = rating_code(key, closing);
  EXPECT_TRUE(code.starts_with("12.34."));
  EXPECT_EQ(code.size(), 6U + 32U);
  EXPECT_EQ(read_rating_code(key, code), closing);
  EXPECT_FALSE(read_rating_code(std::string(32, 'x'), code));
  const auto mac = code.substr(6);
  for (const auto& wrong : std::vector<std::string>{
           "13.34." + mac, "12.35." + mac, "1.234." + mac, "12.34." + mac.substr(1), "12.34.",
           std::string("12.34"), std::string(), mac, code + ".", code + "0", "012.34." + mac,
           "12.34." + std::string(32, '0'), "-12.34." + mac}) {
    EXPECT_FALSE(read_rating_code(key, wrong)) << wrong;
  }
}

DATABASE_SENTENCE(ticket_rating, "the client's closing mail asks, nobody else's does") {
  closed_ticket(world);
  int asked = 0;
  for (const auto& mail : world.mails()) {
    const bool of_client = mail.kind == "ticket closed" && mail.recipient == "ada@example.test";
    EXPECT_EQ(mail.body_text.find("/ratings/") != std::string::npos, of_client) << mail.kind;
    EXPECT_EQ(mail.body_html.find("/ratings/") != std::string::npos, of_client) << mail.kind;
    if (!of_client) continue;
    ++asked;
    EXPECT_NE(mail.body_html.find("?answer=good"), std::string::npos);
    EXPECT_NE(mail.body_html.find("?answer=bad"), std::string::npos);
  }
  EXPECT_EQ(asked, 1);
}

DATABASE_SENTENCE(ticket_rating, "switched off, no mail asks") {
  world.site().asks_ratings = false;
  closed_ticket(world);
  EXPECT_EQ(path_in_mail(world), "");
}

DATABASE_SENTENCE(ticket_rating,
                  "looking at the page changes nothing; the button stores the answer") {
  const auto ticket = closed_ticket(world);
  const auto path = path_in_mail(world);
  Visitor anybody(world, Viewer::nobody());
  for (int times = 0; times < 3; ++times) {
    const auto page = anybody.get(path + "?answer=good");
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(holds(page, "<option value=\"good\" selected>"));
    EXPECT_FALSE(holds(page, "No network")) << "the page says no more than the number";
  }
  EXPECT_FALSE(rating_of(world, ticket));
  EXPECT_TRUE(holds(anybody.get(path + "?answer=nonsense"), "<option value=\"\" selected>"));

  const auto empty = anybody.post(path, {{"comment", "Hm <b>"}});
  EXPECT_EQ(empty.status, 422);
  EXPECT_TRUE(holds(empty, "Hm &lt;b&gt;"));
  const auto sent = anybody.post(path, {{"answer", "good"}, {"comment", "Fast <b>!"}});
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(header_of(sent, "Location"), path);
  ASSERT_TRUE(rating_of(world, ticket));
  EXPECT_TRUE(rating_of(world, ticket)->good);
  EXPECT_TRUE(
      holds(Visitor(world, world.grace()).get("/tickets/" + ticket.text()), "Fast &lt;b&gt;!"));
}

DATABASE_SENTENCE(ticket_rating, "an answer can be changed for fourteen days and then stays") {
  const auto ticket = closed_ticket(world);
  const auto path = path_in_mail(world);
  Visitor anybody(world, Viewer::nobody());
  world.clock().advance(std::chrono::days(40));
  EXPECT_EQ(anybody.post(path, {{"answer", "good"}}).status, 303) << "late is not too late";
  world.clock().advance(std::chrono::days(14));
  EXPECT_EQ(anybody.post(path, {{"answer", "bad"}, {"comment", "Down again"}}).status, 303);
  EXPECT_FALSE(rating_of(world, ticket)->good);
  world.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(anybody.post(path, {{"answer", "good"}}).status, 422);
  EXPECT_FALSE(rating_of(world, ticket)->good);
  const auto page = anybody.get(path + "?answer=good");
  EXPECT_TRUE(holds(page, "Down again"));
  EXPECT_FALSE(holds(page, "name=\"answer\""));
}

DATABASE_SENTENCE(ticket_rating, "each closing is asked about once and rated for itself") {
  const auto ticket = closed_ticket(world);
  const auto first = path_in_mail(world);
  Visitor anybody(world, Viewer::nobody());
  EXPECT_EQ(anybody.post(first, {{"answer", "bad"}}).status, 303);
  EXPECT_TRUE(reopen(world, world.ada(), ticket));
  world.clear_mails();
  EXPECT_TRUE(close(world, world.grace(), ticket));
  const auto second = path_in_mail(world);
  EXPECT_NE(first, second);
  EXPECT_EQ(anybody.post(second, {{"answer", "good"}}).status, 303);
  EXPECT_TRUE(rating_of(world, ticket)->good);
  EXPECT_TRUE(holds(anybody.get(first), "tone-danger"));
}

DATABASE_SENTENCE(ticket_rating,
                  "a closing of a ticket that was merged is rated all the same, and its answer "
                  "stands where the ticket went") {
  const auto merged = closed_ticket(world);
  const auto path = path_in_mail(world);
  const auto into = open_test_ticket(world, world.ada(), "Other", "other");
  const auto merge = [&](TicketId from, TicketId to) {
    return world.act(world.grace(), [&](Act& act) { return merge_ticket(act, from, to); });
  };
  ASSERT_TRUE(merge(merged, into));
  Visitor anybody(world, Viewer::nobody());
  const auto page = anybody.get(path + "?answer=bad");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(holds(page, "#" + merged.text())) << "the number that the mail named";
  EXPECT_EQ(anybody.post(path, {{"answer", "bad"}, {"comment", "Twice asked"}}).status, 303);
  EXPECT_FALSE(rating_of(world, into)->good);
  const auto told = [&](TicketId ticket) {
    return holds(Visitor(world, world.grace()).get("/tickets/" + ticket.text()), "Twice asked");
  };
  EXPECT_TRUE(told(into));
  EXPECT_FALSE(holds(Visitor(world, world.ada()).get("/tickets/" + into.text()), "Twice asked"));

  const auto last = open_test_ticket(world, world.ada(), "Last", "last");
  ASSERT_TRUE(merge(into, last));
  EXPECT_TRUE(told(last)) << "however often it is merged";
  ASSERT_TRUE(close(world, world.grace(), last));
  EXPECT_EQ(anybody.post(path_in_mail(world), {{"answer", "good"}}).status, 303);
  EXPECT_TRUE(rating_of(world, last)->good) << "the newest closing's answer is shown";
}

DATABASE_SENTENCE(ticket_rating, "a wrong link is not there, whatever it names") {
  const auto ticket = closed_ticket(world);
  const auto path = path_in_mail(world);
  Visitor anybody(world, Viewer::nobody());
  auto forged = path;
  forged.back() = forged.back() == '0' ? '1' : '0';
  const auto absent = anybody.get("/ratings/999.999." + std::string(32, '0'));
  EXPECT_EQ(absent.status, 404);
  for (const auto& wrong : {forged, std::string("/ratings/x"), "/ratings/" + ticket.text()}) {
    const auto answer = anybody.get(wrong);
    EXPECT_EQ(answer.status, 404) << wrong;
    EXPECT_EQ(answer.body, absent.body);
    EXPECT_EQ(anybody.post(wrong, {{"answer", "good"}}).status, 404);
  }
  EXPECT_FALSE(rating_of(world, ticket));
}

DATABASE_SENTENCE(ticket_rating, "a deleted ticket takes its ratings along") {
  const auto ticket = closed_ticket(world);
  const auto path = path_in_mail(world);
  Visitor anybody(world, Viewer::nobody());
  EXPECT_EQ(anybody.post(path, {{"answer", "good"}}).status, 303);
  world.act(world.root(), [&](Act& act) { delete_ticket(act, ticket); });
  EXPECT_EQ(anybody.get(path).status, 404);
}

}  // namespace cstims::test
