#include "service/billing_term.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

struct CycleFacts {
  Cycle cycle;
  std::string_view text;
  int months;
  int days;
};

constexpr std::array cycles = {
    CycleFacts{Cycle::hour, "h", 1, 0},           CycleFacts{Cycle::day, "d", 0, 1},
    CycleFacts{Cycle::week, "w", 0, 7},           CycleFacts{Cycle::month, "mo", 1, 0},
    CycleFacts{Cycle::three_months, "3mo", 3, 0}, CycleFacts{Cycle::six_months, "6mo", 6, 0},
    CycleFacts{Cycle::year, "y", 12, 0},          CycleFacts{Cycle::two_years, "2y", 24, 0},
    CycleFacts{Cycle::three_years, "3y", 36, 0},  CycleFacts{Cycle::once, "once", 0, 0},
};

const CycleFacts& facts(Cycle cycle) {
  return cycles.at(static_cast<std::size_t>(cycle));
}

/// Signs are shared by several currencies ($), so what is stored names all but the euro by code.
std::string unit(Currency currency) {
  return currency == Currency::eur() ? "€" : std::string(currency.code());
}

/// "5", "0.50", "0.0069": with a fraction, at least as many decimals as the currency has.
std::string amount_text(const Decimal& amount, int digits, bool even_if_whole) {
  std::string text = amount.text();
  const auto point = text.find('.');
  if (point == std::string::npos) {
    return even_if_whole && digits > 0
               ? text + '.' + std::string(static_cast<std::size_t>(digits), '0')
               : text;
  }
  const auto least = point + 1 + static_cast<std::size_t>(digits);
  if (text.size() < least) text.append(least - text.size(), '0');
  return text;
}

std::string formula_text(const Formula& formula, Currency currency) {
  const auto number = formula.number();
  return number ? amount_text(*number, currency.digits(), false) : formula.text();
}

std::string cycle_text(Cycle cycle) {
  return cycle == Cycle::once ? " once" : '/' + std::string(text(cycle));
}

std::string alternative_text(const BillingTerm::Alternative& alternative, Currency currency) {
  std::string text = formula_text(alternative.price, currency) + ' ' + unit(currency) +
                     cycle_text(alternative.cycle);
  if (alternative.in_arrears) text += " in arrears";
  if (alternative.setup) {
    text += " + " + formula_text(*alternative.setup, currency) + ' ' + unit(currency) + " setup";
  }
  return text;
}

BillingTerm::Alternative alternative_of(const ResolvedTerm& term) {
  BillingTerm::Alternative alternative{
      .price = Formula::of_number(term.price), .cycle = term.cycle, .in_arrears = term.in_arrears};
  if (term.setup) alternative.setup = Formula::of_number(*term.setup);
  return alternative;
}

}  // namespace

/// term := "free" | alternative { "or" alternative };  alternative := price [ "+" amount "setup" ]
/// price := amount ( "once" | "/" cycle [ "in" "arrears" ] );  amount := formula currency
class TermReader {
 public:
  /// Without a currency the first one written counts.
  TermReader(std::string_view text, std::optional<Currency> currency)
      : cursor_(text), currency_(currency) {}

  Result<BillingTerm> read() {
    BillingTerm term(Currency::eur());
    if (cursor_.take_word("free")) {
      term.text_ = "free";
    } else {
      read_alternatives(term);
    }
    if (!cursor_.at_end()) {
      cursor_.fail(
          message("Character {}: the term should end here. Example: {}", {example("/mo")}));
    }
    if (cursor_.failed()) return refuse("billing", *cursor_.fault());
    if (currency_) term.currency_ = *currency_;
    return term;
  }

 private:
  void read_alternatives(BillingTerm& term) {
    do {
      const auto place = cursor_.mark();
      auto alternative = read_alternative();
      if (cursor_.failed()) return;
      const bool repeated = std::ranges::any_of(
          term.alternatives_, [&](const auto& other) { return other.cycle == alternative.cycle; });
      if (repeated) {
        cursor_.fail_at(place, message("Character {}: the period {} is offered already.",
                                       {std::string(text(alternative.cycle))}));
        return;
      }
      term.text_ +=
          (term.alternatives_.empty() ? "" : " or ") + alternative_text(alternative, *currency_);
      term.alternatives_.push_back(std::move(alternative));
    } while (cursor_.take_word("or"));
  }

