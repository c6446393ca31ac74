#include "account/session.h"

#include "account/portal.h"
#include "account/session_store.h"
#include "account/user_store.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/session_cookie.h"

using namespace cstims;
using namespace cstims::test;
using namespace std::chrono_literals;

namespace {

const Visitor visitor{.address = "192.0.2.7", .user_agent = "Browser", .device_token = {}};

std::string open_session(World& world, const Viewer& viewer) {
  return world.database().write(
      [&](Transaction& tx) { return insert_session(tx, require_user(tx, *viewer.user), visitor); });
}

std::pair<Viewer, SessionInfo> look(World& world, const std::string& token) {
  Request request;
  request.cookies.emplace(session_cookie_name(world.site()), token);
  return identify(world.database(), world.site(), request);
}

bool is_signed_in(World& world, const std::string& token) {
  return look(world, token).second.signed_in;
}

std::string last_seen(World& world) {
  static constexpr Statement select{"last seen", "select last_seen_at from sessions"};
  return world.database().read(
      [](Transaction& tx) { return tx.require(select).text("last_seen_at"); });
}

}  // namespace

SENTENCE(account, "a browser's long name is told in two words") {
  EXPECT_EQ(program_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
            "Firefox, Linux");
  EXPECT_EQ(program_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
                       "Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"),
            "Edge, Windows");
  EXPECT_EQ(
      program_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                 "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
      "Safari, iPhone");
  EXPECT_EQ(program_of("curl/7.88.1"), "curl/7.88.1");
  EXPECT_EQ(program_of(""), "");
  EXPECT_EQ(count_characters(program_of(std::string(500, 'x'))), 60U);
}

DATABASE_SENTENCE(account, "a session tells who sent the request") {
  const auto token = open_session(world, world.grace());
  const auto [viewer, session] = look(world, token);
  EXPECT_EQ(viewer.user, world.grace().user);
  EXPECT_EQ(viewer.role, Role::helpdesk);
  EXPECT_EQ(viewer.name, "grace");
  EXPECT_TRUE(session.signed_in);
  EXPECT_EQ(session.token, token);
}

DATABASE_SENTENCE(account, "an unknown, empty or malformed cookie is nobody's") {
  open_session(world, world.ada());
  EXPECT_FALSE(is_signed_in(world, random_token()));
  for (const auto* odd : {"", "x", "' or 1=1 --", "%"}) {
    const auto [viewer, session] = look(world, odd);
    EXPECT_FALSE(viewer.user) << odd;
    EXPECT_EQ(session.token, "") << odd;
  }
}

DATABASE_SENTENCE(account, "the token has 256 random bits, and the database holds only its hash") {
  const auto token = open_session(world, world.ada());
  EXPECT_EQ(token.size(), 43U);
  EXPECT_NE(token, open_session(world, world.ada()));
  EXPECT_EQ(count_rows(world, "sessions where token_hash = '" + token + "'"), 0);
  EXPECT_EQ(count_rows(world, "sessions where token_hash = '" + sha256_hex(token) + "'"), 1);
}

DATABASE_SENTENCE(account, "a client's session lasts 7 days idle, staff's 30 minutes") {
  const auto ada = open_session(world, world.ada());
  const auto grace = open_session(world, world.grace());
  world.clock().advance(30min - 1s);
  EXPECT_TRUE(is_signed_in(world, grace));
  world.clock().advance(30min);
  EXPECT_FALSE(is_signed_in(world, grace));
  world.clock().advance(24h * 7 - 60min);
  EXPECT_TRUE(is_signed_in(world, ada));
  world.clock().advance(24h * 7);
  EXPECT_FALSE(is_signed_in(world, ada));
}

DATABASE_SENTENCE(
    account,
    "a session that is used all the time ends after 12 hours for staff, 30 days for clients") {
  const auto grace = open_session(world, world.grace());
  const auto ada = open_session(world, world.ada());
  for (int n = 0; n < 35; ++n) {
    world.clock().advance(20min);
    ASSERT_TRUE(is_signed_in(world, grace)) << n;
  }
  world.clock().advance(20min);
  EXPECT_FALSE(is_signed_in(world, grace));
  for (int n = 0; n < 29; ++n) {
    ASSERT_TRUE(is_signed_in(world, ada)) << n;
    world.clock().advance(24h);
  }
  world.clock().advance(12h);
  EXPECT_FALSE(is_signed_in(world, ada));
}

