#include "support/world.h"

namespace cstims::test {

namespace {

constexpr Statement user_by_name{"user by name", R"(
  select id, username, email, verified_at, last_sign_in_at
  from users
  where username = :name)"};

}  // namespace

DATABASE_SENTENCE(database, "a row is found by a named parameter") {
  world.database().read([](Transaction& tx) {
    const auto row = tx.require(user_by_name, {{"name", "grace"}});
    EXPECT_EQ(row.number("id"), 3);
    EXPECT_EQ(row.text("email"), "grace@example.test");
    EXPECT_FALSE(row.maybe_instant("last_sign_in_at"));
    EXPECT_FALSE(tx.find(user_by_name, {{"name", "nobody"}}));
  });
}

}  // namespace cstims::test
