#include "db/database.h"

#include <algorithm>
#include <random>
#include <thread>

#include "base/log.h"
#include "db/connection_pool.h"
#include "db/engine_room.h"

namespace cstims {

namespace {

constexpr int most_attempts = 10;

/// The databases this thread has a transaction of.
thread_local std::vector<const void*> open_here;

/// A second transaction of one thread would wait for the first, for ever.
class OneAtATime {
 public:
  explicit OneAtATime(const void* database) {
    if (std::find(open_here.begin(), open_here.end(), database) != open_here.end())
      throw DatabaseError("a transaction of this database is open already: pass it on");
    open_here.push_back(database);
  }
  ~OneAtATime() { open_here.pop_back(); }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;
};

void run_hooks(const std::vector<std::function<void()>>& hooks) noexcept {
  for (const auto& hook : hooks) {
    try {
      hook();
    } catch (const std::exception& error) {
      log_error("a hook of a transaction failed", {{"error", error.what()}});
    }
  }
}

/// 5 ms, 10, 20, 40, 80, then 80 again: each time somewhere between the half and the whole of it.
/// All of them together stay under half a second, which a person at a page does not mind.
void pause_before(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const int longest = 5000 << std::min(attempt - 2, 4);
  std::uniform_int_distribution<int> microseconds(longest / 2, longest);
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
}

/// Stands in the engine's line for the time of one attempt.
class InLine {
 public:
  InLine(Connection& connection, bool wanted) : connection_(connection), wanted_(wanted) {
    if (wanted_) connection_.enter_line();
  }
  ~InLine() {
    if (wanted_) connection_.leave_line();
  }
  InLine(const InLine&) = delete;
  InLine& operator=(const InLine&) = delete;

 private:
  Connection& connection_;
  bool wanted_;
};

}  // namespace

struct Database::Pool {
  using Hooks = std::vector<std::function<void()>>;

  Pool(DatabaseOptions given, const Clock& its_clock, TimeZone its_zone)
      : options(std::move(given)),
        clock(its_clock),
        zone(std::move(its_zone)),
        path(sqlite_path(options.url)),
        readers(std::max(1, options.connections), [this] { return connect(path.empty()); }),
        writer(1, [this] { return connect(true); }) {}

  std::unique_ptr<Connection> connect(bool writing) const {
    if (path.empty()) return connect_postgresql(options.url, options.durable);
    return connect_sqlite({path, writing, options.durable});
  }
  /// SQLite has one writer at a time anyway: waiting for it here is fair, in its own lock it is
  /// not.
  ConnectionPool& pool_for(bool writing) { return writing && !path.empty() ? writer : readers; }

  Hooks attempt(bool writing, bool in_line, const std::function<bool(Transaction&)>& act);
  bool run_act(Transaction& tx, const std::function<bool(Transaction&)>& act);

  DatabaseOptions options;
  const Clock& clock;
  TimeZone zone;
  std::string path;  // empty: PostgreSQL
  ConnectionPool readers;
  ConnectionPool writer;
};

Database::Database(DatabaseOptions options, const Clock& clock, TimeZone zone)
    : pool_(std::make_unique<Pool>(std::move(options), clock, std::move(zone))) {
  // Opened now so that a wrong address is found at start, and WAL mode is set before anybody reads.
  try {
    pool_->pool_for(true).take();
  } catch (const Overload& error) {
    throw DatabaseError(error.what());
  }
}

Database::~Database() = default;

Engine Database::engine() const {
  return pool_->path.empty() ? Engine::postgresql : Engine::sqlite;
}

const TimeZone& Database::zone() const {
  return pool_->zone;
}

const Clock& Database::clock() const {
  return pool_->clock;
}

void Database::run_erased(bool writing, const std::function<bool(Transaction&)>& act) {
  Pool::Hooks hooks;
  {
    const OneAtATime one_at_a_time(this);
    for (int attempt = 1;; ++attempt) {
      try {
        hooks = pool_->attempt(writing, attempt > 1, act);
        break;
      } catch (const RunAgain& error) {
        if (attempt == most_attempts) throw Overload(error.what(), 2, false);
        log_info("transaction is repeated", {{"reason", error.what()}});
      } catch (const Disconnected& error) {
        if (attempt == most_attempts) throw Overload(error.what(), 5, false);
        log_warning("transaction is repeated", {{"reason", error.what()}});
      }
      pause_before(attempt + 1);
    }
  }
  run_hooks(hooks);
}

/// What is to be run after the commit.
Database::Pool::Hooks Database::Pool::attempt(bool writing, bool in_line,
                                              const std::function<bool(Transaction&)>& act) {
  const auto connection = pool_for(writing).take();
  const InLine line(*connection, in_line && writing);
  const auto now = clock.now();
  Transaction tx(*connection, now, zone.date(now), writing);
  connection->begin(writing);
  try {
    if (run_act(tx, act)) {
      connection->commit();
      return std::move(tx.after_commit_);
    }
  } catch (const OutcomeUnknown&) {
    throw;  // a file of a transaction that may have happened stays
  } catch (const std::exception& error) {
    connection->rollback();
    run_hooks(tx.after_rollback_);
    // Somebody on the way may have put the reason into an exception of another type.
    if (tx.run_again_) throw RunAgain(error.what());
    throw;
  }
  connection->rollback();
  run_hooks(tx.after_rollback_);
  return {};
}

bool Database::Pool::run_act(Transaction& tx, const std::function<bool(Transaction&)>& act) {
  const bool commit = act(tx);
  if (commit) tx.settle();
  if (commit && tx.failed_)
    throw DatabaseError("a statement failed: the transaction cannot be committed");
  return commit;
}

std::unique_ptr<Connection> EngineRoom::connect(Database& database, bool writer) {
  return database.pool_->connect(writer);
}

}  // namespace cstims
