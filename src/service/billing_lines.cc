#include "service/billing_lines.h"

#include <algorithm>

namespace cstims {
namespace {

constexpr std::int64_t all_of_it = 10'000;  // basis points

Decimal as_decimal(const Money& money) {
  std::int64_t millionths = money.minor();
  for (int digits = money.currency().digits(); digits < 6; ++digits) millionths *= 10;
  return Decimal::millionths(millionths);
}

/// Real time between two midnights, in hours.
Decimal hours_of(const BillingPeriod& period, const TimeZone& zone) {
  const auto seconds =
      zone.start_of(period.next).unix_seconds() - zone.start_of(period.start).unix_seconds();
  return Decimal::millionths(multiply_and_round(seconds, Decimal::scale, 3600));
}

/// The factors of an amount, and how they are written: "3 × 5.00 € × 15 / 31 × 80 %".
struct Calculation {
  Decimal quantity = Decimal::whole(1);
  Decimal price;
  std::int64_t part = 1;
  std::int64_t whole = 1;
  std::string words = {};

  void times(const std::string& factor) { words += (words.empty() ? "" : " × ") + factor; }
  Money amount(Currency currency) const {
    return Decimal::amount(quantity, price, part, whole, currency);
  }
  /// Whether a fraction of a minor unit was rounded.
  bool is_rounded(Currency currency) const {
    const Money minor = amount(currency);
    return Decimal::amount(quantity, price, part * 1000, whole, currency).minor() !=
           minor.minor() * 1000;
  }
};

/// Of an amount for each whole period it takes off its part; percentages are factors.
void take_off_amount(const DueItem& item, Calculation& calculation) {
  const Decimal off = as_decimal(*item.discount->amount);
  const Decimal price = calculation.quantity * calculation.price;
  calculation.price = std::max(price - off, Decimal::whole(0));
  calculation.quantity = Decimal::whole(1);
  calculation.words = "(" + calculation.words + " − " + item.discount->amount->show() + ")";
}

void take_off_share(const DueItem& item, Calculation& calculation) {
  const auto rest = all_of_it - item.discount->share->points();
  calculation.part *= rest;
  calculation.whole *= all_of_it;
  calculation.times(TaxRate::basis_points(rest).text() + " %");
}

Calculation calculation_of(const DueItem& item, const Decimal& price) {
  Calculation calculation{.quantity = Decimal::whole(item.quantity), .price = price};
  if (item.quantity != 1) calculation.times(std::to_string(item.quantity));
  calculation.times(item.term.show_amount(price));
  return calculation;
}

/// A period counted in days.
Calculation calculate_days(const DueItem& item) {
  auto calculation = calculation_of(item, item.term.price);
  if (item.discount && item.discount->amount) take_off_amount(item, calculation);
  if (item.kind == ItemKind::recurring && item.is_partial()) {
    calculation.part = item.period.days();
    calculation.whole = item.whole_period.days();
    calculation.times(std::to_string(calculation.part) + " / " + std::to_string(calculation.whole));
  }
  if (item.discount && item.discount->share) take_off_share(item, calculation);
  return calculation;
}

/// A period counted in hours. An amount off is that of the days, rounded to the unit price's
/// places.
Calculation calculate_hours(const DueItem& item, const Decimal& hours) {
  auto calculation = calculation_of(item, item.term.price);
  calculation.quantity = hours * Decimal::whole(item.quantity);
  calculation.words = hours.text() + " × " + calculation.words;
  if (!item.discount) return calculation;
  if (item.discount->share) {
    take_off_share(item, calculation);
    return calculation;
  }
  const auto off = multiply_and_round(as_decimal(*item.discount->amount).millionths(),
                                      item.period.days(), item.whole_period.days());
  const auto full = multiply_and_round(calculation.quantity.millionths(),
                                       calculation.price.millionths(), Decimal::scale);
  calculation.price = Decimal::millionths(std::max(full - off, std::int64_t{0}));
  calculation.quantity = Decimal::whole(1);
  calculation.words += " − " + item.discount->amount->show();
  if (item.is_partial()) {
    calculation.times(std::to_string(item.period.days()) + " / " +
                      std::to_string(item.whole_period.days()));
  }
  return calculation;
}

Message period_sentence(const DueItem& item) {
  const auto days = std::to_string(item.period.days());
  const auto price = item.term.show_price();
  if (item.is_partial()) {
    return message("{}, {} of the {} days {}, {}.",
                   {show(item.period), days, std::to_string(item.whole_period.days()),
                    show(item.whole_period), price});
  }
  if (item.period.days() == 1) {
    return message("{}, 1 day, {}.", {show(item.period.start), price});
  }
  return message("{}, {} days, {}.", {show(item.period), days, price});
}

Message hours_sentence(const DueItem& item, const Decimal& hours, const TimeZone& zone) {
  return message("{}, {} days, {} hours by the clock of {}, {}.",
                 {show(item.period), std::to_string(item.period.days()), hours.text(), zone.name(),
                  item.term.show_price()});
}

void explain_discount(const DueItem& item, std::vector<Message>& sentences) {
  if (!item.discount) return;
  const auto& discount = *item.discount;
  sentences.push_back(discount.periods
                          ? message("Coupon {}: {} off, period {} of {}.",
                                    {discount.code, discount.show(), std::to_string(item.number),
                                     std::to_string(*discount.periods)})
                          : message("Coupon {}: {} off.", {discount.code, discount.show()}));
}

/// Plain items show their factors as quantity and unit price; of others the calculation is told.
BillingLine line_of(const DueItem& item, const Calculation& calculation, Message description,
                    std::vector<Message> sentences) {
  const Currency currency = item.term.currency;
  const Money net = calculation.amount(currency);
  const bool plain = calculation.whole == 1 && !item.discount;
  if (!item.options.empty()) sentences.push_back(message("With {}.", {item.options}));
  explain_discount(item, sentences);
  if (calculation.words.contains(' ') &&
      calculation.words != item.term.show_amount(calculation.price)) {
    sentences.push_back(message("{}", {calculation.words + " = " + net.show() + "."}));
  }
  if (calculation.is_rounded(currency)) {
    sentences.push_back(message("Rounded once, half up."));
  }
  return {.quantity = plain ? calculation.quantity : Decimal::whole(1),
          .unit_price = plain ? calculation.price : as_decimal(net),
          .net = net,
          .description = std::move(description),
          .explanation = std::move(sentences)};
}

BillingLine setup_line(const DueItem& item) {
  const auto calculation = calculation_of(item, item.term.setup.value());
  return line_of(item, calculation, message("Setup"),
                 {message("Setup, due once when billing begins, on {}: {}.",
                          {show(item.due_on), calculation.amount(item.term.currency).show()})});
}

BillingLine once_line(const DueItem& item) {
  const auto calculation = calculate_days(item);
  return line_of(item, calculation, message("One-time price"),
                 {message("Due once on {}: {}.",
                          {show(item.due_on), calculation.amount(item.term.currency).show()})});
}

BillingLine hourly_line(const DueItem& item, const TimeZone& zone) {
  const Decimal hours = hours_of(item.period, zone);
  return line_of(item, calculate_hours(item, hours), message("{}", {show(item.period)}),
                 {hours_sentence(item, hours, zone)});
}

}  // namespace

BillingLine line_for(const DueItem& item, const TimeZone& zone) {
  if (item.kind == ItemKind::setup) return setup_line(item);
  if (item.kind == ItemKind::once) return once_line(item);
  if (item.term.cycle == Cycle::hour) return hourly_line(item, zone);
  return line_of(item, calculate_days(item), message("{}", {show(item.period)}),
                 {period_sentence(item)});
}

std::vector<BillingLine> lines_for(const std::vector<DueItem>& items, const TimeZone& zone) {
  std::vector<BillingLine> lines;
  lines.reserve(items.size());
  for (const auto& item : items) lines.push_back(line_for(item, zone));
  return lines;
}

}  // namespace cstims
