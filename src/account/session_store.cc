#include "account/session_store.h"

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds device_lifetime = 24h * 365;
constexpr int most_devices = 20;
constexpr std::size_t longest_user_agent = 200;

constexpr Statement find_session_by_hash{"session by token", R"(
  select s.id, s.user_id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.user_agent,
    u.username, u.type
  from sessions s
  join users u on u.id = s.user_id
  where s.token_hash = :token
    and u.status = 'verified')"};

constexpr Statement insert_session_row{"session insert", R"(
  insert into sessions (token_hash, user_id, created_at, last_seen_at, expires_at, confirmed_at,
    address, user_agent)
  values (:token, :user, :now, :now, :expires, :now, :address, :user_agent))"};

constexpr Statement update_session_seen{"session seen", R"(
  update sessions
  set last_seen_at = :now
  where id = :session)"};

constexpr Statement list_sessions_of_user{"sessions of user", R"(
  select id, user_id, created_at, last_seen_at, expires_at, address, user_agent
  from sessions
  where user_id = :user
  order by last_seen_at desc, id desc)"};

constexpr Statement delete_session_row{"session delete", R"(
  delete from sessions
  where id = :session
    and user_id = :user)"};

constexpr Statement delete_session_row_by_hash{"session delete by token", R"(
  delete from sessions
  where token_hash = :token)"};

constexpr Statement find_id_of_session{"session id by token", R"(
  select id
  from sessions
  where token_hash = :token
    and user_id = :user)"};

constexpr Statement delete_other_sessions{"sessions delete of user", R"(
  delete from sessions
  where user_id = :user
    and id <> :keep)"};

constexpr Statement delete_expired_sessions{"sessions delete expired", R"(
  delete from sessions
  where expires_at <= :now
    or last_seen_at <= :clients_idle_since)"};

constexpr Statement delete_idle_staff_sessions{"sessions delete idle staff", R"(
  delete from sessions
  where last_seen_at <= :staff_idle_since
    and user_id in (select id from users where type <> 'client'))"};

constexpr Statement find_device{"device by token", R"(
  select id
  from devices
  where user_id = :user
    and token_hash = :token)"};

constexpr Statement update_device_seen{"device seen", R"(
  update devices
  set last_seen_at = :now
  where user_id = :user
    and token_hash = :token)"};

constexpr Statement insert_device_row{"device insert", R"(
  insert into devices (user_id, token_hash, first_seen_at, last_seen_at)
  values (:user, :token, :now, :now))"};

constexpr Statement delete_surplus_devices{"devices delete surplus", R"(
  delete from devices
  where user_id = :user
    and id not in (
      select id
      from devices
      where user_id = :user
      order by last_seen_at desc, id desc
      limit :most))"};

constexpr Statement delete_old_devices{"devices delete old", R"(
  delete from devices
  where last_seen_at <= :since)"};

Session session_from(const Row& row) {
  return {.id = row.id<struct Session>("id"),
          .user = row.id<User>("user_id"),
          .created_at = row.instant("created_at"),
          .last_seen_at = row.instant("last_seen_at"),
          .expires_at = row.instant("expires_at"),
          .address = row.text("address"),
          .user_agent = row.text("user_agent")};
}

Role role_from(const Row& row) {
  const auto role = parse_role(row.text("type"));
  if (!role) throw DatabaseError("user type '" + row.text("type") + "' is unknown");
  return *role;
}

}  // namespace

std::optional<FoundSession> find_session(Transaction& tx, std::string_view token_hash) {
  const auto row = tx.find(find_session_by_hash, {{"token", token_hash}});
  if (!row) return std::nullopt;
  return FoundSession{session_from(*row), row->text("username"), role_from(*row)};
}

std::string insert_session(Transaction& tx, const User& user, const Visitor& visitor) {
  const auto token = random_token();
  tx.execute(insert_session_row,
             {{"token", sha256_hex(token)},
              {"user", user.id},
              {"now", tx.now()},
              {"expires", tx.now().plus(session_limits(user.type).absolute)},
              {"address", visitor.address},
              {"user_agent", shorten(single_line(visitor.user_agent), longest_user_agent)}});
  return token;
}

void mark_session_seen(Transaction& tx, SessionId id) {
  tx.execute(update_session_seen, {{"now", tx.now()}, {"session", id}});
}

std::vector<Session> list_sessions(Transaction& tx, const User& user) {
  std::vector<Session> sessions;
  for (const auto& row : tx.select(list_sessions_of_user, {{"user", user.id}})) {
    auto session = session_from(row);
    if (!is_over(session, user.type, tx.now())) sessions.push_back(std::move(session));
  }
  return sessions;
}

bool delete_session(Transaction& tx, UserId user, SessionId id) {
  return tx.execute(delete_session_row, {{"session", id}, {"user", user}}) > 0;
}

void delete_session_by_hash(Transaction& tx, std::string_view token_hash) {
  tx.execute(delete_session_row_by_hash, {{"token", token_hash}});
}

std::optional<SessionId> find_session_id(Transaction& tx, UserId user,
                                         std::string_view token_hash) {
  const auto row = tx.find(find_id_of_session, {{"token", token_hash}, {"user", user}});
  return row ? std::optional(row->id<struct Session>("id")) : std::nullopt;
}

std::int64_t delete_sessions(Transaction& tx, UserId user, std::optional<SessionId> keep) {
  const std::int64_t kept = keep ? keep->number() : 0;
  return tx.execute(delete_other_sessions, {{"user", user}, {"keep", kept}});
}

bool is_known_device(Transaction& tx, UserId user, std::string_view token) {
  if (token.empty()) return false;
  return tx.find(find_device, {{"user", user}, {"token", sha256_hex(token)}}).has_value();
}

void mark_device_seen(Transaction& tx, UserId user, std::string_view token) {
  tx.execute(update_device_seen, {{"now", tx.now()}, {"user", user}, {"token", sha256_hex(token)}});
}

std::string insert_device(Transaction& tx, UserId user) {
  const auto token = random_token();
  tx.execute(insert_device_row, {{"user", user}, {"token", sha256_hex(token)}, {"now", tx.now()}});
  tx.execute(delete_surplus_devices, {{"user", user}, {"most", most_devices}});
  return token;
}

std::int64_t delete_stale_sessions(Transaction& tx) {
  const auto before = [&](std::chrono::seconds length) { return tx.now().plus(-length); };
  return tx.execute(delete_expired_sessions,
                    {{"now", tx.now()},
                     {"clients_idle_since", before(session_limits(Role::client).idle)}}) +
         tx.execute(delete_idle_staff_sessions,
                    {{"staff_idle_since", before(session_limits(Role::admin).idle)}}) +
         tx.execute(delete_old_devices, {{"since", before(device_lifetime)}});
}

std::string device_cookie_name(const Site& site) {
  return site.https() ? "__Host-cstims_device" : "cstims_device";
}

std::string device_cookie(const Site& site, std::string_view token) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
                     device_cookie_name(site), token, device_lifetime.count(),
                     site.https() ? "; Secure" : "");
}

}  // namespace cstims
