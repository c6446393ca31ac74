#include "ticket/ticket_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace cstims {
namespace {

constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
constexpr int most_hours = 10'000;
constexpr int days_looked_at = 10 * 366;  // with one hour a week, so far no target reaches
constexpr std::int64_t seconds_of_hour = 3600;

std::size_t weekday_of(Date day) {
  return std::chrono::weekday(day.days()).iso_encoding() - 1;
}

std::optional<int> read_number(std::string_view text, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number >= 0 && number <= most ? std::optional(number) : std::nullopt;
}

/// "09:00"; "24:00" is the end of the day.
std::optional<std::chrono::minutes> read_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = read_number(text.substr(0, 2), 24);
  const auto minutes = read_number(text.substr(3), 59);
  if (!hours || !minutes || *hours * 60 + *minutes > 24 * 60) return std::nullopt;
  return std::chrono::minutes(*hours * 60 + *minutes);
}

std::optional<std::size_t> read_day(std::string_view name) {
  const auto found = std::ranges::find(day_names, name);
  if (found == day_names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - day_names.begin());
}

/// "mon-fri", "mon,wed,sat-sun"; from a later day to an earlier one over the end of the week.
bool read_days(std::string_view text, std::array<bool, 7>& days) {
  days.fill(false);
  for (const auto piece : split(text, ',')) {
    const auto range = split(trim(piece), '-');
    const auto first = read_day(trim(range.front()));
    const auto last = read_day(trim(range.back()));
    if (range.size() > 2 || !first || !last) return false;
    for (std::size_t day = *first;; day = (day + 1) % days.size()) {
      days.at(day) = true;
      if (day == *last) break;
    }
  }
  return true;
}

bool read_hours(std::string_view text, TargetSettings& settings) {
  const auto pieces = split(text, '-');
  const auto opens = read_time(trim(pieces.front()));
  const auto closes = read_time(trim(pieces.back()));
  if (pieces.size() != 2 || !opens || !closes || *opens >= *closes) return false;
  settings.opens = *opens;
  settings.closes = *closes;
  return true;
}

bool read_target(std::string_view text, TargetSettings& settings) {
  const auto equals = text.find('=');
  const auto slash = text.find('/');
  if (equals == text.npos || slash == text.npos || slash < equals) return false;
  const auto priority = parse_ticket_priority(trim(text.substr(0, equals)));
  const auto first = read_number(trim(text.substr(equals + 1, slash - equals - 1)), most_hours);
  const auto solution = read_number(trim(text.substr(slash + 1)), most_hours);
  if (!priority || !first || !solution) return false;
  settings.of_priority.at(static_cast<std::size_t>(*priority) - 1) = {*first, *solution};
  return true;
}

const TargetHours& hours_of(const TargetSettings& settings, TicketPriority priority) {
  return settings.of_priority.at(static_cast<std::size_t>(priority) - 1);
}

}  // namespace

std::optional<BusinessHours::Window> BusinessHours::window(Date day) const {
  if (!settings_.days.at(weekday_of(day))) return std::nullopt;
  return Window{zone_.at(day, settings_.opens), zone_.at(day, settings_.closes)};
}

std::optional<Instant> BusinessHours::after(Instant from, std::int64_t seconds) const {
  auto day = zone_.date(from);
  for (int looked = 0; looked < days_looked_at; ++looked, day = day.plus_days(1)) {
    const auto open = window(day);
    if (!open) continue;
    const auto start = std::max(from, open->opens);
    if (start >= open->closes) continue;
    const auto here = open->closes.unix_seconds() - start.unix_seconds();
    if (seconds <= here) return start.plus(std::chrono::seconds(seconds));
    seconds -= here;
  }
  return std::nullopt;
}

std::int64_t BusinessHours::between(Instant from, Instant to) const {
  std::int64_t seconds = 0;
  const auto last = zone_.date(to);
  for (auto day = std::max(zone_.date(from), last.plus_days(-days_looked_at)); day <= last;
       day = day.plus_days(1)) {
    const auto open = window(day);
    if (!open) continue;
    const auto start = std::max(from, open->opens);
    const auto end = std::min(to, open->closes);
    if (start < end) seconds += end.unix_seconds() - start.unix_seconds();
  }
  return seconds;
}

TargetClock advance(TargetClock clock, const Ticket& ticket, Instant now,
                    const BusinessHours& hours) {
  if (!ticket.is_open()) return clock;
  if (ticket.waiting_for == WaitingFor::client) {
    if (!clock.answered_at) clock.answered_at = now;
    if (!clock.paused_at) clock.paused_at = now;
  } else if (clock.paused_at) {
    clock.paused_seconds += hours.between(*clock.paused_at, now);
    clock.paused_at.reset();
  }
  return clock;
}

TargetTimes target_times(const Ticket& ticket, const TargetClock& clock,
                         const TargetSettings& settings, const BusinessHours& hours) {
  if (!ticket.is_open() || clock.paused_at) return {};
  const auto& target = hours_of(settings, ticket.priority);
  const auto from = clock.from.value_or(ticket.opened_at);
  const auto due = [&](int hours_given) -> std::optional<Instant> {
    if (hours_given == 0) return std::nullopt;
    return hours.after(from, hours_given * seconds_of_hour + clock.paused_seconds);
  };
  return {.reply_due = clock.answered_at ? std::nullopt : due(target.first_reply),
          .solution_due = due(target.solution)};
}

Result<TargetSettings> read_targets(std::string_view targets, std::string_view hours,
                                    std::string_view days) {
  TargetSettings settings;
  if (!read_hours(hours, settings)) {
    return refuse("tickets.business_hours", message("Write two times such as 09:00-18:00."));
  }
  if (!read_days(days, settings.days)) {
    return refuse("tickets.business_days", message("Write days such as mon-fri or mon,wed,sat."));
  }
  if (trim(targets).empty()) return settings;
  for (const auto piece : split(targets, ',')) {
    if (!read_target(trim(piece), settings)) {
      return refuse("tickets.targets",
                    message("Write priority, hours to the first reply and hours to the solution: "
                            "urgent=1/8, high=4/24, normal=8/40, low=0/0."));
    }
  }
  return settings;
}

std::string show_distance(std::int64_t seconds) {
  const auto minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{} min", std::max<std::int64_t>(minutes, 1));
  const auto hours = minutes / 60;
  if (hours < 48)
    return minutes % 60 == 0 || hours >= 10 ? fmt::format("{} h", hours)
                                            : fmt::format("{} h {} min", hours, minutes % 60);
  return hours % 24 == 0 || hours >= 240 ? fmt::format("{} d", hours / 24)
                                         : fmt::format("{} d {} h", hours / 24, hours % 24);
}

}  // namespace cstims
