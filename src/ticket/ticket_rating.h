// What a client thought of how a ticket was closed: good or bad, and a few words. Asked once a
// closing by a link in its mail, which works without signing in; the link holds a code that only
// this installation can make. Pure rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"

namespace cstims {

/// A closing: the event on the ticket that says so.
struct Closing {
  TicketId ticket;
  TicketEntryId event;
  bool operator==(const Closing&) const = default;
};

/// "12.34.CODE": the code is 128 bits of an HMAC over purpose, ticket and closing.
std::string rating_code(std::string_view key, const Closing& closing);
/// Absent unless the code is good.
std::optional<Closing> read_rating_code(std::string_view key, std::string_view code);

struct NewRating {
  bool good;
  std::string comment;
};
/// /ratings/{rating}: `answer` is good or bad.
Result<NewRating> parse_rating(const FormData& form);

struct Rating {
  bool good;
  std::string comment;
  Instant first_rated_at;
};
/// Of one's first answer.
inline constexpr int days_to_change_rating = 14;
bool may_change(const Rating& rating, Instant now);

/// "Good", "Bad".
Message shown_rating(bool good);

}  // namespace cstims
