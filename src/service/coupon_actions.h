// The verbs of coupons: admins make them (others get Forbidden), clients use them when they order.
#pragma once

#include <string_view>

#include "mail/outbox.h"
#include "service/coupon.h"

namespace cstims {

/// Refuses (field "code") a code that another coupon has, (field "service.ID") no service.
Result<CouponId> add_coupon(Act& act, const CouponEdit& coupon);
Result<void> edit_coupon(Act& act, CouponId id, const CouponEdit& coupon);
/// Refuses one that an order was placed with.
Result<void> delete_coupon(Act& act, CouponId id);

/// The coupon of that code, if it may be used for that service today; refuses field "coupon".
Result<Coupon> use_coupon(Transaction& tx, std::string_view code, ServiceId service);

}  // namespace cstims
