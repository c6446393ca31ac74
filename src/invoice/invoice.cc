#include "invoice/invoice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {

namespace {

constexpr std::int64_t largest_quantity = 1'000'000;
constexpr std::int64_t largest_price = 10'000'000;

template <typename Kind, std::size_t count>
Kind stored_as(const Kind (&all)[count], std::string_view stored, std::string_view what) {
  for (const Kind one : all) {
    if (text(one) == stored) return one;
  }
  throw DatabaseError(fmt::format("'{}' is no {}", stored, what));
}

}  // namespace

std::string_view text(InvoiceKind kind) {
  return kind == InvoiceKind::ordinary ? "ordinary" : "rectifying";
}

std::string_view text(InvoiceStatus status) {
  return status == InvoiceStatus::draft ? "draft" : "issued";
}

std::string_view text(LineKind kind) {
  switch (kind) {
    case LineKind::recurring:
      return "recurring";
    case LineKind::setup:
      return "setup";
    case LineKind::once:
      return "once";
    case LineKind::manual:
      return "manual";
    case LineKind::correction:
      return "correction";
  }
  return {};
}

InvoiceKind stored_invoice_kind(std::string_view stored) {
  constexpr InvoiceKind all[] = {InvoiceKind::ordinary, InvoiceKind::rectifying};
  return stored_as(all, stored, "kind of invoice");
}

InvoiceStatus stored_invoice_status(std::string_view stored) {
  constexpr InvoiceStatus all[] = {InvoiceStatus::draft, InvoiceStatus::issued};
  return stored_as(all, stored, "status of an invoice");
}

LineKind stored_line_kind(std::string_view stored) {
  constexpr LineKind all[] = {LineKind::recurring, LineKind::setup, LineKind::once,
                              LineKind::manual, LineKind::correction};
  return stored_as(all, stored, "kind of line");
}

Message shown(PaidState state) {
  switch (state) {
    case PaidState::draft:
      return message("Draft");
    case PaidState::unpaid:
      return message("Unpaid");
    case PaidState::part_paid:
      return message("Partly paid");
    case PaidState::overdue:
      return message("Overdue");
    case PaidState::paid:
      return message("Paid");
    case PaidState::rectified:
      return message("Rectified");
    case PaidState::settled:
      return message("Rectifying");
  }
  return {};
}

std::string_view tone(PaidState state) {
  switch (state) {
    case PaidState::unpaid:
    case PaidState::part_paid:
      return "warning";
    case PaidState::overdue:
      return "danger";
    case PaidState::paid:
      return "success";
    case PaidState::draft:
      return "info";
    case PaidState::rectified:
    case PaidState::settled:
      break;
  }
  return "secondary";
}

InvoiceSums sum_up(const std::vector<InvoiceLine>& lines, Currency currency) {
  std::map<TaxRate, Money> bases;
  InvoiceSums sums{Money::zero(currency), Money::zero(currency), Money::zero(currency), {}};
  for (const auto& line : lines) {
    bases.try_emplace(line.tax_rate, Money::zero(currency)).first->second += line.net;
    sums.net += line.net;
  }
  for (const auto& [rate, base] : bases) {
    sums.taxes.push_back({rate, base, base.tax(rate)});
    sums.tax += sums.taxes.back().tax;
  }
  sums.total = sums.net + sums.tax;
  return sums;
}

bool Invoice::is_rectified() const {
  return is_issued() && kind == InvoiceKind::ordinary && !credited.is_zero() && credited == total;
}

bool Invoice::may_be_rectified() const {
  return is_issued() && kind == InvoiceKind::ordinary && !is_rectified();
}

Money Invoice::rest() const {
  const Money nothing = Money::zero(total.currency());
  if (!is_issued() || kind == InvoiceKind::rectifying) return nothing;
  return std::max(nothing, total - credited - paid);
}

Money Invoice::surplus() const {
  const Money nothing = Money::zero(total.currency());
  if (!is_issued() || kind == InvoiceKind::rectifying) return nothing;
  return std::max(nothing, paid + credited - total);
}

std::string show_price(const Decimal& price, Currency currency) {
  std::string digits = price.text();
  const auto point = digits.find('.');
  auto decimals = point == std::string::npos ? 0 : digits.size() - point - 1;
  if (decimals == 0 && currency.digits() > 0) digits += '.';
  for (; decimals < static_cast<std::size_t>(currency.digits()); ++decimals) digits += '0';
  return fmt::format("{} {}", digits, currency.sign());
}

PaidState paid_state(const Invoice& invoice, Date today) {
  if (!invoice.is_issued()) return PaidState::draft;
  if (invoice.kind == InvoiceKind::rectifying) return PaidState::settled;
  if (invoice.is_rectified()) return PaidState::rectified;
  if (invoice.rest().is_zero()) return PaidState::paid;
  if (invoice.due_date && *invoice.due_date < today) return PaidState::overdue;
  return invoice.paid.is_zero() ? PaidState::unpaid : PaidState::part_paid;
}

