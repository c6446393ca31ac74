#include "invoice/rectification.h"

#include <fmt/format.h>

#include <random>

#include "support/sentence.h"

namespace cstims::test {
namespace {

const Currency eur = Currency::eur();

Money euro(std::int64_t cents) {
  return Money(cents, eur);
}

TaxRate rate_of(std::int64_t points) {
  return TaxRate::basis_points(points);
}

InvoiceLine line_of(std::int64_t id, std::int64_t cents, std::int64_t rate) {
  return {.description = fmt::format("line {}", id),
          .quantity = Decimal::whole(2),
          .unit_price = Decimal::stored(euro(cents).text()),
          .net = euro(cents),
          .tax_rate = rate_of(rate),
          .id = id};
}

/// An invoice of which nothing is taken back.
Remainder invoice_of(const std::vector<InvoiceLine>& lines) {
  Remainder left{eur, {}, sum_up(lines, eur).taxes};
  for (const auto& line : lines) left.lines.push_back({line, line.net});
  return left;
}

/// What is left after the correction: the store adds up the same from its rows.
Remainder after(Remainder left, const Correction& correction) {
  for (const auto& line : correction.lines) {
    for (auto& original : left.lines) {
      if (line.corrects == original.line.id) original.net += line.net;
    }
  }
  for (const auto& tax : correction.sums.taxes) {
    for (auto& original : left.taxes) {
      if (original.rate != tax.rate) continue;
      original.base += tax.base;
      original.tax += tax.tax;
    }
  }
  return left;
}

Result<Correction> decide(const Remainder& left, const Rectification& wanted) {
  return decide_correction(left, wanted, "a part");
}

Rectification amount(std::int64_t cents, std::int64_t rate) {
  return {
      .way = RectificationWay::amounts, .amounts = {{rate_of(rate), euro(cents)}}, .reason = "why"};
}

Rectification part_of_line(std::int64_t line, std::int64_t cents) {
  return {.way = RectificationWay::lines,
          .lines = {{.line = line, .net = euro(cents)}},
          .reason = "why"};
}

SENTENCE(rectification, "taking back everything is the exact negative, whatever was rounded") {
  for (std::int64_t cents = 1; cents < 500; ++cents) {
    const std::vector<InvoiceLine> lines{line_of(1, cents, 2100), line_of(2, cents + 7, 520)};
    const auto sums = sum_up(lines, eur);
    const auto back = decide(invoice_of(lines), {.reason = "why"}).value();
    EXPECT_EQ(back.sums.total, -sums.total) << cents;
    EXPECT_EQ(back.sums.tax, -sums.tax) << cents;
    ASSERT_EQ(back.lines.size(), 2u);
    EXPECT_EQ(back.lines[1].quantity.text(), "-2");
    EXPECT_EQ(back.lines[1].corrects, 2);
  }
}

SENTENCE(rectification, "193.33 at 25 % is 241.66; in parts, the last takes the cents left over") {
  auto left = invoice_of({line_of(1, 19333, 2500)});
  EXPECT_EQ(left.total(), euro(24166));
  const auto first = decide(left, amount(19330, 2500)).value();
  EXPECT_EQ(first.sums.total, euro(-24163));  // 48.325 rounded up
  left = after(left, first);
  const auto last = decide(left, {.reason = "why"}).value();
  EXPECT_EQ(last.sums.net, euro(-3));
  EXPECT_TRUE(last.sums.tax.is_zero());  // 0.0075 would be 0.01: 241.67 in all
  EXPECT_TRUE(after(left, last).total().is_zero());
}

SENTENCE(rectification, "no part takes more tax than is left, though its own would be more") {
  auto left = invoice_of({line_of(1, 10, 2500)});  // 0.025 is 0.03
  for (int part = 0; part < 4; ++part) {
    const auto back = decide(left, amount(2, 2500)).value();  // 0.005 is 0.01
    EXPECT_EQ(back.sums.tax, euro(part < 3 ? -1 : 0)) << part;
    left = after(left, back);
  }
  left = after(left, decide(left, amount(2, 2500)).value());
  EXPECT_TRUE(left.total().is_zero());
}

SENTENCE(rectification, "more than is left is refused at its field, and names what is left") {
  const auto left = invoice_of({line_of(7, 1000, 2100), line_of(8, 500, 2100)});
  EXPECT_EQ(decide(left, part_of_line(7, 1001)).error().english(),
            "line.7: Only 10.00 € of this line are left.");
  EXPECT_EQ(decide(left, amount(1501, 2100)).error().english(),
            "rate.2100: Only 15.00 € at 21 % are left.");
  EXPECT_FALSE(decide(left, amount(1, 1000))) << "no such rate";
  EXPECT_FALSE(decide(left, part_of_line(9, 1))) << "no such line";
  EXPECT_FALSE(decide(left, amount(-1, 2100)));
  EXPECT_FALSE(decide(left, amount(0, 2100)));
  EXPECT_FALSE(decide(left, {.way = RectificationWay::lines, .reason = "nothing chosen"}));
}

SENTENCE(rectification, "the same line twice in one counts together") {
  const auto left = invoice_of({line_of(7, 1000, 2100)});
  Rectification twice = part_of_line(7, 600);
  twice.lines.push_back(twice.lines[0]);
  EXPECT_FALSE(decide(left, twice));
  twice.lines[1].net = euro(400);
  EXPECT_EQ(decide(left, twice).value().sums.net, euro(-1000));
}

SENTENCE(rectification, "amounts taken back before leave less of every line") {
  auto left = invoice_of({line_of(1, 1000, 2100), line_of(2, 500, 2100)});
  left = after(left, decide(left, amount(800, 2100)).value());
  EXPECT_FALSE(decide(left, part_of_line(1, 1000))) << "only 7.00 are left at this rate";
  const auto rest = decide(left, {.reason = "why"}).value();
  ASSERT_EQ(rest.lines.size(), 1u);
  EXPECT_EQ(rest.lines[0].net, euro(-700));
  EXPECT_TRUE(after(left, rest).total().is_zero());
}

SENTENCE(rectification, "a part of a line keeps order and days, unless others are given") {
  auto line = line_of(1, 1000, 2100);
  line.order = OrderId(5);
  line.period = BillingPeriod{Date(2026, 3, 1), Date(2026, 4, 1)};
  const auto left = invoice_of({line});
  const auto plain = decide(left, part_of_line(1, 250)).value().lines.at(0);
  EXPECT_EQ(plain.order, OrderId(5));
  EXPECT_EQ(plain.period, line.period);
  EXPECT_EQ(plain.description, "line 1");
  EXPECT_EQ(plain.quantity.text(), "-1");
  EXPECT_EQ(plain.unit_price.text(), "2.5");
  EXPECT_EQ(plain.kind, LineKind::correction);
  Rectification days = part_of_line(1, 250);
  days.lines[0].period = BillingPeriod{Date(2026, 3, 20), Date(2026, 4, 1)};
  days.lines[0].description = "12 days";
  const auto cut = decide(left, days).value().lines.at(0);
  EXPECT_EQ(cut.period, days.lines[0].period);
  EXPECT_EQ(cut.description, "12 days");
}

SENTENCE(rectification, "a discount line is taken back with its own sign") {
  const auto left = invoice_of({line_of(1, 1000, 2100), line_of(2, -200, 2100)});
  EXPECT_FALSE(decide(left, part_of_line(1, 1000))) << "8.00 were billed";
  Rectification both = part_of_line(1, 1000);
  both.lines.push_back({.line = 2, .net = euro(-200)});
  EXPECT_EQ(decide(left, both).value().sums.total, euro(-968));
  both.lines[1].net = euro(-201);
  EXPECT_FALSE(decide(left, both));
}

SENTENCE(rectification, "any parts in any order: never beyond the invoice, and 0.00 at the end") {
  std::mt19937 random(20260310);
  const auto pick = [&](std::int64_t most) {
    return 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<InvoiceLine> lines;
    for (std::int64_t id = 1; id <= pick(4); ++id) {
      lines.push_back(line_of(id, pick(round % 2 == 0 ? 30 : 30000), pick(3) * 520));
    }
    const auto billed = invoice_of(lines);
    auto left = billed;
    for (int parts = 0; parts < 12; ++parts) {
      const auto& line = lines[random() % lines.size()];
      const auto wanted = random() % 2 == 0
                              ? part_of_line(line.id, pick(line.net.minor()))
                              : amount(pick(line.net.minor()), line.tax_rate.points());
      const auto back = decide(left, wanted);
      if (!back) continue;
      left = after(left, *back);
      for (const auto& tax : left.taxes) {
        ASSERT_FALSE(tax.base.is_negative() || tax.tax.is_negative()) << round;
        ASSERT_TRUE(tax.tax.is_zero() || !tax.base.is_zero()) << round;
      }
    }
    if (left.total().is_zero()) continue;
    const auto rest = decide(left, {.reason = "why"});
    ASSERT_TRUE(rest) << round << ": " << rest.error().english();
    EXPECT_TRUE(after(left, *rest).total().is_zero()) << round;
  }
}

SENTENCE(rectification, "amounts of a way that was not chosen are refused, not forgotten") {
  const auto left = invoice_of({line_of(7, 1000, 2100)});
  FormData form;
  form.fields = {{"way", "whole"}, {"reason", "why"}, {"line.7", "5"}, {"rate.2100", ""}};
  ASSERT_FALSE(parse_rectification(form, left));
  EXPECT_TRUE(parse_rectification(form, left).error().find("line.7"));
  form.fields["way"] = "lines";
  EXPECT_EQ(parse_rectification(form, left).value().lines.at(0).net, euro(500));
  form.fields["reason"] = " ";
  EXPECT_TRUE(parse_rectification(form, left).error().find("reason"));
  form.fields = {{"reason", "why"}};
  EXPECT_EQ(parse_rectification(form, left).value().way, RectificationWay::whole);
}

}  // namespace
}  // namespace cstims::test
