#include "invoice/book_period.h"

#include <algorithm>

#include "invoice/closed_period.h"

namespace cstims {

namespace {

unsigned quarter_of(Date date) {
  return (date.month() - 1) / 3 + 1;
}

BookPeriod year_of(Date date) {
  const Date first(date.year(), 1, 1);
  return {std::to_string(date.year()), first, first.plus_months(12, 1)};
}

BookPeriod quarter(int year, unsigned number) {
  const Date first(year, number * 3 - 2, 1);
  return {std::to_string(year) + "-Q" + std::to_string(number), first, first.plus_months(3, 1)};
}

}  // namespace

BookPeriod BookPeriod::month_of(Date date) {
  const Date first(date.year(), date.month(), 1);
  return {date.month_text(), first, first.plus_months(1, 1)};
}

std::optional<BookPeriod> BookPeriod::parse(std::string_view key) {
  const auto year = Date::parse(std::string(key.substr(0, 4)) + "-01-01");
  if (!year) return std::nullopt;
  if (key.size() == 4) return year_of(*year);
  if (key.size() != 7 || key[4] != '-') return std::nullopt;
  if (key[5] == 'Q') {
    if (key[6] < '1' || key[6] > '4') return std::nullopt;
    return quarter(year->year(), static_cast<unsigned>(key[6] - '0'));
  }
  const auto month = Date::parse(std::string(key) + "-01");
  return month ? std::optional(month_of(*month)) : std::nullopt;
}

Message shown(const BookPeriod& period) {
  const auto year = std::to_string(period.first.year());
  if (period.key.size() == 4) return message("{}", {year});
  if (period.key[5] == 'Q') return message("Quarter {} of {}", {period.key.substr(6), year});
  return shown(Month::of(period.first));
}

std::vector<BookPeriod> book_periods(Date first, Date today) {
  std::vector<BookPeriod> periods;
  for (int year = today.year(); year >= first.year(); --year) {
    periods.push_back(year_of(Date(year, 1, 1)));
    for (unsigned month = 12; month >= 1; --month) {
      const Date day(year, month, 1);
      if (day > today || BookPeriod::month_of(day).next <= first) continue;
      const bool newest_of_quarter = month % 3 == 0 || Month::of(day) == Month::of(today);
      if (newest_of_quarter) periods.push_back(quarter(year, quarter_of(day)));
      periods.push_back(BookPeriod::month_of(day));
    }
  }
  return periods;
}

ListingRules with_periods(ListingRules rules, const std::vector<BookPeriod>& periods) {
  auto& keys = rules.filters["period"];
  for (const auto& period : periods) keys.push_back(period.key);
  return rules;
}

ListFilter period_filter(const std::vector<BookPeriod>& periods) {
  ListFilter filter{"period", message("Period"), {}, true};
  for (const auto& period : periods) filter.choices.push_back({period.key, shown(period)});
  return filter;
}

BookPeriod take_period(Listing& listing, Date today) {
  const auto period =
      BookPeriod::parse(listing.filter("period")).value_or(BookPeriod::month_of(today));
  listing.filters["period"] = period.key;
  return period;
}

}  // namespace cstims
