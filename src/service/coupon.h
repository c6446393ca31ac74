// Coupons: a code that lowers the price of what is ordered with it. An order keeps the discount
// itself (service/discount.h), so changing or ending a coupon touches no order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"
#include "service/discount.h"

namespace cstims {

using CouponId = Id<struct Coupon>;

/// What an admin types.
struct CouponEdit {
  std::string code;                // letters, digits and -, in upper case
  std::optional<TaxRate> share;    // per cent off, or …
  std::optional<Money> amount;     // … an amount off each period
  std::optional<int> periods;      // the first so many; absent: all
  std::optional<Date> valid_from;  // days on which it may be used, both included
  std::optional<Date> valid_until;
  std::optional<int> most_orders;
  std::vector<ServiceId> services;  // none: all
  bool active = true;
  std::string notes;

  Discount discount() const;
};

struct Coupon {
  CouponId id;
  CouponEdit terms;
  int orders = 0;  // placed with it
};

/// "20 %" or "5.00" in the field `value`; exactly one kind. `services` are offered as check boxes
/// named service.ID.
Result<CouponEdit> parse_coupon(const FormData& form, Currency currency);
/// As a client types it: spaces gone, upper case.
std::string coupon_code(std::string_view typed);
/// Refuses (field "coupon") one that may not be used for that service on that day.
Result<void> check_coupon(const Coupon& coupon, ServiceId service, Date today);

}  // namespace cstims
