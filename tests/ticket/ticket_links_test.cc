#include "ticket/ticket_links.h"

#include <algorithm>

#include "base/text.h"
#include "ticket/desk.h"
#include "ticket/ticket_presence.h"
#include "ticket/ticket_search.h"

namespace cstims::test {
namespace {

using Texts = std::vector<std::string>;

Result<TicketId> merge(World& world, const Viewer& by, TicketId from, TicketId into) {
  return world.act(by, [&](Act& act) { return merge_ticket(act, from, into); });
}

Texts texts_of(World& world, const Viewer& viewer, TicketId ticket) {
  Texts texts;
  for (const auto& entry : entries_of(world, viewer, ticket)) {
    texts.push_back(entry.kind == EntryKind::event
                        ? describe(EventText::stored(entry.body), entry.author_name).english()
                        : entry.body);
  }
  return texts;
}

bool refused_with(const auto& result, std::string_view words) {
  return !result && result.error().english().find(words) != std::string::npos;
}

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

void minute(World& world) {
  world.clock().advance(std::chrono::minutes(1));
}

constexpr Statement insert_invoice{"invoice of tests", R"(
  insert into invoices (client_id, kind, status, series, year, sequence, number, currency,
    issue_date, due_date, net, total, paid, created_at)
  values (:client, 'ordinary', 'issued', 'F', 2026, :sequence, :number, 'EUR',
    '2026-01-01', '2026-01-15', 1234, 1234, 34, :now)
  )"};

void insert_unpaid(Transaction& tx, const Viewer& client, int sequence) {
  tx.execute(insert_invoice, {{"client", client.user},
                              {"sequence", sequence},
                              {"number", "F2026-" + std::to_string(sequence)},
                              {"now", tx.now()}});
}

}  // namespace

DATABASE_SENTENCE(ticket_links,
                  "what was merged stands in the other's thread in the order it was written, and "
                  "the old number leads there") {
  const auto first = open_test_ticket(world, world.ada(), "First", "one");
  minute(world);
  const auto second = open_test_ticket(world, world.ada(), "Second", "two");
  minute(world);
  ASSERT_TRUE(write(world, world.ada(), first, "three"));
  minute(world);
  ASSERT_TRUE(write(world, world.ada(), second, "four"));
  write_note(world, world.grace(), second, "secret");
  minute(world);
  ASSERT_EQ(merge(world, world.grace(), second, first).value(), first);
  EXPECT_EQ(texts_of(world, world.ada(), first),
            (Texts{"three", "four", "#" + second.text() + " was merged into this ticket."}));
  EXPECT_EQ(texts_of(world, world.grace(), first).at(2), "secret");
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(follow_merged(tx, second), first);
    EXPECT_EQ(follow_merged(tx, first), first);
    EXPECT_EQ(follow_merged(tx, TicketId(987)), TicketId(987));
    EXPECT_EQ(read_ticket_thread(tx, world.grace(), first).merged.at(0).body, "two");
  });
  Visitor ada(world, world.ada());
  EXPECT_EQ(header_of(ada.get("/tickets/" + second.text()), "Location"),
            "/tickets/" + first.text());
  const auto page = ada.get("/tickets/" + first.text());
  const auto at = [&](std::string_view text) { return page.body.find(text); };
  EXPECT_LT(at(">one<"), at(">two<"));
  EXPECT_LT(at(">two<"), at(">three<"));
  EXPECT_LT(at(">three<"), at(">four<"));
  EXPECT_EQ(at("secret"), std::string::npos);
  Visitor bob(world, world.bob());
  EXPECT_EQ(bob.get("/tickets/" + second.text()).status, 404);
}

