#include "support/cast.h"

#include <fmt/format.h>

namespace cstims::test {

namespace {

struct Member {
  std::string_view name;
  std::string_view type;
};

constexpr Member cast[] = {{"ada", "client"},
                           {"bob", "client"},
                           {"grace", "helpdesk"},
                           {"luca", "accountant"},
                           {"root", "admin"}};

constexpr std::string_view hash_of_password =
    "$argon2id$v=19$m=19456,t=2,p=1$6xI4eG2i2lrPBkGKx56u4Q$"
    "aMc0r87gKFy4K3z4f7F+DXW8QjIgwxC/7xkToNuHSCI";

constexpr Statement insert_member{"insert member of the cast", R"(
  insert into users
    (username, password_hash, email, email_key, type, status, registered_at, verified_at,
     password_changed_at)
  values (:name, :hash, :email, :email, :type, 'verified', :now, :now, :now))"};

}  // namespace

FakeClock clock_of_tests() {
  return FakeClock(Instant::stored("2026-03-10T09:00:00Z"));
}

void insert_cast(Transaction& tx) {
  for (const auto& member : cast)
    tx.execute(insert_member, {{"name", member.name},
                               {"hash", hash_of_password},
                               {"email", fmt::format("{}@example.test", member.name)},
                               {"type", member.type},
                               {"now", tx.now()}});
}

}  // namespace cstims::test
