#include "db/schema.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/failure.h"
#include "support/world.h"

namespace cstims::test {

namespace {

constexpr Statement sqlite_objects{"objects of sqlite", R"(
  select sql
  from sqlite_master
  where sql is not null and name not like 'sqlite_%'
  order by tbl_name, case type when 'table' then 1 when 'index' then 2 else 3 end, name)"};

/// The index of words is each engine's own.
constexpr Statement columns_of_tables{"columns", R"(
  select m.name || '.' || c.name as name, c."notnull" as required
  from sqlite_master m, pragma_table_info(m.name) c
  where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like 'ticket_search%'
  order by 1)",
                                      R"(
  select table_name || '.' || column_name as name,
    case is_nullable when 'NO' then 1 else 0 end as required
  from information_schema.columns
  where table_schema = current_schema() and table_name not like 'ticket_search%'
  order by table_name || '.' || column_name collate "C")"};

constexpr Statement claim_version{
    "claim version",
    "insert into schema_version (version, name, applied_at) values (:version, 'x', '')"};
constexpr Statement forget_version{"forget version",
                                   "delete from schema_version where version = :version"};

/// An empty database of `engine` and all that a test needs to open it.
struct Bare {
  explicit Bare(Engine engine) : own(engine), database({own.url(), 2, false}, clock, madrid()) {}
  FakeClock clock{Instant::stored("2026-03-10T09:00:00Z")};
  EmptyDatabase own;
  Database database;
};

std::vector<Engine> engines() {
  if (has_postgresql()) return {Engine::sqlite, Engine::postgresql};
  return {Engine::sqlite};
}

std::string schema_of(Database& database) {
  std::string text =
      "-- What the migrations make of an empty SQLite database; a test keeps it so.\n";
  database.read([&](Transaction& tx) {
    tx.each(sqlite_objects, {}, [&](const Row& row) { text += "\n" + row.text("sql") + ";\n"; });
  });
  return text;
}

std::string columns_in(Database& database) {
  std::string text;
  database.read([&](Transaction& tx) {
    tx.each(columns_of_tables, {}, [&](const Row& row) {
      // SQLite reports a key column as one that may be null, though it never is.
      const bool key = row.text("name").ends_with(".id");
      text += row.text("name") + (key || row.flag("required") ? " required\n" : "\n");
    });
  });
  return text;
}

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

int number_of(const std::string& migration) {
  return std::stoi(migration.substr(0, 4));
}

}  // namespace

SENTENCE(schema, "migrating an empty database brings it to the program's version, once") {
  for (const auto engine : engines()) {
    Bare bare(engine);
    EXPECT_EQ(schema_version_of(bare.database), 0);
    EXPECT_EQ(schema_complaint(bare.database), "The database is empty: run `cstims db migrate`.");
    const auto applied = migrate(bare.database);
    EXPECT_EQ(applied.front(), "0001_installation");
    EXPECT_EQ(number_of(applied.back()), schema_version_of_program());
    EXPECT_EQ(static_cast<int>(applied.size()),
              schema_version_of_program());  // no number is left out
    EXPECT_EQ(schema_version_of(bare.database), schema_version_of_program());
    EXPECT_EQ(schema_complaint(bare.database), "");
    EXPECT_TRUE(migrate(bare.database).empty());
    EXPECT_TRUE(check_database(bare.database).empty());
  }
}

SENTENCE(schema, "an older database is complained of in one sentence") {
  for (const auto engine : engines()) {
    Bare bare(engine);
    const auto applied = migrate(bare.database);
    const int newest = schema_version_of_program();
    const int before = number_of(applied.at(applied.size() - 2));
    bare.database.write([&](Transaction& tx) {
      tx.execute(forget_version, {{"version", newest}});
    });
    EXPECT_EQ(schema_complaint(bare.database),
              "The database has schema version " + std::to_string(before) +
                  ", this program needs " + std::to_string(newest) + ": run `cstims db migrate`.");
  }
}

SENTENCE(schema, "a newer database is refused and left alone") {
  for (const auto engine : engines()) {
    Bare bare(engine);
    migrate(bare.database);
    bare.database.write([](Transaction& tx) { tx.execute(claim_version, {{"version", 9999}}); });
    EXPECT_NE(schema_complaint(bare.database).find("use a newer program"), std::string::npos);
    EXPECT_THROW(migrate(bare.database), DatabaseError);
    EXPECT_EQ(schema_version_of(bare.database), 9999);
  }
}