DATABASE_SENTENCE(ticket_links,
                  "a ticket that gets another client takes along what was merged into it") {
  const auto from = open_test_ticket(world, world.ada(), "Walrus", "tusks");
  const auto into = open_test_ticket(world, world.ada(), "Seal", "flippers");
  ASSERT_TRUE(merge(world, world.grace(), from, into));
  ASSERT_TRUE(world.act(world.root(), [&](Act& act) {
    return edit_ticket(act, into,
                       {.client = *world.bob().user,
                        .order = {},
                        .subject = "Seal",
                        .body = "flippers",
                        .status = TicketStatus::open,
                        .assignee = {}});
  }));
  Visitor bob(world, world.bob());
  EXPECT_TRUE(holds(bob.get("/tickets/" + into.text()), "tusks"));
  world.database().read([&](Transaction& tx) {
    EXPECT_TRUE(find_tickets(tx, world.ada(), "tusks").hits.empty());
    EXPECT_EQ(find_tickets(tx, world.bob(), "tusks").hits.size(), 1U);
  });
  EXPECT_EQ(Visitor(world, world.ada()).get("/tickets/" + from.text()).status, 404);
}

DATABASE_SENTENCE(ticket_links, "whatever is done to a merged ticket is done to the other") {
  const auto first = open_test_ticket(world, world.ada());
  const auto second = open_test_ticket(world, world.ada());
  const auto third = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), third, "Which one?"));
  ASSERT_TRUE(merge(world, world.grace(), first, second));
  ASSERT_TRUE(merge(world, world.grace(), second, third));
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(follow_merged(tx, first), third) << "a chain is followed to its end";
  });
  EXPECT_EQ(ticket_of(world, third).waiting_for, WaitingFor::staff)
      << "what waited for us still does";
  ASSERT_TRUE(write(world, world.grace(), first, "answered by the old number"));
  EXPECT_EQ(ticket_of(world, third).waiting_for, WaitingFor::client);
  ASSERT_TRUE(write(world, world.ada(), second, "so did the client"));
  EXPECT_EQ(ticket_of(world, third).waiting_for, WaitingFor::staff);
  ASSERT_TRUE(close(world, world.grace(), first));
  EXPECT_FALSE(ticket_of(world, third).is_open());
  ASSERT_TRUE(write(world, world.ada(), first, "once more"));
  EXPECT_TRUE(ticket_of(world, third).is_open()) << "the client's answer opens the living one";
  EXPECT_FALSE(ticket_of(world, first).is_open());
  const auto texts = texts_of(world, world.ada(), third);
  EXPECT_NE(std::ranges::find(texts, "once more"), texts.end());
}

DATABASE_SENTENCE(ticket_links, "a merger is refused where it would be an accident") {
  const auto first = open_test_ticket(world, world.ada());
  const auto second = open_test_ticket(world, world.ada());
  const auto bobs = open_test_ticket(world, world.bob());
  const auto closed = open_test_ticket(world, world.ada());
  ASSERT_TRUE(close(world, world.grace(), closed));
  const auto grace = world.grace();
  EXPECT_TRUE(refused_with(merge(world, grace, first, first), "into itself"));
  EXPECT_TRUE(refused_with(merge(world, grace, first, bobs), "of the same client"));
  EXPECT_TRUE(refused_with(merge(world, grace, first, closed), "is closed"));
  EXPECT_TRUE(refused_with(merge(world, grace, first, TicketId(987)), "no ticket"));
  ASSERT_TRUE(merge(world, grace, closed, second)) << "a closed one may be merged into another";
  EXPECT_TRUE(refused_with(merge(world, grace, closed, first), "merged into"));
  EXPECT_TRUE(refused_with(merge(world, grace, second, closed), "into itself")) << "a cycle";
  EXPECT_THROW(static_cast<void>(merge(world, world.ada(), first, second)), Forbidden);
  EXPECT_THROW(static_cast<void>(merge(world, world.luca(), first, second)), Forbidden);
  EXPECT_THROW(static_cast<void>(merge(world, world.bob(), first, second)), NotFound);
  EXPECT_TRUE(ticket_of(world, first).is_open());
}

