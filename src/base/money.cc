#include "base/money.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

__extension__ typedef __int128
    Wide;  // an extension of GCC and Clang, which -Wpedantic asks to mark

struct CurrencyDigits {
  std::string_view codes;
  int digits;
};
/// ISO 4217 list one, without funds, metals and test codes.
constexpr std::array currencies = {
    CurrencyDigits{"AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD "
                   "BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB "
                   "EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD "
                   "KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU "
                   "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR "
                   "RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
                   "TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG",
                   2},
    CurrencyDigits{"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF", 0},
    CurrencyDigits{"BHD IQD JOD KWD LYD OMR TND", 3}};

Wide magnitude(Wide value) {
  return value < 0 ? -value : value;
}

std::int64_t narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    throw std::overflow_error("number too large");
  }
  return static_cast<std::int64_t>(value);
}

/// denominator > 0.
Wide divide_and_round(Wide numerator, Wide denominator) {
  const Wide quotient = numerator / denominator;
  const Wide rest = magnitude(numerator % denominator);
  if (rest < denominator - rest) return quotient;
  return numerator < 0 ? quotient - 1 : quotient + 1;
}

Wide multiplied(Wide one, Wide other) {
  Wide product = 0;
  if (__builtin_mul_overflow(one, other, &product)) throw std::overflow_error("number too large");
  return product;
}

Wide greatest_common_divisor(Wide one, Wide other) {
  while (other != 0) one = std::exchange(other, one % other);
  return one;
}

/// numerators multiplied / denominators multiplied, rounded once; common factors are taken out
/// first, to stay in 128 bits.
std::int64_t fraction(std::array<Wide, 4> numerators, std::array<Wide, 3> denominators) {
  for (auto& numerator : numerators) {
    for (auto& denominator : denominators) {
      const Wide common = greatest_common_divisor(magnitude(numerator), denominator);
      numerator /= common;
      denominator /= common;
    }
  }
  Wide above = 1;
  for (const Wide numerator : numerators) above = multiplied(above, numerator);
  Wide below = 1;
  for (const Wide denominator : denominators) below = multiplied(below, denominator);
  return narrow(divide_and_round(above, below));
}

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool are_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "-12.5" with two places is -1250.
Result<std::int64_t> parse_places(std::string_view text, int places) {
  const bool negative = text.starts_with('-');
  const auto unsigned_text = text.substr(negative ? 1 : 0);
  const auto point = unsigned_text.find('.');
  const auto whole = unsigned_text.substr(0, point);
  const auto part = point == std::string_view::npos ? "" : unsigned_text.substr(point + 1);
  if (!are_digits(whole) || (point != std::string_view::npos && !are_digits(part))) {
    return refuse("", message("Write a number like 12.30, with a point and no other signs."));
  }
  if (part.size() > static_cast<std::size_t>(places)) {
    return refuse("", message("At most {} digits after the point.", {std::to_string(places)}));
  }
  std::int64_t value = 0;
  const std::string padding(static_cast<std::size_t>(places) - part.size(), '0');
  for (const auto digits : {whole, part, std::string_view(padding)}) {
    for (const char digit : digits) {
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, digit - '0', &value)) {
        return refuse("", message("This number is too large."));
      }
    }
  }
  return negative ? -value : value;
}

/// -1250 with two places is "-12.50".
std::string places_text(std::int64_t value, int places) {
  auto digits = std::to_string(value);
  const std::string sign = value < 0 ? "-" : "";
  if (value < 0) digits.erase(0, 1);
  if (places == 0) return sign + digits;
  const auto count = static_cast<std::size_t>(places);
  if (digits.size() <= count) digits.insert(0, count + 1 - digits.size(), '0');
  return sign + digits.insert(digits.size() - count, ".");
}

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void require_same(Currency one, Currency other) {
  if (one != other) throw std::logic_error("amounts of two currencies in one calculation");
}

}  // namespace

Currency::Currency(const char (&code)[4], int digits) : digits_(digits) {
  std::ranges::copy(code, code_);
}

