// Civil dates of the site's time zone, and instants. Billing is done in dates only; instants say
// when something happened. Neither knows a clock: time comes from the transaction (db/database.h).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace cstims {

/// A day of the calendar, 1900-01-01 … 9999-12-31. Text form YYYY-MM-DD.
class Date {
 public:
  /// Throws std::out_of_range for a day that does not exist: for constants and tests.
  Date(int year, unsigned month, unsigned day);
  explicit Date(std::chrono::sys_days days);
  static Result<Date> parse(std::string_view text);
  /// Text that this program stored; throws DatabaseError if it is no date.
  static Date stored(std::string_view text);

  std::string text() const;
  int year() const;
  unsigned month() const;
  unsigned day() const;
  std::string month_text() const;  // "2026-02"
  Date plus_days(int days) const;
  /// `months` later on `anchor_day` (1 … 31), clamped to the last day of that month:
  /// 31 Jan + 1 month with anchor 31 is 28 or 29 Feb; + 2 months is 31 Mar. The only month
  /// arithmetic there is.
  Date plus_months(int months, unsigned anchor_day) const;
  std::chrono::sys_days days() const { return days_; }
  auto operator<=>(const Date&) const = default;

 private:
  std::chrono::sys_days days_;
};

int days_between(Date from, Date to);
unsigned days_in_month(int year, unsigned month);

/// [start, next): the day `next` belongs to the following period. Shown inclusive ("1 Jan – 31
/// Jan").
struct BillingPeriod {
  Date start;
  Date next;
  int days() const { return days_between(start, next); }
  Date last() const { return next.plus_days(-1); }
  bool operator==(const BillingPeriod&) const = default;
};

/// A second of UTC. Text form 2026-11-23T03:14:38Z, which sorts as text.
class Instant {
 public:
  explicit Instant(std::int64_t unix_seconds) : seconds_(unix_seconds) {}
  static Instant stored(std::string_view text);  // throws DatabaseError
  static Result<Instant> parse(std::string_view text);
  std::string text() const;
  std::int64_t unix_seconds() const { return seconds_; }
  Instant plus(std::chrono::seconds duration) const { return Instant(seconds_ + duration.count()); }
  auto operator<=>(const Instant&) const = default;

 private:
  std::int64_t seconds_;
};

/// A zone of the IANA database.
class TimeZone {
 public:
  static Result<TimeZone> find(std::string_view name);
  Date date(Instant instant) const;
  /// "23 Nov 2026, 04:14" (English) for pages and mails.
  std::string show(Instant instant) const;
  /// "Mon, 23 Nov 2026 04:14:38 +0100" (RFC 5322 §3.3).
  std::string mail_date(Instant instant) const;
  /// The first instant of that day there.
  Instant start_of(Date date) const;
  /// When the clocks there show that time of that day (24 h: the next day begins); where they skip
  /// it, the moment they do, and where they show it twice, the first.
  Instant at(Date date, std::chrono::minutes time) const;
  const std::string& name() const { return name_; }

 private:
  TimeZone(std::string name, const void* zone) : name_(std::move(name)), zone_(zone) {}
  std::string name_;
  const void* zone_;
};

/// "23 Nov 2026".
std::string show(Date date);
/// "1 Jan 2026 – 31 Jan 2026".
std::string show(const BillingPeriod& period);

}  // namespace cstims