DATABASE_SENTENCE(ticket_links, "merging asks first, and shows both") {
  const auto from = open_test_ticket(world, world.ada(), "Twice", "the same again");
  const auto into = open_test_ticket(world, world.ada(), "Once", "the first time");
  const auto path = "/tickets/" + from.text() + "/merge";
  Visitor grace(world, world.grace());
  EXPECT_TRUE(holds(grace.get(path), "Once")) << "others of the client are offered";
  const auto asked = grace.get(path + "?into=" + into.text());
  EXPECT_EQ(asked.status, 200);
  EXPECT_TRUE(holds(asked, "the first time"));
  EXPECT_TRUE(holds(asked, "cannot be undone"));
  EXPECT_TRUE(ticket_of(world, from).is_open()) << "asking does nothing";
  EXPECT_EQ(grace.get(path + "?into=" + from.text()).status, 422);
  EXPECT_EQ(grace.get(path + "?into=x").status, 422);
  EXPECT_EQ(grace.post(path, {}).status, 422);
  EXPECT_EQ(grace.post(path, {{"into", into.text()}}).status, 303);
  EXPECT_FALSE(ticket_of(world, from).is_open());
  EXPECT_TRUE(holds(grace.get("/tickets/" + into.text()), "the same again"));
  Visitor root(world, world.root());
  EXPECT_EQ(root.get("/managetickets/" + from.text()).status, 404)
      << "a merged one is no ticket of its own any more";
  EXPECT_EQ(root.post("/managetickets/" + into.text() + "/deletion", {}).status, 303);
  EXPECT_EQ(grace.get("/tickets/" + from.text()).status, 404);
}

DATABASE_SENTENCE(ticket_links, "a search finds what was merged by the ticket that is left") {
  const auto from = open_test_ticket(world, world.ada(), "Walrus", "tusks");
  const auto into = open_test_ticket(world, world.ada(), "Seal", "flippers");
  ASSERT_TRUE(merge(world, world.grace(), from, into));
  for (const auto& viewer : {world.ada(), world.grace()}) {
    world.database().read([&](Transaction& tx) {
      const auto hits = find_tickets(tx, viewer, "tusks").hits;
      ASSERT_EQ(hits.size(), 1U);
      EXPECT_EQ(hits.front().ticket, into);
      const auto by_number = find_tickets(tx, viewer, "#" + from.text()).hits;
      ASSERT_EQ(by_number.size(), 1U);
      EXPECT_EQ(by_number.front().ticket, into);
    });
  }
  Visitor grace(world, world.grace());
  EXPECT_TRUE(holds(grace.get("/helpdesk?search=tusks"), "<mark>tusks</mark>"));
}

DATABASE_SENTENCE(ticket_links,
                  "related tickets are shown on both, to staff only, until they are parted") {
  const auto one = open_test_ticket(world, world.ada(), "Slow disk");
  const auto other = open_test_ticket(world, world.bob(), "Disk failed");
  Visitor grace(world, world.grace());
  const auto path = "/tickets/" + one.text();
  EXPECT_EQ(grace.post(path + "/links", {{"other", "#" + other.text()}}).status, 303);
  EXPECT_EQ(grace.post(path + "/links", {{"other", other.text()}}).status, 303) << "twice is once";
  EXPECT_EQ(grace.post(path + "/links", {{"other", one.text()}}).status, 422);
  EXPECT_EQ(grace.post(path + "/links", {{"other", "987"}}).status, 422);
  EXPECT_EQ(grace.post(path + "/links", {{"other", "x"}}).status, 422);
  EXPECT_TRUE(holds(grace.get(path), "Disk failed"));
  EXPECT_TRUE(holds(grace.get("/tickets/" + other.text()), "Slow disk"));
  EXPECT_EQ(texts_of(world, world.grace(), other),
            Texts{"grace related it to #" + one.text() + "."});
  Visitor ada(world, world.ada());
  EXPECT_FALSE(holds(ada.get(path), "Disk failed"));
  EXPECT_TRUE(texts_of(world, world.ada(), one).empty());
  EXPECT_EQ(grace.post(path + "/links/deletion", {{"other", other.text()}}).status, 303);
  EXPECT_EQ(grace.post(path + "/links/deletion", {{"other", other.text()}}).status, 422);
  EXPECT_FALSE(holds(grace.get("/tickets/" + other.text()), ">Slow disk<"));
}

