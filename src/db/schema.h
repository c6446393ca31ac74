// The schema: numbered migrations for both engines, forward only, each in a transaction
// (migrations/NNNN_name.sql; where the engines truly differ a pair NNNN_name.sqlite.sql /
// .postgresql.sql). `@ID@` is the key column's type, `@INT@` a 64-bit number.
#pragma once

#include <string>
#include <vector>

#include "db/database.h"

namespace cstims {

/// The version this program was built for: the highest number in migrations/.
int schema_version_of_program();
/// 0 for an empty database.
int schema_version_of(Database& database);
/// One sentence that says what to do when the versions differ (run `cstims db migrate`, or use a
/// newer program); empty when they agree.
std::string schema_complaint(Database& database);
/// Applies what is missing, one transaction each; returns the names applied. Two at once: one
/// migrates, the other waits. Throws DatabaseError when the database is newer than the program.
std::vector<std::string> migrate(Database& database);
/// Integrity and foreign keys; one line a fault, empty when clean.
std::vector<std::string> check_database(Database& database);
/// A consistent copy of an SQLite database into `file` while it is in use (`vacuum into`).
/// UsageError on PostgreSQL (says: use pg_dump).
void backup_sqlite(Database& database, const std::string& file);

/// Holds the lock that keeps a second `serve` off the same SQLite file; commands do not take it.
/// Throws Refused with one sentence when another server holds it. On PostgreSQL it does nothing.
class ServerLock {
 public:
  explicit ServerLock(const std::string& database_url);
  ~ServerLock();
  ServerLock(const ServerLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace cstims
