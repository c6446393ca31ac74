#include "account/password.h"

#include <atomic>
#include <thread>
#include <vector>

#include "account/portal.h"
#include "base/failure.h"

using namespace cstims;
using namespace cstims::test;

SENTENCE(account,
         "a password is stored as argon2id with 19 MiB, two passes and a salt of its own") {
  auto& hasher = hasher_of_tests();
  const auto one = hasher.hash("tall grey heron");
  const auto other = hasher.hash("tall grey heron");
  EXPECT_TRUE(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << one;
  EXPECT_NE(one, other);
  EXPECT_FALSE(is_outdated_hash(one));
}

SENTENCE(account, "only the same bytes match, spaces and those beyond 72 included") {
  auto& hasher = hasher_of_tests();
  const std::string long_one(100, 'x');
  const auto hash = hasher.hash(" " + long_one + "a ");
  EXPECT_TRUE(hasher.matches(hash, " " + long_one + "a "));
  EXPECT_FALSE(hasher.matches(hash, " " + long_one + "b "));
  EXPECT_FALSE(hasher.matches(hash, long_one + "a"));
  EXPECT_FALSE(hasher.matches(hash, ""));
}

SENTENCE(account, "an imported bcrypt hash is checked and known as outdated") {
  const std::string imported = "$2y$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";
  auto& hasher = hasher_of_tests();
  EXPECT_TRUE(hasher.matches(imported, "correct horse"));
  EXPECT_FALSE(hasher.matches(imported, "correct house"));
  EXPECT_FALSE(hasher.matches(imported, std::string_view("correct horse\0x", 15)));
  EXPECT_TRUE(is_outdated_hash(imported));
}

SENTENCE(account, "weaker argon2 costs are outdated") {
  EXPECT_TRUE(
      is_outdated_hash("$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                       "Hh5hPqYHvT4Og0QZ1Ha6hSYHB7cR3F0nM0rKqvNn1Zs"));
}

SENTENCE(account, "nothing matches an empty or broken hash") {
  auto& hasher = hasher_of_tests();
  for (const auto* broken : {"", "x", "$2y$", "$argon2id$", "plain"}) {
    EXPECT_FALSE(hasher.matches(broken, "")) << broken;
    EXPECT_FALSE(hasher.matches(broken, "plain")) << broken;
  }
}

SENTENCE(account, "more than the queue holds are told to come back, the others are served") {
  PasswordHasher hasher({.parallel = 1, .queue = 2});
  std::atomic<int> done = 0;
  std::atomic<int> sent_away = 0;
  std::vector<std::thread> threads;
  for (int n = 0; n < 12; ++n) {
    threads.emplace_back([&] {
      try {
        hasher.matches("", "x");
        ++done;
      } catch (const Overload& overload) {
        EXPECT_FALSE(overload.persons_fault);
        EXPECT_GT(overload.retry_after_seconds, 0);
        ++sent_away;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GE(done, 3);
  EXPECT_GT(sent_away, 0);
  EXPECT_EQ(done + sent_away, 12);
  EXPECT_FALSE(hasher.matches("", "free again"));
}
