// The database: SQLite or PostgreSQL through SOCI, one set of statements for both. This is the only
// door to it; SOCI's headers stay in db/*.cc (they are slow to compile).
//
//     constexpr Statement find_service_by_id{"service by id", R"(
//       select id, name, type
//       from services
//       where id = :service)"};
//
//     auto row = tx.find(find_service_by_id, {{"service", id.number()}});
//
// Statements are constants, prepared once per connection and kept. The PostgreSQL dialect as far as
// SQLite 3.40 shares it. Trap: on PostgreSQL a parameter used alone (`:x is null`, `:x = ''`) needs
// `cast(:x as text)`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/date.h"
#include "base/failure.h"
#include "base/id.h"
#include "base/refusal.h"

namespace cstims {

enum class Engine { sqlite, postgresql };

/// `name` appears in logs and timings. Where the engines truly differ, `postgresql` holds the other
/// text.
struct Statement {
  std::string_view name;
  std::string_view text;
  std::string_view postgresql = {};
};

/// null, a number or a text. Dates and instants are text, booleans 0 or 1.
class Value {
 public:
  Value() = default;
  Value(std::nullopt_t) {}
  Value(std::int64_t number) : value_(number) {}
  Value(int number) : value_(std::int64_t{number}) {}
  Value(unsigned number) : value_(std::int64_t{number}) {}
  Value(bool yes) : value_(std::int64_t{yes ? 1 : 0}) {}
  Value(std::string text) : value_(std::move(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(Date date) : value_(date.text()) {}
  Value(Instant instant) : value_(instant.text()) {}
  template <typename Noun>
  Value(Id<Noun> id) : value_(id.number()) {}
  template <typename T>
  Value(const std::optional<T>& maybe) {
    if (maybe) *this = Value(*maybe);
  }
  const std::variant<std::monostate, std::int64_t, std::string>& get() const { return value_; }

 private:
  std::variant<std::monostate, std::int64_t, std::string> value_;
};

struct Parameter {
  std::string_view name;  // without the colon
  Value value;
};
using Parameters = std::vector<Parameter>;

/// A row of a result. Asking for an absent column, or a null by a getter that is not `maybe_`,
/// throws DatabaseError.
class Row {
 public:
  std::int64_t number(std::string_view column) const;
  std::optional<std::int64_t> maybe_number(std::string_view column) const;
  std::string text(std::string_view column) const { return std::string(view(column)); }
  std::optional<std::string> maybe_text(std::string_view column) const;
  bool flag(std::string_view column) const { return number(column) != 0; }
  bool is_null(std::string_view column) const;
  Date date(std::string_view column) const { return Date::stored(view(column)); }
  std::optional<Date> maybe_date(std::string_view column) const;
  Instant instant(std::string_view column) const { return Instant::stored(view(column)); }
  std::optional<Instant> maybe_instant(std::string_view column) const;
  template <typename Noun>
  Id<Noun> id(std::string_view column) const {
    return Id<Noun>(number(column));
  }
  template <typename Noun>
  std::optional<Id<Noun>> maybe_id(std::string_view column) const {
    const auto found = maybe_number(column);
    return found ? std::optional(Id<Noun>(*found)) : std::nullopt;
  }

  // For db/ only.
  using Columns = std::vector<std::string>;
  /// All texts of a row in one piece of memory.
  class Cells {
   public:
    Cells(std::size_t columns, std::size_t bytes);
    void add(std::string_view text);
    void add_null();
    std::optional<std::string_view> at(std::size_t column) const;
    std::size_t size() const { return ends_.size(); }

   private:
    struct End {
      std::size_t place;
      bool null;
    };
    std::string texts_;
    std::vector<End> ends_;
  };
  Row(std::shared_ptr<const Columns> columns, Cells cells)
      : columns_(std::move(columns)), cells_(std::move(cells)) {}

 private:
  std::optional<std::string_view> cell(std::string_view column) const;
  std::string_view view(std::string_view column) const;
  std::shared_ptr<const Columns> columns_;
  Cells cells_;
  /// Where the next column is looked for first: most are asked for in the order of the statement.
  mutable std::size_t next_ = 0;
};

class Connection;  // db/connection.h, for db/ only
class EngineRoom;  // db/engine_room.h, for db/ only

/// One transaction. `now` and `today` are fixed at its start. Given to the functions passed to
/// Database::read/write. After a statement has failed, the transaction can only be rolled back (as
/// PostgreSQL has it): whoever catches a ConstraintViolation to make a refusal of it runs no
/// further statement.
class Transaction {
 public:
  Transaction(Connection& connection, Instant now, Date today, bool writing);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  std::vector<Row> select(const Statement& statement, const Parameters& parameters = {});
  /// The first row, if any.
  std::optional<Row> find(const Statement& statement, const Parameters& parameters = {});
  /// The first row; throws DatabaseError when there is none (counts, `returning`).
  Row require(const Statement& statement, const Parameters& parameters = {});
  /// Runs `each` for every row without keeping them (exports).
  void each(const Statement& statement, const Parameters& parameters,
            const std::function<void(const Row&)>& each);
  /// The same until `each` returns false: SQLite then has looked no further.
  void each_while(const Statement& statement, const Parameters& parameters,
                  const std::function<bool(const Row&)>& each);
  /// Insert, update or delete; the number of rows it touched.
  std::int64_t execute(const Statement& statement, const Parameters& parameters = {});
  /// Like `execute` for many things at once, where nobody asks how many rows: PostgreSQL runs it
  /// together with others before the next statement that answers, at the latest before the commit,
  /// without a way there and back for each. What it violates is thrown there.
  void post(const Statement& statement, const Parameters& parameters = {});
  // One statement for each of `all`, in order, with one way there and back on PostgreSQL.
  std::vector<std::vector<Row>> select_each(const Statement& statement,
                                            const std::vector<Parameters>& all);
  /// The first row of each; throws DatabaseError when one has none.
  std::vector<Row> require_each(const Statement& statement, const std::vector<Parameters>& all);
  /// The number of rows each touched.
  std::vector<std::int64_t> execute_each(const Statement& statement,
                                         const std::vector<Parameters>& all);
  /// A statement made for this one call (optional filters): prepared and thrown away unless the
  /// same text returns. `text` must be built from constants only, never from outside.
  std::vector<Row> select_built(std::string_view name, const std::string& text,
                                const Parameters& parameters);

  /// What `find` gives, asked once in this transaction: for what nobody changes meanwhile.
  std::string once(std::string_view key, const std::function<std::string()>& find);

  Instant now() const { return now_; }
  Date today() const { return today_; }  // in the site's zone
  bool writing() const { return writing_; }
  Engine engine() const;
  /// Runs after a successful commit, in order; dropped on roll-back. Must not throw.
  void after_commit(std::function<void()> act) { after_commit_.push_back(std::move(act)); }
  /// Runs after a roll-back (to remove a file written meanwhile).
  void after_rollback(std::function<void()> act) { after_rollback_.push_back(std::move(act)); }

 private:
  friend class Database;
  using EachRow = std::function<bool(Row&&)>;
  struct Text {
    std::string_view name;
    std::string_view sql;
    bool kept;
  };
  Text text_of(const Statement& statement) const;
  void require_writing(const Statement& statement) const;
  std::int64_t run(const Statement& statement, const Parameters& parameters, const EachRow& each);
  std::int64_t run_text(const Text& text, const Parameters& parameters, const EachRow& each);
  /// Runs what was posted.
  void settle();
  /// Notes when it fails.
  template <typename Call>
  auto watched(std::string_view name, Call&& call);

  Connection& connection_;
  Instant now_;
  Date today_;
  bool writing_;
  bool failed_ = false;
  bool run_again_ = false;
  std::vector<std::pair<std::string, std::string>> found_once_;
  std::vector<std::function<void()>> after_commit_;
  std::vector<std::function<void()>> after_rollback_;
};

struct DatabaseOptions {
  std::string url;      // "sqlite:PATH" or "postgresql://…"
  int connections = 4;  // readers (SQLite) or all (PostgreSQL), opened as needed
  bool durable = true;  // false: synchronous=off, for throw-away tests and bulk loads only
};

/// Thread-safe. A transaction asks for a connection and waits for it at most 10 s (then Overload).
/// One thread has at most one transaction of a database open: a second one inside it throws
/// DatabaseError.
class Database {
 public:
  /// Opens it and makes the SQLite file if absent; throws DatabaseError with what to do. Does not
  /// look at the schema.
  Database(DatabaseOptions options, const Clock& clock, TimeZone zone);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// A consistent snapshot. Writing in it throws DatabaseError.
  template <typename Act>
  auto read(Act&& act) {
    return run(false, std::forward<Act>(act));
  }
  /// Commits when `act` returns, rolls back when it throws or returns a Result that is a refusal.
  /// Repeats the whole of `act`, at most ten times with jitter, when the engine says busy,
  /// deadlock or serialisation failure: `act` must have no effect outside the transaction.
  template <typename Act>
  auto write(Act&& act) {
    return run(true, std::forward<Act>(act));
  }

  Engine engine() const;
  const TimeZone& zone() const;
  const Clock& clock() const;

 private:
  friend class EngineRoom;
  /// `act` returns whether to commit.
  void run_erased(bool writing, const std::function<bool(Transaction&)>& act);

  template <typename T>
  static bool is_refusal(const T&) {
    return false;
  }
  template <typename T>
  static bool is_refusal(const Result<T>& result) {
    return !result.has_value();
  }

  template <typename Act>
  auto run(bool writing, Act&& act) {
    using Value = std::invoke_result_t<Act, Transaction&>;
    if constexpr (std::is_void_v<Value>) {
      run_erased(writing, [&](Transaction& tx) {
        act(tx);
        return true;
      });
    } else {
      std::optional<Value> value;
      run_erased(writing, [&](Transaction& tx) {
        value.emplace(act(tx));
        return !is_refusal(*value);
      });
      return std::move(*value);
    }
  }

  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace cstims
