#include <fmt/format.h>

#include <filesystem>

#include "app/command_functions.h"
#include "app/jobs.h"
#include "app/routes.h"
#include "base/failure.h"
#include "db/schema.h"

namespace cstims {
namespace {

std::string sqlite_path(const Settings& settings) {
  const std::string& url = settings.text("database.url");
  if (!url.starts_with("sqlite:")) {
    throw UsageError("This is for SQLite only; for PostgreSQL use pg_dump and pg_restore.");
  }
  return url.substr(7);
}

/// Throws Refused unless the copy opens, fits this program and is whole.
void require_whole(const std::string& file, const Clock& clock, const TimeZone& zone) {
  if (!std::filesystem::is_regular_file(file))
    throw UsageError(fmt::format("There is no file {}.", file));
  Database copy({.url = "sqlite:" + file, .connections = 1}, clock, zone);
  if (schema_version_of(copy) == 0)
    throw Refused(fmt::format("{} is no database of this program.", file));
  for (const auto& fault : check_database(copy))
    throw Refused(fmt::format("{} is damaged: {}", file, fault));
}

}  // namespace

int migrate_database(Invocation& run) {
  const auto applied = migrate(run.bare_installation().database());
  for (const auto& name : applied) fmt::print("applied {}\n", name);
  if (applied.empty())
    fmt::print("the database is up to date (version {})\n", schema_version_of_program());
  return 0;
}

int check_database_command(Invocation& run) {
  const auto faults = check_database(run.installation().database());
  for (const auto& fault : faults) fmt::print("{}\n", fault);
  return faults.empty() ? 0 : 1;
}

int backup_database(Invocation& run) {
  sqlite_path(run.settings());
  const std::string file = run.require("FILE");
  if (std::filesystem::exists(file))
    throw Refused(fmt::format("{} exists; name a new file.", file));
  backup_sqlite(run.installation().database(), file);
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  require_whole(file, run.clock(), run.installation().site().zone);
  fmt::print("{} written and checked\n", file);
  return 0;
}

int restore_database(Invocation& run) {
  const std::string target = sqlite_path(run.settings());
  const std::string file = run.require("FILE");
  require_whole(file, run.clock(), make_site(run.settings()).zone);
  if (run.given("--verify")) {
    fmt::print("{} is whole\n", file);
    return 0;
  }
  const ServerLock lock(run.settings().text("database.url"));
  const std::string arriving = target + ".arriving";
  std::filesystem::copy_file(file, arriving, std::filesystem::copy_options::overwrite_existing);
  for (const char* companion : {"-wal", "-shm"}) std::filesystem::remove(target + companion);
  if (std::filesystem::exists(target)) {
    const std::string kept = target + ".before-restore";
    std::filesystem::rename(target, kept);
    fmt::print("the database there before is now {}\n", kept);
  }
  std::filesystem::rename(arriving, target);
  fmt::print("{} restored\n", target);
  return 0;
}

int run_job_command(Invocation& run) {
  fmt::print("{}\n", run_job(run.installation(), run.require("NAME")));
  return 0;
}

int list_jobs_command(Invocation& run) {
  OutputTable table{{"name", "when", "last_started_at", "last_outcome", "help"}, {}};
  for (const auto& job : list_jobs(run.installation())) {
    table.rows.push_back({job.name, job.when, job.last_started_at, job.last_outcome, job.help});
  }
  print_table(table, run.json());
  return 0;
}

int describe_config(Invocation&) {
  fmt::print("{}", describe_settings());
  return 0;
}

int describe_commands_command(Invocation&) {
  fmt::print("{}", describe_commands());
  return 0;
}

int list_routes_command(Invocation& run) {
  OutputTable table{{"method", "path", "who", "throttled"}, {}};
  for (const Route& route : routes_table()) {
    table.rows.push_back({std::string(route.method), std::string(route.path),
                          std::string(text(route.who)), route.checks_secret ? "yes" : "no"});
  }
  print_table(table, run.json());
  return 0;
}

}  // namespace cstims
