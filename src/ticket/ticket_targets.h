// By when a ticket should be answered and solved. Targets are hours of business per priority, in
// the site's zone. Time counts while it is our turn: from the opening, or anew from a reopening,
// and not while the ticket waits for its client, who may take as long as it likes. So a ticket that
// was answered in time and waits for its client is never overdue; once the client writes, what was
// left of the time goes on. Closed tickets are due never. Pure rules; the store keeps what they
// work out, so that the queue sorts by an index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/site.h"
#include "ticket/ticket.h"

namespace cstims {

/// The hours in which somebody answers.
class BusinessHours {
 public:
  BusinessHours(const TargetSettings& settings, const TimeZone& zone)
      : settings_(settings), zone_(zone) {}

  /// When `seconds` of them have passed since `from`. Absent when no such day comes.
  std::optional<Instant> after(Instant from, std::int64_t seconds) const;
  /// Seconds of them in [from, to).
  std::int64_t between(Instant from, Instant to) const;

 private:
  struct Window {
    Instant opens;
    Instant closes;
  };
  std::optional<Window> window(Date day) const;
  const TargetSettings& settings_;
  const TimeZone& zone_;
};

/// What follows for the clock from whose turn it is now: waiting for the client stops it and counts
/// as answered, waiting for us lets it go on.
TargetClock advance(TargetClock clock, const Ticket& ticket, Instant now,
                    const BusinessHours& hours);

/// By when the ticket should be answered and solved, as far as there are targets and its clock
/// runs.
TargetTimes target_times(const Ticket& ticket, const TargetClock& clock,
                         const TargetSettings& settings, const BusinessHours& hours);

/// "urgent=1/8, high=4/24": priority, hours to the first reply, hours to the solution; 0 or a
/// priority that is not named: none. An empty text: no targets at all.
Result<TargetSettings> read_targets(std::string_view targets, std::string_view hours,
                                    std::string_view days);

/// "in 3 h", "5 min ago" apart from the words around it: "3 h", "2 d 4 h", "5 min".
std::string show_distance(std::int64_t seconds);

}  // namespace cstims
