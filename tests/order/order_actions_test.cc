#include "order/order_actions.h"

#include "base/failure.h"
#include "order/shop.h"
#include "service/service_actions.h"

using namespace cstims;
using namespace cstims::test;

namespace {

constexpr std::string_view admin = "admin@arf20.com";

std::string try_order(World& world, const Viewer& viewer, Fields fields) {
  fields.emplace("name", "web");
  const auto wanted = parse_new_order({fields, {}});
  if (!wanted) return wanted.error().english();
  const auto id = world.act(viewer, [&](Act& act) { return place_order(act, *wanted); });
  return id ? "order " + id->text() : id.error().english();
}

std::int64_t count_orders(World& world) {
  constexpr Statement count{"count orders", "select count(*) as n from orders"};
  return world.database().read([&](Transaction& tx) { return tx.require(count).number("n"); });
}

Date date(std::string_view text) {
  return Date::parse(text).value();
}

using Texts = std::vector<std::string>;

}  // namespace

DATABASE_SENTENCE(order,
                  "an order keeps its resolved term and options, whatever becomes of the service") {
  const auto vps =
      add_service_of(world, "VPS", "(1*cpu + 0.5*ram) €/mo or (10*cpu + 5*ram) €/y + 1 € setup",
                     "cpu: vCPU = 1, 2\nram: RAM (GB) = 1, 4");
  const auto id = place(
      world, vps,
      {{"option.cpu", "2"}, {"option.ram", "4"}, {"period", "y"}, {"comments", "Debian, please."}});
  const auto form = FormData{{{"name", "VPS"}, {"type", "standard"}, {"billing", "99 €/mo"}}, {}};
  const auto dear = parse_service(form, Currency::eur()).value();
  ASSERT_TRUE(world.act(world.root(), [&](Act& act) { return edit_service(act, vps, dear); }));
  const Order order = order_of(world, id);
  EXPECT_EQ(order.billing().text(), "40 €/y + 1 € setup");
  EXPECT_EQ(order.options.text(), "cpu: vCPU = 2\nram: RAM (GB) = 4");
  EXPECT_EQ(order.status, OrderStatus::setting_up);
  EXPECT_EQ(order.comments, "Debian, please.");
  EXPECT_EQ(order.activated_on, std::nullopt);
  EXPECT_EQ(order.next_due_on, std::nullopt);
}

DATABASE_SENTENCE(order,
                  "ancestor: mailer-null: placing an order queues its mails with the order, to "
                  "admin and client") {
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo", "cpu: vCPU = 1, 2");
  world.clear_mails();
  const auto id = place(world, vps, {{"option.cpu", "2"}, {"comments", "Debian <12>, please."}});
  EXPECT_EQ(mail_list(world),
            (Texts{"order placed → admin@arf20.com", "order placed → ada@example.test"}));
  const auto mails = world.mails();
  for (const std::string text : {"web", "VPS", "vCPU (cpu): 2", "2 €/mo", "ada@example.test",
                                 "Debian <12>, please.", "/manageorders/"}) {
    EXPECT_NE(mails[0].body_text.find(text), std::string::npos) << text << "\n"
                                                                << mails[0].body_text;
  }
  EXPECT_NE(mails[0].body_html.find("Debian &lt;12&gt;, please."), std::string::npos);
  EXPECT_NE(mails[1].body_text.find("/orders/" + id.text()), std::string::npos);
  EXPECT_EQ(mails[1].body_text.find("/manageorders/"), std::string::npos);
  EXPECT_NE(mails[1].subject.find("web"), std::string::npos);
  EXPECT_GT(world.wakes(), 0);
}

DATABASE_SENTENCE(
    order, "ancestor: own-price: the price is computed from the list, never taken from the form") {
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo", "cpu: vCPU = 1, 2");
  EXPECT_EQ(try_order(world, world.ada(), {{"service", vps.text()}, {"option.cpu", "0.01"}}),
            "option.cpu: Choose one of the list.");
  EXPECT_EQ(try_order(world, world.ada(), {{"service", vps.text()}, {"option.cpu", "-50"}}),
            "option.cpu: Choose one of the list.");
  EXPECT_EQ(try_order(world, world.ada(),
                      {{"service", vps.text()}, {"option.cpu", "1"}, {"option.discount", "9"}}),
            "option.discount: This service has no such option.");
  EXPECT_EQ(try_order(world, world.ada(),
                      {{"service", vps.text()}, {"option.cpu", "1"}, {"period", "y"}}),
            "period: This service is not offered for that period.");
  EXPECT_EQ(count_orders(world), 0);
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(
    order, "ancestor: ghost-service: what does not exist or is not on offer cannot be ordered") {
  const auto old = add_service_of(world, "Old", "5 €/mo", "", false);
  EXPECT_EQ(try_order(world, world.ada(), {{"service", "999999"}}),
            "service: This service is not on offer.");
  EXPECT_EQ(try_order(world, world.ada(), {{"service", old.text()}}),
            "service: This service is not on offer.");
  EXPECT_EQ(count_orders(world), 0);
}

DATABASE_SENTENCE(order, "a free service is ordered like any other and never billed") {
  const auto id = place(world, add_service_of(world, "Mail", "free"));
  activate(world, id, "2026-03-10");
  const Order order = order_of(world, id);
  EXPECT_EQ(order.billing().text(), "free");
  EXPECT_EQ(order.next_due_on, std::nullopt);
}

DATABASE_SENTENCE(order, "only clients order, only admins change orders") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  for (const auto& viewer : {world.grace(), world.luca(), world.root(), Viewer::nobody()}) {
    EXPECT_THROW(try_order(world, viewer, {{"service", web.text()}}), Forbidden);
  }
  const auto id = place(world, web);
  for (const auto& viewer : {world.ada(), world.bob(), world.grace(), world.luca()}) {
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return activate_order(act, id); }), Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return suspend_order(act, id, ""); }),
                 Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return end_order(act, id, {}, ""); }),
                 Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return delete_order(act, id); }), Forbidden);
  }
  EXPECT_EQ(order_of(world, id).status, OrderStatus::setting_up);
}

