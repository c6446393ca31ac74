#include "order/shop.h"

#include "order/order_actions.h"
#include "service/service_actions.h"

namespace cstims::test {

Fields with(Fields fields, std::string name, std::string value) {
  fields.insert_or_assign(std::move(name), std::move(value));
  return fields;
}

ServiceId add_service_of(World& world, const std::string& name, const std::string& billing,
                         const std::string& options, bool active) {
  const FormData form{{{"name", name},
                       {"type", "standard"},
                       {"billing", billing},
                       {"options", options},
                       {"active", active ? "1" : ""}},
                      {}};
  const auto edit = parse_service(form, Currency::eur()).value();
  return world.act(world.root(), [&](Act& act) { return add_service(act, edit); }).value();
}

OrderId place(World& world, ServiceId service, Fields fields) {
  fields.emplace("service", service.text());
  fields.emplace("name", "web");
  const auto wanted = parse_new_order({fields, {}}).value();
  return world.act(world.ada(), [&](Act& act) { return place_order(act, wanted); }).value();
}

Order order_of(World& world, OrderId id) {
  return world.database().read(
      [&](Transaction& tx) { return require_order(tx, world.root(), id); });
}

Fields edit_fields(World& world, OrderId id) {
  const Order order = order_of(world, id);
  const auto date = [](std::optional<Date> date) { return date ? date->text() : std::string(); };
  return {{"client", order.client.text()},
          {"service", order.service.text()},
          {"name", order.name},
          {"billing", order.billing().text()},
          {"options", order.options.text()},
          {"status", std::string(text(order.status))},
          {"activated_on", date(order.activated_on)},
          {"ends_on", date(order.ends_on)},
          {"reason", ""},
          {"comments", order.comments},
          {"notes", order.notes}};
}

std::string edit(World& world, OrderId id, const Fields& fields) {
  const auto wanted = parse_order_edit({fields, {}}, Currency::eur());
  if (!wanted) return wanted.error().english();
  const auto done = world.act(world.root(), [&](Act& act) { return edit_order(act, id, *wanted); });
  return done ? "" : done.error().english();
}

void activate(World& world, OrderId id, std::string_view on) {
  const auto done = world.act(
      world.root(), [&](Act& act) { return activate_order(act, id, Date::parse(on).value()); });
  EXPECT_TRUE(done) << (done ? "" : done.error().english());
}

void note_billed(World& world, OrderId id, std::string_view kind, std::string_view start,
                 std::string_view next) {
  constexpr Statement insert{"a billed period", R"(
    insert into billed_periods (order_id, kind, period_start, period_next, covers_until)
    values (:order, :kind, :start, :next, :next))"};
  world.database().write([&](Transaction& tx) {
    tx.execute(insert, {{"order", id}, {"kind", kind}, {"start", start}, {"next", next}});
  });
}

std::vector<std::string> events_of(World& world, const Viewer& viewer, OrderId id) {
  return world.database().read([&](Transaction& tx) {
    std::vector<std::string> events;
    for (const auto& event : list_order_events(tx, viewer, id)) {
      events.push_back(event.user_name + ": " + shown(event).english() +
                       (event.reason.empty() ? "" : " (" + event.reason + ")"));
    }
    return events;
  });
}

std::vector<std::string> mail_list(World& world) {
  std::vector<std::string> list;
  for (const auto& mail : world.mails()) list.push_back(mail.kind + " → " + mail.recipient);
  return list;
}

}  // namespace cstims::test
