#include "service/service.h"

#include "base/failure.h"
#include "service/service_actions.h"
#include "service/service_pages.h"
#include "service/service_store.h"
#include "support/visit.h"

using namespace cstims;
using namespace cstims::test;

namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

Fields vps() {
  return {{"name", "VPS"},
          {"type", "standard"},
          {"billing", "(1*cpu + 0.5*ram) €/mo + 10 € setup"},
          {"options", "cpu: vCPU = 1, 2, 4\nram: RAM (GB) = 1, 2, 4, 8"},
          {"description", "A *virtual* server. <script>alert(1)</script>"},
          {"active", "1"}};
}

Fields with(Fields fields, std::string name, std::string value) {
  fields.insert_or_assign(std::move(name), std::move(value));
  return fields;
}

std::string refusal(const Fields& fields) {
  const auto parsed = parse_service({fields, {}}, Currency::eur());
  return parsed ? "taken" : parsed.error().english();
}

ServiceId add(World& world, const Fields& fields) {
  const auto edit = parse_service({fields, {}}, Currency::eur()).value();
  return world.act(world.root(), [&](Act& act) { return add_service(act, edit); }).value();
}

void order_it(World& world, ServiceId service) {
  constexpr Statement insert{"an order", R"(
    insert into orders (service_id, name, client_id, status, ordered_at, billing)
    values (:service, 'web', 1, 'setting up', '2026-03-01T00:00:00Z', '5 €/mo'))"};
  world.database().write([&](Transaction& tx) { tx.execute(insert, {{"service", service}}); });
}

}  // namespace

SENTENCE(service, "a term and its options must fit each other") {
  EXPECT_EQ(refusal(vps()), "taken");
  EXPECT_EQ(refusal(with(vps(), "options", "cpu: vCPU = 1, 2")),
            "billing: The price depends on “ram”, but there is no such option.");
  EXPECT_EQ(refusal(with(vps(), "billing", "1*cpu €/mo")),
            "options: No price depends on “ram”: use it in the formula or leave the option out.");
  EXPECT_EQ(refusal(with(vps(), "billing", "cpu^9 + ram^9 €/mo")), "taken");
  EXPECT_EQ(refusal(with(vps(), "billing", "1000*cpu^9 + ram^9 €/mo")), "taken");
  EXPECT_EQ(refusal(with(vps(), "billing", "10000*cpu^9 + ram^9 €/mo")),
            "billing: The formula's price is too large.");
}

SENTENCE(service, "a service of type free costs nothing") {
  auto fields = with(with(vps(), "type", "free"), "options", "");
  EXPECT_EQ(refusal(with(fields, "billing", "free")), "taken");
  EXPECT_EQ(refusal(with(fields, "billing", "5 €/mo")),
            "billing: A service of type free has the billing term “free”.");
}

SENTENCE(service, "a form with other fields is refused as a whole") {
  EXPECT_THROW(refusal(with(vps(), "id", "7")), BadRequest);
  EXPECT_THROW(refusal(with(vps(), "created_at", "x")), BadRequest);
  EXPECT_EQ(refusal({}),
            "name: Fill this in.; type: Choose one of the list.; billing: Fill this in.");
}

DATABASE_SENTENCE(service, "what is stored comes back the same") {
  const auto id = add(world, vps());
  const auto service =
      world.database().read([&](Transaction& tx) { return require_service(tx, world.root(), id); });
  EXPECT_EQ(service.name, "VPS");
  EXPECT_EQ(service.billing.text(), "(1*cpu + 0.5*ram) €/mo + 10 € setup");
  EXPECT_EQ(service.options.text(), "cpu: vCPU = 1, 2, 4\nram: RAM (GB) = 1, 2, 4, 8");
  EXPECT_TRUE(service.active);
}

DATABASE_SENTENCE(service, "two services cannot share a name") {
  add(world, vps());
  const auto edit = parse_service({vps(), {}}, Currency::eur()).value();
  const auto again = world.act(world.root(), [&](Act& act) { return add_service(act, edit); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().english(), "name: Another service has this name.");
}

DATABASE_SENTENCE(service, "an inactive service is there for staff only") {
  const auto id = add(world, with(vps(), "active", ""));
  world.database().read([&](Transaction& tx) {
    EXPECT_FALSE(find_service(tx, world.ada(), id));
    EXPECT_FALSE(find_service(tx, Viewer::nobody(), id));
    EXPECT_TRUE(find_service(tx, world.root(), id));
    EXPECT_TRUE(list_services_on_offer(tx).empty());
    EXPECT_EQ(list_all_services(tx).size(), 1u);
  });
}

DATABASE_SENTENCE(service, "what was ordered is deactivated, not deleted") {
  const auto id = add(world, vps());
  order_it(world, id);
  const auto deleted = world.act(world.root(), [&](Act& act) { return delete_service(act, id); });
  ASSERT_FALSE(deleted);
  EXPECT_NE(deleted.error().english().find("Deactivate it instead"), std::string::npos);
  const auto page =
      visit(world, world.root(), {delete_service_entry, {id.text()}, {}, {{"csrf", "t"}}});
  EXPECT_EQ(page.status, 422);
  EXPECT_NE(page.body.find("/deactivation"), std::string::npos);
  visit(world, world.root(), {deactivate_service_entry, {id.text()}, {}, {{"csrf", "t"}}});
  world.database().read(
      [&](Transaction& tx) { EXPECT_FALSE(require_service(tx, world.root(), id).active); });
}

DATABASE_SENTENCE(service, "what was never ordered can be deleted") {
  const auto id = add(world, vps());
  EXPECT_TRUE(world.act(world.root(), [&](Act& act) { return delete_service(act, id); }));
  world.database().read([&](Transaction& tx) { EXPECT_FALSE(find_service(tx, world.root(), id)); });
}

DATABASE_SENTENCE(service, "only admins manage services") {
  const auto edit = parse_service({vps(), {}}, Currency::eur()).value();
  const auto id = add(world, with(vps(), "name", "Other"));
  for (const auto& viewer : {world.ada(), world.grace(), world.luca(), Viewer::nobody()}) {
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return add_service(act, edit); }), Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return edit_service(act, id, edit); }),
                 Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { return delete_service(act, id); }), Forbidden);
    EXPECT_THROW(world.act(viewer, [&](Act& act) { deactivate_service(act, id); }), Forbidden);
  }
}

