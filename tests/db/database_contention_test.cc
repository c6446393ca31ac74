#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "support/world.h"

namespace cstims::test {

namespace {

constexpr Statement insert_counter{
    "insert counter", "insert into throttles (bucket, failures, since) values ('counter', 0, '')"};
constexpr Statement read_counter{"read counter",
                                 "select failures from throttles where bucket = 'counter'"};
constexpr Statement set_counter{"set counter",
                                "update throttles set failures = :to where bucket = 'counter'"};

std::int64_t counter(Database& database) {
  return database.read([](Transaction& tx) { return tx.require(read_counter).number("failures"); });
}

/// Reads, then writes: loses counts wherever transactions only look separate.
void count_one(Database& database) {
  database.write([](Transaction& tx) {
    const auto before = tx.require(read_counter).number("failures");
    tx.execute(set_counter, {{"to", before + 1}});
  });
}

}  // namespace

DATABASE_SENTENCE(contention, "threads of two programs lose no count") {
  Database other({world.url(), 4, false}, world.clock(), madrid());
  world.database().write([](Transaction& tx) { tx.execute(insert_counter); });
  constexpr int threads = 6;
  constexpr int rounds = 25;
  std::atomic<int> repeated = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i)
    workers.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) {
        // A person would be told to try again; a lost count would be told to nobody.
        for (bool done = false; !done;) try {
            count_one(i % 2 == 0 ? world.database() : other);
            done = true;
          } catch (const Overload&) {
            ++repeated;
          }
      }
    });
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(counter(world.database()), threads * rounds);
  EXPECT_LT(repeated, threads * rounds / 10);
}

DATABASE_SENTENCE(contention, "a reader sees one moment, whatever is written meanwhile") {
  world.database().write([](Transaction& tx) { tx.execute(insert_counter); });
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(tx.require(read_counter).number("failures"), 0);
    std::thread([&] { count_one(world.database()); }).join();
    EXPECT_EQ(tx.require(read_counter).number("failures"), 0);
  });
  EXPECT_EQ(counter(world.database()), 1);
}

DATABASE_SENTENCE(contention, "a writer waits for the writer of another program") {
  Database other({world.url(), 1, false}, world.clock(), madrid());
  world.database().write([](Transaction& tx) { tx.execute(insert_counter); });
  std::atomic<bool> holding = false;
  std::thread slow([&] {
    other.write([&](Transaction& tx) {
      const auto before = tx.require(read_counter).number("failures");
      holding = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      tx.execute(set_counter, {{"to", before + 1}});
    });
  });
  while (!holding) std::this_thread::yield();
  count_one(world.database());
  slow.join();
  EXPECT_EQ(counter(world.database()), 2);
}

DATABASE_SENTENCE(contention, "readers beyond the pool wait for their turn") {
  Database small({world.url(), 2, false}, world.clock(), madrid());
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i)
    readers.emplace_back([&] {
      small.read([&](Transaction&) {
        const int now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        --inside;
      });
    });
  for (auto& reader : readers) reader.join();
  EXPECT_LE(most, 2);
}

SENTENCE(contention, "a connection that the server closed is replaced without anybody noticing") {
  if (!has_postgresql()) GTEST_SKIP() << "no PostgreSQL";
  World world(Engine::postgresql);
  static constexpr Statement own_process{"own process", "select pg_backend_pid() as id"};
  static constexpr Statement kill{"kill", "select pg_terminate_backend(:id) as done"};
  const auto victim =
      world.database().read([](Transaction& tx) { return tx.require(own_process).number("id"); });
  Database killer({world.url(), 1, false}, world.clock(), madrid());
  killer.read([&](Transaction& tx) { tx.require(kill, {{"id", victim}}); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto successor =
      world.database().read([](Transaction& tx) { return tx.require(own_process).number("id"); });
  EXPECT_NE(successor, victim);
}

SENTENCE(contention, "a transaction whose connection breaks midway runs again") {
  if (!has_postgresql()) GTEST_SKIP() << "no PostgreSQL";
  World world(Engine::postgresql);
  Database killer({world.url(), 1, false}, world.clock(), madrid());
  static constexpr Statement own_process{"own process", "select pg_backend_pid() as id"};
  static constexpr Statement kill{"kill", "select pg_terminate_backend(:id) as done"};
  int attempts = 0;
  world.database().write([&](Transaction& tx) {
    tx.execute(insert_counter);
    if (++attempts > 1) return;
    const auto id = tx.require(own_process).number("id");
    killer.read([&](Transaction& other) { other.require(kill, {{"id", id}}); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    tx.find(read_counter);
  });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(counter(world.database()), 0);
}

}  // namespace cstims::test
