#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "base/date.h"

namespace cstims {
namespace {

const date::time_zone& zone_of(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

struct LocalTime {
  Date date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
  std::chrono::seconds offset;  // from UTC
};

/// What the clocks there are ahead of UTC. They are set twice a year: most instants of a page lie
/// between the same two changes.
std::chrono::seconds offset_at(const void* zone, std::chrono::sys_seconds point) {
  struct Between {
    const void* zone = nullptr;
    std::chrono::sys_seconds begin;
    std::chrono::sys_seconds end;
    std::chrono::seconds offset{};
  };
  thread_local Between last;
  if (last.zone != zone || point < last.begin || point >= last.end) {
    const auto info = zone_of(zone).get_info(point);
    last = {zone, info.begin, info.end, info.offset};
  }
  return last.offset;
}

LocalTime local_time(const void* zone, Instant instant) {
  const std::chrono::sys_seconds point{std::chrono::seconds(instant.unix_seconds())};
  const auto offset = offset_at(zone, point);
  const auto there = point + offset;
  const auto midnight = std::chrono::floor<std::chrono::days>(there);
  return {Date(midnight), std::chrono::hh_mm_ss(there - midnight), offset};
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  try {
    return TimeZone(std::string(name), date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return refuse("", message("There is no time zone “{}”; write one like Europe/Madrid.",
                              {std::string(name)}));
  }
}

Date TimeZone::date(Instant instant) const {
  return local_time(zone_, instant).date;
}

std::string TimeZone::show(Instant instant) const {
  const auto local = local_time(zone_, instant);
  const auto hours = local.time.hours().count();
  const auto minutes = local.time.minutes().count();
  std::string text = cstims::show(local.date);
  text += ", ";
  for (const auto number : {hours / 10, hours % 10}) text += static_cast<char>('0' + number);
  text += ':';
  for (const auto number : {minutes / 10, minutes % 10}) text += static_cast<char>('0' + number);
  return text;
}

std::string TimeZone::mail_date(Instant instant) const {
  constexpr std::array week_days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto local = local_time(zone_, instant);
  const std::chrono::weekday week_day(local.date.days());
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local.offset).count();
  const auto distance = std::abs(minutes);
  return fmt::format("{}, {} {:02}:{:02}:{:02} {}{:02}{:02}", week_days.at(week_day.c_encoding()),
                     cstims::show(local.date), local.time.hours().count(),
                     local.time.minutes().count(), local.time.seconds().count(),
                     minutes < 0 ? '-' : '+', distance / 60, distance % 60);
}

Instant TimeZone::start_of(Date date) const {
  return at(date, std::chrono::minutes(0));  // some zones skip or repeat midnight on a night
}

Instant TimeZone::at(Date date, std::chrono::minutes time) const {
  const date::local_seconds local{date.days().time_since_epoch() + time};
  const auto instant = zone_of(zone_).to_sys(local, date::choose::earliest);
  return Instant(instant.time_since_epoch().count());
}

}  // namespace cstims
