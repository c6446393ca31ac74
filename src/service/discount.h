// The discount of a coupon, as an order keeps it: resolved when the order was placed, so that what
// becomes of the coupon later changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

/// Lowers the price of a period, not the setup fee: by a share, or by an amount of each whole
/// period (of part of one, by its part). Never below zero.
struct Discount {
  std::string code;                 // of the coupon: "SUMMER"
  std::optional<TaxRate> share;     // per cent of the price …
  std::optional<Money> amount;      // … or an amount off each period: one of the two
  std::optional<int> periods = {};  // the first so many; absent: all

  /// "SUMMER 20 % 3", "SUMMER 5.00 EUR always": as it is stored.
  std::string text() const;
  /// Text that this program stored; throws DatabaseError.
  static Discount stored(std::string_view text);
  /// "20 %", "5.00 €": what it takes off, for people.
  std::string show() const;
  bool operator==(const Discount&) const = default;
};

}  // namespace cstims
