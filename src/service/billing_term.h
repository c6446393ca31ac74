// What a service or an order costs and how often, in one exact notation:
//
//     free
//     5 €/mo                     0.75 EUR/mo                 5 €/mo + 10 € setup
//     0.50 €/mo or 6 €/y         the client picks one when ordering
//     25 € once                  0.0069 €/h in arrears
//     (1*cpu + 0.5*ram + 0.05*ssd) €/mo                      1 + 0.005*gb^2 €/mo
//
// A service has a BillingTerm; an order keeps the ResolvedTerm that came of it: one price, no
// choice, no formula.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/refusal.h"
#include "service/formula.h"

namespace cstims {

enum class Cycle {
  hour,
  day,
  week,
  month,
  three_months,
  six_months,
  year,
  two_years,
  three_years,
  once
};

/// As written behind the slash: "h" "d" "w" "mo" "3mo" "6mo" "y" "2y" "3y", or "once".
std::string_view text(Cycle cycle);
std::optional<Cycle> parse_cycle(std::string_view text);
/// "every month", "once" …
Message shown(Cycle cycle);
/// Calendar months of the period that is billed: 1 for months and also for hours, 12 for a year; 0
/// for days, weeks, once.
int months_of(Cycle cycle);
/// Days of it where it is counted in days: 1 or 7; else 0.
int days_of(Cycle cycle);

/// One price over one cycle. Billed on the first day of each period, or on the last boundary when
/// in arrears.
struct ResolvedTerm {
  bool is_free = true;
  Currency currency;
  Cycle cycle = Cycle::month;
  bool in_arrears = false;
  Decimal price = Decimal::whole(0);  // at least zero
  std::optional<Decimal> setup = {};  // due once, on activation

  static ResolvedTerm free(Currency currency) { return {.currency = currency}; }
  /// Refuses (field "billing") what BillingTerm::parse refuses, alternatives, and option keys.
  static Result<ResolvedTerm> parse(std::string_view text, Currency currency);
  /// Text that this program stored; throws DatabaseError.
  static ResolvedTerm stored(std::string_view text);
  /// Canonical: parse(text()) gives the same term.
  std::string text() const;
  /// "5.00 €/mo", "25.00 € once", "0.0069 €/h", "free": the price alone, for people.
  std::string show_price() const;
  /// "5.00 €", "0.0069 €": an amount in this term's currency with all its decimals.
  std::string show_amount(const Decimal& amount) const;
  bool operator==(const ResolvedTerm&) const = default;
};

class BillingTerm {
 public:
  struct Alternative {
    Formula price;
    Cycle cycle = Cycle::month;
    bool in_arrears = false;
    std::optional<Formula> setup = {};
  };
  static constexpr std::size_t longest = 500;  // characters

  /// Strict. Refuses (field "billing") with the place of the fault and an example. Amounts must be
  /// in `currency`, written as its sign or code.
  static Result<BillingTerm> parse(std::string_view text, Currency currency);
  /// Text that this program stored; throws DatabaseError. The currency is the one written there
  /// ("free": euro).
  static BillingTerm stored(std::string_view text);

  /// Canonical: as written but for spaces, needless zeros and the sign of the currency.
  /// parse(text()) == *this.
  const std::string& text() const { return text_; }
  Currency currency() const { return currency_; }
  bool is_free() const { return alternatives_.empty(); }
  const std::vector<Alternative>& alternatives() const { return alternatives_; }
  /// The option keys its formulas name.
  std::set<std::string> keys() const;

  /// The term an order keeps. `cycle` is needed where there are alternatives, and refused (field
  /// "period") when it is none of them. `options` must hold a value for every key. What a
  /// formula gives is kept with six decimals (above 999999 with those of the currency): only the
  /// amount of a line is rounded to minor units.
  Result<ResolvedTerm> resolve(std::optional<Cycle> cycle, const OptionValues& options) const;
  bool operator==(const BillingTerm& other) const {
    return text_ == other.text_ && currency_ == other.currency_;
  }

 private:
  friend class TermReader;
  explicit BillingTerm(Currency currency) : currency_(currency) {}
  Currency currency_;
  std::vector<Alternative> alternatives_;  // none: free
  std::string text_;
};

}  // namespace cstims
