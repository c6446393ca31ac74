#include "ticket/ticket_queue.h"

#include <fmt/format.h>

#include "ticket/desk.h"
#include "ticket/ticket_targets.h"

namespace cstims::test {
namespace {

Page<TicketRow> queue(World& world, const Viewer& viewer, const QueryFields& query = {}) {
  return world.database().read([&](Transaction& tx) {
    return list_tickets(tx, viewer, parse_listing(query, ticket_listing_rules()));
  });
}

std::vector<TicketId> ids_of(const Page<TicketRow>& page) {
  std::vector<TicketId> ids;
  for (const auto& row : page.rows) ids.push_back(row.id);
  return ids;
}

void prioritize(World& world, TicketId ticket, TicketPriority priority) {
  ASSERT_TRUE(
      world.act(world.grace(), [&](Act& act) { return prioritize_ticket(act, ticket, priority); }));
}

std::vector<std::string> saved(World& world, const Viewer& viewer) {
  std::vector<std::string> found;
  world.database().read([&](Transaction& tx) {
    for (const auto& filter : list_saved_filters(tx, viewer.require_user())) {
      found.push_back(filter.name + ": " + filter.query);
    }
  });
  return found;
}

void open_many(World& world, int count) {
  world.database().write([&](Transaction& tx) {
    const auto client = world.ada().require_user();
    for (int i = 0; i < count; ++i) insert_ticket(tx, {client, {}, "Disk full", "Again."});
  });
}

/// "waiting unassigned mine overdue" of grace.
std::string counted(World& world) {
  const auto counts = world.database().read(
      [&](Transaction& tx) { return count_open_tickets(tx, world.grace().require_user()); });
  return fmt::format("{} {} {} {}", counts.waiting_for_staff, counts.unassigned, counts.mine,
                     counts.overdue);
}

constexpr Statement close_first{"close some", R"(
  update tickets
  set status = 'closed', closed_at = :now, closed_by = 3
  where id <= :last)"};
constexpr Statement assign_first{"assign some", R"(
  update tickets
  set assignee_id = :assignee
  where id in (
    select id from tickets where assignee_id is null and status = 'open' order by id limit :count))"};
constexpr Statement delay_first{"some are overdue", R"(
  update tickets
  set due_at = '2001-01-01T00:00:00Z'
  where id in (select id from tickets where status = 'open' order by id limit :count))"};
constexpr Statement ask_one{"a client is asked", R"(
  update tickets
  set waiting_for = 'client'
  where id in (select max(id) from tickets))"};

void change(World& world, const Statement& statement, const Parameters& parameters = {}) {
  world.database().write([&](Transaction& tx) { tx.execute(statement, parameters); });
}

using Ids = std::vector<TicketId>;
using Texts = std::vector<std::string>;

}  // namespace

DATABASE_SENTENCE(ticket_queue,
                  "the queue shows what is overdue first, then what is due first, then the rest") {
  world.site().targets = read_targets("urgent=1/8, high=4/24", "00:00-24:00", "mon-sun").value();
  const auto plain = open_test_ticket(world, world.ada());
  const auto high = open_test_ticket(world, world.ada());
  const auto asked = open_test_ticket(world, world.ada());
  const auto urgent = open_test_ticket(world, world.bob());
  prioritize(world, high, TicketPriority::high);
  prioritize(world, urgent, TicketPriority::urgent);
  prioritize(world, asked, TicketPriority::urgent);
  ASSERT_TRUE(write(world, world.grace(), asked, "Which one?"));
  world.clock().advance(std::chrono::hours(2));
  EXPECT_EQ(ids_of(queue(world, world.grace())), (Ids{urgent, high, plain, asked}));
  EXPECT_EQ(ids_of(queue(world, world.grace(), {{"sort", "-urgency"}})),
            (Ids{asked, plain, high, urgent}));
  EXPECT_EQ(ids_of(queue(world, world.grace(), {{"due", "overdue"}})), Ids{urgent});
  EXPECT_EQ(ids_of(queue(world, world.grace(), {{"sort", "-priority"}})),
            (Ids{urgent, asked, high, plain}));
  EXPECT_EQ(ids_of(queue(world, world.grace(), {{"priority", "high"}})), Ids{high});
  world.clock().advance(std::chrono::hours(3));
  EXPECT_EQ(ids_of(queue(world, world.grace(), {{"due", "overdue"}})), (Ids{urgent, high}));
  const auto counts = world.database().read(
      [&](Transaction& tx) { return count_open_tickets(tx, world.grace().require_user()); });
  EXPECT_EQ(counts.overdue, 2);
  EXPECT_EQ(counts.waiting_for_staff, 3);
}

DATABASE_SENTENCE(ticket_queue,
                  "each tab counts exactly, but no further than to a hundred and one") {
  open_many(world, 103);
  change(world, close_first, {{"last", 3}, {"now", world.clock().now()}});
  EXPECT_EQ(counted(world), "100 100 0 0");
  open_many(world, 1);
  EXPECT_EQ(counted(world), "101 101 0 0");
  change(world, assign_first, {{"assignee", 3}, {"count", 40}});
  change(world, assign_first, {{"assignee", 5}, {"count", 60}});
  EXPECT_EQ(counted(world), "101 1 40 0") << "those of a colleague follow in the index";
  change(world, delay_first, {{"count", 100}});
  EXPECT_EQ(counted(world), "101 1 40 100");
  change(world, ask_one);
  open_many(world, 60);
  change(world, assign_first, {{"assignee", 3}, {"count", 61}});
  change(world, delay_first, {{"count", 150}});
  EXPECT_EQ(counted(world), "101 0 101 101");
  change(world, close_first, {{"last", 64}, {"now", world.clock().now()}});
  EXPECT_EQ(counted(world), "99 0 61 89");
}

SENTENCE(ticket_queue, "each tab is recognised by its filters, whatever the order of the list") {
  const auto current = [](const QueryFields& query) {
    std::string found;
    for (const auto& tab : queue_tabs(parse_listing(query, ticket_listing_rules()), {})) {
      if (tab.current) found += tab.label.english();
    }
    return found;
  };
  EXPECT_EQ(current({}), "All");
  EXPECT_EQ(current({{"sort", "id"}}), "All");
  EXPECT_EQ(current({{"assignee", "mine"}, {"status", "open"}}), "Mine");
  EXPECT_EQ(current({{"due", "overdue"}, {"page", "2"}}), "Overdue");
  EXPECT_EQ(current({{"due", "overdue"}, {"search", "x"}}), "");
  EXPECT_EQ(current({{"priority", "low"}}), "");
  TicketCounts many;
  many.mine = most_counted_of_queue + 1;
  const auto tabs = queue_tabs(parse_listing({}, ticket_listing_rules()), many);
  EXPECT_EQ(tabs.front().counted, "100+");
  EXPECT_EQ(tabs.front().query, "assignee=mine&status=open");
  EXPECT_EQ(tabs.back().query, "");
}

DATABASE_SENTENCE(
    ticket_queue,
    "a search is saved, used, replaced under its name and deleted by whom it belongs to") {
  Visitor grace(world, world.grace());
  Visitor root(world, world.root());
  const auto kept = grace.post(
      "/helpdesk/filters",
      {{"name", "Disks"}, {"search", "disk & \"co\""}, {"status", "open"}, {"sort", "-activity"}});
  ASSERT_EQ(kept.status, 303);
  EXPECT_EQ(header_of(kept, "Location"),
            "/helpdesk?search=disk%20%26%20%22co%22&status=open&sort=-activity");
  EXPECT_NE(grace.get("/helpdesk").body.find("Disks"), std::string::npos);
  EXPECT_EQ(root.get("/helpdesk").body.find("Disks"), std::string::npos);
  ASSERT_EQ(grace.post("/helpdesk/filters", {{"name", "Disks"}, {"due", "overdue"}}).status, 303);
  EXPECT_EQ(saved(world, world.grace()), Texts{"Disks: due=overdue"});
  const auto id = world.database().read([&](Transaction& tx) {
    return list_saved_filters(tx, world.grace().require_user()).front().id.text();
  });
  EXPECT_EQ(root.post("/helpdesk/filters/deletion", {{"filter", id}}).status, 422);
  EXPECT_EQ(saved(world, world.grace()).size(), 1U);
  EXPECT_EQ(grace.post("/helpdesk/filters/deletion", {{"filter", id}}).status, 303);
  EXPECT_TRUE(saved(world, world.grace()).empty());
}

DATABASE_SENTENCE(ticket_queue,
                  "what the queue does not understand is not saved, and names are short and few") {
  Visitor grace(world, world.grace());
  EXPECT_EQ(grace.post("/helpdesk/filters", {{"name", ""}, {"search", "x"}}).status, 422);
  EXPECT_EQ(grace.post("/helpdesk/filters", {{"name", std::string(61, 'x')}}).status, 422);
  EXPECT_EQ(grace.post("/helpdesk/filters", {{"name", "x"}, {"nonsense", "1"}}).status, 400);
  ASSERT_EQ(grace
                .post("/helpdesk/filters",
                      {{"name", "odd"}, {"status", "odd"}, {"sort", "1; drop table"}})
                .status,
            303);
  EXPECT_EQ(saved(world, world.grace()), Texts{"odd: "});
  for (int i = 1; i < most_saved_filters; ++i) {
    ASSERT_EQ(
        grace.post("/helpdesk/filters", {{"name", std::to_string(i)}, {"search", "x"}}).status,
        303);
  }
  const auto refused = grace.post("/helpdesk/filters", {{"name", "more"}, {"search", "kept text"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("kept text"), std::string::npos);
  Visitor ada(world, world.ada());
  EXPECT_EQ(ada.post("/helpdesk/filters", {{"name", "x"}}).status, 403);
}

DATABASE_SENTENCE(ticket_queue,
                  "the ticket's page sets the priority and shows what is due to staff only") {
  world.site().targets = read_targets("urgent=1/8", "00:00-24:00", "mon-sun").value();
  const auto id = open_test_ticket(world, world.ada());
  const auto path = "/tickets/" + id.text();
  Visitor grace(world, world.grace());
  EXPECT_EQ(grace.post(path + "/priority", {{"priority", "urgent"}}).status, 303);
  EXPECT_EQ(grace.post(path + "/priority", {{"priority", "odd"}}).status, 422);
  EXPECT_NE(grace.get(path).body.find("due in 1 h"), std::string::npos);
  world.clock().advance(std::chrono::minutes(90));
  EXPECT_NE(grace.get(path).body.find("overdue by 30 min"), std::string::npos);
  EXPECT_NE(grace.get("/helpdesk").body.find("overdue by 30 min"), std::string::npos);
  Visitor ada(world, world.ada());
  for (const auto* word : {"overdue", "urgent", "Priority"}) {
    EXPECT_EQ(ada.get(path).body.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(ada.post(path + "/priority", {{"priority", "low"}}).status, 403);
}

SENTENCE(ticket_queue, "every tab of the queue, its count and its order run through an index") {
  World world(Engine::sqlite);
  struct Planned {
    std::string condition;
    std::string order;
    std::string plan;
  };
  const std::string urgency = "status desc, due_at, waiting_for desc, last_entry_at, id";
  const std::vector<Planned> all{
      {"1 = 1", urgency, "USING COVERING INDEX tickets_queue"},
      {"status = 'open'", urgency, "USING COVERING INDEX tickets_queue (status=?)"},
      {"status = 'open' and due_at < 'x'", urgency,
       "USING COVERING INDEX tickets_queue (status=? AND due_at<?)"},
      {"status = 'open' and waiting_for = 'staff'", urgency,
       "USING COVERING INDEX tickets_waiting (waiting_for=? AND status=?)"},
      {"status = 'open' and assignee_id is null", urgency,
       "USING COVERING INDEX tickets_queue_of_assignee (assignee_id=? AND status=?)"},
      {"status = 'open' and assignee_id = 3", urgency,
       "USING COVERING INDEX tickets_queue_of_assignee (assignee_id=? AND status=?)"},
      {"priority = 4", urgency, "USING COVERING INDEX tickets_queue_by_priority (priority=?)"},
      {"1 = 1", "priority desc, status desc, due_at, waiting_for desc, last_entry_at, id",
       "USING COVERING INDEX tickets_queue_by_priority"},
      {"1 = 1", "last_entry_at desc, id desc", "USING COVERING INDEX tickets_last_entry"}};
  world.database().read([&](Transaction& tx) {
    for (const auto& one : all) {
      std::string plan;
      for (const auto& row :
           tx.select_built("plan",
                           "explain query plan select id from tickets where " + one.condition +
                               " order by " + one.order + " limit 25 offset 0",
                           {})) {
        plan += row.text("detail") + "; ";
      }
      EXPECT_NE(plan.find(one.plan), std::string::npos) << one.condition << ": " << plan;
      EXPECT_EQ(plan.find("B-TREE"), std::string::npos) << one.condition << ": " << plan;
    }
  });
}

}  // namespace cstims::test
