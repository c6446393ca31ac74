#include "order/order_pages.h"

#include "base/failure.h"
#include "order/manage_pages.h"
#include "order/shop.h"

using namespace cstims;
using namespace cstims::test;

namespace {

bool has(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

void insert_orders(World& world, ServiceId service, int count) {
  constexpr Statement insert{"many orders", R"(
    insert into orders (service_id, name, client_id, status, ordered_at, billing, activated_on, next_due_on)
    values (:service, :name, :client, :status, '2026-03-01T00:00:00Z', '5 €/mo', '2026-03-01', '2026-04-01'))"};
  world.database().write([&](Transaction& tx) {
    for (int i = 1; i <= count; ++i) {
      tx.execute(insert, {{"service", service},
                          {"name", "order" + std::to_string(i)},
                          {"client", i % 2 == 0 ? 1 : 2},
                          {"status", i % 5 == 0 ? "suspended" : "active"}});
    }
  });
}

Page<Order> listed(World& world, const Viewer& viewer, const QueryFields& query) {
  const auto listing = parse_listing(query, order_listing_rules());
  return world.database().read([&](Transaction& tx) { return list_orders(tx, viewer, listing); });
}

}  // namespace

DATABASE_SENTENCE(order_pages, "a client chooses a service, then its options, and sees the price") {
  const auto vps = add_service_of(world, "VPS", "(1*cpu + 0.5*ram) €/mo or 10*cpu €/y",
                                  "cpu: vCPU = 1, 2\nram: RAM (GB) = 1, 4");
  add_service_of(world, "Old", "5 €/mo", "", false);
  const auto choose = visit(world, world.ada(), {show_order_form});
  EXPECT_TRUE(has(choose, "/order?service=" + vps.text()));
  EXPECT_FALSE(has(choose, "Old"));
  const auto form = visit(world, world.ada(), {show_order_form, {}, {{"service", vps.text()}}});
  for (const std::string text :
       {"option.cpu", "option.ram", "name=\"period\"", "1.50 €/mo", "plus 21 % tax",
        "data-price=\"/order/price\"", "name=\"preview\""}) {
    EXPECT_TRUE(has(form, text)) << text;
  }
  const auto chosen = visit(
      world, world.ada(),
      {show_order_form, {}, {{"service", vps.text()}, {"option.cpu", "2"}, {"option.ram", "4"}}});
  EXPECT_TRUE(has(chosen, "4.00 €/mo"));
  EXPECT_THROW(visit(world, world.ada(), {show_order_form, {}, {{"service", "2"}}}), NotFound);
  EXPECT_THROW(visit(world, world.ada(), {show_order_form, {}, {{"service", "x"}}}), NotFound);
}

DATABASE_SENTENCE(order_pages, "without a script a button shows the price, and orders nothing") {
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo", "cpu: vCPU = 1, 2");
  const auto page = visit(world, world.ada(),
                          {create_order,
                           {},
                           {},
                           {{"service", vps.text()},
                            {"name", ""},
                            {"option.cpu", "2"},
                            {"comments", "typed <b>"},
                            {"preview", "1"}}});
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(has(page, "2.00 €/mo"));
  EXPECT_TRUE(has(page, "typed &lt;b&gt;"));
  EXPECT_EQ(listed(world, world.root(), {}).total, 0);
}

DATABASE_SENTENCE(order_pages, "the price of a choice is one line of text") {
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo + 10 € setup", "cpu: vCPU = 1, 2");
  const auto price = [&](const QueryFields& query) {
    return visit(world, world.ada(), {show_order_price, {}, query});
  };
  EXPECT_EQ(price({{"service", vps.text()}, {"option.cpu", "2"}, {"name", "x"}}).body,
            "2.00 €/mo, setup 10.00 €, plus 21 % tax");
  EXPECT_EQ(price({{"service", vps.text()}, {"option.cpu", "9"}}).status, 422);
  EXPECT_THROW(price({{"service", "99"}}), NotFound);
}

DATABASE_SENTENCE(order_pages, "a refused order comes back with its messages and what was typed") {
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo", "cpu: vCPU = 1, 2");
  const auto page = visit(
      world, world.ada(),
      {create_order,
       {},
       {},
       {{"service", vps.text()}, {"name", ""}, {"option.cpu", "2"}, {"comments", "keep me"}}});
  EXPECT_EQ(page.status, 422);
  EXPECT_TRUE(has(page, "keep me"));
  EXPECT_TRUE(has(page, "Fill this in."));
  const auto ghost =
      visit(world, world.ada(), {create_order, {}, {}, {{"service", "999999"}, {"name", "web"}}});
  EXPECT_EQ(ghost.status, 422);
  EXPECT_THROW(visit(world, world.ada(),
                     {create_order,
                      {},
                      {},
                      {{"service", vps.text()},
                       {"name", "web"},
                       {"option.cpu", "1"},
                       {"billing", "0.01 €/mo"}}}),
               BadRequest);
}

DATABASE_SENTENCE(order_pages,
                  "an order's page says when it is next billed, for how much and why") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  const auto placed = visit(world, world.ada(),
                            {create_order, {}, {}, {{"service", web.text()}, {"name", "shop"}}});
  ASSERT_EQ(redirected_to(placed), "/orders/1");
  const auto waiting = visit(world, world.ada(), {show_order, {"1"}});
  EXPECT_TRUE(has(waiting, "shop"));
  EXPECT_TRUE(has(waiting, "setting up"));
  EXPECT_TRUE(has(waiting, "Billing begins when the order is active."));
  activate(world, OrderId(1), "2026-03-10");
  note_billed(world, OrderId(1), "recurring", "2026-03-10", "2026-04-10");
  const auto active = visit(world, world.ada(), {show_order, {"1"}});
  for (const std::string text :
       {"Due on 10 Apr 2026", "5.00 €", "10 Apr 2026 – 9 May 2026, 30 days, 5.00 €/mo.",
        "on 10 Apr 2026", "/openticket?order=1", "/orders/1/ending"}) {
    EXPECT_TRUE(has(active, text)) << text << "\n" << active.body;
  }
  EXPECT_FALSE(has(active, "/manageorders"));
}

