// The price of a billing term: a number, or a formula over the options of a service.
//
//     5        1*cpu + 0.5*ram        (1 + 0.005*gb^2)
//
// Signs + - * ^ ( ), decimal numbers, option keys. Evaluated in exact fractions and rounded once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/refusal.h"
#include "service/text_cursor.h"

namespace cstims {

/// The value chosen for each option key.
using OptionValues = std::map<std::string, Decimal, std::less<>>;

class Formula {
 public:
  static constexpr int most_digits = 12;          // of a number
  static constexpr int most_exponent = 9;         // of ^
  static constexpr int most_depth = 10;           // of parentheses
  static constexpr int most_price = 999'999'999;  // in major units

  /// Reads as far as the formula goes. On a fault the cursor has failed and the result means
  /// nothing.
  static Formula read(TextCursor& cursor);
  static Formula of_number(const Decimal& number);

  /// As written, but for spaces and needless zeros.
  const std::string& text() const { return text_; }
  /// The number, when it is nothing but one with at most six decimals.
  std::optional<Decimal> number() const;
  std::set<std::string> keys() const;
  /// Rounded once to `digits` decimals (at most six), half away from zero; never below zero.
  /// Refuses
  /// (field "billing") a key without a value, values on the way that get out of bounds, and a price
  /// over most_price (999999 with more than three decimals).
  Result<Decimal> evaluate(const OptionValues& values, int digits) const;

 private:
  friend class FormulaReader;
  /// In reverse Polish order: operands first.
  struct Step {
    enum class Kind { number, key, add, subtract, multiply, raise } kind;
    std::int64_t mantissa = 0;  // of a number, or the exponent
    int decimals = 0;
    std::string key = {};
  };
  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace cstims