namespace {

/// The N of every "line.N.…", in order; a form with anything else there was not made by us.
std::set<std::int64_t> line_numbers(FormReader& reader) {
  constexpr std::array<std::string_view, 4> parts{"description", "quantity", "unit_price", "tax"};
  std::set<std::int64_t> numbers;
  for (const auto& name : reader.names("line.")) {
    const auto pieces = split(name, '.');
    const auto number = pieces.size() == 3 ? parse_id_number(pieces[1]) : std::nullopt;
    const bool known = pieces.size() == 3 && std::ranges::find(parts, pieces[2]) != parts.end();
    if (!known || !number || *number > static_cast<std::int64_t>(most_manual_lines)) {
      throw BadRequest(fmt::format("the field {} is no line of an invoice", shorten(name, 40)));
    }
    numbers.insert(*number);
  }
  return numbers;
}

bool within(const std::optional<Decimal>& value, std::int64_t most) {
  return value && *value >= Decimal::whole(0) && *value <= Decimal::whole(most);
}

/// Absent when the line is empty or refused.
std::optional<InvoiceLine> read_line(FormReader& reader, const FormData& form, std::int64_t number,
                                     Currency currency) {
  const auto field = [&](std::string_view part) { return fmt::format("line.{}.{}", number, part); };
  const bool empty = trim(form.value(field("description"))).empty() &&
                     trim(form.value(field("quantity"))).empty() &&
                     trim(form.value(field("unit_price"))).empty();
  const std::string typed_tax = reader.line(field("tax"), {.longest = 10});
  const bool wanted = !empty;
  const auto description = reader.line(field("description"), {.required = wanted, .longest = 300});
  const auto quantity = reader.decimal(field("quantity"), wanted);
  const auto price = reader.decimal(field("unit_price"), wanted);
  if (empty) return std::nullopt;
  const auto rate = TaxRate::parse(typed_tax.empty() ? "0" : typed_tax);
  if (!rate) {
    reader.refuse(field("tax"), message("Write the tax in per cent: 21, 5.2 or 0."));
    return std::nullopt;
  }
  if (quantity && (!within(quantity, largest_quantity) || *quantity == Decimal::whole(0))) {
    reader.refuse(field("quantity"), message("Write a number above 0 and up to {}.",
                                             {std::to_string(largest_quantity)}));
    return std::nullopt;
  }
  if (price && !within(price, largest_price)) {
    reader.refuse(field("unit_price"),
                  message("Write a price from 0 to {}. To lower an issued invoice, rectify it.",
                          {std::to_string(largest_price)}));
    return std::nullopt;
  }
  if (description.empty() || !quantity || !price) return std::nullopt;
  return InvoiceLine{.description = description,
                     .quantity = *quantity,
                     .unit_price = *price,
                     .net = Decimal::amount(*quantity, *price, 1, 1, currency),
                     .tax_rate = *rate};
}

/// Neither or both.
std::optional<InvoiceDraft::Hours> read_hours(FormReader& reader) {
  const auto order = reader.id<struct Order>("order", false);
  const auto hours = reader.decimal("hours", false);
  if (!order && !hours) return std::nullopt;
  if (!order) {
    reader.refuse("order", message("Of which order are these hours?"));
  } else if (!within(hours, largest_quantity) || *hours == Decimal::whole(0)) {
    reader.refuse("hours", message("Write a number above 0 and up to {}.",
                                   {std::to_string(largest_quantity)}));
  } else {
    return InvoiceDraft::Hours{*order, *hours};
  }
  return std::nullopt;
}

}  // namespace

Result<InvoiceDraft> parse_invoice_draft(const FormData& form, Currency currency) {
  FormReader reader(form);
  const auto client = reader.id<struct User>("client", true);
  InvoiceDraft draft{.client = client.value_or(UserId(0)),
                     .description = reader.line("description", {.longest = 200}),
                     .lines = {}};
  for (const auto number : line_numbers(reader)) {
    auto line = read_line(reader, form, number, currency);
    if (line) draft.lines.push_back(std::move(*line));
  }
  draft.hours = read_hours(reader);
  if (!reader.refused() && !client) reader.refuse("client", message("Choose a client."));
  if (!reader.refused() && draft.lines.empty() && !draft.hours) {
    reader.refuse("line.1.description", message("An invoice needs at least one line."));
  }
  if (!reader.refused() && !draft.hours && sum_up(draft.lines, currency).total.is_zero()) {
    reader.refuse("line.1.unit_price", message("The total must be above zero."));
  }
  return reader.finish(std::move(draft));
}

}  // namespace cstims
