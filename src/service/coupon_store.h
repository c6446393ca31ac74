// Rows of coupons. The caller decides who may ask.
#pragma once

#include <optional>
#include <string_view>

#include "base/listing.h"
#include "db/database.h"
#include "service/coupon.h"

namespace cstims {

std::optional<Coupon> find_coupon(Transaction& tx, CouponId id);
Coupon require_coupon(Transaction& tx, CouponId id);  // throws NotFound
std::optional<Coupon> find_coupon_by_code(Transaction& tx, std::string_view code);

/// The page /managecoupons; without the services.
Page<Coupon> list_coupons(Transaction& tx, const Listing& listing);
const ListingRules& coupon_listing_rules();

/// Refuses (field "code") a code that another coupon has.
Result<CouponId> insert_coupon(Transaction& tx, const CouponEdit& coupon);
Result<void> update_coupon(Transaction& tx, CouponId id, const CouponEdit& coupon);
void delete_coupon_row(Transaction& tx, CouponId id);

}  // namespace cstims
