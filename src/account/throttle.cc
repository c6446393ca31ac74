#include "account/throttle.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/secret.h"
#include "http/addresses.h"

namespace cstims {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds window = 1h;
constexpr int most_mails = 20;

struct Rule {
  std::string_view prefix;
  int free;
  std::chrono::seconds longest_delay;
};

Rule rule(BucketKind kind) {
  switch (kind) {
    case BucketKind::address:
      return {"address:", 20, 60s};
    case BucketKind::account:
      return {"account:", 5, 60s};
    case BucketKind::device:
      return {"device:", 5, 15min};
    case BucketKind::session:
      return {"session:", 5, 60s};
  }
  return {"", 0, 60s};
}

// A window that lies in the future (the clock was set back) counts as over.
constexpr Statement charge_bucket{"throttle charge", R"(
  insert into throttles (bucket, failures, since, blocked_until)
  values (:bucket, 1, :now, null)
  on conflict (bucket) do update
  set failures = case
        when throttles.since between :window_start and :now then throttles.failures + 1
        else 1
      end,
      blocked_until = case
        when throttles.since between :window_start and :now then throttles.blocked_until
        else null
      end,
      since = case
        when throttles.since between :window_start and :now then throttles.since
        else :now
      end
  returning failures, since, blocked_until)"};

constexpr Statement block_bucket{"throttle block", R"(
  update throttles
  set blocked_until = :until
  where bucket = :bucket)"};

constexpr Statement give_back_charge{"throttle give back", R"(
  update throttles
  set failures = failures - 1,
      blocked_until = null
  where bucket = :bucket
    and failures > 0)"};

constexpr Statement delete_bucket{"throttle delete", R"(
  delete from throttles
  where bucket = :bucket)"};

constexpr Statement delete_old_buckets{"throttles delete old", R"(
  delete from throttles
  where since < :since)"};

struct Charged {
  std::int64_t failures;
  Instant since;
  std::optional<Instant> blocked_until;
};

Charged charge(Transaction& tx, const std::string& bucket) {
  const auto row =
      tx.require(charge_bucket,
                 {{"bucket", bucket}, {"now", tx.now()}, {"window_start", tx.now().plus(-window)}});
  return {row.number("failures"), row.instant("since"), row.maybe_instant("blocked_until")};
}

[[noreturn]] void send_away(std::string_view bucket, std::int64_t seconds) {
  throw Overload(fmt::format("throttled: {}", bucket),
                 static_cast<int>(std::max<std::int64_t>(seconds, 1)), true);
}

/// After the last free attempt one second, then twice as long each time.
std::chrono::seconds delay_after(std::int64_t failures, const Rule& rule) {
  const auto beyond = failures - rule.free;
  if (beyond < 0) return 0s;
  return std::min(rule.longest_delay,
                  std::chrono::seconds(std::int64_t{1} << std::min<std::int64_t>(beyond, 20)));
}

void charge_one(Transaction& tx, const Bucket& bucket) {
  const auto rules = rule(bucket.kind);
  const auto charged = charge(tx, bucket.name);
  // Further ahead than any delay: the clock was set back.
  if (charged.blocked_until && *charged.blocked_until > tx.now() &&
      *charged.blocked_until <= tx.now().plus(rules.longest_delay)) {
    send_away(bucket.name, charged.blocked_until->unix_seconds() - tx.now().unix_seconds());
  }
  const auto delay = delay_after(charged.failures, rules);
  if (delay > 0s) {
    tx.execute(block_bucket, {{"until", tx.now().plus(delay)}, {"bucket", bucket.name}});
  }
}

Bucket bucket_of(BucketKind kind, std::string_view name) {
  return {kind, std::string(rule(kind).prefix) + std::string(name)};
}

}  // namespace

std::string address_block(std::string_view peer) {
  const auto address = Address::parse(peer);
  if (!address) return "unknown";
  if (!address->is_ipv4()) return address->network();
  const auto dotted = address->text();
  return dotted.substr(0, dotted.rfind('.')) + ".0/24";
}

Bucket address_bucket(std::string_view peer) {
  return bucket_of(BucketKind::address, address_block(peer));
}

Bucket account_bucket(const std::optional<User>& user, std::string_view typed) {
  if (user) return bucket_of(BucketKind::account, user->id.text());
  // Hashed: people type passwords into the wrong field.
  return bucket_of(BucketKind::account, "unknown " + sha256_hex(typed).substr(0, 32));
}

Bucket device_bucket(UserId user, std::string_view token) {
  return bucket_of(BucketKind::device, user.text() + " " + sha256_hex(token).substr(0, 32));
}

Bucket session_bucket(UserId user) {
  return bucket_of(BucketKind::session, user.text());
}

void charge_attempt(Database& database, const std::vector<Bucket>& buckets) {
  database.write([&](Transaction& tx) {
    for (const auto& bucket : buckets) charge_one(tx, bucket);
  });
}

void forgive_attempt(Transaction& tx, const std::vector<Bucket>& buckets) {
  for (const auto& bucket : buckets) {
    const bool shared = bucket.kind == BucketKind::address;
    tx.execute(shared ? give_back_charge : delete_bucket, {{"bucket", bucket.name}});
  }
}

void charge_mail(Transaction& tx, std::string_view peer) {
  const auto address = Address::parse(peer);
  const auto bucket = "mail:" + (address ? address->network() : std::string("unknown"));
  const auto charged = charge(tx, bucket);
  if (charged.failures <= most_mails) return;
  send_away(bucket, charged.since.plus(window).unix_seconds() - tx.now().unix_seconds());
}

std::int64_t delete_stale_throttles(Transaction& tx) {
  return tx.execute(delete_old_buckets, {{"since", tx.now().plus(-24h)}});
}

}  // namespace cstims
