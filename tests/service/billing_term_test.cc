#include "service/billing_term.h"

#include <random>

#include "base/failure.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

BillingTerm term(std::string_view text) {
  auto parsed = BillingTerm::parse(text, Currency::eur());
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().english());
  return parsed.value();
}

std::string refusal(std::string_view text) {
  const auto parsed = BillingTerm::parse(text, Currency::eur());
  return parsed ? "taken as " + parsed->text() : parsed.error().english();
}

Decimal decimal(std::string_view text) {
  return Decimal::parse(text).value();
}

std::string resolved(std::string_view text, const OptionValues& options = {},
                     std::optional<Cycle> cycle = {}) {
  const auto result = term(text).resolve(cycle, options);
  return result ? result->text() : result.error().english();
}

/// Writes random terms that the notation allows, with untidy spaces and zeros.
class TermWriter {
 public:
  explicit TermWriter(unsigned seed) : random_(seed) {}

  std::string term() {
    std::string text;
    std::vector<std::string> cycles = {"h", "d", "w", "mo", "3mo", "6mo", "y", "2y", "3y"};
    std::shuffle(cycles.begin(), cycles.end(), random_);
    const int alternatives = below(3) + 1;
    for (int i = 0; i < alternatives; ++i) {
      if (i > 0) text += spaces() + " or ";
      text += sum(0) + spaces() + currency() + "/" + spaces() + cycles[static_cast<std::size_t>(i)];
      if (below(4) == 0) text += " in  arrears";
      if (below(3) == 0)
        text += spaces() + "+" + spaces() + sum(0) + spaces() + currency() + " setup";
    }
    return text;
  }

 private:
  int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  std::string spaces() { return std::string(static_cast<std::size_t>(below(3)), ' '); }
  std::string currency() { return below(2) == 0 ? "€" : " EUR"; }
  std::string number() {
    static const std::vector<std::string> numbers = {"0",   "5",      "05",  "0.50", "12.345678",
                                                     "1.0", "0.0069", "100", "7.5"};
    return numbers[static_cast<std::size_t>(below(static_cast<int>(numbers.size())))];
  }
  std::string operand(int depth) {
    if (depth < 3 && below(4) == 0) return "(" + spaces() + sum(depth + 1) + ")";
    return below(3) == 0 ? std::string(below(2) == 0 ? "cpu" : "gb_2") : number();
  }
  std::string power(int depth) {
    return operand(depth) + (below(5) == 0 ? "^" + std::to_string(below(10)) : "");
  }
  std::string sum(int depth) {
    std::string text = power(depth);
    static const std::vector<std::string> signs = {"+", "-", "*"};
    while (below(3) == 0)
      text += spaces() + signs[static_cast<std::size_t>(below(3))] + power(depth);
    return text;
  }
  std::mt19937 random_;
};

}  // namespace

SENTENCE(billing_term, "every form of the notation is printed as it is written") {
  for (const std::string text :
       {"free", "5 €/mo", "0.75 €/mo", "5 €/mo + 10 € setup", "0.50 €/mo or 6 €/y", "25 € once",
        "0.0069 €/h in arrears", "(1*cpu + 0.5*ram + 0.05*ssd) €/mo", "1 + 0.005*gb^2 €/mo",
        "5 €/d", "5 €/w", "5 €/3mo", "5 €/6mo", "5 €/2y", "5 €/3y", "0 €/mo",
        "5 €/mo in arrears + 1*cpu € setup or 50 €/y + 2.50 € setup"}) {
    EXPECT_EQ(term(text).text(), text);
  }
}

SENTENCE(billing_term, "spaces, needless zeros and the currency's code are made canonical") {
  EXPECT_EQ(term("0.75 EUR/mo").text(), "0.75 €/mo");
  EXPECT_EQ(term("  005.500€ / mo+10€setup ").text(), "5.50 €/mo + 10 € setup");
  EXPECT_EQ(term("1*cpu+0.50*ram EUR/mo").text(), "1*cpu + 0.5*ram €/mo");
  EXPECT_EQ(term("5\u00a0€/mo").text(), "5 €/mo");
}

SENTENCE(billing_term, "what is printed parses to the same term, for any term") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const std::string written = TermWriter(seed).term();
    const auto first = BillingTerm::parse(written, Currency::eur());
    if (!first) continue;  // more digits or decimals than allowed
    const auto second = BillingTerm::parse(first->text(), Currency::eur());
    ASSERT_TRUE(second) << written << " → " << first->text() << ": " << second.error().english();
    ASSERT_EQ(second->text(), first->text()) << written;
    ASSERT_EQ(BillingTerm::stored(first->text()), *first);
    OptionValues values{{"cpu", decimal("2")}, {"gb_2", decimal("0.5")}};
    for (const auto& alternative : first->alternatives()) {
      const auto one = first->resolve(alternative.cycle, values);
      const auto two = second->resolve(alternative.cycle, values);
      ASSERT_EQ(one.has_value(), two.has_value()) << written;
      if (!one) continue;
      ASSERT_EQ(*one, *two) << written;
      ASSERT_EQ(ResolvedTerm::parse(one->text(), Currency::eur()).value(), *one) << one->text();
      ASSERT_EQ(ResolvedTerm::stored(one->text()), *one);
    }
  }
}