DATABASE_SENTENCE(order_pages, "the order of another is as absent as one that does not exist") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  EXPECT_THROW(visit(world, world.bob(), {show_order, {id.text()}}), NotFound);
  EXPECT_THROW(visit(world, world.bob(), {continue_order_entry, {id.text()}, {}, {{"csrf", "t"}}}),
               NotFound);
  EXPECT_THROW(visit(world, world.ada(), {show_order, {"999"}}), NotFound);
  EXPECT_THROW(visit(world, world.ada(), {show_order, {"0"}}), NotFound);
  EXPECT_THROW(visit(world, world.ada(), {show_order, {"-1"}}), NotFound);
  EXPECT_THROW(visit(world, world.ada(), {show_order, {"9223372036854775808"}}), NotFound);
  for (const auto& viewer : {world.ada(), world.grace(), world.luca(), world.root()}) {
    EXPECT_EQ(visit(world, viewer, {show_order, {id.text()}}).status, 200) << viewer.name;
  }
  EXPECT_THROW(visit(world, Viewer::nobody(), {show_order, {id.text()}}), NotFound);
}

DATABASE_SENTENCE(order_pages, "the notes of the staff never reach the client") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "notes", "canary-7")), "");
  EXPECT_FALSE(has(visit(world, world.ada(), {show_order, {id.text()}}), "canary-7"));
  EXPECT_TRUE(has(visit(world, world.grace(), {show_order, {id.text()}}), "canary-7"));
  for (const auto& mail : world.mails())
    EXPECT_EQ(mail.body_text.find("canary-7"), std::string::npos);
  const auto mine = world.database().read(
      [&](Transaction& tx) { return list_orders_of_client(tx, UserId(1), 10); });
  EXPECT_EQ(mine.at(0).notes, "");
}

DATABASE_SENTENCE(order_pages, "what a client types is text on every page") {
  const std::string script = "<script>alert(1)</script>";
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"),
                        {{"name", script}, {"comments", script}});
  for (const auto& page : {visit(world, world.ada(), {show_order, {id.text()}}),
                           visit(world, world.root(), {edit_order_page, {id.text()}}),
                           visit(world, world.root(), {list_orders_page})}) {
    EXPECT_FALSE(has(page, script));
    EXPECT_TRUE(has(page, "&lt;script&gt;"));
  }
}

