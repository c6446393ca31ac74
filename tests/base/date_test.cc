#include "base/date.h"

#include <random>
#include <stdexcept>

#include "base/clock.h"
#include "base/failure.h"
#include "support/sentence.h"

namespace cstims {
namespace {

Date date(std::string_view text) {
  return Date::parse(text).value();
}
Instant instant(std::string_view text) {
  return Instant::parse(text).value();
}
TimeZone madrid() {
  return TimeZone::find("Europe/Madrid").value();
}

}  // namespace

SENTENCE(date, "every day from 1900 to 9999 is read as written") {
  Date day(1900, 1, 1);
  EXPECT_EQ(day.text(), "1900-01-01");
  EXPECT_EQ(Date(9999, 12, 31).text(), "9999-12-31");
  std::mt19937 random(11);
  const int span = days_between(day, Date(9999, 12, 31));
  for (int i = 0; i < 20'000; ++i) {
    const Date some = day.plus_days(static_cast<int>(random() % static_cast<unsigned>(span + 1)));
    ASSERT_EQ(date(some.text()), some);
    ASSERT_EQ(Date(some.year(), some.month(), some.day()), some);
  }
}

SENTENCE(date, "a day that does not exist, or is written otherwise, is refused") {
  for (const auto* text : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-01",
                           "26-01-01", "2026/01/01", "2026-01-32", "1899-12-31", "0000-01-01",
                           "2026-01-01 ", "+026-01-01", "2026-01-0x", "2100-02-29"}) {
    EXPECT_FALSE(Date::parse(text)) << text;
  }
  EXPECT_TRUE(Date::parse("2024-02-29"));
  EXPECT_TRUE(Date::parse("2000-02-29"));
  EXPECT_THROW(Date(2026, 2, 29), std::out_of_range);
  EXPECT_THROW(Date(1899, 12, 31), std::out_of_range);
  EXPECT_THROW(Date::stored("2026-02-30"), DatabaseError);
}

SENTENCE(date, "leaving the calendar throws") {
  EXPECT_THROW(Date(9999, 12, 31).plus_days(1), std::out_of_range);
  EXPECT_THROW(Date(1900, 1, 1).plus_days(-1), std::out_of_range);
  EXPECT_THROW(Date(9999, 12, 31).plus_months(1, 31), std::out_of_range);
  EXPECT_THROW(Date(1900, 1, 1).plus_months(-1, 1), std::out_of_range);
  EXPECT_EQ(Date(9999, 11, 30).plus_months(1, 31), Date(9999, 12, 31));
}

SENTENCE(date, "months from the 31st clamp to the last day and come back to the 31st") {
  const Date start(2026, 1, 31);
  EXPECT_EQ(start.plus_months(1, 31), date("2026-02-28"));
  EXPECT_EQ(start.plus_months(2, 31), date("2026-03-31"));
  EXPECT_EQ(start.plus_months(3, 31), date("2026-04-30"));
  EXPECT_EQ(start.plus_months(1, 31).plus_months(1, 31), date("2026-03-31"));
  EXPECT_EQ(Date(2024, 1, 31).plus_months(1, 31), date("2024-02-29"));
  EXPECT_EQ(start.plus_months(-2, 31), date("2025-11-30"));
  EXPECT_EQ(start.plus_months(0, 30), date("2026-01-30"));
  EXPECT_THROW(start.plus_months(1, 0), std::out_of_range);
  EXPECT_THROW(start.plus_months(1, 32), std::out_of_range);
}

SENTENCE(date, "years from 29 February fall on the 28th until the next leap year") {
  const Date start(2024, 2, 29);
  EXPECT_EQ(start.plus_months(12, 29), date("2025-02-28"));
  EXPECT_EQ(start.plus_months(24, 29), date("2026-02-28"));
  EXPECT_EQ(start.plus_months(48, 29), date("2028-02-29"));
  EXPECT_EQ(Date(2096, 2, 29).plus_months(48, 29), date("2100-02-28"));
}