DATABASE_SENTENCE(
    service,
    "the landing page shows what is on offer, with prices, and no script of a description") {
  const auto id = add(world, vps());
  add(world, with(with(vps(), "name", "Old"), "active", ""));
  add(world,
      {{"name", "Web"}, {"type", "standard"}, {"billing", "0.50 €/mo or 6 €/y"}, {"active", "1"}});
  add(world, {{"name", "Mail"}, {"type", "free"}, {"billing", "free"}, {"active", "1"}});
  const auto page = visit(world, Viewer::nobody(), {show_landing});
  EXPECT_EQ(page.status, 200);
  for (const std::string text : {"<h1>ARFNET</h1>", "VPS", "1.50 €", "every month", "setup 10.00 €",
                                 "for vCPU 1, RAM (GB) 1", "plus 21 % tax", "<em>virtual</em>",
                                 "6.00 €", "every year", "Free", "/register"}) {
    EXPECT_NE(page.body.find(text), std::string::npos) << text << "\n" << page.body;
  }
  EXPECT_NE(page.body.find("/order?service=" + id.text()), std::string::npos);
  EXPECT_EQ(page.body.find("Old"), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_EQ(visit(world, world.root(), {show_landing}).body.find("/order?"), std::string::npos);
}

DATABASE_SENTENCE(service, "an empty offer says so") {
  const auto page = visit(world, world.ada(), {show_landing});
  EXPECT_NE(page.body.find("Nothing is on offer"), std::string::npos);
  EXPECT_NE(page.body.find("/client"), std::string::npos);
}

DATABASE_SENTENCE(service,
                  "a refused form comes back with what was typed and the place of the fault") {
  const auto page =
      visit(world, world.root(), {create_service, {}, {}, with(vps(), "billing", "5 €/fortnight")});
  EXPECT_EQ(page.status, 422);
  EXPECT_NE(page.body.find("Character 5"), std::string::npos);
  EXPECT_NE(page.body.find("5 €/fortnight"), std::string::npos);
  EXPECT_NE(page.body.find("aria-describedby"), std::string::npos);
}

DATABASE_SENTENCE(service, "a preview shows prices and saves nothing") {
  const auto page =
      visit(world, world.root(), {create_service, {}, {}, with(vps(), "preview", "1")});
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("1.50 €/mo, setup 10.00 €"), std::string::npos) << page.body;
  EXPECT_NE(page.body.find("8.00 €/mo, setup 10.00 €"), std::string::npos);
  world.database().read([&](Transaction& tx) { EXPECT_TRUE(list_all_services(tx).empty()); });
}

DATABASE_SENTENCE(service, "prices are shown while the term is typed") {
  const auto text = [&](std::string billing, std::string options) {
    return visit(world, world.root(),
                 {show_term_price, {}, {{"billing", billing}, {"options", options}}})
        .body;
  };
  EXPECT_EQ(text("5 €/mo", ""), "5.00 €/mo");
  EXPECT_EQ(text("1*cpu €/mo", "cpu: vCPU = 1, 4"), "vCPU 1: 1.00 €/mo; vCPU 4: 4.00 €/mo");
  EXPECT_EQ(text("1*a + b €/mo", "a: A = 1;b: B = 2"), "A 1, B 2: 3.00 €/mo");
  EXPECT_EQ(text("5 €", ""), "Character 4: a period or “once” is expected. Example: 5 €/mo");
}

DATABASE_SENTENCE(service, "adding, editing and listing go through the pages") {
  EXPECT_EQ(visit(world, world.root(), {new_service}).status, 200);
  EXPECT_EQ(redirected_to(visit(world, world.root(), {create_service, {}, {}, vps()})),
            "/manageservices");
  const auto edited = with(vps(), "billing", "(2*cpu + 0.5*ram) €/mo");
  EXPECT_EQ(redirected_to(visit(world, world.root(), {update_service_entry, {"1"}, {}, edited})),
            "/manageservices");
  const auto page = visit(world, world.root(), {edit_service_page, {"1"}});
  EXPECT_NE(page.body.find("2.50 €/mo"), std::string::npos);
  const auto list = visit(world, world.root(), {list_services_page});
  EXPECT_NE(list.body.find("(2*cpu + 0.5*ram) €/mo"), std::string::npos);
  const auto none = visit(world, world.root(), {list_services_page, {}, {{"search", "nothing"}}});
  EXPECT_NE(none.body.find("Nothing matches"), std::string::npos);
  const auto csv = visit(world, world.root(), {list_services_page, {}, {{"format", "csv"}}});
  EXPECT_NE(csv.body.find("1,VPS,standard,(2*cpu + 0.5*ram) €/mo"), std::string::npos) << csv.body;
  EXPECT_THROW(visit(world, world.root(), {edit_service_page, {"999999"}}), NotFound);
}