SENTENCE(schema, "of two migrations at once one migrates and the other waits") {
  for (const auto engine : engines()) {
    Bare bare(engine);
    Database other({bare.own.url(), 2, false}, bare.clock, madrid());
    std::size_t applied[2] = {};
    std::thread first([&] { applied[0] = migrate(bare.database).size(); });
    std::thread second([&] { applied[1] = migrate(other).size(); });
    first.join();
    second.join();
    Bare alone(engine);
    EXPECT_EQ(applied[0] + applied[1], migrate(alone.database).size());
    EXPECT_EQ(schema_complaint(bare.database), "");
  }
}

SENTENCE(schema, "schema.sql is what the migrations make") {
  Bare bare(Engine::sqlite);
  migrate(bare.database);
  const auto made = schema_of(bare.database);
  const std::string file = CSTIMS_SOURCE "/migrations/schema.sql";
  if (const char* const accept = std::getenv("CSTIMS_TEST_ACCEPT");
      accept != nullptr && *accept == '1')
    std::ofstream(file) << made;
  EXPECT_EQ(content_of(file), made) << "run bin/test --accept and read the difference";
}

SENTENCE(schema, "every index has statistics and no statistics are of an index that is gone") {
  static constexpr Statement lacking{"indexes without statistics", R"(
    select m.tbl_name || '.' || m.name as name
    from sqlite_master m
    where m.type = 'index' and not exists (select 1 from sqlite_stat1 s where s.idx = m.name)
    union all
    select s.tbl || '.' || s.idx
    from sqlite_stat1 s
    where not exists (select 1 from sqlite_master m where m.name = s.idx and m.tbl_name = s.tbl))"};
  Bare bare(Engine::sqlite);
  migrate(bare.database);
  bare.database.read([](Transaction& tx) {
    for (const auto& row : tx.select(lacking))
      ADD_FAILURE() << row.text("name") << ": put it right in migrations/statistics.sql";
  });
}

SENTENCE(schema, "statistics lead a client's list to the client, not to all open tickets") {
  World world(Engine::sqlite);
  static constexpr Statement plan{"plan", R"(
    explain query plan
    select count(*) from tickets where client_id = 1 and status = 'open')"};
  world.database().read([](Transaction& tx) {
    EXPECT_EQ(tx.require(plan).text("detail"),
              "SEARCH tickets USING INDEX tickets_client (client_id=?)");
  });
}

SENTENCE(schema,
         "what a client owes, and what is overdue, is found among the unpaid invoices alone") {
  World world(Engine::sqlite);
  static constexpr Statement of_client{"plan of a client", R"(
    explain query plan
    select count(*), sum(total - credited - paid) from invoices
    where client_id = 1 and status = 'issued' and kind = 'ordinary' and total > paid + credited)"};
  static constexpr Statement overdue{"plan of all", R"(
    explain query plan
    select 1 from invoices
    where status = 'issued' and kind = 'ordinary' and total > paid + credited
      and due_date < '2026-01-01'
    limit 101)"};
  world.database().read([](Transaction& tx) {
    EXPECT_EQ(tx.require(of_client).text("detail"),
              "SEARCH invoices USING COVERING INDEX invoices_unpaid_of_client (client_id=?)");
    EXPECT_EQ(tx.require(overdue).text("detail"),
              "SEARCH invoices USING COVERING INDEX invoices_unpaid (due_date<?)");
  });
}

SENTENCE(schema, "both engines get the same tables and columns") {
  if (!has_postgresql()) GTEST_SKIP() << "no PostgreSQL";
  Bare sqlite(Engine::sqlite);
  Bare postgresql(Engine::postgresql);
  migrate(sqlite.database);
  migrate(postgresql.database);
  EXPECT_EQ(columns_in(sqlite.database), columns_in(postgresql.database));
}