Result<Currency> Currency::parse(std::string_view code) {
  constexpr std::size_t step = 4;  // a code and the space behind it
  for (const auto& [codes, digits] : currencies) {
    for (std::size_t at = 0; code.size() == step - 1 && at < codes.size(); at += step) {
      if (codes.compare(at, code.size(), code) == 0) {
        return Currency({code[0], code[1], code[2], '\0'}, digits);
      }
    }
  }
  return refuse("", message("Write the three letters of a currency (ISO 4217), for example EUR."));
}

Currency Currency::eur() {
  return Currency("EUR", 2);
}

std::string_view Currency::sign() const {
  if (code() == "EUR") return "€";
  if (code() == "GBP") return "£";
  if (code() == "USD") return "$";
  if (code() == "JPY") return "¥";
  return code();
}

std::int64_t multiply_and_round(std::int64_t amount, std::int64_t factor,
                                std::int64_t denominator) {
  if (denominator <= 0) throw std::invalid_argument("denominator not above zero");
  return narrow(divide_and_round(Wide{amount} * factor, denominator));
}

Result<TaxRate> TaxRate::parse(std::string_view percent) {
  const auto points = parse_places(percent, 2);
  if (!points) return std::unexpected(points.error());
  if (*points < 0 || *points > 10'000) {
    return refuse("", message("A tax rate lies between 0 and 100."));
  }
  return TaxRate(*points);
}

TaxRate TaxRate::basis_points(std::int64_t points) {
  if (points < 0 || points > 10'000) throw std::out_of_range("tax rate outside 0 to 100 %");
  return TaxRate(points);
}

std::string TaxRate::text() const {
  return without_trailing_zeros(places_text(points_, 2));
}

Result<Money> Money::parse(std::string_view text, Currency currency) {
  const auto minor = parse_places(text, currency.digits());
  if (!minor) return std::unexpected(minor.error());
  return Money(*minor, currency);
}

Money Money::operator+(const Money& other) const {
  require_same(currency_, other.currency_);
  return {narrow(Wide{minor_} + other.minor_), currency_};
}

Money Money::operator-(const Money& other) const {
  require_same(currency_, other.currency_);
  return {narrow(Wide{minor_} - other.minor_), currency_};
}

Money Money::operator-() const {
  return {narrow(-Wide{minor_}), currency_};
}

Money Money::tax(TaxRate rate) const {
  return {multiply_and_round(minor_, rate.points(), 10'000), currency_};
}

std::string Money::text() const {
  return places_text(minor_, currency_.digits());
}

std::string Money::show() const {
  return text() + " " + std::string(currency_.sign());
}

std::strong_ordering Money::operator<=>(const Money& other) const {
  require_same(currency_, other.currency_);
  return minor_ <=> other.minor_;
}

Result<Decimal> Decimal::parse(std::string_view text) {
  const auto value = parse_places(text, 6);
  if (!value) return std::unexpected(value.error());
  return Decimal(*value);
}

Decimal Decimal::stored(std::string_view text) {
  const auto value = parse(text);
  if (!value) throw DatabaseError("a stored decimal number is none");
  return *value;
}

Decimal Decimal::whole(std::int64_t number) {
  return Decimal(narrow(Wide{number} * scale));
}

Decimal Decimal::operator+(const Decimal& other) const {
  return Decimal(narrow(Wide{value_} + other.value_));
}

Decimal Decimal::operator-(const Decimal& other) const {
  return Decimal(narrow(Wide{value_} - other.value_));
}

Decimal Decimal::operator*(const Decimal& other) const {
  const Wide product = Wide{value_} * other.value_;
  if (product % scale != 0) throw std::overflow_error("product not exact in six places");
  return Decimal(narrow(product / scale));
}

Money Decimal::amount(const Decimal& quantity, const Decimal& unit_price, std::int64_t part,
                      std::int64_t whole, Currency currency) {
  if (whole <= 0) throw std::invalid_argument("whole not above zero");
  return {fraction({quantity.value_, unit_price.value_, part, power_of_ten(currency.digits())},
                   {whole, scale, scale}),
          currency};
}

std::string Decimal::text() const {
  return without_trailing_zeros(places_text(value_, 6));
}

}  // namespace cstims
