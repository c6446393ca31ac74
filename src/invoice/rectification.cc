#include "invoice/rectification.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace cstims {

namespace {

/// Of the same sign and no larger: what was billed negative (a discount) is taken back negative.
bool is_part_of(const Money& part, const Money& whole) {
  if (whole.is_negative()) return part.is_negative() && part >= whole;
  return !part.is_negative() && part <= whole;
}

const Remainder::Line* find_line(const Remainder& left, std::int64_t id) {
  const auto found =
      std::ranges::find_if(left.lines, [&](const auto& line) { return line.line.id == id; });
  return found == left.lines.end() ? nullptr : &*found;
}

Money base_left(const Remainder& left, TaxRate rate) {
  const auto found = std::ranges::find(left.taxes, rate, &TaxSum::rate);
  return found == left.taxes.end() ? Money::zero(left.currency) : found->base;
}

/// The same line with the opposite sign.
InvoiceLine taken_back(const InvoiceLine& line) {
  InvoiceLine back = line;
  back.kind = LineKind::correction;
  back.quantity = Decimal::whole(0) - line.quantity;
  back.net = -line.net;
  back.explanation.clear();
  back.corrects = line.id;
  back.id = 0;
  return back;
}

Decimal price_of(const Money& net) {
  return Decimal::stored(net.text());
}

/// A part of a line: once its amount, whatever the quantity was.
InvoiceLine taken_back_in_part(const InvoiceLine& line, const Money& net) {
  InvoiceLine back = taken_back(line);
  back.quantity = Decimal::whole(-1);
  back.unit_price = price_of(net);
  back.net = -net;
  return back;
}

InvoiceLine taken_back_of_rate(TaxRate rate, const Money& net, const std::string& description) {
  return {.kind = LineKind::correction,
          .description = description,
          .quantity = Decimal::whole(-1),
          .unit_price = price_of(net),
          .net = -net,
          .tax_rate = rate};
}

/// Whether nothing but lines was taken back at that rate.
bool lines_tell_all(const Remainder& left, const TaxSum& tax) {
  Money lines = Money::zero(left.currency);
  for (const auto& line : left.lines) {
    if (line.line.tax_rate == tax.rate) lines += line.net;
  }
  return lines == tax.base;
}

/// Line by line, but the rest of a rate of which amounts were taken back as one.
std::vector<InvoiceLine> all_that_is_left(const Remainder& left, const std::string& amount_text) {
  std::vector<InvoiceLine> result;
  for (const auto& line : left.lines) {
    const auto tax = std::ranges::find(left.taxes, line.line.tax_rate, &TaxSum::rate);
    if (line.net.is_zero() || tax == left.taxes.end() || !lines_tell_all(left, *tax)) continue;
    result.push_back(line.net == line.line.net ? taken_back(line.line)
                                               : taken_back_in_part(line.line, line.net));
  }
  for (const auto& tax : left.taxes) {
    if (tax.base.is_zero() || lines_tell_all(left, tax)) continue;
    result.push_back(taken_back_of_rate(tax.rate, tax.base, amount_text));
  }
  return result;
}

Result<std::vector<InvoiceLine>> parts_of_lines(const Remainder& left,
                                                const std::vector<CreditedLine>& wanted) {
  std::vector<InvoiceLine> result;
  std::map<std::int64_t, Money> so_far;
  for (const auto& part : wanted) {
    const auto* line = find_line(left, part.line);
    if (!line) return refuse("", message("A line that is to be taken back is not on the invoice."));
    Money& sum = so_far.try_emplace(part.line, Money::zero(left.currency)).first->second;
    sum += part.net;
    if (part.net.is_zero() || !is_part_of(part.net, line->net) || !is_part_of(sum, line->net)) {
      return refuse(line_field(part.line),
                    message("Only {} of this line are left.", {line->net.show()}));
    }
    const bool entirely = part.net == line->line.net && part.description.empty() && !part.period;
    result.push_back(entirely ? taken_back(line->line) : taken_back_in_part(line->line, part.net));
    if (!part.description.empty()) result.back().description = part.description;
    if (part.period) result.back().period = part.period;
    result.back().explanation = part.explanation;
  }
  return result;
}

Result<std::vector<InvoiceLine>> parts_of_rates(const Remainder& left,
                                                const std::vector<CreditedAmount>& wanted,
                                                const std::string& amount_text) {
  std::vector<InvoiceLine> result;
  for (const auto& part : wanted) {
    const Money base = base_left(left, part.rate);
    if (part.net.is_zero() || !is_part_of(part.net, base)) {
      return refuse(rate_field(part.rate),
                    message("Only {} at {} % are left.", {base.show(), part.rate.text()}));
    }
    result.push_back(taken_back_of_rate(part.rate, part.net, amount_text));
  }
  return result;
}

/// The tax of `net` taken back, of which the rest is `left`: what uses up the net takes all of the
/// tax, what does not takes no more than there is.
Money tax_taken_back(const Money& net, const TaxSum& left) {
  if (net == left.base) return left.tax;
  const Money tax = net.tax(left.rate);
  return is_part_of(tax, left.tax) ? tax : left.tax;
}

Result<InvoiceSums> sum_corrections(const Remainder& left, const std::vector<InvoiceLine>& lines) {
  InvoiceSums sums{
      Money::zero(left.currency), Money::zero(left.currency), Money::zero(left.currency), {}};
  for (const auto& tax : left.taxes) {
    Money net = Money::zero(left.currency);
    bool there = false;
    for (const auto& line : lines) {
      if (line.tax_rate != tax.rate) continue;
      net += -line.net;
      there = true;
    }
    if (!there) continue;
    if (!is_part_of(net, tax.base)) {
      return refuse("", message("Only {} at {} % are left.", {tax.base.show(), tax.rate.text()}));
    }
    const Money taken = tax_taken_back(net, tax);
    sums.taxes.push_back({tax.rate, -net, -taken});
    sums.net += -net;
    sums.tax += -taken;
  }
  sums.total = sums.net + sums.tax;
  return sums;
}

Result<std::vector<InvoiceLine>> lines_of(const Remainder& left, const Rectification& wanted,
                                          const std::string& amount_text) {
  switch (wanted.way) {
    case RectificationWay::whole:
      return all_that_is_left(left, amount_text);
    case RectificationWay::lines:
      return parts_of_lines(left, wanted.lines);
    case RectificationWay::amounts:
      return parts_of_rates(left, wanted.amounts, amount_text);
  }
  return {};
}

}  // namespace