  BillingTerm::Alternative read_alternative() {
    BillingTerm::Alternative alternative{.price = read_amount()};
    read_cycle(alternative);
    if (cursor_.take("+")) {
      alternative.setup = read_amount();
      if (!cursor_.take_word("setup")) {
        cursor_.fail(message("Character {}: “setup” is expected. Example: {} + {}",
                             {example("/mo"), example(" setup")}));
      }
    }
    return alternative;
  }

  Formula read_amount() {
    const auto place = cursor_.mark();
    if (cursor_.peek() == '-') {
      cursor_.fail(
          message("Character {}: a price is not below zero. Example: {}", {example("/mo")}));
    }
    if (cursor_.at_end())
      cursor_.fail(message("Character {}: a price is expected. Example: {}", {example("/mo")}));
    Formula formula = Formula::read(cursor_);
    check_plain_number(formula, place);
    read_currency();
    return formula;
  }

  /// A price that is a plain number is kept as it is, so it must fit a unit price.
  void check_plain_number(const Formula& formula, std::size_t place) {
    if (cursor_.failed() || !formula.keys().empty()) return;
    const auto value = formula.evaluate({}, 2);
    if (!value) {
      cursor_.fail_at(place, message("Character {}: a price is at most {}.",
                                     {std::to_string(Formula::most_price)}));
      return;
    }
    const bool number = formula.text().find_first_not_of("0123456789.") == std::string::npos;
    if (number && !formula.number()) {
      cursor_.fail_at(place, message("Character {}: a price has at most six decimals. Example: {}",
                                     {example("/h")}));
    }
  }

  void read_currency() {
    if (cursor_.peek() == ',') {
      cursor_.fail(
          message("Character {}: write the decimal point as a dot. Example: {}", {"0.75"}));
    }
    if (!currency_) currency_ = peek_stored_currency();
    if (currency_ && (cursor_.take(unit(*currency_)) || cursor_.take(currency_->code()) ||
                      cursor_.take(currency_->sign()))) {
      return;
    }
    cursor_.fail(message("Character {}: {} is expected. Example: {}",
                         {unit(currency_.value_or(Currency::eur())), example("/mo")}));
  }

  std::optional<Currency> peek_stored_currency() {
    const auto word = cursor_.peek_word();
    if (word.empty()) return Currency::eur();
    const auto parsed = Currency::parse(word);
    return parsed ? std::optional(*parsed) : std::nullopt;
  }

  void read_cycle(BillingTerm::Alternative& alternative) {
    alternative.cycle = Cycle::once;
    if (cursor_.take_word("once")) return;
    if (!cursor_.take("/")) {
      cursor_.fail(
          message("Character {}: a period or “once” is expected. Example: {}", {example("/mo")}));
      return;
    }
    const auto place = cursor_.mark();
    const auto cycle = take_cycle();
    if (!cycle) {
      cursor_.fail_at(place, message("Character {}: a period is one of {}. Example: {}",
                                     {"h d w mo 3mo 6mo y 2y 3y", example("/mo")}));
      return;
    }
    alternative.cycle = *cycle;
    if (!cursor_.take_word("in")) return;
    alternative.in_arrears = true;
    if (!cursor_.take_word("arrears")) {
      cursor_.fail(
          message("Character {}: “arrears” is expected. Example: {}", {example("/h in arrears")}));
    }
  }

  std::optional<Cycle> take_cycle() {
    const auto number =
        std::string(cursor_.peek() >= '1' && cursor_.peek() <= '9' ? cursor_.take_number()
                                                                   : std::string_view());
    const auto cycle = parse_cycle(number + std::string(cursor_.peek_word()));
    if (!cycle || *cycle == Cycle::once) return std::nullopt;
    cursor_.take_word(cursor_.peek_word());
    return cycle;
  }

  std::string example(std::string_view rest) const {
    const bool hourly = rest.starts_with("/h");
    return (hourly ? "0.0069 " : "5 ") + unit(currency_.value_or(Currency::eur())) +
           std::string(rest);
  }

  TextCursor cursor_;
  std::optional<Currency> currency_;
};

std::string_view text(Cycle cycle) {
  return facts(cycle).text;
}

std::optional<Cycle> parse_cycle(std::string_view text) {
  const auto found = std::ranges::find(cycles, text, &CycleFacts::text);
  return found == cycles.end() ? std::nullopt : std::optional(found->cycle);
}