DATABASE_SENTENCE(ticket_links, "links of a merged ticket go on to the other") {
  const auto one = open_test_ticket(world, world.ada());
  const auto two = open_test_ticket(world, world.ada());
  const auto three = open_test_ticket(world, world.bob());
  const auto link = [&](TicketId from, TicketId to) {
    ASSERT_TRUE(world.act(world.grace(), [&](Act& act) { return link_tickets(act, from, to); }));
  };
  link(one, two);
  link(one, three);
  ASSERT_TRUE(merge(world, world.grace(), one, two));
  world.database().read([&](Transaction& tx) {
    const auto linked = list_linked_tickets(tx, two);
    ASSERT_EQ(linked.size(), 1U);
    EXPECT_EQ(linked.front().ticket, three);
    EXPECT_TRUE(list_linked_tickets(tx, one).empty());
  });
}

DATABASE_SENTENCE(ticket_links,
                  "the helpdesk changes the order a ticket is about, to one of its client only") {
  const auto order = insert_test_order(world, world.ada(), "web1");
  const auto bobs = insert_test_order(world, world.bob(), "bobs");
  const auto id = open_test_ticket(world, world.ada());
  const auto path = "/tickets/" + id.text() + "/order";
  Visitor grace(world, world.grace());
  EXPECT_EQ(grace.post(path, {{"order", order.text()}}).status, 303);
  EXPECT_EQ(ticket_of(world, id).order, order);
  EXPECT_EQ(grace.post(path, {{"order", bobs.text()}}).status, 422);
  EXPECT_EQ(ticket_of(world, id).order, order);
  EXPECT_TRUE(holds(grace.get("/tickets/" + id.text()), "Small VPS"))
      << "the service stands beside";
  EXPECT_EQ(grace.post(path, {{"order", "0"}}).status, 303);
  EXPECT_FALSE(ticket_of(world, id).order);
  EXPECT_EQ(texts_of(world, world.grace(), id),
            (Texts{"grace changed the order to web1.", "grace took the order off."}));
  EXPECT_EQ(Visitor(world, world.ada()).post(path, {{"order", "0"}}).status, 403);
}

DATABASE_SENTENCE(ticket_links, "staff sees beside the thread what the client owes") {
  const auto id = open_test_ticket(world, world.ada());
  const auto side = [&] {
    return world.database().read([&](Transaction& tx) {
      return find_ticket_side(tx, require_ticket(tx, world.grace(), id));
    });
  };
  EXPECT_TRUE(side().owed.empty());
  world.database().write([&](Transaction& tx) {
    insert_unpaid(tx, world.ada(), 1);
    insert_unpaid(tx, world.ada(), 2);
    insert_unpaid(tx, world.bob(), 3);
  });
  ASSERT_EQ(side().owed.size(), 1U);
  EXPECT_EQ(side().owed.front().invoices, 2);
  EXPECT_EQ(side().owed.front().sum.show(), "24.00 €");
  EXPECT_TRUE(holds(Visitor(world, world.grace()).get("/tickets/" + id.text()), "24.00 €"));
  EXPECT_FALSE(holds(Visitor(world, world.ada()).get("/tickets/" + id.text()), "24.00 €"));
}

