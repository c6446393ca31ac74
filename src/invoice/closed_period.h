// Closed months: the tax return is filed, so nothing may be dated into them any more. A closed
// month closes all before it; closing therefore goes forward, reopening backward.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"
#include "mail/outbox.h"

namespace cstims {

/// A calendar month, "2026-02".
class Month {
 public:
  static Month of(Date date) { return Month(date.month_text()); }
  static Result<Month> parse(std::string_view text);
  const std::string& text() const { return text_; }
  Date first() const { return Date::stored(text_ + "-01"); }
  Date next_first() const { return first().plus_months(1, 1); }
  Month next() const { return of(next_first()); }
  Month before() const { return of(first().plus_days(-1)); }
  auto operator<=>(const Month&) const = default;

 private:
  explicit Month(std::string text) : text_(std::move(text)) {}
  std::string text_;
};
/// "Feb 2026".
Message shown(const Month& month);

struct ClosedPeriod {
  Month month;
  Instant closed_at;
  std::string closed_by;
  std::optional<Instant> reopened_at = {};
  std::string reopened_by = {};
  std::string reason = {};  // of the reopening
};

/// The newest closed month; whatever lies in it or before is closed.
std::optional<Month> closed_through(Transaction& tx);
/// Newest first, reopened ones too.
std::vector<ClosedPeriod> list_closed_periods(Transaction& tx);
/// The oldest month that may be closed now: the one behind the newest closed one, or the first with
/// an invoice or payment; absent when it has not ended yet.
std::optional<Month> next_month_to_close(Transaction& tx);

/// Every verb that dates a document or a payment asks this first; a trigger asks again. Refuses
/// `field` when the date lies in a closed month.
Result<void> check_open(Transaction& tx, std::string_view field, Date date);

/// Accountants and admins. Refused for a month that has not ended or is closed already.
Result<void> close_month(Act& act, const Month& month);
/// Admins only, the newest closed month only, with the reason, which stays on record.
Result<void> reopen_month(Act& act, const Month& month, const std::string& reason);

}  // namespace cstims