SENTENCE(date, "month steps from an anchor never drift, whatever the way") {
  std::mt19937 random(5);
  for (int i = 0; i < 10'000; ++i) {
    const Date start = Date(1990, 1, 1).plus_days(static_cast<int>(random() % 20'000));
    const int one = static_cast<int>(random() % 40);
    const int other = static_cast<int>(random() % 40);
    const Date later = start.plus_months(one + other, start.day());
    ASSERT_EQ(start.plus_months(one, start.day()).plus_months(other, start.day()), later);
    ASSERT_EQ(later.day(), std::min(start.day(), days_in_month(later.year(), later.month())));
    ASSERT_EQ(later.plus_months(-one - other, start.day()), start);
  }
}

SENTENCE(date, "a billing period counts its first day and not the next one's") {
  const BillingPeriod february{date("2024-02-01"), date("2024-03-01")};
  EXPECT_EQ(february.days(), 29);
  EXPECT_EQ(february.last(), date("2024-02-29"));
  EXPECT_EQ(show(february), "1 Feb 2024 – 29 Feb 2024");
  EXPECT_EQ(show(BillingPeriod{date("2026-05-09"), date("2026-05-10")}), "9 May 2026");
}

SENTENCE(date, "periods of one order touch without gap or overlap over many years") {
  for (const unsigned anchor : {1U, 15U, 28U, 29U, 30U, 31U}) {
    const Date first(2023, 12, anchor);
    int days = 0;
    for (int month = 0; month < 100; ++month) {
      const BillingPeriod period{first.plus_months(month, anchor),
                                 first.plus_months(month + 1, anchor)};
      EXPECT_GE(period.days(), 28);
      EXPECT_LE(period.days(), 31);
      days += period.days();
    }
    EXPECT_EQ(days, days_between(first, first.plus_months(100, anchor)));
  }
}

SENTENCE(date, "a date is shown with the name of its month") {
  EXPECT_EQ(show(date("2026-11-03")), "3 Nov 2026");
  EXPECT_EQ(date("2026-02-01").month_text(), "2026-02");
}

SENTENCE(instant, "an instant is read as written and sorts as its text") {
  EXPECT_EQ(Instant(0).text(), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Instant(-1).text(), "1969-12-31T23:59:59Z");
  EXPECT_EQ(instant("2026-11-23T03:14:38Z").unix_seconds(), 1795403678);
  std::mt19937_64 random(9);
  Instant before(0);
  for (int i = 0; i < 10'000; ++i) {
    const Instant some(static_cast<std::int64_t>(random() % 250'000'000'000ULL) - 2'000'000'000);
    ASSERT_EQ(instant(some.text()), some);
    ASSERT_EQ(some < before, some.text() < before.text());
    before = some;
  }
}

SENTENCE(instant, "an instant written otherwise is refused") {
  for (const auto* text :
       {"", "2026-11-23", "2026-11-23T03:14:38", "2026-11-23 03:14:38Z", "2026-11-23T24:00:00Z",
        "2026-11-23T03:60:00Z", "2026-11-23T03:14:60Z", "2026-11-31T03:14:38Z",
        "2026-11-23T03:14:38z", "2026-11-23T03-14-38Z", "2026-11-23T-3:14:38Z"}) {
    EXPECT_FALSE(Instant::parse(text)) << text;
  }
  EXPECT_THROW(Instant::stored("now"), DatabaseError);
}

SENTENCE(time_zone, "an unknown zone is refused") {
  EXPECT_FALSE(TimeZone::find("Europe/Nowhere"));
  EXPECT_FALSE(TimeZone::find(""));
  EXPECT_FALSE(TimeZone::find("../../etc/passwd"));
  EXPECT_EQ(TimeZone::find("UTC").value().show(Instant(0)), "1 Jan 1970, 00:00");
}

SENTENCE(time_zone, "in the spring night two o'clock is three") {
  EXPECT_EQ(madrid().show(instant("2026-03-29T00:59:59Z")), "29 Mar 2026, 01:59");
  EXPECT_EQ(madrid().show(instant("2026-03-29T01:00:00Z")), "29 Mar 2026, 03:00");
  EXPECT_EQ(madrid().mail_date(instant("2026-03-29T00:59:59Z")), "Sun, 29 Mar 2026 01:59:59 +0100");
  EXPECT_EQ(madrid().mail_date(instant("2026-03-29T01:00:00Z")), "Sun, 29 Mar 2026 03:00:00 +0200");
}

SENTENCE(time_zone, "in the autumn night three o'clock is two again") {
  EXPECT_EQ(madrid().mail_date(instant("2026-10-25T00:30:00Z")), "Sun, 25 Oct 2026 02:30:00 +0200");
  EXPECT_EQ(madrid().mail_date(instant("2026-10-25T01:30:00Z")), "Sun, 25 Oct 2026 02:30:00 +0100");
}

SENTENCE(time_zone, "a day begins at local midnight, in summer and in winter") {
  EXPECT_EQ(madrid().start_of(date("2026-03-29")), instant("2026-03-28T23:00:00Z"));
  EXPECT_EQ(madrid().start_of(date("2026-03-30")), instant("2026-03-29T22:00:00Z"));
  EXPECT_EQ(madrid().start_of(date("2026-10-26")), instant("2026-10-25T23:00:00Z"));
  EXPECT_EQ(madrid().date(instant("2026-12-31T23:00:00Z")), date("2027-01-01"));
  EXPECT_EQ(madrid().date(instant("2026-12-31T22:59:59Z")), date("2026-12-31"));
}

SENTENCE(time_zone, "a day without midnight begins when its first second does") {
  // Santiago went from 24:00 on 5 September 2026 to 01:00.
  const auto santiago = TimeZone::find("America/Santiago").value();
  const auto start = santiago.start_of(date("2026-09-06"));
  EXPECT_EQ(santiago.date(start), date("2026-09-06"));
  EXPECT_EQ(santiago.date(start.plus(std::chrono::seconds(-1))), date("2026-09-05"));
}

SENTENCE(time_zone, "every day's start lies in that day, the second before in the day before") {
  for (const auto* name : {"Europe/Madrid", "Atlantic/Canary", "America/Havana", "Asia/Kathmandu",
                           "Pacific/Auckland", "Africa/Cairo", "UTC"}) {
    const auto zone = TimeZone::find(name).value();
    for (int day = 0; day < 800; ++day) {
      const Date some = Date(2025, 1, 1).plus_days(day);
      const auto start = zone.start_of(some);
      ASSERT_EQ(zone.date(start), some) << name;
      ASSERT_EQ(zone.date(start.plus(std::chrono::seconds(-1))), some.plus_days(-1)) << name;
    }
  }
}

SENTENCE(time_zone, "zones west of Greenwich have a minus in mails") {
  const auto new_york = TimeZone::find("America/New_York").value();
  EXPECT_EQ(new_york.mail_date(instant("2026-01-01T03:04:05Z")), "Wed, 31 Dec 2025 22:04:05 -0500");
  const auto kathmandu = TimeZone::find("Asia/Kathmandu").value();
  EXPECT_EQ(kathmandu.mail_date(instant("2026-01-01T00:00:00Z")), "Thu, 1 Jan 2026 05:45:00 +0545");
}

SENTENCE(clock, "the false clock stands still until it is moved") {
  FakeClock clock(instant("2026-03-10T09:00:00Z"));
  EXPECT_EQ(clock.now().text(), "2026-03-10T09:00:00Z");
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(clock.now().text(), "2026-03-10T10:00:00Z");
  clock.set(Instant(5));
  EXPECT_EQ(clock.now(), Instant(5));
}

SENTENCE(clock, "the real clock is the system's, in whole seconds") {
  const auto before = std::time(nullptr);
  const auto now = RealClock().now().unix_seconds();
  EXPECT_GE(now, before - 1);
  EXPECT_LE(now, std::time(nullptr) + 1);
}

}  // namespace cstims
