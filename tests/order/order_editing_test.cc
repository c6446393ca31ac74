#include "base/failure.h"
#include "order/order_actions.h"
#include "order/shop.h"
#include "service/billing_lines.h"

using namespace cstims;
using namespace cstims::test;

namespace {

Date date(std::string_view text) {
  return Date::parse(text).value();
}

std::string add(World& world, const Fields& fields) {
  const auto wanted = parse_order_edit({fields, {}}, Currency::eur());
  if (!wanted) return wanted.error().english();
  const auto id = world.act(world.root(), [&](Act& act) { return add_order(act, *wanted); });
  return id ? "order " + id->text() : id.error().english();
}

Fields new_fields(ServiceId service) {
  return {{"client", "1"}, {"service", service.text()}, {"name", "web"}, {"status", "setting up"}};
}

/// The items due up to that day, "start net".
std::vector<std::string> bills(World& world, OrderId id, std::string_view up_to) {
  const Order order = order_of(world, id);
  const auto billed = world.database().read([&](Transaction& tx) { return billed_so_far(tx, id); });
  std::vector<std::string> bills;
  for (const auto& item : periods_due(order.plan().value(), billed, date(up_to))) {
    bills.push_back(item.period.start.text() + ' ' + line_for(item, madrid()).net.text());
  }
  return bills;
}

void insert_ticket(World& world, OrderId id) {
  constexpr Statement insert{"a ticket", R"(
    insert into tickets (client_id, order_id, subject, body, status, opened_at, last_entry_at, waiting_for)
    values (1, :order, 'Help', 'It stopped.', 'open', :now, :now, 'staff'))"};
  world.database().write([&](Transaction& tx) {
    tx.execute(insert, {{"order", id}, {"now", tx.now()}});
  });
}

using Texts = std::vector<std::string>;

}  // namespace

DATABASE_SENTENCE(order_editing,
                  "an admin adds an order, at the price of the service or at its own") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  EXPECT_EQ(add(world, new_fields(web)), "order 1");
  EXPECT_EQ(order_of(world, OrderId(1)).billing().text(), "5 €/mo");
  EXPECT_EQ(add(world, with(with(new_fields(web), "billing", "40 €/y"), "status", "active")),
            "order 2");
  EXPECT_EQ(order_of(world, OrderId(2)).billing().text(), "40 €/y");
  EXPECT_EQ(order_of(world, OrderId(2)).activated_on, date("2026-03-10"));
  EXPECT_EQ(mail_list(world),
            (Texts{"order placed → admin@arf20.com", "order placed → ada@example.test",
                   "order placed → admin@arf20.com", "order placed → ada@example.test",
                   "order active → ada@example.test"}));
}

DATABASE_SENTENCE(order_editing, "an order needs a client, a service that exists and a price") {
  const auto two = add_service_of(world, "Two", "1 €/mo or 10 €/y");
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo", "cpu: vCPU = 1, 2");
  EXPECT_EQ(add(world, with(with(new_fields(two), "client", "3"), "service", "99")),
            "client: Choose one of the list.; service: Choose one of the list.");
  EXPECT_EQ(add(world, with(new_fields(two), "client", "999")), "client: Choose one of the list.");
  EXPECT_EQ(add(world, new_fields(two)),
            "billing: Two has several prices: write the one of this order.");
  EXPECT_EQ(add(world, new_fields(vps)),
            "options: The price of VPS depends on “cpu”: give it a value.");
  EXPECT_EQ(add(world, with(new_fields(vps), "options", "cpu: vCPU = 2")), "order 1");
  EXPECT_EQ(order_of(world, OrderId(1)).billing().text(), "2 €/mo");
  EXPECT_EQ(add(world, with(new_fields(vps), "options", "cpu: vCPU = 1, 2")),
            "options: An order has one value of each option: cpu has several.");
  EXPECT_EQ(add(world, with(new_fields(two), "status", "suspended")),
            "status: A new order is being set up or active.");
}

DATABASE_SENTENCE(order_editing, "ancestor: price-text: an order's price is exact or refused") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  for (const std::string price :
       {"6 €/year", "1-10 €/mo or", "5 USD/mo", "1 + 0.005*GB^2 €/mo", "-5 €/mo", "5"}) {
    EXPECT_TRUE(
        add(world, with(new_fields(web), "billing", price)).starts_with("billing: Character"))
        << price;
  }
  EXPECT_EQ(add(world, with(new_fields(web), "billing", "5 €/mo or 50 €/y")),
            "billing: An order has one price: choose one of the alternatives.");
}

DATABASE_SENTENCE(order_editing, "a new price counts from the next period that is not billed") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  activate(world, id, "2026-01-31");
  note_billed(world, id, "recurring", "2026-01-31", "2026-02-28");
  note_billed(world, id, "recurring", "2026-02-28", "2026-03-31");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "billing", "6 €/mo")), "");
  EXPECT_EQ(order_of(world, id).next_due_on, date("2026-03-31"));
  EXPECT_EQ(bills(world, id, "2026-04-30"), (Texts{"2026-03-31 6.00", "2026-04-30 6.00"}));
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "billing", "60 €/y")), "");
  EXPECT_EQ(bills(world, id, "2027-03-31"), (Texts{"2026-03-31 60.00", "2027-03-31 60.00"}));
  EXPECT_EQ(events_of(world, world.root(), id).back(), "root: Price: 6 €/mo → 60 €/y (2026-03-31)");
}

