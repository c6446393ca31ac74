// Rows of sessions, and of the devices a person has signed in from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/session.h"
#include "account/user.h"

namespace cstims {

/// What the browser tells about itself.
struct Visitor {
  std::string address;       // Request::peer
  std::string user_agent;    // as sent, not to be trusted
  std::string device_token;  // of the cookie; empty: none
};

struct FoundSession {
  Session session;
  std::string username;
  Role role;
};
/// With its user as of now; absent also when that user may not sign in any more.
std::optional<FoundSession> find_session(Transaction& tx, std::string_view token_hash);
/// Makes the row and returns the token for the cookie: the only time anybody sees it.
std::string insert_session(Transaction& tx, const User& user, const Visitor& visitor);
void mark_session_seen(Transaction& tx, SessionId id);
/// Those not over, the last used first.
std::vector<Session> list_sessions(Transaction& tx, const User& user);
/// False when the user has no such session.
bool delete_session(Transaction& tx, UserId user, SessionId id);
void delete_session_by_hash(Transaction& tx, std::string_view token_hash);
std::optional<SessionId> find_session_id(Transaction& tx, UserId user, std::string_view token_hash);
/// All but `keep`, when given; the number ended.
std::int64_t delete_sessions(Transaction& tx, UserId user, std::optional<SessionId> keep = {});

bool is_known_device(Transaction& tx, UserId user, std::string_view token);
void mark_device_seen(Transaction& tx, UserId user, std::string_view token);
/// Remembers a new one and returns its token for the cookie; at most twenty a person, the oldest
/// are forgotten.
std::string insert_device(Transaction& tx, UserId user);

/// Sessions that are over and devices not seen for a year; the number of rows.
std::int64_t delete_stale_sessions(Transaction& tx);

/// "cstims_device", a cookie that outlives the session: it tells a known device, nothing else.
std::string device_cookie_name(const Site& site);
std::string device_cookie(const Site& site, std::string_view token);

}  // namespace cstims