SENTENCE(billing_term,
         "ancestor: price-text: what is not exactly a price is refused with place and example") {
  EXPECT_EQ(refusal("1-10 €/mo or"), "billing: Character 13: a price is expected. Example: 5 €/mo");
  EXPECT_EQ(refusal(""), "billing: Character 1: a price is expected. Example: 5 €/mo");
  EXPECT_EQ(refusal("5 €/month"),
            "billing: Character 5: a period is one of h d w mo 3mo 6mo y 2y 3y. Example: 5 €/mo");
  EXPECT_EQ(refusal("5 €/12mo"),
            "billing: Character 5: a period is one of h d w mo 3mo 6mo y 2y 3y. Example: 5 €/mo");
  EXPECT_EQ(refusal("5 €"),
            "billing: Character 4: a period or “once” is expected. Example: 5 €/mo");
  EXPECT_EQ(refusal("5 USD/mo"), "billing: Character 3: € is expected. Example: 5 €/mo");
  EXPECT_EQ(refusal("0,75 €/mo"),
            "billing: Character 2: write the decimal point as a dot. Example: 0.75");
  EXPECT_EQ(refusal("5 €/mo please"),
            "billing: Character 8: the term should end here. Example: 5 €/mo");
  EXPECT_EQ(refusal("5 €/mo or 6 €/mo"),
            "billing: Character 11: the period mo is offered already.");
  EXPECT_EQ(refusal("free or 5 €/mo"),
            "billing: Character 6: the term should end here. Example: 5 €/mo");
  EXPECT_EQ(refusal("5 €/mo + 10 €"),
            "billing: Character 14: “setup” is expected. Example: 5 €/mo + 5 € setup");
  EXPECT_EQ(
      refusal("1 + 0.005*GB^2 €/mo"),
      "billing: Character 11: a number, an option's key or ( is expected. Example: 1 + 0.5*ram");
  for (const std::string text : {"5€/mo\n",
                                 "5 €/mo\x01",
                                 "1e9 €/mo",
                                 "NaN €/mo",
                                 "0x10 €/mo",
                                 "5. €/mo",
                                 ".5 €/mo",
                                 "(5 €/mo",
                                 "5) €/mo",
                                 "2^10 €/mo",
                                 "2^2^2 €/mo",
                                 "2^-1 €/mo",
                                 "5 €/once",
                                 "once",
                                 "5 € once in arrears",
                                 "5 €/mo in advance",
                                 "1/3 €/mo",
                                 "5 €/mo + 2 € once",
                                 "€5/mo",
                                 "5 €/MO",
                                 "Free"}) {
    EXPECT_FALSE(BillingTerm::parse(text, Currency::eur())) << text;
  }
}

SENTENCE(billing_term, "ancestor: own-price: a price below zero cannot be written") {
  EXPECT_EQ(refusal("-50 €/mo"),
            "billing: Character 1: a price is not below zero. Example: 5 €/mo");
  EXPECT_FALSE(BillingTerm::parse("5 €/mo + -10 € setup", Currency::eur()));
  EXPECT_EQ(resolved("1 - 2*cpu €/mo", {{"cpu", decimal("4")}}), "0 €/mo");
}

SENTENCE(billing_term, "the currency is the site's") {
  const Currency dollar = Currency::parse("USD").value();
  EXPECT_TRUE(BillingTerm::parse("5 USD/mo", dollar));
  EXPECT_FALSE(BillingTerm::parse("5 €/mo", dollar));
  const auto parsed = BillingTerm::parse("5.5 USD/mo", dollar).value();
  EXPECT_EQ(parsed.text(), "5.50 USD/mo");
  EXPECT_EQ(BillingTerm::stored(parsed.text()), parsed);
}