SENTENCE(schema, "a row that refers to nothing is found by the check") {
  World world(Engine::sqlite);
  EXPECT_TRUE(check_database(world.database()).empty());
  static constexpr Statement insert_device{"device of ada", R"(
    insert into devices (user_id, token_hash, first_seen_at, last_seen_at)
    values (1, 'x', '', ''))"};
  world.database().write([](Transaction& tx) { tx.execute(insert_device); });
  const std::string path = world.url().substr(7);
  ASSERT_EQ(std::system(("python3 -c \"import sqlite3; c = sqlite3.connect('" + path +
                         "'); c.execute('delete from users where id = 1'); c.commit()\"")
                            .c_str()),
            0);
  const auto faults = check_database(world.database());
  ASSERT_EQ(faults.size(), 1);
  EXPECT_EQ(faults[0], "row 1 of devices refers to a row of users that is not there");
}

SENTENCE(schema, "a backup taken while somebody writes is a whole database") {
  World world(Engine::sqlite);
  const auto file = (world.folder() / "copy.db").string();
  world.database().read([&](Transaction&) { backup_sqlite(world.database(), file); });
  struct stat facts = {};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  Database copy({"sqlite:" + file}, world.clock(), madrid());
  EXPECT_TRUE(check_database(copy).empty());
  EXPECT_EQ(schema_complaint(copy), "");
  static constexpr Statement count{"count users", "select count(*) as found from users"};
  copy.read([](Transaction& tx) { EXPECT_EQ(tx.require(count).number("found"), 5); });
}

SENTENCE(schema, "a backup never overwrites a file") {
  World world(Engine::sqlite);
  const auto file = (world.folder() / "precious").string();
  std::ofstream(file) << "precious";
  EXPECT_THROW(backup_sqlite(world.database(), file), Refused);
  EXPECT_EQ(content_of(file), "precious");
}

SENTENCE(schema, "a backup into a folder that is not there fails and says so") {
  World world(Engine::sqlite);
  EXPECT_THROW(backup_sqlite(world.database(), (world.folder() / "no/copy").string()), Failure);
}

SENTENCE(schema, "a backup of PostgreSQL is left to pg_dump") {
  if (!has_postgresql()) GTEST_SKIP() << "no PostgreSQL";
  World world(Engine::postgresql);
  EXPECT_THROW(backup_sqlite(world.database(), (world.folder() / "copy").string()), UsageError);
}

SENTENCE(schema, "a second server on the same file is refused until the first has gone") {
  World world(Engine::sqlite);
  {
    const ServerLock first(world.url());
    EXPECT_THROW(ServerLock second(world.url()), Refused);
    EXPECT_EQ(schema_complaint(world.database()), "");
  }
  const ServerLock next(world.url());
}

SENTENCE(schema, "servers may share a PostgreSQL database") {
  const ServerLock first("postgresql:///cstims");
  const ServerLock second("postgresql:///cstims");
}

SENTENCE(schema, "a new database and its folder are closed to others") {
  const ScratchFolder folder;
  const FakeClock clock = clock_of_tests();
  const auto path = folder / "data" / "cstims.db";
  const Database database({"sqlite:" + path.string()}, clock, madrid());
  struct stat facts = {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(path.parent_path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700U);
}

SENTENCE(schema, "a database that cannot be opened says what to do") {
  const FakeClock clock = clock_of_tests();
  const auto complaint = [&](const std::string& url) -> std::string {
    try {
      const Database database({url}, clock, madrid());
    } catch (const Failure& failure) {
      return failure.what();
    }
    return "none";
  };
  EXPECT_EQ(complaint("sqlite:"), "database.url: write sqlite: and the path of a file");
  EXPECT_NE(complaint("sqlite:/proc/nowhere/x.db").find("check the path"), std::string::npos);
  EXPECT_NE(complaint("sqlite:/etc/hostname").find("cannot open the database"), std::string::npos);
  EXPECT_NE(complaint("postgresql:///x?host=/nowhere").find("cannot reach the database server"),
            std::string::npos);
  EXPECT_NE(complaint("mysql://x").find("database.url"), std::string::npos);
}

SENTENCE(schema, "a path with spaces and equal signs is one path") {
  const ScratchFolder folder;
  const FakeClock clock = clock_of_tests();
  const auto path = folder / "a b=c" / "my data.db";
  Database database({"sqlite:" + path.string()}, clock, madrid());
  migrate(database);
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace cstims::test
