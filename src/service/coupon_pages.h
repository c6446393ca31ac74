// /managecoupons and below, for admins.
#pragma once

#include "http/context.h"

namespace cstims {

Response list_coupons_page(Context& context);    // GET /managecoupons
Response new_coupon(Context& context);           // GET /managecoupons/new
Response create_coupon(Context& context);        // POST /managecoupons
Response edit_coupon_page(Context& context);     // GET /managecoupons/{coupon}
Response update_coupon_entry(Context& context);  // POST /managecoupons/{coupon}
Response delete_coupon_entry(Context& context);  // POST /managecoupons/{coupon}/deletion

}  // namespace cstims
