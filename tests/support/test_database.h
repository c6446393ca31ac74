// Fresh databases for tests, each in a few milliseconds. Tests want support/world.h; the tests of
// db/ itself use this.
#pragma once

#include <filesystem>
#include <string>

#include "db/database.h"

namespace cstims::test {

/// A folder of its own, in memory where there is one; removed with all in it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The server of CSTIMS_TEST_POSTGRESQL (support/with_postgresql starts one); empty when there is
/// none.
std::string postgresql_server();
inline bool has_postgresql() {
  return !postgresql_server().empty();
}

/// A database without any table, gone with this object.
class EmptyDatabase {
 public:
  explicit EmptyDatabase(Engine engine);
  ~EmptyDatabase();
  EmptyDatabase(const EmptyDatabase&) = delete;
  EmptyDatabase& operator=(const EmptyDatabase&) = delete;
  const std::string& url() const { return url_; }

 private:
  ScratchFolder folder_;
  std::string name_;  // PostgreSQL
  std::string url_;
};

/// A migrated database with the cast of world.h in it and nothing else. Of PostgreSQL there is one
/// at a time.
class CastDatabase {
 public:
  explicit CastDatabase(Engine engine);
  const std::string& url() const { return url_; }

 private:
  ScratchFolder folder_;
  std::string url_;
};

TimeZone madrid();

}  // namespace cstims::test
