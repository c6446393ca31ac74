// Faults of other billing programs in prices and coupons of orders, each named by where it was
// reported.
#include "order/order_actions.h"
#include "order/shop.h"
#include "service/billing_lines.h"
#include "service/coupon_actions.h"
#include "service/coupon_store.h"
#include "service/service_actions.h"

using namespace cstims;
using namespace cstims::test;

namespace {

std::vector<std::string> nets(World& world, OrderId id, Date as_of) {
  std::vector<std::string> nets;
  for (const auto& item : periods_due(order_of(world, id).plan().value(), {}, as_of))
    nets.push_back(line_for(item, world.database().zone()).net.text());
  return nets;
}

Result<CouponId> make_coupon(World& world, const Fields& fields) {
  FormData form{{fields.begin(), fields.end()}, {}};
  const auto edit = parse_coupon(form, Currency::eur());
  if (!edit) return std::unexpected(edit.error());
  return world.act(world.root(), [&](Act& act) { return add_coupon(act, *edit); });
}

std::string refusal_of(World& world, ServiceId service, const std::string& coupon) {
  const auto wanted =
      parse_new_order({{{"service", service.text()}, {"name", "x"}, {"coupon", coupon}}, {}});
  const auto placed = world.act(world.ada(), [&](Act& act) { return place_order(act, *wanted); });
  return placed ? "" : placed.error().english();
}

}  // namespace

DATABASE_SENTENCE(order_peers,
                  "peers FOSSBilling#3867: the price an admin gave an order is the one billed") {
  const auto service = add_service_of(world, "VPS", "10 €/mo");
  const auto id = place(world, service);
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "billing", "8 €/mo")), "");
  activate(world, id, "2026-03-10");
  const FormData dearer{
      {{"name", "VPS"}, {"type", "standard"}, {"billing", "99 €/mo"}, {"active", "1"}}, {}};
  const auto changed = parse_service(dearer, Currency::eur()).value();
  world.act(world.root(), [&](Act& act) { return edit_service(act, service, changed); }).value();
  EXPECT_EQ(nets(world, id, Date(2026, 4, 10)), (std::vector<std::string>{"8.00", "8.00"}));
}

DATABASE_SENTENCE(order_peers,
                  "peers Paymenter PR#1278: the services a coupon is for are kept with it") {
  const auto vps = add_service_of(world, "VPS", "10 €/mo");
  const auto mail = add_service_of(world, "Mail", "2 €/mo");
  const auto coupon = make_coupon(
      world, {{"code", "VPS"}, {"value", "10 %"}, {"active", "1"}, {"service." + vps.text(), "1"}});
  const auto stored = world.database().read(
      [&](Transaction& tx) { return find_coupon(tx, coupon.value()).value().terms.services; });
  EXPECT_EQ(stored, std::vector<ServiceId>{vps});
  EXPECT_EQ(refusal_of(world, vps, "VPS"), "");
  EXPECT_NE(refusal_of(world, mail, "VPS"), "");
}

DATABASE_SENTENCE(order_peers,
                  "peers Paymenter PR#1055: a coupon of two periods lowers two, the set-up fee "
                  "never") {
  const auto service = add_service_of(world, "VPS", "10 €/mo + 5 € setup");
  make_coupon(world, {{"code", "TWO"}, {"value", "50 %"}, {"periods", "2"}, {"active", "1"}})
      .value();
  const auto id = place(world, service, {{"coupon", "TWO"}});
  activate(world, id, "2026-03-10");
  EXPECT_EQ(nets(world, id, Date(2026, 6, 10)),
            (std::vector<std::string>{"5.00", "5.00", "5.00", "10.00", "10.00"}));
}

DATABASE_SENTENCE(
    order_peers, "peers Paymenter PR#1305: a period a service has no price for cannot be ordered") {
  const auto service = add_service_of(world, "VPS", "10 €/mo or 100 €/y");
  const auto wanted =
      parse_new_order({{{"service", service.text()}, {"name", "x"}, {"period", "3mo"}}, {}});
  if (wanted) {
    EXPECT_FALSE(world.act(world.ada(), [&](Act& act) { return place_order(act, *wanted); }));
  }
  EXPECT_EQ(world.database().read([](Transaction& tx) {
    return tx.require({"orders", "select count(*) as n from orders"}).number("n");
  }),
            0);
}