DATABASE_SENTENCE(order_pages, "orders are added, edited and deleted from the manage pages") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  const auto blank = visit(world, world.root(), {new_order});
  for (const std::string field :
       {"client", "service", "name", "billing", "status", "comments", "notes"}) {
    EXPECT_TRUE(has(blank, "name=\"" + field + "\"")) << field;
  }
  const Fields fields = {
      {"client", "2"}, {"service", web.text()}, {"name", "shop"}, {"status", "active"}};
  EXPECT_EQ(redirected_to(visit(world, world.root(), {create_order_entry, {}, {}, fields})),
            "/manageorders/1");
  const auto page = visit(world, world.root(), {edit_order_page, {"1"}});
  EXPECT_TRUE(has(page, "value=\"2\" selected"));
  EXPECT_TRUE(has(page, "2026-03-10"));
  const auto refused = visit(
      world, world.root(),
      {update_order_entry, {"1"}, {}, with(edit_fields(world, OrderId(1)), "billing", "5 €")});
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(has(refused, "Character 4"));
  EXPECT_EQ(
      redirected_to(visit(
          world, world.root(),
          {update_order_entry, {"1"}, {}, with(edit_fields(world, OrderId(1)), "name", "shop2")})),
      "/manageorders/1");
  const auto kept = visit(world, world.root(), {delete_order_entry, {"1"}, {}, {{"csrf", "t"}}});
  EXPECT_EQ(kept.status, 422);
  EXPECT_TRUE(has(kept, "End it instead."));
  EXPECT_THROW(visit(world, world.root(), {edit_order_page, {"99"}}), NotFound);
}

DATABASE_SENTENCE(order_pages,
                  "the select of clients is searched, and always holds the chosen one") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  const auto page =
      visit(world, world.root(), {edit_order_page, {id.text()}, {{"client_search", "bob"}}});
  EXPECT_TRUE(has(page, "<option value=\"1\" selected>"));
  EXPECT_TRUE(has(page, "<option value=\"2\">"));
}

DATABASE_SENTENCE(order_pages, "a long list is searched, filtered, sorted and paged") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  insert_orders(world, web, 60);
  const auto all = listed(world, world.root(), {});
  EXPECT_EQ(all.total, 60);
  ASSERT_EQ(all.rows.size(), 25u);
  EXPECT_EQ(all.rows.front().name, "order60");
  EXPECT_EQ(listed(world, world.root(), {{"page", "3"}}).rows.size(), 10u);
  EXPECT_EQ(listed(world, world.root(), {{"status", "suspended"}}).total, 12);
  EXPECT_EQ(listed(world, world.root(), {{"search", "ada"}}).total, 30);
  EXPECT_EQ(listed(world, world.root(), {{"search", "WEB"}}).total, 60);
  EXPECT_EQ(listed(world, world.root(), {{"search", "order5"}}).total, 11);
  EXPECT_EQ(listed(world, world.root(), {{"search", "7"}}).total,
            6);  // 7, 17 … 57
  EXPECT_EQ(listed(world, world.root(), {{"search", "%"}}).total, 0);
  EXPECT_EQ(listed(world, world.root(), {{"sort", "name"}}).rows.front().name, "order1");
  EXPECT_EQ(listed(world, world.root(), {{"sort", "status"}}).rows.back().status,
            OrderStatus::active);
  EXPECT_EQ(listed(world, world.root(), {{"sort", "-next_due_on"}, {"format", "csv"}}).rows.size(),
            60u);
  EXPECT_TRUE(has(visit(world, world.root(), {list_orders_page}), "order60"));
  const auto csv = visit(world, world.root(), {list_orders_page, {}, {{"format", "csv"}}});
  EXPECT_TRUE(has(csv, "60,ada,Web,order60,suspended,5 €/mo"));
}

DATABASE_SENTENCE(order_pages, "a client lists its own orders only") {
  insert_orders(world, add_service_of(world, "Web", "5 €/mo"), 60);
  const auto mine = listed(world, world.ada(), {{"format", "csv"}});
  EXPECT_EQ(mine.total, 30);
  for (const auto& order : mine.rows) EXPECT_EQ(order.client, UserId(1));
  EXPECT_EQ(listed(world, world.ada(), {{"search", "bob"}}).total, 0);
  EXPECT_THROW(listed(world, Viewer::nobody(), {}), Forbidden);
}