Message shown(Cycle cycle) {
  switch (cycle) {
    case Cycle::hour:
      return message("every hour");
    case Cycle::day:
      return message("every day");
    case Cycle::week:
      return message("every week");
    case Cycle::month:
      return message("every month");
    case Cycle::three_months:
      return message("every 3 months");
    case Cycle::six_months:
      return message("every 6 months");
    case Cycle::year:
      return message("every year");
    case Cycle::two_years:
      return message("every 2 years");
    case Cycle::three_years:
      return message("every 3 years");
    case Cycle::once:
      return message("once");
  }
  return {};
}

int months_of(Cycle cycle) {
  return facts(cycle).months;
}

int days_of(Cycle cycle) {
  return facts(cycle).days;
}

Result<ResolvedTerm> ResolvedTerm::parse(std::string_view text, Currency currency) {
  const auto term = BillingTerm::parse(text, currency);
  if (!term) return std::unexpected(term.error());
  if (term->alternatives().size() > 1) {
    return refuse("billing", message("An order has one price: choose one of the alternatives."));
  }
  if (const auto keys = term->keys(); !keys.empty()) {
    return refuse("billing",
                  message("An order has a fixed price: “{}” has no value here.", {*keys.begin()}));
  }
  return term->resolve(std::nullopt, {});
}

ResolvedTerm ResolvedTerm::stored(std::string_view text) {
  // The orders of a page or a billing run have few different prices.
  constexpr std::size_t most_remembered = 256;
  thread_local std::map<std::string, ResolvedTerm, std::less<>> remembered;
  if (const auto found = remembered.find(text); found != remembered.end()) return found->second;
  const auto resolved = BillingTerm::stored(text).resolve(std::nullopt, {});
  if (!resolved) throw DatabaseError("not a resolved billing term: " + std::string(text));
  if (remembered.size() == most_remembered) remembered.clear();
  return remembered.emplace(text, *resolved).first->second;
}

std::string ResolvedTerm::text() const {
  return is_free ? "free" : alternative_text(alternative_of(*this), currency);
}

std::string ResolvedTerm::show_price() const {
  if (is_free) return "free";
  return show_amount(price) + cycle_text(cycle);
}

std::string ResolvedTerm::show_amount(const Decimal& amount) const {
  return amount_text(amount, currency.digits(), true) + ' ' + unit(currency);
}

Result<BillingTerm> BillingTerm::parse(std::string_view text, Currency currency) {
  if (count_characters(text) > longest) {
    return refuse("billing",
                  message("A billing term has at most {} characters.", {std::to_string(longest)}));
  }
  return TermReader(text, currency).read();
}

BillingTerm BillingTerm::stored(std::string_view text) {
  auto term = TermReader(text, std::nullopt).read();
  if (!term) {
    throw DatabaseError("stored billing term “" + std::string(text) +
                        "”: " + term.error().english());
  }
  return *std::move(term);
}

std::set<std::string> BillingTerm::keys() const {
  std::set<std::string> keys;
  for (const Alternative& alternative : alternatives_) {
    keys.merge(alternative.price.keys());
    if (alternative.setup) keys.merge(alternative.setup->keys());
  }
  return keys;
}

Result<ResolvedTerm> BillingTerm::resolve(std::optional<Cycle> cycle,
                                          const OptionValues& options) const {
  if (is_free()) {
    if (cycle)
      return refuse("period", message("This service is free: there is no period to choose."));
    return ResolvedTerm::free(currency_);
  }
  if (!cycle && alternatives_.size() > 1) {
    return refuse("period", message("Choose how often you want to pay."));
  }
  const auto chosen = std::ranges::find_if(
      alternatives_, [&](const Alternative& one) { return !cycle || one.cycle == *cycle; });
  if (chosen == alternatives_.end()) {
    return refuse("period", message("This service is not offered for that period."));
  }
  const auto amount = [&](const Formula& formula) -> Result<Decimal> {
    if (const auto number = formula.number()) return *number;
    const auto exact = formula.evaluate(options, 6);
    return exact ? exact : formula.evaluate(options, currency_.digits());
  };
  const auto price = amount(chosen->price);
  if (!price) return std::unexpected(price.error());
  ResolvedTerm term{.is_free = false,
                    .currency = currency_,
                    .cycle = chosen->cycle,
                    .in_arrears = chosen->in_arrears,
                    .price = *price};
  if (chosen->setup) {
    const auto setup = amount(*chosen->setup);
    if (!setup) return std::unexpected(setup.error());
    term.setup = *setup;
  }
  return term;
}

}  // namespace cstims
