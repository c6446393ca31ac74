#include <fcntl.h>
#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <new>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "db/soci_connection.h"

namespace cstims {

namespace {

using sqlite_api::sqlite3_stmt;

constexpr int busy_milliseconds = 1000;  // ten attempts make the ten seconds that a person waits

sqlite3_stmt* native(soci::details::statement_backend& statement) {
  return static_cast<soci::sqlite3_statement_backend&>(statement).stmt_;
}

/// "sqlite3_statement_backend::loadOne: CHECK constraint failed: x": SOCI names its function first.
std::string without_soci_prefix(const std::string& message) {
  if (!message.starts_with("sqlite3_")) return message;
  const auto colon = message.find(": ");
  return colon == std::string::npos ? message : message.substr(colon + 2);
}

/// "UNIQUE constraint failed: users.email_key" names what failed after the colon; foreign keys have
/// no name.
std::string constraint_of(const std::string& message) {
  constexpr std::string_view marker = "constraint failed: ";
  const auto found = message.find(marker);
  return found == std::string::npos ? "foreign key" : message.substr(found + marker.size());
}

/// Once, before the library does anything. One thread has a connection at a time (the pool sees to
/// it), so that its calls need no lock each; and counting all memory under one lock would make
/// every thread wait for every other.
void configure_library() {
  static const bool configured = [] {
    return sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK &&
           sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
  }();
  if (!configured) throw DatabaseError("SQLite was started before it could be configured");
}

/// "begin" and "commit": prepared once, since every page needs them.
class KeptStatement final {
 public:
  KeptStatement() = default;
  ~KeptStatement() { sqlite_api::sqlite3_finalize(statement_); }
  KeptStatement(const KeptStatement&) = delete;
  KeptStatement& operator=(const KeptStatement&) = delete;

