// The helpdesk's month in figures: what was opened, closed, reopened, how long clients waited and
// what they thought of it. Reads only, from what happened when, so that a past month never changes:
// a closing counts in its month even if the ticket was reopened later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/site.h"
#include "db/database.h"
#include "ticket/ticket.h"

namespace cstims {

/// Medians are minutes, rounded down; absent where nothing was answered or closed. The first reply
/// counts in the month of the opening, the solution (from opening to closing) in that of the
/// closing.
struct TicketFigures {
  std::int64_t opened = 0;
  std::int64_t closed = 0;
  std::int64_t nofix = 0;
  std::int64_t reopened = 0;
  std::optional<std::int64_t> first_reply;
  std::optional<std::int64_t> solution;
  std::int64_t good = 0;
  std::int64_t bad = 0;

  std::int64_t ended() const { return closed + nofix; }
};

struct MonthFigures {
  Date first_day;
  TicketFigures figures;
};
/// Of one person (who has the ticket now) or one service; nobody's and no order's have no name.
struct GroupFigures {
  std::string name;
  TicketFigures figures;
};
struct RatingComment {
  std::int64_t ticket;
  bool good;
  std::string comment;
};

struct TicketReport {
  std::vector<MonthFigures> months;  // oldest first; the last one is the month of the report
  std::vector<GroupFigures> people;  // of that month, most opened and ended first
  std::vector<GroupFigures> services;
  std::vector<RatingComment> comments;  // of that month, newest first
};

/// `count` months up to the one that begins on `first_day`.
TicketReport ticket_report(Transaction& tx, const TimeZone& zone, Date first_day, int count);

/// The middle one; of an even number the mean of the middle two, rounded down. Absent for none.
std::optional<std::int64_t> median(std::vector<std::int64_t> values);

/// "45 min", "3 h 20 min", "2 d 4 h"; "–" for none.
std::string show_minutes(std::optional<std::int64_t> minutes);

/// Remembers the first public reply of staff; later ones change nothing.
void note_first_reply(Transaction& tx, TicketId ticket);
/// Remembers of an event whether it closed or reopened its ticket.
void note_outcome(Transaction& tx, TicketId ticket, TicketEntryId entry, TicketEvent event);

}  // namespace cstims
