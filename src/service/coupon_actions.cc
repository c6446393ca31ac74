#include "service/coupon_actions.h"

#include "base/failure.h"
#include "service/coupon_store.h"
#include "service/service_store.h"

namespace cstims {
namespace {

void require_admin(const Viewer& viewer) {
  if (!viewer.is_admin()) throw Forbidden("only admins manage coupons");
}

Result<void> check_services(Act& act, const CouponEdit& coupon) {
  for (const auto service : coupon.services) {
    if (find_service(act.tx, act.viewer, service)) continue;
    return refuse("service." + service.text(), message("Choose one of the list."));
  }
  return {};
}

}  // namespace

Result<CouponId> add_coupon(Act& act, const CouponEdit& coupon) {
  require_admin(act.viewer);
  if (const auto known = check_services(act, coupon); !known) {
    return std::unexpected(known.error());
  }
  return insert_coupon(act.tx, coupon);
}

Result<void> edit_coupon(Act& act, CouponId id, const CouponEdit& coupon) {
  require_admin(act.viewer);
  require_coupon(act.tx, id);
  if (const auto known = check_services(act, coupon); !known) return known;
  return update_coupon(act.tx, id, coupon);
}

Result<void> delete_coupon(Act& act, CouponId id) {
  require_admin(act.viewer);
  const auto coupon = require_coupon(act.tx, id);
  if (coupon.orders > 0) {
    return refuse("", message("{} was used, so it cannot be deleted. Switch it off instead.",
                              {coupon.terms.code}));
  }
  delete_coupon_row(act.tx, id);
  return {};
}

Result<Coupon> use_coupon(Transaction& tx, std::string_view code, ServiceId service) {
  const auto coupon = find_coupon_by_code(tx, coupon_code(code));
  if (!coupon) return refuse("coupon", message("There is no such coupon."));
  if (const auto allowed = check_coupon(*coupon, service, tx.today()); !allowed) {
    return std::unexpected(allowed.error());
  }
  return *coupon;
}

}  // namespace cstims
