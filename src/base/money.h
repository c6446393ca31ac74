// Exact numbers. No floating point anywhere; every operation is checked and throws
// std::overflow_error.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace cstims {

/// An ISO 4217 code with its number of minor digits (EUR 2, JPY 0, KWD 3).
class Currency {
 public:
  static Result<Currency> parse(std::string_view code);
  static Currency eur();
  std::string_view code() const { return {code_, 3}; }
  int digits() const { return digits_; }
  /// "€" where there is a well-known sign, else the code.
  std::string_view sign() const;
  bool operator==(const Currency&) const = default;

 private:
  Currency(const char (&code)[4], int digits);
  char code_[4];
  int digits_;
};

/// Half away from zero, so that a full credit is the exact negative (Ley 46/1998 art. 11).
/// numerator * factor / denominator in 128 bits, rounded once. denominator > 0.
std::int64_t multiply_and_round(std::int64_t amount, std::int64_t factor, std::int64_t denominator);

/// Tax rate in basis points: 2100 is 21 %. 0 … 10000.
class TaxRate {
 public:
  static Result<TaxRate> parse(std::string_view percent);  // "21", "5.2", "0"
  static TaxRate basis_points(std::int64_t points);        // throws std::out_of_range
  std::int64_t points() const { return points_; }
  std::string text() const;  // "21", "5.2"
  auto operator<=>(const TaxRate&) const = default;

 private:
  explicit TaxRate(std::int64_t points) : points_(points) {}
  std::int64_t points_ = 0;
};

/// Minor units of one currency. Adding two currencies throws std::logic_error.
class Money {
 public:
  Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
  static Money zero(Currency currency) { return {0, currency}; }
  /// "12", "12.3", "12.30", "-5"; refuses more digits than the currency has, signs twice,
  /// exponents, commas.
  static Result<Money> parse(std::string_view text, Currency currency);

  std::int64_t minor() const { return minor_; }
  Currency currency() const { return currency_; }
  bool is_zero() const { return minor_ == 0; }
  bool is_negative() const { return minor_ < 0; }
  Money operator+(const Money& other) const;
  Money operator-(const Money& other) const;
  Money operator-() const;
  Money& operator+=(const Money& other) { return *this = *this + other; }
  Money tax(TaxRate rate) const;  // rounded once
  std::string text() const;       // "12.30": digits only, for forms, files and commands
  std::string show() const;       // "12.30 €": for people
  std::strong_ordering operator<=>(
      const Money& other) const;  // throws std::logic_error across currencies
  bool operator==(const Money&) const = default;

 private:
  std::int64_t minor_;
  Currency currency_;
};

/// An exact decimal with up to six places: unit prices and quantities. |value| < 9.2e12.
class Decimal {
 public:
  static constexpr std::int64_t scale = 1'000'000;
  static Result<Decimal> parse(std::string_view text);
  static Decimal stored(std::string_view text);  // throws DatabaseError
  static Decimal whole(std::int64_t number);
  static Decimal millionths(std::int64_t value) { return Decimal(value); }
  std::int64_t millionths() const { return value_; }
  Decimal operator+(const Decimal& other) const;
  Decimal operator-(const Decimal& other) const;
  Decimal operator*(
      const Decimal& other) const;  // throws std::overflow_error also when not exact in six places
  /// quantity * unit price * part / whole in major units, rounded once to minor units: a line's net
  /// amount.
  static Money amount(const Decimal& quantity, const Decimal& unit_price, std::int64_t part,
                      std::int64_t whole, Currency currency);
  std::string text() const;  // shortest: "0.0069", "5", "-1.5"
  auto operator<=>(const Decimal&) const = default;

 private:
  explicit Decimal(std::int64_t value) : value_(value) {}
  std::int64_t value_ = 0;
};

}  // namespace cstims