DATABASE_SENTENCE(order_editing, "what was used before a new price is billed at the old one") {
  const auto id = place(world, add_service_of(world, "Cloud", "31 €/mo in arrears"));
  activate(world, id, "2026-03-01");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "billing", "60 €/mo in arrears")), "");
  EXPECT_EQ(bills(world, id, "2026-05-01"), (Texts{"2026-03-01 31.00", "2026-04-01 60.00"}));
  EXPECT_EQ(order_of(world, id).terms.size(), 2u);
}

DATABASE_SENTENCE(order_editing, "before anything is billed a new price counts from activation") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "billing", "6 €/mo")), "");
  activate(world, id, "2026-02-01");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "billing", "7 €/mo")), "");
  EXPECT_EQ(bills(world, id, "2026-03-01"), (Texts{"2026-02-01 7.00", "2026-03-01 7.00"}));
}

DATABASE_SENTENCE(order_editing, "other options bring the price that the service asks for them") {
  const auto vps = add_service_of(world, "VPS", "1*cpu €/mo or 10*cpu €/y", "cpu: vCPU = 1, 2, 4");
  const auto id = place(world, vps, {{"option.cpu", "1"}, {"period", "y"}});
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "options", "cpu: vCPU = 4")), "");
  EXPECT_EQ(order_of(world, id).billing().text(), "40 €/y");
  EXPECT_EQ(order_of(world, id).options.show_chosen(), "vCPU 4");
}

DATABASE_SENTENCE(order_editing, "the activation date moves only while nothing is billed") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  activate(world, id, "2026-03-01");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "activated_on", "2026-02-15")), "");
  EXPECT_EQ(order_of(world, id).next_due_on, date("2026-02-15"));
  note_billed(world, id, "recurring", "2026-02-15", "2026-03-15");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "activated_on", "2026-03-01")),
            "activated_on: It stays as it is: this order has been billed.");
}

DATABASE_SENTENCE(order_editing, "a change of status in the form is a fact and a mail") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  world.clear_mails();
  auto fields = with(edit_fields(world, id), "status", "active");
  EXPECT_EQ(edit(world, id, with(fields, "activated_on", "2026-03-02")), "");
  EXPECT_EQ(order_of(world, id).activated_on, date("2026-03-02"));
  EXPECT_EQ(edit(world, id, edit_fields(world, id)), "");
  fields = with(edit_fields(world, id), "status", "suspended");
  EXPECT_EQ(edit(world, id, with(fields, "reason", "unpaid")), "");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "status", "setting up")),
            "status: An order that is “suspended” cannot become “setting up”.");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "status", "ended")), "");
  EXPECT_EQ(order_of(world, id).ends_on, date("2026-03-10"));
  EXPECT_EQ(mail_list(world),
            (Texts{"order active → ada@example.test", "order suspended → ada@example.test",
                   "order ended → ada@example.test"}));
}

DATABASE_SENTENCE(order_editing, "fields that the form does not bring stay as they are") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"), {{"comments", "hello"}});
  activate(world, id, "2026-03-01");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "ends_on", "2026-06-01")), "");
  const Fields few = {{"client", "1"},       {"service", "1"},     {"name", "web2"},
                      {"billing", "5 €/mo"}, {"status", "active"}, {"comments", "hello"},
                      {"notes", "node 7"}};
  EXPECT_EQ(edit(world, id, few), "");
  const Order order = order_of(world, id);
  EXPECT_EQ(order.name, "web2");
  EXPECT_EQ(order.notes, "node 7");
  EXPECT_EQ(order.activated_on, date("2026-03-01"));
  EXPECT_EQ(order.ends_on, date("2026-06-01"));
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "ends_on", "")), "");
  EXPECT_EQ(order_of(world, id).ends_on, std::nullopt);
}

DATABASE_SENTENCE(order_editing, "an order with invoices or tickets keeps its client") {
  const auto id = place(world, add_service_of(world, "Web", "5 €/mo"));
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "client", "2")), "");
  EXPECT_EQ(order_of(world, id).client_name, "bob");
  insert_ticket(world, id);
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "client", "1")),
            "client: It stays as it is: this order has tickets.");
}

DATABASE_SENTENCE(order_editing, "only an order being set up that nothing names is deleted") {
  const auto web = add_service_of(world, "Web", "5 €/mo");
  const auto remove = [&](OrderId id) {
    const auto done = world.act(world.root(), [&](Act& act) { return delete_order(act, id); });
    return done ? "" : done.error().english();
  };
  EXPECT_EQ(remove(place(world, web)), "");
  const auto with_ticket = place(world, web);
  insert_ticket(world, with_ticket);
  EXPECT_EQ(remove(with_ticket),
            "This order has tickets, so it cannot be deleted. End it instead.");
  const auto active = place(world, web);
  activate(world, active, "2026-03-10");
  EXPECT_EQ(remove(active), "Only an order that is being set up can be deleted. End it instead.");
  note_billed(world, active, "recurring", "2026-03-10", "2026-04-10");
  EXPECT_EQ(remove(active), "This order has invoices, so it cannot be deleted. End it instead.");
  EXPECT_THROW(remove(OrderId(999)), NotFound);
}
