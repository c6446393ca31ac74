#include "account/session.h"

#include <span>

#include "account/session_store.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/session_cookie.h"

namespace cstims {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds seen_every = 5min;
constexpr std::chrono::seconds clocks_differ_by = 5min;  // among the instances of one installation

struct Mark {
  std::string_view in_user_agent;
  std::string_view name;
};

// Each names the ones after it as well, for compatibility: the first found counts.
constexpr Mark programs[] = {
    {"Edg", "Edge"},       {"OPR/", "Opera"},    {"Firefox/", "Firefox"}, {"Chromium/", "Chromium"},
    {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"FxiOS/", "Firefox"},   {"Safari/", "Safari"}};
constexpr Mark systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},  {"iPad", "iPad"},
                            {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"},
                            {"Linux", "Linux"},     {"BSD", "BSD"}};

std::string_view first_found(std::span<const Mark> marks, std::string_view text) {
  for (const auto& mark : marks) {
    if (text.find(mark.in_user_agent) != std::string_view::npos) return mark.name;
  }
  return {};
}

}  // namespace

std::string program_of(std::string_view user_agent) {
  const auto program = first_found(programs, user_agent);
  const auto system = first_found(systems, user_agent);
  if (program.empty()) return shorten(user_agent.substr(0, user_agent.find(' ')), 60);
  if (system.empty()) return std::string(program);
  return std::string(program) + ", " + std::string(system);
}

SessionLimits session_limits(Role role) {
  if (role == Role::client) return {.idle = 24h * 7, .absolute = 24h * 30};
  return {.idle = 30min, .absolute = 12h};
}

bool is_over(const Session& session, Role role, Instant now) {
  return now >= session.expires_at || now >= session.last_seen_at.plus(session_limits(role).idle) ||
         session.last_seen_at > now.plus(clocks_differ_by);
}

std::pair<Viewer, SessionInfo> identify(Database& database, const Site& site,
                                        const Request& request) {
  const auto cookie = request.cookies.find(session_cookie_name(site));
  if (cookie == request.cookies.end() || !is_session_token(cookie->second)) return {};
  SessionInfo info{.token = cookie->second, .id_hash = sha256_hex(cookie->second)};

  const auto [found, now] = database.read(
      [&](Transaction& tx) { return std::pair(find_session(tx, info.id_hash), tx.now()); });
  if (!found) return {Viewer::nobody(), std::move(info)};
  const auto& [session, username, role] = *found;
  if (is_over(session, role, now)) {
    database.write([&](Transaction& tx) { delete_session(tx, session.user, session.id); });
    return {Viewer::nobody(), std::move(info)};
  }
  if (now >= session.last_seen_at.plus(seen_every)) {
    database.write([&](Transaction& tx) { mark_session_seen(tx, session.id); });
  }
  info.signed_in = true;
  return {Viewer{session.user, role, username}, std::move(info)};
}

}  // namespace cstims