DATABASE_SENTENCE(ticket_presence, "who is at a ticket is seen by colleagues for 45 seconds") {
  const auto id = open_test_ticket(world, world.ada());
  const auto path = "/tickets/" + id.text() + "/presence";
  Visitor grace(world, world.grace());
  Visitor root(world, world.root());
  EXPECT_EQ(grace.post(path, {}).body, "") << "nobody else is there";
  EXPECT_EQ(root.post(path, {{"writing", "1"}}).body, "grace is looking at it.\n");
  EXPECT_EQ(grace.post(path, {{"writing", "0"}}).body, "root is replying.\n");
  EXPECT_TRUE(holds(grace.get("/tickets/" + id.text()), "root is replying."));
  EXPECT_FALSE(holds(Visitor(world, world.ada()).get("/tickets/" + id.text()), "root is"));
  EXPECT_FALSE(holds(Visitor(world, world.luca()).get("/tickets/" + id.text()), "root is"));
  world.clock().advance(std::chrono::seconds(44));
  EXPECT_TRUE(holds(grace.get("/tickets/" + id.text()), "root is replying."));
  world.clock().advance(std::chrono::seconds(1));
  EXPECT_FALSE(holds(grace.get("/tickets/" + id.text()), "root is"));
  EXPECT_EQ(grace.post(path, {}).body, "");
  EXPECT_EQ(Visitor(world, world.ada()).post(path, {}).status, 403);
  EXPECT_EQ(Visitor(world, world.luca()).post(path, {}).status, 403);
  EXPECT_EQ(grace.post("/tickets/987/presence", {}).status, 404);
  EXPECT_EQ(grace.post_from_elsewhere(path).status, 403);
}

SENTENCE(ticket_links, "threads, links, debts and presence are found through indexes") {
  World world(Engine::sqlite);
  const auto plan_of = [&](const std::string& text) {
    std::string plan;
    world.database().read([&](Transaction& tx) {
      for (const auto& row : tx.select_built("plan", "explain query plan " + text, {})) {
        plan += row.text("detail") + "; ";
      }
    });
    return plan;
  };
  const auto expect_plan = [&](const std::string& text, const std::vector<std::string>& parts) {
    const auto plan = plan_of(text);
    for (const auto& part : parts) EXPECT_NE(plan.find(part), std::string::npos) << plan;
    EXPECT_EQ(plan.find("SCAN tickets"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("SCAN entries"), std::string::npos) << plan;
  };
  expect_plan(R"(
    select entries.id from ticket_entries entries
    where entries.ticket_id in (
      select cast(7 as bigint) union all select id from tickets where merged_into = 7)
    order by entries.id)",
              {"USING COVERING INDEX ticket_entries_ticket (ticket_id=?)",
               "USING COVERING INDEX tickets_merged (merged_into=?)"});
  expect_plan("select 1 from ticket_links where other_id = 7",
              {"USING COVERING INDEX ticket_links_of_other (other_id=?)"});
  expect_plan("select 1 from ticket_presence where ticket_id = 7",
              {"USING COVERING INDEX sqlite_autoindex_ticket_presence_1 (ticket_id=?)"});
  expect_plan(R"(
    select currency, count(*), sum(total - credited - paid) from invoices
    where client_id = 7 and status = 'issued' and kind = 'ordinary' and total > paid + credited
    group by currency)",
              {"SEARCH invoices USING INDEX invoices_unpaid_of_client (client_id=?)"});
}

DATABASE_SENTENCE(ticket_presence,
                  "a reply that crosses another comes back with what was written meanwhile and "
                  "with what was typed, and goes out the second time") {
  const auto id = open_test_ticket(world, world.ada());
  const auto path = "/tickets/" + id.text();
  Visitor grace(world, world.grace());
  ASSERT_TRUE(write(world, world.root(), id, "I have restarted it."));
  const auto refused =
      grace.post(path + "/replies", {{"body", "Please restart it."}, {"seen", "0"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "Written meanwhile"));
  EXPECT_TRUE(holds(refused, "Please restart it."));
  const auto entry = entries_of(world, world.grace(), id);
  const auto seen = "name=\"seen\" value=\"" + entry.back().id.text() + "\"";
  EXPECT_TRUE(holds(refused, seen)) << refused.body;
  EXPECT_EQ(grace
                .post(path + "/replies",
                      {{"body", "Please restart it."}, {"seen", entry.back().id.text()}})
                .status,
            303);
  EXPECT_FALSE(holds(grace.get(path), "Written meanwhile"));
}

}  // namespace cstims::test
