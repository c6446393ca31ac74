#include "support/test_database.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "db/schema.h"
#include "support/cast.h"

namespace cstims::test {

namespace {

namespace fs = std::filesystem;

fs::path scratch_root() {
  if (const char* const chosen = std::getenv("TMPDIR")) return chosen;
  return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

/// The server's address with another database, in libpq's "key='value'" form.
std::string address_of(const std::string& database) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(postgresql_server().c_str(), &error), PQconninfoFree);
  if (!options) throw std::runtime_error(fmt::format("CSTIMS_TEST_POSTGRESQL: {}", error));
  std::string address = fmt::format("dbname={}", database);
  for (const auto* each = options.get(); each->keyword != nullptr; ++each)
    if (each->val != nullptr && std::string_view(each->keyword) != "dbname")
      address += fmt::format(" {}='{}'", each->keyword, each->val);
  return address;
}

void run_at(const std::string& address, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(address.c_str()),
                                                                PQfinish);
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQerrorMessage(connection.get()));
}

std::string new_name() {
  static std::atomic<int> count = 0;
  return fmt::format("cstims_test_{}_{}", ::getpid(), ++count);
}

void fill(const std::string& url) {
  const FakeClock clock = clock_of_tests();
  Database database({url, 1, false}, clock, madrid());
  if (!schema_complaint(database).empty()) migrate(database);
  database.write([](Transaction& tx) { insert_cast(tx); });
}

/// Made once a process and copied.
const fs::path& sqlite_template() {
  static const ScratchFolder folder;
  static const fs::path file = [] {
    auto path = folder / "template.db";
    fill("sqlite:" + path.string());
    return path;
  }();
  return file;
}

/// One a process, emptied for each test: making a database takes far longer.
const std::string& postgresql_database() {
  static const EmptyDatabase database(Engine::postgresql);
  return database.url();
}

/// Truncating is slow, so only what holds rows; ids start at 1 again, as in a new SQLite file.
constexpr const char* empty_all_tables = R"(
  do $$
  declare
    name text;
    holds_rows boolean;
    full_ones text;
  begin
    for name in
      select quote_ident(tablename) from pg_tables
      where schemaname = current_schema() and tablename <> 'schema_version'
    loop
      execute 'select exists (select 1 from ' || name || ')' into holds_rows;
      if holds_rows then full_ones := concat_ws(', ', full_ones, name); end if;
    end loop;
    if full_ones is not null then execute 'truncate ' || full_ones || ' cascade'; end if;
    for name in
      select format('%I.%I', schemaname, sequencename) from pg_sequences
      where last_value is not null
    loop
      perform setval(name::regclass, 1, false);
    end loop;
  end $$)";

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (scratch_root() / "cstims-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string postgresql_server() {
  const char* const server = std::getenv("CSTIMS_TEST_POSTGRESQL");
  return server == nullptr ? std::string() : server;
}

EmptyDatabase::EmptyDatabase(Engine engine) {
  if (engine == Engine::sqlite) {
    url_ = "sqlite:" + (folder_ / "test.db").string();
    return;
  }
  name_ = new_name();
  run_at(address_of("postgres"),
         "create database " + name_ + " encoding 'UTF8' template template0");
  url_ = address_of(name_);
}

EmptyDatabase::~EmptyDatabase() {
  if (!name_.empty())
    run_at(address_of("postgres"), "drop database if exists " + name_ + " with (force)");
}

CastDatabase::CastDatabase(Engine engine) {
  if (engine == Engine::sqlite) {
    const auto file = folder_ / "test.db";
    fs::copy_file(sqlite_template(), file);
    url_ = "sqlite:" + file.string();
    return;
  }
  url_ = postgresql_database();
  run_at(url_, empty_all_tables);
  fill(url_);
}

TimeZone madrid() {
  return TimeZone::find("Europe/Madrid").value();
}

}  // namespace cstims::test
