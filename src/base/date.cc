#include "base/date.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "base/failure.h"

namespace cstims {
namespace {

constexpr int first_year = 1900;
constexpr int last_year = 9999;
constexpr std::array month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::chrono::year_month_day calendar(std::chrono::sys_days days) {
  return {days};
}

bool exists(const std::chrono::year_month_day& day) {
  const int year = static_cast<int>(day.year());
  return day.ok() && year >= first_year && year <= last_year;
}

std::chrono::sys_days checked(const std::chrono::year_month_day& day) {
  if (!exists(day)) throw std::out_of_range("no such day, or outside 1900 to 9999");
  return day;
}

/// `count` digits at `at`; -1 if there is anything else.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char digit : text.substr(at, count)) {
    if (digit < '0' || digit > '9') return -1;
    value = value * 10 + (digit - '0');
  }
  return value;
}

/// By hand: pages and statements hold hundreds of times, and formatting them cost a tenth of a
/// page.
void write_digits(char* place, unsigned number, std::size_t count) {
  for (std::size_t i = count; i-- > 0; number /= 10) {
    place[i] = static_cast<char>('0' + number % 10);
  }
}

/// YYYY-MM-DD over what is there.
void write_date(char* place, std::chrono::sys_days days) {
  const auto date = calendar(days);
  write_digits(place, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  write_digits(place + 5, static_cast<unsigned>(date.month()), 2);
  write_digits(place + 8, static_cast<unsigned>(date.day()), 2);
}

std::chrono::year_month_day day_of(int year, int month, int day) {
  return {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
          std::chrono::day(static_cast<unsigned>(day))};
}

}  // namespace

Date::Date(int year, unsigned month, unsigned day)
    : days_(checked({std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)})) {}

Date::Date(std::chrono::sys_days days) : days_(checked(calendar(days))) {}

Result<Date> Date::parse(std::string_view text) {
  const auto refused = [] {
    return refuse("", message("Write a date that exists as YYYY-MM-DD, for example 2026-01-31."));
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return refused();
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0 || !exists(day_of(year, month, day))) return refused();
  return Date(std::chrono::sys_days(day_of(year, month, day)));
}

Date Date::stored(std::string_view text) {
  const auto date = parse(text);
  if (!date) throw DatabaseError(fmt::format("stored date '{}' is none", text));
  return *date;
}

std::string Date::text() const {
  std::string text = "0000-00-00";
  write_date(text.data(), days_);
  return text;
}
int Date::year() const {
  return static_cast<int>(calendar(days_).year());
}
unsigned Date::month() const {
  return static_cast<unsigned>(calendar(days_).month());
}
unsigned Date::day() const {
  return static_cast<unsigned>(calendar(days_).day());
}
std::string Date::month_text() const {
  return fmt::format("{:04}-{:02}", year(), month());
}

Date Date::plus_days(int days) const {
  return Date(days_ + std::chrono::days(days));
}

Date Date::plus_months(int months, unsigned anchor_day) const {
  if (anchor_day < 1 || anchor_day > 31) throw std::out_of_range("anchor day outside 1 to 31");
  const std::int64_t month_count = std::int64_t{year()} * 12 + (month() - 1) + months;
  if (month_count < std::int64_t{first_year} * 12 || month_count >= (last_year + 1) * 12LL) {
    throw std::out_of_range("month outside 1900 to 9999");
  }
  const int later_year = static_cast<int>(month_count / 12);
  const unsigned later_month = static_cast<unsigned>(month_count % 12) + 1;
  return {later_year, later_month, std::min(anchor_day, days_in_month(later_year, later_month))};
}

int days_between(Date from, Date to) {
  return static_cast<int>((to.days() - from.days()).count());
}

unsigned days_in_month(int year, unsigned month) {
  const std::chrono::year_month_day_last last{
      std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(month))};
  if (!last.ok()) throw std::out_of_range("no such month");
  return static_cast<unsigned>(last.day());
}

Instant Instant::stored(std::string_view text) {
  const auto instant = parse(text);
  if (!instant) throw DatabaseError(fmt::format("stored instant '{}' is none", text));
  return *instant;
}

Result<Instant> Instant::parse(std::string_view text) {
  const auto refused = [] {
    return refuse("", message("Write a time in UTC, for example 2026-01-31T09:00:00Z."));
  };
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != 'Z') {
    return refused();
  }
  const auto date = Date::parse(text.substr(0, 10));
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!date || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return refused();
  }
  const std::int64_t days = date->days().time_since_epoch().count();
  return Instant(days * 86'400 + hour * 3600 + minute * 60 + second);
}

std::string Instant::text() const {
  const std::chrono::sys_seconds point{std::chrono::seconds(seconds_)};
  const auto midnight = std::chrono::floor<std::chrono::days>(point);
  const auto time = static_cast<unsigned>((point - midnight).count());
  std::string text = "0000-00-00T00:00:00Z";
  write_date(text.data(), Date(midnight).days());
  write_digits(text.data() + 11, time / 3600, 2);
  write_digits(text.data() + 14, time / 60 % 60, 2);
  write_digits(text.data() + 17, time % 60, 2);
  return text;
}

std::string show(Date date) {
  const auto day = calendar(date.days());
  std::string text = std::to_string(static_cast<unsigned>(day.day()));
  text += ' ';
  text += month_names.at(static_cast<unsigned>(day.month()) - 1);
  text += ' ';
  return text += std::to_string(static_cast<int>(day.year()));
}

std::string show(const BillingPeriod& period) {
  if (period.days() == 1) return show(period.start);
  return show(period.start) + " – " + show(period.last());
}

}  // namespace cstims
