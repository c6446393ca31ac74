#include "ticket/ticket_store.h"

#include <random>

#include "ticket/desk.h"

namespace cstims::test {
namespace {

Page<TicketRow> listed(World& world, const Viewer& viewer, const QueryFields& query = {}) {
  return world.database().read([&](Transaction& tx) {
    return list_tickets(tx, viewer, parse_listing(query, ticket_listing_rules()));
  });
}

std::vector<TicketId> ids_of(const Page<TicketRow>& page) {
  std::vector<TicketId> ids;
  for (const auto& row : page.rows) ids.push_back(row.id);
  return ids;
}

using Ids = std::vector<TicketId>;

}  // namespace

DATABASE_SENTENCE(ticket_list,
                  "the queue shows what needs an answer first, longest waiting first, "
                  "closed ones last") {
  const auto answered = open_test_ticket(world, world.ada());
  world.clock().advance(std::chrono::hours(1));
  const auto older = open_test_ticket(world, world.bob());
  const auto closed = open_test_ticket(world, world.bob());
  world.clock().advance(std::chrono::hours(1));
  const auto newer = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), answered, "Hello"));
  ASSERT_TRUE(close(world, world.grace(), closed));
  EXPECT_EQ(ids_of(listed(world, world.grace())), (Ids{older, newer, answered, closed}));
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"sort", "-id"}})),
            (Ids{newer, closed, older, answered}));
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"status", "open"}, {"sort", "id"}})),
            (Ids{answered, older, newer}));
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"waiting", "client"}})), Ids{answered});
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"status", "closed"}})), Ids{closed});
}

DATABASE_SENTENCE(ticket_list, "mine and nobody's are told apart") {
  const auto mine = open_test_ticket(world, world.ada());
  const auto roots = open_test_ticket(world, world.ada());
  const auto nobodys = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), mine));
  ASSERT_TRUE(assign(world, world.root(), roots));
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"assignee", "mine"}})), Ids{mine});
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"assignee", "unassigned"}})), Ids{nobodys});
  const auto counts = world.database().read(
      [&](Transaction& tx) { return count_open_tickets(tx, world.grace().require_user()); });
  EXPECT_EQ(counts.mine, 1);
  EXPECT_EQ(counts.unassigned, 1);
  EXPECT_EQ(counts.waiting_for_staff, 3);
}

DATABASE_SENTENCE(ticket_list, "a search finds number, subject in any case, and client") {
  const auto one = open_test_ticket(world, world.ada(), "Network DOWN 100%");
  const auto other = open_test_ticket(world, world.bob(), "Password");
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"search", "network down"}})), Ids{one});
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"search", "#" + other.text()}})), Ids{other});
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"search", "Bob"}})), Ids{other});
  EXPECT_EQ(ids_of(listed(world, world.grace(), {{"search", "100%"}})), Ids{one});
  EXPECT_TRUE(listed(world, world.grace(), {{"search", "%"}}).rows.empty());
  EXPECT_TRUE(listed(world, world.grace(), {{"search", "' or 1=1 --"}}).rows.empty());
}

DATABASE_SENTENCE(ticket_list, "whatever a client asks for, it gets its own tickets only") {
  const auto own = open_test_ticket(world, world.ada(), "mine");
  const auto foreign = open_test_ticket(world, world.bob(), "bobs");
  ASSERT_TRUE(assign(world, world.grace(), foreign));
  const std::vector<QueryFields> queries{
      {},
      {{"search", "bobs"}},
      {{"search", "bob"}},
      {{"search", "#" + foreign.text()}},
      {{"assignee", "mine"}},
      {{"assignee", "unassigned"}},
      {{"status", "open"}, {"sort", "activity"}},
      {{"format", "csv"}},
      {{"page", "2"}},
  };
  for (const auto& query : queries) {
    for (const auto& row : listed(world, world.ada(), query).rows) EXPECT_EQ(row.id, own);
    EXPECT_TRUE(listed(world, Viewer::nobody(), query).rows.empty());
  }
  EXPECT_EQ(listed(world, world.ada()).total, 1);
}

