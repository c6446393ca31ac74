#include "db/database.h"

#include <fmt/format.h>

#include <limits>

#include "support/world.h"

namespace cstims::test {

namespace {

constexpr Statement user_by_name{"user by name", R"(
  select id, username, email, verified_at, last_sign_in_at
  from users
  where username = :name)"};

constexpr Statement insert_throttle{"insert throttle", R"(
  insert into throttles (bucket, failures, since, blocked_until)
  values (:bucket, :failures, :since, :until))"};

constexpr Statement throttle_by_bucket{"throttle by bucket", R"(
  select bucket, failures, since, blocked_until
  from throttles
  where bucket = :bucket)"};

constexpr Statement all_throttles{"all throttles", R"(
  select bucket, failures
  from throttles
  order by bucket)"};

constexpr Statement forget_throttles{"forget throttles", R"(
  delete from throttles
  where failures = :failures)"};

constexpr Statement insert_value{"insert value", R"(
  insert into installation (name, value)
  values (:name, :value))"};

constexpr Statement insert_lease{"insert lease", R"(
  insert into leases (name, token, holder, since, until)
  values (:name, :token, 'test', :now, :now)
  returning name, length(token) as letters)"};

constexpr Statement sum_values{"sum of values", R"(
  select sum(length(value)) as letters
  from installation
  where length(value) >= 3000)"};

constexpr Statement count_throttles{"count throttles", "select count(*) as found from throttles"};

std::int64_t throttles_in(World& world) {
  return world.database().read(
      [](Transaction& tx) { return tx.require(count_throttles).number("found"); });
}

void insert_bucket(Transaction& tx, std::string_view bucket, std::int64_t failures = 1) {
  tx.execute(
      insert_throttle,
      {{"bucket", bucket}, {"failures", failures}, {"since", tx.now()}, {"until", std::nullopt}});
}

void post_bucket(Transaction& tx, std::string_view bucket, std::int64_t failures = 1) {
  tx.post(
      insert_throttle,
      {{"bucket", bucket}, {"failures", failures}, {"since", tx.now()}, {"until", std::nullopt}});
}

/// What `act` throws as a DatabaseError; fails when it throws nothing.
template <typename Act>
std::string error_of(Act&& act) {
  try {
    act();
  } catch (const DatabaseError& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace

DATABASE_SENTENCE(database, "a row is found by a named parameter") {
  world.database().read([](Transaction& tx) {
    const auto row = tx.require(user_by_name, {{"name", "grace"}});
    EXPECT_EQ(row.number("id"), 3);
    EXPECT_EQ(row.text("email"), "grace@example.test");
    EXPECT_EQ(row.instant("verified_at").text(), "2026-03-10T09:00:00Z");
    EXPECT_FALSE(row.maybe_instant("last_sign_in_at"));
    EXPECT_FALSE(tx.find(user_by_name, {{"name", "nobody"}}));
    EXPECT_THROW(tx.require(user_by_name, {{"name", "nobody"}}), DatabaseError);
  });
}

DATABASE_SENTENCE(database, "values come back as they were given") {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const std::string unusual = "ñandú 😀 ' \" \\ :name %s\n\ttab \u202e";
  world.database().write([&](Transaction& tx) {
    tx.execute(insert_throttle,
               {{"bucket", unusual}, {"failures", largest}, {"since", ""}, {"until", "é"}});
  });
  world.database().read([&](Transaction& tx) {
    const auto row = tx.require(throttle_by_bucket, {{"bucket", unusual}});
    EXPECT_EQ(row.text("bucket"), unusual);
    EXPECT_EQ(row.number("failures"), largest);
    EXPECT_EQ(row.text("since"), "");
    EXPECT_FALSE(row.is_null("since"));
    EXPECT_EQ(row.maybe_text("blocked_until"), "é");
  });
}

DATABASE_SENTENCE(database,
                  "a parameter may be a number, then null, then text in the same statement") {
  static constexpr Statement echo{"echo",
                                  "select coalesce(cast(:value as text), 'nothing') as value"};
  world.database().read([](Transaction& tx) {
    const auto said = [&](const Value& value) {
      return tx.require(echo, {{"value", value}}).text("value");
    };
    EXPECT_EQ(said(7), "7");
    EXPECT_EQ(said({}), "nothing");
    EXPECT_EQ(said("text"), "text");
    EXPECT_EQ(said(std::nullopt), "nothing");
    EXPECT_EQ(said(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(said("again"), "again");
  });
}

DATABASE_SENTENCE(database, "large texts pass whole") {
  const std::string large(3'000'000, 'x');
  world.database().write([&](Transaction& tx) {
    tx.execute(insert_throttle,
               {{"bucket", "large"}, {"failures", 0}, {"since", ""}, {"until", large}});
  });
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(tx.require(throttle_by_bucket, {{"bucket", "large"}}).text("blocked_until"), large);
  });
}

DATABASE_SENTENCE(database, "a zero byte is refused, for PostgreSQL would end the text there") {
  const auto error = error_of([&] {
    world.database().write([](Transaction& tx) { insert_bucket(tx, std::string_view("a\0b", 3)); });
  });
  EXPECT_EQ(error, "statement 'insert throttle': parameter :bucket contains a zero byte");
}

DATABASE_SENTENCE(database, "a colon in a literal is no parameter") {
  static constexpr Statement literals{
      "literals",
      "select ':no' as one, 'it''s :no' as two, cast(:yes as text) as three, 'a::b' as four"};
  world.database().read([](Transaction& tx) {
    const auto row = tx.require(literals, {{"yes", "ja"}});
    EXPECT_EQ(row.text("one"), ":no");
    EXPECT_EQ(row.text("two"), "it's :no");
    EXPECT_EQ(row.text("three"), "ja");
    EXPECT_EQ(row.text("four"), "a::b");
  });
}

DATABASE_SENTENCE(database, "a parameter used twice is given once") {
  static constexpr Statement twice{"twice", R"(
    select count(*) as found
    from users
    where username = :name or email = :name)"};
  world.database().read([](Transaction& tx) {
    EXPECT_EQ(tx.require(twice, {{"name", "ada"}}).number("found"), 1);
    EXPECT_EQ(tx.require(twice, {{"name", "bob@example.test"}}).number("found"), 1);
  });
}

DATABASE_SENTENCE(database, "a missing, unknown or repeated parameter is an error that names it") {
  const auto with = [&](const Parameters& parameters) {
    return error_of([&] {
      world.database().read([&](Transaction& tx) { tx.find(user_by_name, parameters); });
    });
  };
  EXPECT_EQ(with({}), "statement 'user by name': parameter :name is missing");
  EXPECT_EQ(with({{"name", "ada"}, {"nmae", "ada"}}),
            "statement 'user by name': parameter :nmae is not in it");
  EXPECT_EQ(with({{"name", "ada"}, {"name", "bob"}}),
            "statement 'user by name': parameter :name is given twice");
}

DATABASE_SENTENCE(database, "asking a row for what it does not have is an error") {
  world.database().read([](Transaction& tx) {
    const auto row = tx.require(user_by_name, {{"name", "ada"}});
    EXPECT_THROW(row.text("nothing"), DatabaseError);
    EXPECT_THROW(row.text("last_sign_in_at"), DatabaseError);
    EXPECT_THROW(row.number("last_sign_in_at"), DatabaseError);
    EXPECT_THROW(row.number("username"), DatabaseError);
    EXPECT_THROW(row.date("username"), DatabaseError);
    EXPECT_EQ(row.maybe_number("last_sign_in_at"), std::nullopt);
  });
}

DATABASE_SENTENCE(database, "execute tells how many rows it touched") {
  static constexpr Statement raise{"raise", "update throttles set failures = failures + 1"};
  static constexpr Statement remove{"remove", "delete from throttles where failures > :limit"};
  world.database().write([](Transaction& tx) {
    for (const auto* bucket : {"a", "b", "c"}) insert_bucket(tx, bucket);
    EXPECT_EQ(tx.execute(raise), 3);
    EXPECT_EQ(tx.execute(remove, {{"limit", 2}}), 0);
    EXPECT_EQ(tx.execute(remove, {{"limit", 1}}), 3);
  });
}

DATABASE_SENTENCE(database, "a statement with returning gives the new row") {
  static constexpr Statement insert{"insert returning", R"(
    insert into throttles (bucket, failures, since)
    values (:bucket, 1, :now)
    on conflict (bucket) do update set failures = throttles.failures + 1
    returning failures)"};
  const auto fail_once = [&] {
    return world.database().write([](Transaction& tx) {
      return tx.require(insert, {{"bucket", "x"}, {"now", tx.now()}}).number("failures");
    });
  };
  EXPECT_EQ(fail_once(), 1);
  EXPECT_EQ(fail_once(), 2);
}

DATABASE_SENTENCE(database, "a statement may run again while it is giving rows") {
  world.database().write([](Transaction& tx) {
    for (const auto* bucket : {"a", "b", "c"}) insert_bucket(tx, bucket);
  });
  world.database().read([](Transaction& tx) {
    std::string seen;
    tx.each(all_throttles, {}, [&](const Row& outer) {
      seen += outer.text("bucket");
      tx.each(all_throttles, {}, [&](const Row& inner) { seen += inner.text("bucket"); });
    });
    EXPECT_EQ(seen, "aabcbabccabc");
  });
}

DATABASE_SENTENCE(database, "the first row may be taken of many, again and again") {
  world.database().write([](Transaction& tx) {
    for (const auto* bucket : {"a", "b", "c"}) insert_bucket(tx, bucket);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(tx.require(all_throttles).text("bucket"), "a");
    insert_bucket(tx, "d");
    EXPECT_EQ(tx.select(all_throttles).size(), 4);
  });
}

DATABASE_SENTENCE(database, "a statement is prepared once a connection") {
  if (world.database().engine() == Engine::sqlite) return;  // it cannot be asked
  static constexpr Statement prepared{"prepared", R"(
    select count(*) as found
    from pg_prepared_statements
    where statement like :like)"};
  world.database().read([](Transaction& tx) {
    for (int i = 0; i < 10; ++i) tx.find(user_by_name, {{"name", "ada"}});
    const auto like = "%where username = $1%";
    EXPECT_EQ(tx.require(prepared, {{"like", like}}).number("found"), 1);
  });
}

DATABASE_SENTENCE(database, "texts made at run time do not pile up") {
  world.database().read([](Transaction& tx) {
    for (int i = 0; i < 200; ++i) {
      const auto rows = tx.select_built("built", "select " + std::to_string(i) + " as number", {});
      ASSERT_EQ(rows.at(0).number("number"), i);
    }
    if (tx.engine() == Engine::sqlite) return;
    static constexpr Statement prepared{"prepared", R"(
      select count(*) as found
      from pg_prepared_statements)"};
    EXPECT_LT(tx.require(prepared).number("found"), 40);
  });
}

DATABASE_SENTENCE(database, "time stands still in a transaction") {
  world.database().write([&](Transaction& tx) {
    world.clock().advance(std::chrono::hours(24));
    EXPECT_EQ(tx.now().text(), "2026-03-10T09:00:00Z");
    EXPECT_EQ(tx.today().text(), "2026-03-10");
  });
  world.clock().set(Instant::stored("2026-03-10T23:30:00Z"));
  world.database().read([](Transaction& tx) { EXPECT_EQ(tx.today().text(), "2026-03-11"); });
}

DATABASE_SENTENCE(database, "nothing is written by a transaction that reads") {
  const auto error =
      error_of([&] { world.database().read([](Transaction& tx) { insert_bucket(tx, "x"); }); });
  EXPECT_EQ(error, "statement 'insert throttle' writes in a transaction that reads");
  static constexpr Statement hidden{"hidden insert", R"(
    insert into throttles (bucket, failures, since)
    values ('x', 1, '')
    returning bucket)"};
  EXPECT_THROW(world.database().read([](Transaction& tx) { tx.find(hidden); }), DatabaseError);
  EXPECT_EQ(throttles_in(world), 0);
}

DATABASE_SENTENCE(database, "an exception takes everything back") {
  EXPECT_THROW(world.database().write([](Transaction& tx) {
    insert_bucket(tx, "x");
    throw NotFound("something");
  }),
               NotFound);
  EXPECT_EQ(throttles_in(world), 0);
}

DATABASE_SENTENCE(database, "a refusal takes everything back and is returned") {
  const auto refused = [](Transaction& tx) -> Result<int> {
    insert_bucket(tx, "x");
    return refuse("field", message("No."));
  };
  EXPECT_FALSE(world.database().write(refused));
  EXPECT_EQ(throttles_in(world), 0);
  const auto accepted = [](Transaction& tx) -> Result<int> {
    insert_bucket(tx, "x");
    return 7;
  };
  EXPECT_EQ(world.database().write(accepted), 7);
  EXPECT_EQ(throttles_in(world), 1);
}

DATABASE_SENTENCE(database, "after a failed statement nothing is committed, on either engine") {
  const auto error = error_of([&] {
    world.database().write([](Transaction& tx) {
      insert_bucket(tx, "x");
      EXPECT_THROW(insert_bucket(tx, "x"), ConstraintViolation);
    });
  });
  EXPECT_EQ(error, "a statement failed: the transaction cannot be committed");
  EXPECT_EQ(throttles_in(world), 0);
  const auto next = error_of([&] {
    world.database().write([](Transaction& tx) {
      insert_bucket(tx, "x");
      EXPECT_THROW(insert_bucket(tx, "x"), ConstraintViolation);
      tx.find(count_throttles);
    });
  });
  EXPECT_EQ(next, "statement 'count throttles': an earlier statement of this transaction failed");
}

DATABASE_SENTENCE(database, "a transaction inside a transaction is refused") {
  const auto error =
      error_of([&] { world.database().write([&](Transaction&) { throttles_in(world); }); });
  EXPECT_EQ(error, "a transaction of this database is open already: pass it on");
  EXPECT_EQ(throttles_in(world), 0);
}

DATABASE_SENTENCE(database, "hooks run in order after the commit and may read what was written") {
  std::string seen;
  world.database().write([&](Transaction& tx) {
    insert_bucket(tx, "x");
    tx.after_commit([&] { seen += "one " + std::to_string(throttles_in(world)); });
    tx.after_commit([&] { seen += ", two"; });
    tx.after_rollback([&] { seen += "never"; });
    EXPECT_EQ(seen, "");
  });
  EXPECT_EQ(seen, "one 1, two");
}

DATABASE_SENTENCE(database, "after a roll-back only its own hooks run") {
  std::string seen;
  const auto act = [&](Transaction& tx) -> Result<int> {
    tx.after_commit([&] { seen += "never"; });
    tx.after_rollback([&] { seen += "back "; });
    return refuse("", message("No."));
  };
  EXPECT_FALSE(world.database().write(act));
  EXPECT_THROW(world.database().write([&](Transaction& tx) {
    tx.after_rollback([&] { seen += "thrown"; });
    throw NotFound("x");
  }),
               NotFound);
  EXPECT_EQ(seen, "back thrown");
}

DATABASE_SENTENCE(database, "a broken unique key is told by its name") {
  static constexpr Statement rename{"rename",
                                    "update users set username = 'bob' where username = 'ada'"};
  try {
    world.database().write([](Transaction& tx) { tx.execute(rename); });
    FAIL();
  } catch (const ConstraintViolation& violation) {
    const bool sqlite = world.database().engine() == Engine::sqlite;
    EXPECT_EQ(violation.constraint, sqlite ? "users.username" : "users_username");
  }
}

DATABASE_SENTENCE(database, "a broken check is told by its name") {
  static constexpr Statement spoil{"spoil",
                                   "update users set type = 'king' where username = 'ada'"};
  try {
    world.database().write([](Transaction& tx) { tx.execute(spoil); });
    FAIL();
  } catch (const ConstraintViolation& violation) {
    EXPECT_EQ(violation.constraint, "users_type");
  }
}

DATABASE_SENTENCE(database, "a broken foreign key is a constraint violation") {
  static constexpr Statement orphan{"orphan", R"(
    insert into devices (user_id, token_hash, first_seen_at, last_seen_at)
    values (99, 'x', '', ''))"};
  try {
    world.database().write([](Transaction& tx) { tx.execute(orphan); });
    FAIL();
  } catch (const ConstraintViolation& violation) {
    const bool sqlite = world.database().engine() == Engine::sqlite;
    EXPECT_EQ(violation.constraint, sqlite ? "foreign key" : "devices_user");
  }
}

DATABASE_SENTENCE(database, "an error names the statement and no value of its parameters") {
  static constexpr Statement faulty{"faulty", "select nothing from users where username = :name"};
  const auto error = error_of([&] {
    world.database().read([](Transaction& tx) { tx.find(faulty, {{"name", "s3cret"}}); });
  });
  EXPECT_NE(error.find("statement 'faulty': "), std::string::npos);
  EXPECT_NE(error.find("nothing"), std::string::npos);
  EXPECT_EQ(error.find("s3cret"), std::string::npos);
  const auto duplicate = error_of([&] {
    world.database().write([](Transaction& tx) {
      insert_bucket(tx, "s3cret");
      insert_bucket(tx, "s3cret");
    });
  });
  EXPECT_EQ(duplicate.find("s3cret"), std::string::npos);
}

DATABASE_SENTENCE(database, "what is posted is there for the next statement, in the order given") {
  world.database().write([](Transaction& tx) {
    for (int i = 0; i < 3; ++i) post_bucket(tx, "b" + std::to_string(i), i);
    EXPECT_EQ(tx.require(count_throttles).number("found"), 3);
    post_bucket(tx, "b3", 3);
  });
  EXPECT_EQ(throttles_in(world), 4);
}

DATABASE_SENTENCE(database, "any number of statements can be posted, with long values") {
  world.database().write([&](Transaction& tx) {
    const auto post = [&](int number, std::size_t length) {
      tx.post(insert_value,
              {{"name", std::to_string(number)}, {"value", std::string(length, 'x')}});
    };
    for (int i = 0; i < 500; ++i) post(i, 3000);
    post(500, 300'000);
    EXPECT_EQ(tx.require(sum_values).number("letters"), 500 * 3000 + 300'000);
  });
}

DATABASE_SENTENCE(database, "what a posted statement breaks stops the commit") {
  EXPECT_THROW(world.database().write([](Transaction& tx) {
    post_bucket(tx, "once");
    post_bucket(tx, "once");
    post_bucket(tx, "behind it");
  }),
               ConstraintViolation);
  EXPECT_EQ(throttles_in(world), 0);
  // The connection is as good as before.
  world.database().write([](Transaction& tx) { post_bucket(tx, "again"); });
  EXPECT_EQ(throttles_in(world), 1);
}

DATABASE_SENTENCE(database, "what was posted before an exception or a refusal is taken back") {
  EXPECT_THROW(world.database().write([](Transaction& tx) {
    post_bucket(tx, "gone");
    throw Conflict("changed my mind");
  }),
               Conflict);
  const auto refused = world.database().write([](Transaction& tx) -> Result<void> {
    post_bucket(tx, "gone too");
    return refuse("", message("No."));
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(throttles_in(world), 0);
}

DATABASE_SENTENCE(database, "a posted statement with a wrong parameter is refused at once") {
  EXPECT_NE(error_of([&] {
              world.database().write([](Transaction& tx) {
                tx.post(insert_throttle, {{"bucket", "a"}});
              });
            }).find("'insert throttle'"),
            std::string::npos);
  EXPECT_EQ(throttles_in(world), 0);
}

DATABASE_SENTENCE(database, "nothing is posted by a transaction that reads") {
  EXPECT_THROW(world.database().read([](Transaction& tx) { post_bucket(tx, "no"); }),
               DatabaseError);
}

DATABASE_SENTENCE(database, "a statement for each of many gives each its own rows") {
  world.database().write([](Transaction& tx) {
    for (int i = 0; i < 250; ++i) insert_bucket(tx, std::to_string(i), i);
    post_bucket(tx, "posted", 7);
    std::vector<Parameters> wanted;
    for (int i = 0; i < 250; ++i) wanted.push_back({{"bucket", std::to_string(249 - i)}});
    wanted.push_back({{"bucket", "nobody's"}});
    wanted.push_back({{"bucket", "posted"}});
    const auto rows = tx.select_each(throttle_by_bucket, wanted);
    ASSERT_EQ(rows.size(), 252U);
    for (std::size_t i = 0; i < 250; ++i) {
      ASSERT_EQ(rows[i].size(), 1U);
      EXPECT_EQ(rows[i].front().number("failures"), 249 - static_cast<std::int64_t>(i));
    }
    EXPECT_TRUE(rows[250].empty());
    EXPECT_EQ(rows[251].front().number("failures"), 7);
    EXPECT_TRUE(rows[251].front().is_null("blocked_until"));
    EXPECT_TRUE(tx.select_each(throttle_by_bucket, {}).empty());
  });
}

DATABASE_SENTENCE(database, "requiring a row of each is an error where one has none") {
  const auto error = error_of([&] {
    world.database().read([](Transaction& tx) {
      tx.require_each(user_by_name, {{{"name", "grace"}}, {{"name", "nobody"}}});
    });
  });
  EXPECT_EQ(error, "statement 'user by name' found no row");
}

DATABASE_SENTENCE(database, "executing for each tells how many rows each touched") {
  world.database().write([](Transaction& tx) {
    insert_bucket(tx, "a", 1);
    insert_bucket(tx, "b", 1);
    insert_bucket(tx, "c", 2);
    const auto touched = tx.execute_each(forget_throttles,
                                         {{{"failures", 1}}, {{"failures", 3}}, {{"failures", 2}}});
    EXPECT_EQ(touched, (std::vector<std::int64_t>{2, 0, 1}));
  });
}

DATABASE_SENTENCE(database, "rows inserted for each of many are told to those they belong to") {
  for (const int many : {1, 2, 3, 63, 64, 150}) {
    world.database().write([&](Transaction& tx) {
      std::vector<Parameters> all;
      for (int i = 0; i < many; ++i) {
        all.push_back({{"name", fmt::format("{} of {}", i, many)},
                       {"token", std::string(static_cast<std::size_t>(i), 'x')},
                       {"now", tx.now()}});
      }
      const auto rows = tx.require_each(insert_lease, all);
      ASSERT_EQ(rows.size(), static_cast<std::size_t>(many));
      for (int i = 0; i < many; ++i) {
        EXPECT_EQ(rows[static_cast<std::size_t>(i)].text("name"), fmt::format("{} of {}", i, many));
        EXPECT_EQ(rows[static_cast<std::size_t>(i)].number("letters"), i);
      }
    });
  }
}

DATABASE_SENTENCE(database, "executing an insert for each tells of one row each") {
  world.database().write([](Transaction& tx) {
    std::vector<Parameters> all;
    for (int i = 0; i < 11; ++i) {
      all.push_back({{"name", std::to_string(i)}, {"value", std::string("v")}});
    }
    EXPECT_EQ(tx.execute_each(insert_value, all), std::vector<std::int64_t>(11, 1));
  });
}

DATABASE_SENTENCE(database, "one bad row among many stops them all and names its rule") {
  const auto insert = [&](int twice) {
    world.database().write([&](Transaction& tx) {
      for (int i = 0; i < 70; ++i) post_bucket(tx, std::to_string(i == 69 ? twice : i), i);
    });
  };
  for (const int twice : {0, 68}) {
    try {
      insert(twice);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const ConstraintViolation& violation) {
      EXPECT_NE(std::string(violation.what()).find("insert throttle"), std::string::npos);
    }
    EXPECT_EQ(throttles_in(world), 0);
  }
  insert(69);
  EXPECT_EQ(throttles_in(world), 70);
}

DATABASE_SENTENCE(database, "statements of several kinds keep their order among one another") {
  world.database().write([](Transaction& tx) {
    for (int round = 0; round < 5; ++round) {
      for (int i = 0; i < 3; ++i) post_bucket(tx, std::to_string(i), round);
      tx.post(forget_throttles, {{"failures", round}});
    }
    post_bucket(tx, "last");
  });
  EXPECT_EQ(throttles_in(world), 1);
}

DATABASE_SENTENCE(database, "something is found out once a transaction") {
  int asked = 0;
  const auto ask = [&] { return std::to_string(++asked); };
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(tx.once("this", ask), "1");
    EXPECT_EQ(tx.once("that", ask), "2");
    EXPECT_EQ(tx.once("this", ask), "1");
  });
  world.database().read([&](Transaction& tx) { EXPECT_EQ(tx.once("this", ask), "3"); });
}

DATABASE_SENTENCE(database, "an act that catches and rethrows is still repeated") {
  int attempts = 0;
  world.database().write([&](Transaction& tx) {
    if (++attempts > 1) return;
    static constexpr Statement collide{"collide", "select raise_busy()", R"(
          do $$ begin raise exception 'again' using errcode = 'serialization_failure'; end $$)"};
    if (tx.engine() == Engine::sqlite) return;
    try {
      tx.execute(collide);
    } catch (const DatabaseError& error) {
      throw Failure(std::string("while colliding: ") + error.what());
    }
  });
  EXPECT_EQ(attempts, world.database().engine() == Engine::sqlite ? 1 : 2);
}

}  // namespace cstims::test
