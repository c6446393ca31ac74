// One connection to either engine, for db/ only. SOCI stays behind it: db/soci_connection.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "db/database.h"

namespace cstims {

/// The engine asks to run the whole transaction again: busy, deadlock, serialisation failure.
class RunAgain : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// The connection broke before a commit was asked for: nothing happened, a new one may do.
class Disconnected : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// The connection broke while committing: the transaction may have happened or not.
class OutcomeUnknown : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

class Connection {
 public:
  /// False: enough, the remaining rows are not wanted.
  using EachRow = std::function<bool(Row&&)>;

  virtual ~Connection() = default;
  virtual Engine engine() const = 0;
  virtual void begin(bool writing) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  /// Runs a statement, prepared once and kept. Returns the rows touched. `kept` is false for text
  /// made at run time: of those only the latest few stay prepared.
  virtual std::int64_t run(std::string_view name, std::string_view text, bool kept,
                           const Parameters& parameters, const EachRow& each) = 0;
  /// A statement whose answer nobody waits for. It may be kept back until `settle`.
  virtual void post(std::string_view name, std::string_view text, const Parameters& parameters) {
    run(name, text, true, parameters, {});
  }
  /// Runs what was kept back; throws what the first of it that fails means.
  virtual void settle() {}
  /// The statement for each of `all`, in order; `each` also gets which one a row belongs to. The
  /// rows touched by each.
  using EachRowOf = std::function<void(std::size_t, Row&&)>;
  virtual std::vector<std::int64_t> run_each(std::string_view name, std::string_view text,
                                             const std::vector<Parameters>& all,
                                             const EachRowOf& each);
  /// Several statements without parameters in one text: schema, pragmas.
  virtual void script(const std::string& text) = 0;
  /// Waits in line so that transactions that lost a race do not go on losing it; `leave_line` after
  /// the next attempt.
  virtual void enter_line() {}
  virtual void leave_line() noexcept {}
  /// It can serve nobody any more.
  virtual bool broken() const = 0;
};

struct SqliteSettings {
  std::string path;
  bool writer = false;
  bool durable = true;
};

/// Makes file (mode 0600) and folder (0700) when absent.
std::unique_ptr<Connection> connect_sqlite(const SqliteSettings& settings);
/// `url` in either form libpq knows.
std::unique_ptr<Connection> connect_postgresql(const std::string& url, bool durable);

/// The path of "sqlite:PATH"; empty when `url` is of PostgreSQL. Throws UsageError for anything
/// else.
std::string sqlite_path(const std::string& url);

}  // namespace cstims