Money Remainder::total() const {
  Money sum = Money::zero(currency);
  for (const auto& tax : taxes) sum += tax.base + tax.tax;
  return sum;
}

Result<Correction> decide_correction(const Remainder& left, const Rectification& wanted,
                                     const std::string& amount_text) {
  auto lines = lines_of(left, wanted, amount_text);
  if (!lines) return std::unexpected(lines.error());
  auto sums = sum_corrections(left, *lines);
  if (!sums) return std::unexpected(sums.error());
  if (!sums->total.is_negative()) {
    return refuse("", message("Say how much is to be taken back."));
  }
  return Correction{std::move(*lines), std::move(*sums)};
}

std::string line_field(std::int64_t line) {
  return fmt::format("line.{}", line);
}

std::string rate_field(TaxRate rate) {
  return fmt::format("rate.{}", rate.points());
}

namespace {

/// The amount typed into a field that belongs to `way`; refused when another way was chosen.
std::optional<Money> read_part(FormReader& reader, const std::string& field,
                               const Rectification& wanted, RectificationWay way,
                               Currency currency) {
  const auto net = reader.money(field, currency, false);
  if (!net || wanted.way == way) return net;
  reader.refuse(field, message("Choose this way above, or leave the field empty."));
  return std::nullopt;
}

}  // namespace

Result<Rectification> parse_rectification(const FormData& form, const Remainder& left) {
  FormReader reader(form);
  const std::string way = reader.choice("way", {"whole", "lines", "amounts"}, false);
  Rectification wanted{.reason = {}};
  if (way == "lines") wanted.way = RectificationWay::lines;
  if (way == "amounts") wanted.way = RectificationWay::amounts;
  for (const auto& line : left.lines) {
    const auto net =
        read_part(reader, line_field(line.line.id), wanted, RectificationWay::lines, left.currency);
    if (net) wanted.lines.push_back({.line = line.line.id, .net = *net});
  }
  for (const auto& tax : left.taxes) {
    const auto net =
        read_part(reader, rate_field(tax.rate), wanted, RectificationWay::amounts, left.currency);
    if (net) wanted.amounts.push_back({tax.rate, *net});
  }
  wanted.reason = reader.line("reason", {.longest = 200});
  if (wanted.reason.empty()) {
    reader.refuse("reason", message("Say why: the reason stands on the rectifying invoice."));
  }
  return reader.finish(std::move(wanted));
}

}  // namespace cstims