DATABASE_SENTENCE(ticket_list,
                  "random tickets: each list of a client holds only what it may open") {
  std::mt19937 random(17);
  for (int i = 0; i < 40; ++i) {
    const auto& client = random() % 2 == 0 ? world.ada() : world.bob();
    const auto id = open_test_ticket(world, client, "s" + std::to_string(i));
    if (random() % 3 == 0) static_cast<void>(assign(world, world.grace(), id));
    if (random() % 3 == 0) static_cast<void>(close(world, world.grace(), id));
  }
  for (const auto* sort : {"urgency", "-urgency", "activity", "-activity", "id", "-id"}) {
    const auto page = listed(world, world.ada(), {{"sort", sort}, {"format", "csv"}});
    EXPECT_EQ(page.total, static_cast<std::int64_t>(page.rows.size()));
    for (const auto& row : page.rows) {
      const bool found = world.database().read(
          [&](Transaction& tx) { return find_ticket(tx, world.ada(), row.id).has_value(); });
      EXPECT_TRUE(found);
    }
  }
}

DATABASE_SENTENCE(ticket_list, "pages follow each other without gap or repetition") {
  Ids opened;
  for (int i = 0; i < 60; ++i) opened.push_back(open_test_ticket(world, world.ada()));
  Ids seen;
  for (const auto* page : {"1", "2", "3", "4"}) {
    const auto rows = listed(world, world.grace(), {{"sort", "id"}, {"page", page}});
    EXPECT_EQ(rows.total, 60);
    for (const auto id : ids_of(rows)) seen.push_back(id);
  }
  EXPECT_EQ(seen, opened);
}

DATABASE_SENTENCE(ticket_store,
                  "attachments are found by their own ticket's viewers only, and a "
                  "note's by staff only") {
  const auto id = open_test_ticket(world, world.ada());
  const auto other = open_test_ticket(world, world.ada());
  const auto note = write_note(world, world.grace(), id, "see file");
  const NewAttachment file{"a.txt", "text/plain", 3, std::string(64, 'a'), {}};
  world.database().write([&](Transaction& tx) {
    insert_attachment(tx, id, std::nullopt, file);
    insert_attachment(tx, id, note, file);
  });
  const auto opening = world.database().read(
      [&](Transaction& tx) { return list_opening_attachments(tx, id).at(0).id; });
  const auto of_note = entries_of(world, world.grace(), id).at(0).attachments.at(0).id;
  const auto found = [&](const Viewer& viewer, TicketId ticket, AttachmentId attachment) {
    return world.database().read([&](Transaction& tx) {
      return find_attachment(tx, viewer, ticket, attachment).has_value();
    });
  };
  EXPECT_TRUE(found(world.ada(), id, opening));
  EXPECT_TRUE(found(world.grace(), id, opening));
  EXPECT_TRUE(found(world.grace(), id, of_note));
  EXPECT_FALSE(found(world.ada(), id, of_note));
  EXPECT_FALSE(found(world.bob(), id, opening));
  EXPECT_FALSE(found(Viewer::nobody(), id, opening));
  EXPECT_FALSE(found(world.ada(), other, opening));
  EXPECT_FALSE(found(world.grace(), other, opening));
}

DATABASE_SENTENCE(ticket_store, "the helpdesk sees a client's other open tickets beside this one") {
  const auto id = open_test_ticket(world, world.ada());
  const auto open = open_test_ticket(world, world.ada());
  const auto closed = open_test_ticket(world, world.ada());
  open_test_ticket(world, world.bob());
  ASSERT_TRUE(close(world, world.grace(), closed));
  const auto others = world.database().read([&](Transaction& tx) {
    return list_other_open_tickets(tx, require_ticket(tx, world.grace(), id), 5);
  });
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others.front().id, open);
}

}  // namespace cstims::test
