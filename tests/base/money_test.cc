#include "base/money.h"

#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/failure.h"
#include "support/sentence.h"

namespace cstims {
namespace {

__extension__ typedef __int128 Wide;

Currency currency(std::string_view code) {
  return Currency::parse(code).value();
}
Money euros(std::int64_t minor) {
  return {minor, Currency::eur()};
}
Decimal decimal(std::string_view text) {
  return Decimal::parse(text).value();
}

/// Half away from zero by another road: double, add the sign, divide.
Wide rounded(Wide numerator, Wide denominator) {
  const Wide half = numerator < 0 ? -denominator : denominator;
  return (2 * numerator + half) / (2 * denominator);
}

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

}  // namespace

SENTENCE(money, "an amount is read as written and shown the same") {
  for (const auto* text : {"0.00", "0.01", "12.30", "-5.00", "-0.05", "92233720368547758.07"}) {
    EXPECT_EQ(Money::parse(text, Currency::eur()).value().text(), text);
  }
  EXPECT_EQ(Money::parse("12", Currency::eur()).value(), euros(1200));
  EXPECT_EQ(Money::parse("12.3", Currency::eur()).value(), euros(1230));
  EXPECT_EQ(euros(1230).show(), "12.30 €");
}

SENTENCE(money, "an amount with anything but digits, one sign and one point is refused") {
  for (const auto* text : {"", "-", ".", "1.", ".5", "+1", "--1", "1-", "1e3", "1,5", "1.2.3", " 1",
                           "1 ", "0x1", "1_0", "NaN", "inf", "١"}) {
    EXPECT_FALSE(Money::parse(text, Currency::eur())) << text;
  }
}

SENTENCE(money, "an amount has at most the digits of its currency") {
  EXPECT_TRUE(Money::parse("1.23", Currency::eur()));
  EXPECT_FALSE(Money::parse("1.234", Currency::eur()));
  EXPECT_TRUE(Money::parse("1", currency("JPY")));
  EXPECT_FALSE(Money::parse("1.0", currency("JPY")));
  EXPECT_EQ(Money::parse("1.234", currency("KWD")).value().minor(), 1234);
  EXPECT_FALSE(Money::parse("1.2345", currency("KWD")));
  EXPECT_EQ(Money(1234, currency("JPY")).text(), "1234");
  EXPECT_EQ(Money(-4, currency("KWD")).text(), "-0.004");
}

SENTENCE(money, "an amount just too large for 64 bits is refused") {
  EXPECT_EQ(Money::parse("92233720368547758.07", Currency::eur()).value().minor(), largest);
  EXPECT_FALSE(Money::parse("92233720368547758.08", Currency::eur()));
  EXPECT_FALSE(Money::parse("1000000000000000000000000", Currency::eur()));
}

SENTENCE(money, "sums that leave 64 bits throw instead of wrapping") {
  EXPECT_EQ((euros(largest - 1) + euros(1)).minor(), largest);
  EXPECT_THROW(euros(largest) + euros(1), std::overflow_error);
  EXPECT_EQ((euros(smallest + 1) - euros(1)).minor(), smallest);
  EXPECT_THROW(euros(smallest) - euros(1), std::overflow_error);
  EXPECT_THROW(-euros(smallest), std::overflow_error);
}

SENTENCE(money, "two currencies never meet in one sum or comparison") {
  const Money yen(100, currency("JPY"));
  EXPECT_THROW(euros(1) + yen, std::logic_error);
  EXPECT_THROW(euros(1) - yen, std::logic_error);
  EXPECT_THROW(static_cast<void>(euros(1) < yen), std::logic_error);
  EXPECT_FALSE(euros(100) == yen);
}

SENTENCE(money, "halves are rounded away from zero, so a credit is the exact negative") {
  EXPECT_EQ(multiply_and_round(5, 1, 10), 1);
  EXPECT_EQ(multiply_and_round(-5, 1, 10), -1);
  EXPECT_EQ(multiply_and_round(4, 1, 10), 0);
  EXPECT_EQ(multiply_and_round(-4, 1, 10), 0);
  EXPECT_EQ(multiply_and_round(15, 1, 10), 2);
  EXPECT_THROW(multiply_and_round(1, 1, 0), std::invalid_argument);
  EXPECT_THROW(multiply_and_round(largest, 2, 1), std::overflow_error);
  EXPECT_EQ(multiply_and_round(largest, 2, 2), largest);
  EXPECT_EQ(multiply_and_round(smallest, 2, 2), smallest);
}

SENTENCE(money, "multiplying and rounding agrees with 128 bits for many random numbers") {
  std::mt19937_64 random(20260310);
  for (int i = 0; i < 20'000; ++i) {
    const auto amount = static_cast<std::int64_t>(random()) >> (random() % 63);
    const auto factor = static_cast<std::int64_t>(random()) >> (32 + random() % 31);
    const auto denominator = 1 + static_cast<std::int64_t>(random() >> (33 + random() % 30));
    const Wide expected = rounded(Wide{amount} * factor, denominator);
    if (expected > largest || expected < smallest) {
      EXPECT_THROW(multiply_and_round(amount, factor, denominator), std::overflow_error);
    } else {
      ASSERT_EQ(multiply_and_round(amount, factor, denominator),
                static_cast<std::int64_t>(expected));
    }
  }
}

SENTENCE(money, "the tax of an amount is rounded once and turns sign with it") {
  EXPECT_EQ(euros(1000).tax(TaxRate::parse("21").value()), euros(210));
  EXPECT_EQ(euros(50).tax(TaxRate::parse("21").value()), euros(11));  // 10.5
  EXPECT_EQ(euros(-50).tax(TaxRate::parse("21").value()), euros(-11));
  EXPECT_EQ(euros(999).tax(TaxRate::parse("0").value()), euros(0));
  std::mt19937_64 random(1);
  for (int i = 0; i < 5'000; ++i) {
    const auto amount = euros(static_cast<std::int64_t>(random() >> 20));
    const auto rate = TaxRate::basis_points(static_cast<std::int64_t>(random() % 10'001));
    ASSERT_EQ((-amount).tax(rate), -amount.tax(rate));
    ASSERT_EQ(amount.tax(rate).minor(),
              static_cast<std::int64_t>(rounded(Wide{amount.minor()} * rate.points(), 10'000)));
  }
}

SENTENCE(money, "a tax rate lies between 0 and 100 percent") {
  EXPECT_EQ(TaxRate::parse("5.2").value().points(), 520);
  EXPECT_EQ(TaxRate::parse("5.2").value().text(), "5.2");
  EXPECT_EQ(TaxRate::parse("21").value().text(), "21");
  EXPECT_EQ(TaxRate::parse("0").value().text(), "0");
  EXPECT_EQ(TaxRate::parse("100").value().text(), "100");
  EXPECT_EQ(TaxRate::basis_points(7).text(), "0.07");
  EXPECT_FALSE(TaxRate::parse("100.01"));
  EXPECT_FALSE(TaxRate::parse("-0.01"));
  EXPECT_FALSE(TaxRate::parse("5.205"));
  EXPECT_THROW(TaxRate::basis_points(10'001), std::out_of_range);
  EXPECT_THROW(TaxRate::basis_points(-1), std::out_of_range);
}

SENTENCE(money, "a currency is known by its ISO code in capitals only") {
  EXPECT_EQ(currency("EUR"), Currency::eur());
  EXPECT_EQ(currency("KWD").digits(), 3);
  EXPECT_EQ(currency("JPY").digits(), 0);
  EXPECT_EQ(currency("EUR").sign(), "€");
  EXPECT_EQ(currency("CHF").sign(), "CHF");
  for (const auto* code : {"", "eur", "EURO", "EU", "XXX", "EUR GBP", "   "}) {
    EXPECT_FALSE(Currency::parse(code)) << code;
  }
}

SENTENCE(decimal, "a decimal is shown in its shortest form") {
  EXPECT_EQ(decimal("0.0069").text(), "0.0069");
  EXPECT_EQ(decimal("5").text(), "5");
  EXPECT_EQ(decimal("5.000000").text(), "5");
  EXPECT_EQ(decimal("-1.50").text(), "-1.5");
  EXPECT_EQ(decimal("100").text(), "100");
  EXPECT_EQ(decimal("0").text(), "0");
  EXPECT_FALSE(Decimal::parse("0.0000001"));
  EXPECT_FALSE(Decimal::parse("9223372036854.775808"));
  EXPECT_EQ(decimal("9223372036854.775807").text(), "9223372036854.775807");
  EXPECT_THROW(Decimal::stored("x"), DatabaseError);
}

SENTENCE(decimal, "writing and reading a decimal gives the same for many random numbers") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto value = Decimal::millionths(static_cast<std::int64_t>(random()) >> (random() % 63));
    if (value.millionths() == smallest) continue;
    ASSERT_EQ(decimal(value.text()), value) << value.text();
  }
}

SENTENCE(decimal, "a product that needs a seventh place throws") {
  EXPECT_EQ((decimal("0.001") * decimal("0.001")).text(), "0.000001");
  EXPECT_THROW(decimal("0.0001") * decimal("0.001"), std::overflow_error);
  EXPECT_THROW(Decimal::whole(5'000'000) * Decimal::whole(5'000'000), std::overflow_error);
  EXPECT_THROW(Decimal::whole(9'223'372'036'855), std::overflow_error);
  EXPECT_EQ(Decimal::whole(9'223'372'036'854).text(), "9223372036854");
  EXPECT_EQ((decimal("1.5") + decimal("-2")).text(), "-0.5");
  EXPECT_THROW(Decimal::millionths(largest) + Decimal::millionths(1), std::overflow_error);
}

SENTENCE(decimal, "the amount of a line is rounded once, not at each step") {
  // 0.0069 for 744 hours is 5.1336; a third of 10.00 is 3.333…
  EXPECT_EQ(Decimal::amount(decimal("744"), decimal("0.0069"), 1, 1, Currency::eur()), euros(513));
  EXPECT_EQ(Decimal::amount(decimal("1"), decimal("10"), 1, 3, Currency::eur()), euros(333));
  EXPECT_EQ(Decimal::amount(decimal("0.5"), decimal("0.01"), 1, 1, Currency::eur()), euros(1));
  EXPECT_EQ(Decimal::amount(decimal("-0.5"), decimal("0.01"), 1, 1, Currency::eur()), euros(-1));
  EXPECT_EQ(Decimal::amount(decimal("1"), decimal("100"), 0, 30, Currency::eur()), euros(0));
  EXPECT_EQ(Decimal::amount(decimal("2"), decimal("50.4"), 1, 1, currency("JPY")).minor(), 101);
  EXPECT_THROW(Decimal::amount(decimal("1"), decimal("1"), 1, 0, Currency::eur()),
               std::invalid_argument);
  EXPECT_THROW(Decimal::amount(Decimal::millionths(largest), Decimal::millionths(largest), 1, 1,
                               Currency::eur()),
               std::overflow_error);
}

SENTENCE(decimal, "line amounts agree with 128 bits for many random lines") {
  std::mt19937_64 random(42);
  for (int i = 0; i < 20'000; ++i) {
    const auto quantity = static_cast<std::int64_t>(random()) >> (24 + random() % 39);
    const auto price = static_cast<std::int64_t>(random()) >> (24 + random() % 39);
    const auto whole = 1 + static_cast<std::int64_t>(random() % 1461);
    const auto part = static_cast<std::int64_t>(random()) % (whole + 1);
    // 40 + 40 + 11 + 7 bits: no overflow here.
    const Wide expected =
        rounded(Wide{quantity} * price * part * 100, Wide{whole} * 1'000'000'000'000);
    ASSERT_EQ(Decimal::amount(Decimal::millionths(quantity), Decimal::millionths(price), part,
                              whole, Currency::eur())
                  .minor(),
              static_cast<std::int64_t>(expected));
  }
}

SENTENCE(decimal, "the parts of a period never differ from the whole by more than a cent a part") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 3'000; ++i) {
    const auto price = Decimal::millionths(static_cast<std::int64_t>(random() % 1'000'000'000));
    const std::int64_t days = 28 + static_cast<std::int64_t>(random() % 4);
    const std::int64_t used = static_cast<std::int64_t>(random() % static_cast<unsigned>(days + 1));
    const auto part = [&](std::int64_t count) {
      return Decimal::amount(Decimal::whole(1), price, count, days, Currency::eur());
    };
    ASSERT_LE(std::abs((part(used) + part(days - used) - part(days)).minor()), 1);
  }
}

}  // namespace cstims