DATABASE_SENTENCE(order, "activation starts billing today or on the day that is given") {
  const auto web = add_service_of(world, "Web", "5 €/mo + 10 € setup");
  const auto today = place(world, web);
  ASSERT_TRUE(world.act(world.root(), [&](Act& act) { return activate_order(act, today); }));
  EXPECT_EQ(order_of(world, today).activated_on, date("2026-03-10"));
  EXPECT_EQ(order_of(world, today).next_due_on, date("2026-03-10"));
  const auto earlier = place(world, web);
  activate(world, earlier, "2026-02-01");
  EXPECT_EQ(order_of(world, earlier).next_due_on, date("2026-02-01"));
  const auto arrears = place(world, add_service_of(world, "Cloud", "0.01 €/h in arrears"));
  activate(world, arrears, "2026-03-01");
  EXPECT_EQ(order_of(world, arrears).next_due_on, date("2026-04-01"));
}

DATABASE_SENTENCE(order,
                  "ancestor: bills-the-past: an activation date years away is a typing error") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  for (const std::string_view day : {"1926-03-10", "2020-01-31", "2062-03-10"}) {
    const auto done = world.act(
        world.root(), [&](Act& act) { return activate_order(act, id, Date::parse(day).value()); });
    ASSERT_FALSE(done) << day;
    EXPECT_EQ(done.error().items.front().field, "activated_on");
  }
  EXPECT_EQ(order_of(world, id).status, OrderStatus::setting_up);
}

DATABASE_SENTENCE(order, "each change of status is a fact and a mail to the client alone") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  world.clear_mails();
  activate(world, id, "2026-03-10");
  world.act(world.root(), [&](Act& act) { return suspend_order(act, id, "unpaid"); }).value();
  world.act(world.root(), [&](Act& act) { return resume_order(act, id, "paid"); }).value();
  world.act(world.root(), [&](Act& act) { return suspend_order(act, id, "unpaid again"); }).value();
  world.act(world.root(), [&](Act& act) { return end_order(act, id, {}, "never paid"); }).value();
  EXPECT_EQ(events_of(world, world.root(), id),
            (Texts{"ada: Ordered", "root: Active since 10 Mar 2026", "root: Suspended (unpaid)",
                   "root: Active since 10 Mar 2026 (paid)", "root: Suspended (unpaid again)",
                   "root: Ended (never paid)"}));
  EXPECT_EQ(mail_list(world),
            (Texts{"order active → ada@example.test", "order suspended → ada@example.test",
                   "order active → ada@example.test", "order suspended → ada@example.test",
                   "order ended → ada@example.test"}));
  EXPECT_NE(world.mails().at(1).body_text.find("Reason: unpaid"), std::string::npos);
}

DATABASE_SENTENCE(order, "a client who answers mail about an order writes to the accountants") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  activate(world, id, "2026-03-10");
  const std::string field = "Reply-To: " + world.site().mail_accounting.text() + "\n";
  for (const auto& mail : world.mails()) {
    EXPECT_EQ(mail.headers.contains(field), mail.recipient == "ada@example.test") << mail.kind;
  }
  EXPECT_EQ(world.mails().size(), 3u) << "one more to the admin";
}

DATABASE_SENTENCE(order, "names of staff stay out of what the client sees") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  activate(world, id, "2026-03-10");
  EXPECT_EQ(events_of(world, world.ada(), id),
            (Texts{"ada: Ordered", ": Active since 10 Mar 2026"}));
}

DATABASE_SENTENCE(order, "what is not an edge is refused") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  const auto suspended =
      world.act(world.root(), [&](Act& act) { return suspend_order(act, id, ""); });
  ASSERT_FALSE(suspended);
  EXPECT_EQ(suspended.error().english(),
            "status: An order that is “setting up” cannot become “suspended”.");
  world.act(world.root(), [&](Act& act) { return end_order(act, id, {}, ""); }).value();
  const auto revived = world.act(world.root(), [&](Act& act) { return activate_order(act, id); });
  ASSERT_FALSE(revived);
  EXPECT_EQ(revived.error().english(), "status: This order has ended; place a new one instead.");
}

