#include "account/codes.h"

#include <atomic>
#include <thread>

#include "account/portal.h"
#include "base/secret.h"

using namespace cstims;
using namespace cstims::test;
using namespace std::chrono_literals;

namespace {

const auto address = EmailAddress::stored("ada@example.test");

std::string make(World& world, CodePurpose purpose) {
  return world.database().write([&](Transaction& tx) {
    return make_code(tx, *world.ada().user, purpose, address).value().code;
  });
}

bool take(World& world, CodePurpose purpose, std::string_view code) {
  return world.database().write(
      [&](Transaction& tx) { return take_code(tx, purpose, code).has_value(); });
}

bool is_good(World& world, CodePurpose purpose, std::string_view code) {
  return world.database().read(
      [&](Transaction& tx) { return find_code(tx, purpose, code).has_value(); });
}

}  // namespace

DATABASE_SENTENCE(account, "a code is good once") {
  const auto code = make(world, CodePurpose::verify);
  EXPECT_TRUE(take(world, CodePurpose::verify, code));
  EXPECT_FALSE(take(world, CodePurpose::verify, code));
}

DATABASE_SENTENCE(account, "looking at a code does not use it") {
  const auto code = make(world, CodePurpose::verify);
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(is_good(world, CodePurpose::verify, code));
  EXPECT_TRUE(take(world, CodePurpose::verify, code));
  EXPECT_FALSE(is_good(world, CodePurpose::verify, code));
}

DATABASE_SENTENCE(account, "a code of one purpose is worth nothing for another") {
  const auto verify = make(world, CodePurpose::verify);
  const auto reset = make(world, CodePurpose::reset);
  EXPECT_FALSE(take(world, CodePurpose::reset, verify));
  EXPECT_FALSE(take(world, CodePurpose::email, verify));
  EXPECT_FALSE(take(world, CodePurpose::verify, reset));
  EXPECT_TRUE(take(world, CodePurpose::verify, verify));
  EXPECT_TRUE(take(world, CodePurpose::reset, reset));
}

DATABASE_SENTENCE(account, "a verification lasts 24 hours, a reset 30 minutes") {
  const auto verify = make(world, CodePurpose::verify);
  const auto reset = make(world, CodePurpose::reset);
  world.clock().advance(30min - 1s);
  EXPECT_TRUE(is_good(world, CodePurpose::reset, reset));
  world.clock().advance(1s);
  EXPECT_FALSE(take(world, CodePurpose::reset, reset));
  world.clock().advance(23h + 30min - 1s);
  EXPECT_TRUE(is_good(world, CodePurpose::verify, verify));
  world.clock().advance(1s);
  EXPECT_FALSE(take(world, CodePurpose::verify, verify));
}

DATABASE_SENTENCE(account, "a new code voids the earlier one of its purpose only") {
  const auto verify = make(world, CodePurpose::verify);
  const auto first = make(world, CodePurpose::reset);
  const auto second = make(world, CodePurpose::reset);
  EXPECT_FALSE(take(world, CodePurpose::reset, first));
  EXPECT_TRUE(take(world, CodePurpose::reset, second));
  EXPECT_TRUE(take(world, CodePurpose::verify, verify));
}

DATABASE_SENTENCE(account, "the empty, short or wild code matches nothing") {
  const auto code = make(world, CodePurpose::reset);
  for (const auto& wrong : {std::string(), std::string("%"), std::string("_"), std::string("NULL"),
                            code.substr(1), code + "x", sha256_hex("reset:" + code)}) {
    EXPECT_FALSE(take(world, CodePurpose::reset, wrong)) << wrong;
  }
}

DATABASE_SENTENCE(account, "only a hash of the code is kept") {
  const auto code = make(world, CodePurpose::verify);
  EXPECT_EQ(code.size(), 43U);
  EXPECT_EQ(count_rows(world, "mailed_codes where code_hash = '" + code + "'"), 0);
}

DATABASE_SENTENCE(account, "three codes an hour, then none") {
  for (int n = 0; n < 3; ++n) make(world, n % 2 == 0 ? CodePurpose::reset : CodePurpose::verify);
  const auto fourth = [&] {
    return world.database().write([&](Transaction& tx) {
      return make_code(tx, *world.ada().user, CodePurpose::verify, address).has_value();
    });
  };
  EXPECT_FALSE(fourth());
  world.clock().advance(1h - 1s);
  EXPECT_FALSE(fourth());
  world.clock().advance(1s);
  EXPECT_TRUE(fourth());
}

DATABASE_SENTENCE(account, "of two who take a code at once one gets it") {
  const auto code = make(world, CodePurpose::reset);
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&] { taken += take(world, CodePurpose::reset, code) ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
}
