#include "account/throttle.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "account/portal.h"
#include "account/user_store.h"

using namespace cstims;
using namespace cstims::test;
using namespace std::chrono_literals;

namespace {

const Bucket account{BucketKind::account, "account:1"};

/// Seconds to wait; 0: the attempt was let through.
int attempt(World& world, const std::vector<Bucket>& buckets) {
  try {
    charge_attempt(world.database(), buckets);
    return 0;
  } catch (const Overload& overload) {
    EXPECT_TRUE(overload.persons_fault);
    return overload.retry_after_seconds;
  }
}

}  // namespace

SENTENCE(account, "addresses are counted by their /24 and /64") {
  EXPECT_EQ(address_block("192.0.2.7"), address_block("192.0.2.200"));
  EXPECT_NE(address_block("192.0.2.7"), address_block("192.0.3.7"));
  EXPECT_EQ(address_block("192.0.2.7"), "192.0.2.0/24");
  EXPECT_EQ(address_block("::ffff:192.0.2.7"), "192.0.2.0/24");
  EXPECT_EQ(address_block("2001:db8:1:2::1"), address_block("2001:db8:1:2:ffff::9"));
  EXPECT_NE(address_block("2001:db8:1:2::1"), address_block("2001:db8:1:3::1"));
  EXPECT_EQ(address_block("<b>"), "unknown");
  EXPECT_EQ(address_block(""), "unknown");
}

DATABASE_SENTENCE(account,
                  "five attempts are free, then each waits twice as long, at most a minute") {
  for (int n = 0; n < 5; ++n) EXPECT_EQ(attempt(world, {account}), 0) << n;
  for (const int delay : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_EQ(attempt(world, {account}), delay);
    world.clock().advance(std::chrono::seconds(delay));
    EXPECT_EQ(attempt(world, {account}), 0);
  }
}

DATABASE_SENTENCE(account,
                  "in no hour are more than a hundred guesses at an account let through, from "
                  "however many addresses") {
  std::vector<Instant> let_through;
  for (int second = 0; second < 3 * 3600; second += 5) {
    const auto address = address_bucket("198.51." + std::to_string(second % 250) + ".9");
    if (attempt(world, {address, account}) == 0) let_through.push_back(world.clock().now());
    world.clock().advance(5s);
  }
  for (const auto from : let_through) {
    const auto until = from.plus(1h);
    EXPECT_LE(
        std::ranges::count_if(let_through, [&](Instant at) { return at >= from && at < until; }),
        100);
  }
  EXPECT_GT(let_through.size(), 100U);  // somebody who waits gets on
}

DATABASE_SENTENCE(account, "guesses at once do not slip through") {
  std::atomic<int> let_through = 0;
  std::vector<std::thread> threads;
  for (int n = 0; n < 12; ++n) {
    threads.emplace_back([&] { let_through += attempt(world, {account}) == 0 ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(let_through, 5);
  EXPECT_GT(let_through, 0);
}

DATABASE_SENTENCE(account, "an attempt turned away is not charged") {
  for (int n = 0; n < 5; ++n) attempt(world, {account});
  for (int n = 0; n < 50; ++n) EXPECT_EQ(attempt(world, {account}), 1);
  world.clock().advance(1s);
  EXPECT_EQ(attempt(world, {account}), 0);
}

DATABASE_SENTENCE(
    account, "the right secret clears an account, but gives an address only its own attempt back") {
  const auto address = address_bucket("192.0.2.7");
  for (int n = 0; n < 5; ++n) attempt(world, {address, account});
  world.database().write([&](Transaction& tx) { forgive_attempt(tx, {address, account}); });
  EXPECT_EQ(count_rows(world, "throttles where bucket = 'account:1'"), 0);
  EXPECT_EQ(count_rows(world, "throttles where bucket = 'address:192.0.2.0/24' and failures = 4"),
            1);
}

DATABASE_SENTENCE(account, "a clock set back does not lock for long") {
  world.clock().advance(24h);
  for (int n = 0; n < 5; ++n) attempt(world, {account});
  world.clock().advance(-24h);
  EXPECT_EQ(attempt(world, {account}), 0);
}

DATABASE_SENTENCE(account, "an hour after the first attempt counting begins anew") {
  for (int n = 0; n < 5; ++n) attempt(world, {account});
  world.clock().advance(1h + 1s);
  for (int n = 0; n < 5; ++n) EXPECT_EQ(attempt(world, {account}), 0) << n;
}

DATABASE_SENTENCE(account, "unknown names are slowed like known ones, and are not kept as typed") {
  const auto bucket = account_bucket(std::nullopt, "my secret typed into the wrong field");
  EXPECT_EQ(bucket.name.find("secret"), std::string::npos);
  for (int n = 0; n < 5; ++n) attempt(world, {bucket});
  EXPECT_EQ(attempt(world, {bucket}), 1);
}

DATABASE_SENTENCE(account, "twenty mails an hour for one visitor, whoever they go to") {
  const auto charge = [&](std::string_view peer) {
    try {
      world.database().write([&](Transaction& tx) { charge_mail(tx, peer); });
      return true;
    } catch (const Overload& overload) {
      EXPECT_EQ(overload.retry_after_seconds, 3600);
      return false;
    }
  };
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(charge("192.0.2.7")) << n;
  EXPECT_FALSE(charge("192.0.2.7"));
  EXPECT_TRUE(charge("192.0.2.8"));
  world.clock().advance(1h + 1s);
  EXPECT_TRUE(charge("192.0.2.7"));
}