DATABASE_SENTENCE(order, "an order that ends keeps a last due date while days are not billed") {
  const auto id = place(world, add_service_of(world, "Cloud", "10 €/mo in arrears"));
  activate(world, id, "2026-02-15");
  note_billed(world, id, "recurring", "2026-02-15", "2026-03-15");
  world.clock().set(Instant::stored("2026-03-20T09:00:00Z"));
  world.act(world.root(), [&](Act& act) { return end_order(act, id, {}, ""); }).value();
  EXPECT_EQ(order_of(world, id).ends_on, date("2026-03-20"));
  EXPECT_EQ(order_of(world, id).next_due_on, date("2026-03-20"));
  note_billed(world, id, "recurring", "2026-03-15", "2026-03-20");
  const auto left = world.database().read(
      [&](Transaction& tx) { return next_due_of(tx, require_order(tx, world.root(), id)); });
  EXPECT_EQ(left, std::nullopt);
}

DATABASE_SENTENCE(order,
                  "a client ends its order at the end of the paid period, and admin and nobody "
                  "else hears of it") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  activate(world, id, "2026-02-28");
  note_billed(world, id, "recurring", "2026-02-28", "2026-03-28");
  world.clear_mails();
  ASSERT_TRUE(world.act(world.ada(), [&](Act& act) {
    return ask_to_end(act, id, {.at_once = false, .reason = "moving"});
  }));
  Order order = order_of(world, id);
  EXPECT_EQ(order.status, OrderStatus::active);
  EXPECT_EQ(order.ends_on, date("2026-03-28"));
  EXPECT_EQ(order.next_due_on, std::nullopt);
  EXPECT_EQ(mail_list(world), (Texts{"order ending → " + std::string(admin)}));
  EXPECT_NE(world.mails().front().body_text.find("moving"), std::string::npos);

  world.clock().set(Instant::stored("2026-03-27T12:00:00Z"));
  EXPECT_EQ(world.act(Viewer::of_system("job"), [](Act& act) { return end_orders(act, 10); }), 0);
  world.clock().set(Instant::stored("2026-03-28T12:00:00Z"));
  EXPECT_EQ(world.act(Viewer::of_system("job"), [](Act& act) { return end_orders(act, 10); }), 1);
  EXPECT_EQ(world.act(Viewer::of_system("job"), [](Act& act) { return end_orders(act, 10); }), 0);
  order = order_of(world, id);
  EXPECT_EQ(order.status, OrderStatus::ended);
  EXPECT_EQ(order.ends_on, date("2026-03-28"));
  EXPECT_EQ(mail_list(world),
            (Texts{"order ending → " + std::string(admin), "order ended → ada@example.test",
                   "order ending → " + std::string(admin)}));
}

DATABASE_SENTENCE(order, "a client takes back the end while it has not come") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  activate(world, id, "2026-03-01");
  note_billed(world, id, "recurring", "2026-03-01", "2026-04-01");
  ASSERT_TRUE(world.act(world.ada(), [&](Act& act) { return ask_to_end(act, id, {}); }));
  EXPECT_FALSE(world.act(world.ada(), [&](Act& act) { return ask_to_end(act, id, {}); }));
  ASSERT_TRUE(world.act(world.ada(), [&](Act& act) { return continue_order(act, id); }));
  EXPECT_EQ(order_of(world, id).ends_on, std::nullopt);
  EXPECT_EQ(order_of(world, id).next_due_on, date("2026-04-01"));
  EXPECT_FALSE(world.act(world.ada(), [&](Act& act) { return continue_order(act, id); }));
}

DATABASE_SENTENCE(order, "a client ends its order at once; one being set up is never billed") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  const auto active = place(world, web);
  activate(world, active, "2026-03-01");
  ASSERT_TRUE(world.act(world.ada(), [&](Act& act) {
    return ask_to_end(act, active, {.at_once = true, .reason = ""});
  }));
  EXPECT_EQ(order_of(world, active).status, OrderStatus::ended);
  EXPECT_EQ(order_of(world, active).ends_on, date("2026-03-10"));
  const auto waiting = place(world, web);
  ASSERT_TRUE(world.act(world.ada(), [&](Act& act) { return ask_to_end(act, waiting, {}); }));
  EXPECT_EQ(order_of(world, waiting).status, OrderStatus::ended);
  EXPECT_EQ(order_of(world, waiting).next_due_on, std::nullopt);
  EXPECT_FALSE(world.act(world.ada(), [&](Act& act) { return ask_to_end(act, waiting, {}); }));
}

DATABASE_SENTENCE(order, "nobody ends the order of another: to them it does not exist") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  EXPECT_THROW(world.act(world.bob(), [&](Act& act) { return ask_to_end(act, id, {}); }), NotFound);
  EXPECT_THROW(world.act(world.bob(), [&](Act& act) { return continue_order(act, id); }), NotFound);
  EXPECT_THROW(world.act(world.grace(), [&](Act& act) { return ask_to_end(act, id, {}); }),
               Forbidden);
}