DATABASE_SENTENCE(account, "a clock set back does not revive a session that was found over") {
  const auto grace = open_session(world, world.grace());
  world.clock().advance(31min);
  EXPECT_FALSE(is_signed_in(world, grace));
  world.clock().advance(-31min);
  EXPECT_FALSE(is_signed_in(world, grace));
}

DATABASE_SENTENCE(
    account, "a clock set back by more than clocks differ ends a session used later than now") {
  world.clock().advance(1h);
  const auto grace = open_session(world, world.grace());
  world.clock().advance(-5min);
  EXPECT_TRUE(is_signed_in(world, grace));
  world.clock().advance(-1s);
  EXPECT_FALSE(is_signed_in(world, grace));
}

DATABASE_SENTENCE(account, "looking writes the time at most every five minutes") {
  const auto token = open_session(world, world.ada());
  const auto at_first = last_seen(world);
  world.clock().advance(5min - 1s);
  EXPECT_TRUE(is_signed_in(world, token));
  EXPECT_EQ(last_seen(world), at_first);
  world.clock().advance(1s);
  EXPECT_TRUE(is_signed_in(world, token));
  EXPECT_NE(last_seen(world), at_first);
}

DATABASE_SENTENCE(account, "a disabled user is signed out at the next request") {
  const auto token = open_session(world, world.ada());
  static constexpr Statement disable{"disable",
                                     "update users set status = 'disabled' where id = 1"};
  world.database().write([](Transaction& tx) { tx.execute(disable); });
  EXPECT_FALSE(is_signed_in(world, token));
}

DATABASE_SENTENCE(account, "a changed type counts from the next request") {
  const auto token = open_session(world, world.grace());
  static constexpr Statement demote{"demote", "update users set type = 'client' where id = 3"};
  world.database().write([](Transaction& tx) { tx.execute(demote); });
  EXPECT_EQ(look(world, token).first.role, Role::client);
}

DATABASE_SENTENCE(account, "nobody ends a session of somebody else by its number") {
  const auto token = open_session(world, world.ada());
  const auto id = world.database().read(
      [&](Transaction& tx) { return find_session_id(tx, *world.ada().user, sha256_hex(token)); });
  ASSERT_TRUE(id);
  EXPECT_FALSE(world.database().write(
      [&](Transaction& tx) { return delete_session(tx, *world.bob().user, *id); }));
  EXPECT_TRUE(is_signed_in(world, token));
}

DATABASE_SENTENCE(account,
                  "the daily clean-up removes sessions that are over and keeps the others") {
  open_session(world, world.grace());
  const auto ada = open_session(world, world.ada());
  world.clock().advance(1h);
  const auto root = open_session(world, world.root());
  EXPECT_EQ(world.database().write(delete_stale_sessions), 1);
  EXPECT_TRUE(is_signed_in(world, ada));
  EXPECT_TRUE(is_signed_in(world, root));
  world.clock().advance(24h * 8);
  EXPECT_EQ(world.database().write(delete_stale_sessions), 2);
}

DATABASE_SENTENCE(account, "a person has at most twenty known devices, the oldest are forgotten") {
  std::vector<std::string> tokens;
  for (int n = 0; n < 21; ++n) {
    world.clock().advance(1s);
    tokens.push_back(world.database().write(
        [&](Transaction& tx) { return insert_device(tx, *world.ada().user); }));
  }
  const auto known = [&](const Viewer& viewer, const std::string& token) {
    return world.database().read(
        [&](Transaction& tx) { return is_known_device(tx, *viewer.user, token); });
  };
  EXPECT_FALSE(known(world.ada(), tokens.front()));
  EXPECT_TRUE(known(world.ada(), tokens.at(1)));
  EXPECT_TRUE(known(world.ada(), tokens.back()));
  EXPECT_FALSE(known(world.bob(), tokens.back()));
}
