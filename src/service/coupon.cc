#include "service/coupon.h"

#include <algorithm>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_code = 30;
constexpr std::string_view service_prefix = "service.";

bool is_code(std::string_view code) {
  return !code.empty() && std::ranges::all_of(code, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// "20 %" is a share, "5.00" an amount.
void read_value(FormReader& reader, Currency currency, CouponEdit& edit) {
  const auto typed = reader.line("value", {.required = true, .longest = 20});
  if (typed.empty()) return;
  if (typed.ends_with('%')) {
    const auto share = TaxRate::parse(trim(std::string_view(typed).substr(0, typed.size() - 1)));
    if (share && share->points() > 0) {
      edit.share = *share;
    } else {
      reader.refuse("value", message("A share lies above 0 % and up to 100 %. Example: 20 %"));
    }
    return;
  }
  const auto amount = Money::parse(typed, currency);
  if (amount && *amount > Money::zero(currency)) {
    edit.amount = *amount;
  } else {
    reader.refuse("value", message("Write per cent, or an amount above zero: 20 % or 5.00"));
  }
}

std::optional<int> read_count(FormReader& reader, std::string_view field) {
  const auto count = reader.number(field, false);
  if (!count) return std::nullopt;
  if (*count < 1 || *count > 100'000) {
    reader.refuse(field, message("A number from 1 to 100000, or nothing."));
  }
  return static_cast<int>(std::clamp<std::int64_t>(*count, 1, 100'000));
}

void read_services(FormReader& reader, CouponEdit& edit) {
  for (const auto& name : reader.names(service_prefix)) {
    const auto id = ServiceId::parse(std::string_view(name).substr(service_prefix.size()));
    if (!id) {
      reader.refuse(name, message("Choose one of the list."));
    } else if (reader.checked(name)) {
      edit.services.push_back(*id);
    }
  }
}

}  // namespace

Discount CouponEdit::discount() const {
  return {.code = code, .share = share, .amount = amount, .periods = periods};
}

Result<CouponEdit> parse_coupon(const FormData& form, Currency currency) {
  FormReader reader(form);
  CouponEdit edit{
      .code = coupon_code(reader.line("code", {.required = true, .longest = longest_code})),
      .share = {},
      .amount = {},
      .periods = read_count(reader, "periods"),
      .valid_from = reader.date("valid_from", false),
      .valid_until = reader.date("valid_until", false),
      .most_orders = read_count(reader, "most_orders"),
      .services = {},
      .active = reader.checked("active"),
      .notes = reader.lines("notes", {.longest = 2000})};
  if (!edit.code.empty() && !is_code(edit.code)) {
    reader.refuse("code", message("A code has letters, digits and hyphens only: SUMMER-26"));
  }
  read_value(reader, currency, edit);
  read_services(reader, edit);
  if (edit.valid_from && edit.valid_until && *edit.valid_until < *edit.valid_from) {
    reader.refuse("valid_until", message("It ends before it begins."));
  }
  return reader.finish(std::move(edit));
}

std::string coupon_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == ' ') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return code;
}

Result<void> check_coupon(const Coupon& coupon, ServiceId service, Date today) {
  const auto& terms = coupon.terms;
  const bool over = !terms.active || (terms.valid_until && *terms.valid_until < today) ||
                    (terms.most_orders && coupon.orders >= *terms.most_orders);
  if (over) return refuse("coupon", message("This coupon has expired."));
  if (terms.valid_from && *terms.valid_from > today) {
    return refuse("coupon", message("This coupon is not valid yet."));
  }
  const bool fits =
      terms.services.empty() || std::ranges::find(terms.services, service) != terms.services.end();
  if (!fits) return refuse("coupon", message("This coupon is not for this service."));
  return {};
}

}  // namespace cstims
