// The stretch of time a page of the books shows: a month, a quarter or a year.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/listing.h"
#include "base/refusal.h"
#include "html/form_view.h"

namespace cstims {

/// "2026-02", "2026-Q1" or "2026".
struct BookPeriod {
  std::string key;
  Date first;
  Date next;  // the first day after it

  static BookPeriod month_of(Date date);
  /// Absent when it is none of the three.
  static std::optional<BookPeriod> parse(std::string_view key);
};
/// "Feb 2026", "Quarter 1 of 2026", "2026".
Message shown(const BookPeriod& period);

/// The periods from `first` to `today` that a page offers: years, quarters and months, newest
/// first.
std::vector<BookPeriod> book_periods(Date first, Date today);

/// Rules of a list with the filter `period` over those.
ListingRules with_periods(ListingRules rules, const std::vector<BookPeriod>& periods);
ListFilter period_filter(const std::vector<BookPeriod>& periods);
/// What the list asks for; without a word of it the month of today, which it then does ask for.
BookPeriod take_period(Listing& listing, Date today);

}  // namespace cstims
