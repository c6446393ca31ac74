#include "service/coupon.h"

#include "base/failure.h"
#include "service/coupon_actions.h"
#include "service/coupon_store.h"
#include "service/service_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

Result<CouponEdit> parsed(Fields fields) {
  fields.emplace("code", "summer-26");
  fields.emplace("value", "20 %");
  fields.emplace("active", "1");
  return parse_coupon({fields, {}}, Currency::eur());
}

ServiceId add_vps(World& world, const std::string& name) {
  const FormData form{{{"name", name}, {"type", "standard"}, {"billing", "5 €/mo"}}, {}};
  const auto edit = parse_service(form, Currency::eur()).value();
  return world.act(world.root(), [&](Act& act) { return add_service(act, edit); }).value();
}

CouponId add(World& world, const CouponEdit& coupon) {
  return world.act(world.root(), [&](Act& act) { return add_coupon(act, coupon); }).value();
}

/// What a client is told; empty when it may be used.
std::string use(World& world, std::string_view code, ServiceId service = ServiceId(1)) {
  return world.database().read([&](Transaction& tx) {
    const auto coupon = use_coupon(tx, code, service);
    return coupon ? std::string() : coupon.error().english();
  });
}

SENTENCE(coupon, "a coupon takes off a share or an amount, of the first periods or of all") {
  const auto share = parsed({{"periods", "3"}}).value();
  EXPECT_EQ(share.discount().text(), "SUMMER-26 20 % 3");
  EXPECT_EQ(parsed({{"value", "5.00"}})->discount().text(), "SUMMER-26 5.00 EUR always");
  EXPECT_EQ(parsed({{"value", "100%"}})->discount().show(), "100 %");
}

SENTENCE(coupon, "what makes no sense is refused beside its field") {
  EXPECT_TRUE(parsed({{"value", "0 %"}}).error().find("value"));
  EXPECT_TRUE(parsed({{"value", "101 %"}}).error().find("value"));
  EXPECT_TRUE(parsed({{"value", "0.00"}}).error().find("value"));
  EXPECT_TRUE(parsed({{"value", "-5"}}).error().find("value"));
  EXPECT_TRUE(parsed({{"code", "ein Gutschein!"}}).error().find("code"));
  EXPECT_TRUE(parsed({{"periods", "0"}}).error().find("periods"));
  EXPECT_TRUE(parsed({{"valid_from", "2026-03-02"}, {"valid_until", "2026-03-01"}})
                  .error()
                  .find("valid_until"));
}

DATABASE_SENTENCE(coupon, "a coupon is kept with the services it is for, and found in any case") {
  const auto small = add_vps(world, "Small");
  const auto large = add_vps(world, "Large");
  const auto id = add(world, parsed({{"service." + small.text(), "1"}}).value());
  EXPECT_EQ(use(world, " Summer-26 ", small), "");
  EXPECT_EQ(use(world, "SUMMER-26", large), "coupon: This coupon is not for this service.");
  EXPECT_EQ(use(world, "WINTER"), "coupon: There is no such coupon.");
  const auto kept =
      world.database().read([&](Transaction& tx) { return require_coupon(tx, id).terms; });
  EXPECT_EQ(kept.services, std::vector{small});
  EXPECT_EQ(kept.discount().text(), "SUMMER-26 20 % always");
}

DATABASE_SENTENCE(coupon, "it may be used on its days and while it is switched on") {
  add(world, parsed({{"valid_from", "2026-03-11"}, {"valid_until", "2026-03-12"}}).value());
  EXPECT_EQ(use(world, "SUMMER-26"), "coupon: This coupon is not valid yet.");
  world.clock().advance(std::chrono::hours(24));
  EXPECT_EQ(use(world, "SUMMER-26"), "");
  world.clock().advance(std::chrono::hours(48));
  EXPECT_EQ(use(world, "SUMMER-26"), "coupon: This coupon has expired.");
  add(world, parsed({{"code", "OFF"}, {"active", ""}}).value());
  EXPECT_EQ(use(world, "OFF"), "coupon: This coupon has expired.");
}

DATABASE_SENTENCE(coupon, "two coupons never have one code, and only admins make them") {
  add(world, parsed({}).value());
  const auto again =
      world.act(world.root(), [&](Act& act) { return add_coupon(act, *parsed({})); });
  EXPECT_EQ(again.error().english(), "code: Another coupon has this code.");
  EXPECT_THROW(world.act(world.luca(), [&](Act& act) { return add_coupon(act, *parsed({})); }),
               Forbidden);
}

}  // namespace
}  // namespace cstims::test
