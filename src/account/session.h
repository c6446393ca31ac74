// Who is signed in: a random token in a cookie, its SHA-256 in the database. A person without a session has such a token too
// (csrf is bound to it) but no row; signing in always makes a new one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

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

/// "cstims_session"; "__Host-cstims_session" when the site is https.
std::string session_cookie_name(const Site& site);
/// Value of Set-Cookie: HttpOnly, SameSite=Lax, Path=/, Secure when the site is https.
std::string session_cookie(const Site& site, std::string_view token, Role role);
/// For a visitor who is not signed in: ends with the browser session.
std::string anonymous_session_cookie(const Site& site, std::string_view token);
/// Value of Set-Cookie that removes it.
std::string ended_session_cookie(const Site& site);
/// 43 characters of base64url: what this program gives out. Anything else is as good as no cookie.
bool is_session_token(std::string_view token);

/// Who sent the request, by one indexed query. `SessionInfo::token` is the cookie's value also when it belongs to
/// nobody (empty only when there is no well-formed cookie). Writes at most every five minutes per session (last seen), and
/// when a session has expired (its row goes, so that a clock set back does not revive it).
std::pair<Viewer, SessionInfo> identify(Database& database, const Site& site,
                                        const Request& request);

}  // namespace cstims
