#include "service/formula.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <stdexcept>

#include "base/text.h"

namespace cstims {

/// Recursive descent; writes the steps and the canonical text as it goes.
class FormulaReader {
 public:
  explicit FormulaReader(TextCursor& cursor) : cursor_(cursor) {}

  Formula read() {
    sum(0);
    return std::move(formula_);
  }

 private:
  using Kind = Formula::Step::Kind;

  void sum(int depth) {
    product(depth);
    for (;;) {
      if (cursor_.take("+")) {
        operation(" + ", Kind::add, depth);
      } else if (cursor_.take("-")) {
        operation(" - ", Kind::subtract, depth);
      } else {
        return;
      }
    }
  }

  void operation(std::string_view sign, Kind kind, int depth) {
    formula_.text_ += sign;
    product(depth);
    formula_.steps_.push_back({.kind = kind});
  }

  void product(int depth) {
    power(depth);
    while (cursor_.take("*")) {
      formula_.text_ += '*';
      power(depth);
      formula_.steps_.push_back({.kind = Kind::multiply});
    }
  }

  void power(int depth) {
    operand(depth);
    if (!cursor_.take("^")) return;
    const auto place = cursor_.mark();
    const auto exponent = cursor_.take_number();
    if (exponent.size() != 1) {
      cursor_.fail_at(place,
                      message("Character {}: an exponent is a digit from 0 to 9. Example: gb^2"));
      return;
    }
    formula_.text_ += '^';
    formula_.text_ += exponent;
    formula_.steps_.push_back({.kind = Kind::raise, .mantissa = exponent.front() - '0'});
  }

  void operand(int depth) {
    const auto place = cursor_.mark();
    if (const auto digits = cursor_.take_number(); !digits.empty()) return number(digits, place);
    if (cursor_.take("(")) return group(depth, place);
    const auto word = cursor_.peek_word();
    if (!word.empty() && word == lower_ascii(word)) {
      cursor_.take_word(word);
      formula_.text_ += word;
      formula_.steps_.push_back({.kind = Kind::key, .key = std::string(word)});
      return;
    }
    cursor_.fail(
        message("Character {}: a number, an option's key or ( is expected. Example: 1 + 0.5*ram"));
  }

  void group(int depth, std::size_t place) {
    if (depth == Formula::most_depth) {
      cursor_.fail_at(place, message("Character {}: at most {} parentheses inside each other.",
                                     {std::to_string(Formula::most_depth)}));
      return;
    }
    formula_.text_ += '(';
    sum(depth + 1);
    if (!cursor_.take(")"))
      cursor_.fail(message("Character {}: ) is expected. Example: (1*cpu + 0.5*ram)"));
    formula_.text_ += ')';
  }

  void number(std::string_view digits, std::size_t place) {
    const auto point = std::min(digits.find('.'), digits.size());
    std::string_view whole = digits.substr(0, point);
    std::string_view fraction = digits.substr(std::min(point + 1, digits.size()));
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
    if (whole.size() + fraction.size() > Formula::most_digits) {
      cursor_.fail_at(place, message("Character {}: a number has at most {} digits.",
                                     {std::to_string(Formula::most_digits)}));
      return;
    }
    Formula::Step step{.kind = Kind::number, .decimals = static_cast<int>(fraction.size())};
    for (const char digit : whole) step.mantissa = step.mantissa * 10 + (digit - '0');
    for (const char digit : fraction) step.mantissa = step.mantissa * 10 + (digit - '0');
    formula_.steps_.push_back(std::move(step));
    formula_.text_ += whole;
    if (fraction.empty()) return;
    formula_.text_ += '.';
    formula_.text_ += fraction;
  }

  TextCursor& cursor_;
  Formula formula_;
};

namespace {

using boost::multiprecision::cpp_int;
using Fraction = boost::multiprecision::cpp_rational;

constexpr int decimal_places = 6;
/// Enough for any sensible price, little enough that a hostile formula costs nothing.
constexpr unsigned most_bits = 2000;

bool in_bounds(const Fraction& value) {
  const cpp_int size = abs(numerator(value));
  return (size == 0 || msb(size) < most_bits) && msb(denominator(value)) < most_bits;
}

cpp_int power_of_ten(int exponent) {
  return pow(cpp_int(10), static_cast<unsigned>(exponent));
}

Fraction raise(const Fraction& base, std::int64_t exponent) {
  Fraction result = 1;
  for (std::int64_t i = 0; i < exponent && in_bounds(result); ++i) result *= base;
  return result;
}

/// Half away from zero; for values of at least zero that is upwards.
cpp_int round_to(const Fraction& value, int digits) {
  const Fraction scaled = value * power_of_ten(digits);
  const cpp_int& part = numerator(scaled);
  const cpp_int& whole = denominator(scaled);
  return (2 * part + whole) / (2 * whole);
}

}  // namespace

Formula Formula::read(TextCursor& cursor) {
  return FormulaReader(cursor).read();
}

Formula Formula::of_number(const Decimal& number) {
  const std::string text = number.text();
  TextCursor cursor(text);
  Formula formula = read(cursor);
  if (cursor.failed() || !cursor.at_end()) {
    throw std::invalid_argument("not a price: " + text);
  }
  return formula;
}

std::optional<Decimal> Formula::number() const {
  if (steps_.size() != 1 || steps_.front().kind != Step::Kind::number) return std::nullopt;
  if (steps_.front().decimals > decimal_places) return std::nullopt;
  const auto parsed = Decimal::parse(text_.front() == '(' ? "" : std::string_view(text_));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::set<std::string> Formula::keys() const {
  std::set<std::string> keys;
  for (const Step& step : steps_) {
    if (step.kind == Step::Kind::key) keys.insert(step.key);
  }
  return keys;
}

Result<Decimal> Formula::evaluate(const OptionValues& values, int digits) const {
  const auto too_large = refuse("billing", message("The formula's price is too large."));
  std::vector<Fraction> stack;
  const auto pop = [&] {
    Fraction top = std::move(stack.back());
    stack.pop_back();
    return top;
  };
  for (const Step& step : steps_) {
    if (step.kind == Step::Kind::number) {
      stack.emplace_back(cpp_int(step.mantissa), power_of_ten(step.decimals));
    } else if (step.kind == Step::Kind::key) {
      const auto value = values.find(step.key);
      if (value == values.end())
        return refuse("billing", message("“{}” has no value.", {step.key}));
      stack.emplace_back(cpp_int(value->second.millionths()), cpp_int(Decimal::scale));
    } else if (step.kind == Step::Kind::raise) {
      stack.push_back(raise(pop(), step.mantissa));
    } else {
      const Fraction right = pop();
      const Fraction left = pop();
      if (step.kind == Step::Kind::add) stack.push_back(left + right);
      if (step.kind == Step::Kind::subtract) stack.push_back(left - right);
      if (step.kind == Step::Kind::multiply) stack.push_back(left * right);
    }
    if (!in_bounds(stack.back())) return too_large;
  }
  const Fraction price = pop();
  // What comes out must be writable as a number again.
  if (price > (digits > 3 ? 999'999 : most_price)) return too_large;
  if (price < 0) return Decimal::whole(0);
  const cpp_int millionths = round_to(price, digits) * power_of_ten(decimal_places - digits);
  return Decimal::millionths(static_cast<std::int64_t>(millionths));
}

}  // namespace cstims