  /// An SQLite code; `text` must be the same each time.
  int run(sqlite_api::sqlite3* connection, const char* text) {
    if (statement_ == nullptr) {
      const int code = sqlite_api::sqlite3_prepare_v2(connection, text, -1, &statement_, nullptr);
      if (code != SQLITE_OK) return code;
    }
    sqlite_api::sqlite3_step(statement_);
    return sqlite_api::sqlite3_reset(statement_);
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

/// Room for any whole number.
using NumberText = std::array<char, 20>;

class SqliteConnection : public SociConnection, private PreparedStatement::Cursor {
 public:
  explicit SqliteConnection(const SqliteSettings& settings);

  Engine engine() const override { return Engine::sqlite; }
  void begin(bool writing) override {
    writing ? run(begin_writing_, "begin immediate") : run(begin_, "begin");
  }
  void commit() override { run(commit_, "commit"); }
  void rollback() noexcept override;
  void script(const std::string& text) override;
  bool broken() const override { return broken_; }

 protected:
  PreparedStatement::Facts describe(soci::details::statement_backend& statement) override;
  PreparedStatement::Cursor* cursor() override { return this; }
  void finish(soci::details::statement_backend& statement) noexcept override {
    sqlite_api::sqlite3_reset(native(statement));
  }
  [[noreturn]] void translate(const soci::soci_error& error, std::string_view name) override;

 private:
  Row::Cells cells(soci::details::statement_backend& statement) override;
  bool next(soci::details::statement_backend& statement) override;
  void run(KeptStatement& statement, const char* text);
  [[noreturn]] void fail(int code, const std::string& message);
  sqlite_api::sqlite3* handle() {
    return static_cast<soci::sqlite3_session_backend*>(session_.get_backend())->conn_;
  }

  KeptStatement begin_;
  KeptStatement begin_writing_;
  KeptStatement commit_;
  // Of one row, until the next is fetched.
  std::vector<std::optional<std::string_view>> texts_;
  std::vector<NumberText> numbers_;
  bool broken_ = false;
};

SqliteConnection::SqliteConnection(const SqliteSettings& settings)
    : SociConnection(soci::sqlite3, fmt::format("dbname=\"{}\"", settings.path)) {
  sqlite_api::sqlite3_extended_result_codes(handle(), 1);
  // Plans must not depend on the values of parameters: SQLite would make some anew for each call.
  sqlite_api::sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  // Memory is bounded by the caches; mapping the file instead would count the whole of it once a
  // connection. The schema is trusted: it is made by our migrations alone, and the triggers that
  // keep the index of words (FTS5) would be refused otherwise.
  script(fmt::format(
      "pragma busy_timeout = {}; pragma synchronous = {};"
      "pragma foreign_keys = on; pragma trusted_schema = on; pragma temp_store = memory;"
      "pragma cache_size = -{}; pragma journal_size_limit = 67108864; pragma query_only = {};",
      busy_milliseconds, settings.durable ? "full" : "off", settings.writer ? 8192 : 4096,
      settings.writer ? "off" : "on"));
  if (settings.writer) script("pragma journal_mode = wal");
}

void SqliteConnection::run(KeptStatement& statement, const char* text) {
  const int code = statement.run(handle(), text);
  if (code != SQLITE_OK) fail(code, sqlite_api::sqlite3_errmsg(handle()));
}

/// The text of a column; absent when it is null. Numbers are written here: SQLite would keep the
/// text beside the number, in memory of its own.
std::optional<std::string_view> text_of(sqlite_api::sqlite3_stmt* row, int column,
                                        NumberText& room) {
  const int type = sqlite_api::sqlite3_column_type(row, column);
  if (type == SQLITE_NULL) return std::nullopt;
  if (type == SQLITE_INTEGER) {
    const auto number = sqlite_api::sqlite3_column_int64(row, column);
    const auto end = std::to_chars(room.data(), room.data() + room.size(), number).ptr;
    return std::string_view(room.data(), end);
  }
  const auto* const text =
      reinterpret_cast<const char*>(sqlite_api::sqlite3_column_text(row, column));
  if (text == nullptr) throw std::bad_alloc();
  return std::string_view(text,
                          static_cast<std::size_t>(sqlite_api::sqlite3_column_bytes(row, column)));
}

Row::Cells SqliteConnection::cells(soci::details::statement_backend& statement) {
  auto* const row = native(statement);
  const auto columns = static_cast<std::size_t>(sqlite_api::sqlite3_column_count(row));
  texts_.clear();
  if (numbers_.size() < columns) numbers_.resize(columns);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    const auto& text = texts_.emplace_back(text_of(row, static_cast<int>(i), numbers_[i]));
    if (text) bytes += text->size();
  }
  Row::Cells cells(columns, bytes);
  for (const auto& text : texts_) {
    if (text) {
      cells.add(*text);
    } else {
      cells.add_null();
    }
  }
  return cells;
}

bool SqliteConnection::next(soci::details::statement_backend& statement) {
  const int code = sqlite_api::sqlite3_step(native(statement));
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const std::string message = sqlite_api::sqlite3_errmsg(handle());
  throw soci::sqlite3_soci_error(message, code);
}

void SqliteConnection::rollback() noexcept {
  // Some errors have rolled back by themselves.
  if (sqlite_api::sqlite3_get_autocommit(handle()) == 0 &&
      sqlite_api::sqlite3_exec(handle(), "rollback", nullptr, nullptr, nullptr) != SQLITE_OK)
    broken_ = true;
}

void SqliteConnection::script(const std::string& text) {
  const int code = sqlite_api::sqlite3_exec(handle(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, sqlite_api::sqlite3_errmsg(handle()));
}

PreparedStatement::Facts SqliteConnection::describe(soci::details::statement_backend& statement) {
  auto* const prepared = native(statement);
  std::set<std::string> names;
  const int parameters = sqlite_api::sqlite3_bind_parameter_count(prepared);
  for (int i = 1; i <= parameters; ++i) {
    const char* const name = sqlite_api::sqlite3_bind_parameter_name(prepared, i);
    if (name == nullptr || *name != ':') throw DatabaseError("parameters are written :name");
    names.insert(name + 1);
  }
  PreparedStatement::Facts facts;
  facts.parameters.assign(names.begin(), names.end());
  const int columns = sqlite_api::sqlite3_column_count(prepared);
  for (int i = 0; i < columns; ++i)
    facts.columns.emplace_back(sqlite_api::sqlite3_column_name(prepared, i));
  return facts;
}

void SqliteConnection::translate(const soci::soci_error& error, std::string_view name) {
  const auto* const known = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  const auto message = without_soci_prefix(error.get_error_message());
  fail(known == nullptr ? SQLITE_ERROR : known->result(),
       fmt::format("statement '{}': {}", name, message));
}

void SqliteConnection::fail(int code, const std::string& message) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw RunAgain(message);
    case SQLITE_CONSTRAINT:
      // A trigger that refuses is a rule of the schema like any other; it has no name.
      throw ConstraintViolation(
          message, code == SQLITE_CONSTRAINT_TRIGGER ? std::string() : constraint_of(message));
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      // A page that could not be written may live on in the cache as if it had been.
      broken_ = true;
      throw DatabaseError(message);
    default:
      throw DatabaseError(message);
  }
}

[[noreturn]] void cannot_open(const std::string& path, const std::string& why) {
  throw DatabaseError(fmt::format(
      "cannot open the database {}: {}; check the path and who may write there", path, why));
}

/// Makes the file when it is absent. One that is there must not be opened here: closing any
/// descriptor of it would cancel the locks that this process's connections hold on it (POSIX), and
/// another process that ends would then take away the write-ahead log under us.
void make_private_file(const std::filesystem::path& path) {
  const auto folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder)) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) cannot_open(path.string(), error.message());
    ::chmod(folder.c_str(), S_IRWXU);
  }
  const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  const int file = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    ::close(file);
  } else if (errno != EEXIST) {
    cannot_open(path.string(), std::strerror(errno));
  }
}

}  // namespace

std::unique_ptr<Connection> connect_sqlite(const SqliteSettings& settings) {
  configure_library();
  make_private_file(settings.path);
  try {
    return std::make_unique<SqliteConnection>(settings);
  } catch (const soci::soci_error& error) {
    cannot_open(settings.path, without_soci_prefix(error.get_error_message()));
  } catch (const DatabaseError& error) {
    cannot_open(settings.path, error.what());
  }
}

std::string sqlite_path(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  if (!url.starts_with(scheme)) return {};
  const auto path = url.substr(scheme.size());
  if (path.empty() || path.starts_with(":memory:") || path.find('"') != std::string::npos)
    throw UsageError("database.url: write sqlite: and the path of a file");
  return path;
}

}  // namespace cstims