SENTENCE(billing_term, "a formula is exact; only the amount of a line is rounded to cents") {
  EXPECT_EQ(resolved("1 + 0.005*gb^2 €/mo", {{"gb", decimal("3")}}), "1.045 €/mo");
  EXPECT_EQ(resolved("0.004*gb €/mo", {{"gb", decimal("1")}}), "0.004 €/mo");
  EXPECT_EQ(resolved("0.0000004*gb €/mo", {{"gb", decimal("1")}}), "0 €/mo");
  EXPECT_EQ(resolved("0.0000005*gb €/mo", {{"gb", decimal("1")}}), "0.000001 €/mo");
  EXPECT_EQ(resolved("1000000*gb €/mo", {{"gb", decimal("1.000004")}}), "1000004 €/mo");
  EXPECT_EQ(resolved("0.1*gb €/mo", {{"gb", decimal("3")}}), "0.30 €/mo");
  EXPECT_EQ(resolved("(1*cpu + 0.5*ram + 0.05*ssd) €/mo",
                     {{"cpu", decimal("2")}, {"ram", decimal("4")}, {"ssd", decimal("10")}}),
            "4.50 €/mo");
  EXPECT_EQ(resolved("2*(cpu + 1)^2 - 3 €/y", {{"cpu", decimal("2")}}), "15 €/y");
  EXPECT_EQ(resolved("cpu^0 €/mo", {{"cpu", decimal("0")}}), "1 €/mo");
  EXPECT_EQ(resolved("0.0069*cpu €/h", {{"cpu", decimal("3")}}), "0.0207 €/h");
  EXPECT_EQ(resolved("0.125 €/mo"), "0.125 €/mo");
}

SENTENCE(billing_term, "sizes are bounded, so that a hostile formula costs nothing") {
  EXPECT_TRUE(BillingTerm::parse("999999999 €/mo", Currency::eur()));
  EXPECT_FALSE(BillingTerm::parse("1000000000 €/mo", Currency::eur()));
  EXPECT_TRUE(BillingTerm::parse("0.123456 €/h", Currency::eur()));
  EXPECT_FALSE(BillingTerm::parse("0.1234567 €/h", Currency::eur()));
  EXPECT_TRUE(BillingTerm::parse("0.12345678901*gb €/h", Currency::eur()));
  EXPECT_FALSE(BillingTerm::parse("0.123456789012*gb €/h", Currency::eur()));
  EXPECT_TRUE(BillingTerm::parse("((((((((((1)))))))))) €/mo", Currency::eur()));
  EXPECT_FALSE(BillingTerm::parse("(((((((((((1))))))))))) €/mo", Currency::eur()));
  EXPECT_EQ(resolved("((((gb^9)^9)^9)^9)^9 €/mo", {{"gb", decimal("999999.999999")}}),
            "billing: The formula's price is too large.");
  EXPECT_EQ(resolved("gb^9 - gb^9 + 1 €/mo", {{"gb", decimal("999999.999999")}}), "1 €/mo");
  EXPECT_FALSE(BillingTerm::parse(std::string(600, ' ') + "5 €/mo", Currency::eur()));
}

SENTENCE(billing_term, "where there are alternatives the client picks one of them") {
  EXPECT_EQ(resolved("0.50 €/mo or 6 €/y", {}, Cycle::year), "6 €/y");
  EXPECT_EQ(resolved("0.50 €/mo or 6 €/y", {}, Cycle::month), "0.50 €/mo");
  EXPECT_EQ(resolved("0.50 €/mo or 6 €/y"), "period: Choose how often you want to pay.");
  EXPECT_EQ(resolved("0.50 €/mo or 6 €/y", {}, Cycle::week),
            "period: This service is not offered for that period.");
  EXPECT_EQ(resolved("5 €/mo"), "5 €/mo");
  EXPECT_EQ(resolved("free"), "free");
  EXPECT_EQ(resolved("free", {}, Cycle::month),
            "period: This service is free: there is no period to choose.");
}

SENTENCE(billing_term, "an order's term has one price and no formula over options") {
  EXPECT_TRUE(ResolvedTerm::parse("5 €/mo + 10 € setup", Currency::eur()));
  EXPECT_EQ(ResolvedTerm::parse("1 + 2 €/mo", Currency::eur()).value().text(), "3 €/mo");
  EXPECT_FALSE(ResolvedTerm::parse("0.50 €/mo or 6 €/y", Currency::eur()));
  EXPECT_FALSE(ResolvedTerm::parse("1*cpu €/mo", Currency::eur()));
  EXPECT_THROW(ResolvedTerm::stored("1*cpu €/mo"), std::exception);
  EXPECT_THROW(ResolvedTerm::stored("nonsense"), DatabaseError);
}

SENTENCE(billing_term, "a price is shown with all its decimals") {
  EXPECT_EQ(ResolvedTerm::stored("5 €/mo").show_price(), "5.00 €/mo");
  EXPECT_EQ(ResolvedTerm::stored("0.0069 €/h").show_price(), "0.0069 €/h");
  EXPECT_EQ(ResolvedTerm::stored("25 € once").show_price(), "25.00 € once");
  EXPECT_EQ(ResolvedTerm::stored("free").show_price(), "free");
}

SENTENCE(billing_term, "random bytes never crash the parser") {
  std::mt19937 random(7);
  const std::string alphabet = "0123456789.+-*^()/ €EURmoyhdw3orfreesetuponcinarcpu,\n\xff";
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    const auto parsed = BillingTerm::parse(text, Currency::eur());
    if (!parsed) continue;
    ASSERT_EQ(BillingTerm::parse(parsed->text(), Currency::eur()).value(), *parsed);
  }
}
