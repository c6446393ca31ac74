// Who is signed in: a random token in a cookie (http/session_cookie.h), its SHA-256 in the
// database. A visitor who is not signed in has such a token too (csrf is bound to it) but no row;
// signing in always makes a new one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "base/date.h"
#include "base/id.h"
#include "base/site.h"
#include "base/viewer.h"
#include "db/database.h"
#include "http/context.h"
#include "http/request.h"

namespace cstims {

struct SessionLimits {
  std::chrono::seconds idle;
  std::chrono::seconds absolute;
};
/// Staff 30 minutes and 12 hours, clients 7 and 30 days.
SessionLimits session_limits(Role role);

using SessionId = Id<struct Session>;

struct Session {
  SessionId id;
  UserId user;
  Instant created_at;
  Instant last_seen_at;
  Instant expires_at;
  std::string address;
  std::string user_agent;
};

/// "Firefox, Linux": what a User-Agent amounts to for people; else the first word of it.
std::string program_of(std::string_view user_agent);

/// By the server's clock. A session from the future is over too: the clock was set back, and nobody
/// knows for how long it has been idle.
bool is_over(const Session& session, Role role, Instant now);

/// Who sent the request, by one indexed query. `SessionInfo::token` is the cookie's value also when
/// it belongs to nobody (empty only when there is no well-formed cookie). Writes at most every five
/// minutes per session (last seen), and when a session is over (its row goes, so that a clock set
/// back does not revive it).
std::pair<Viewer, SessionInfo> identify(Database& database, const Site& site,
                                        const Request& request);

}  // namespace cstims
