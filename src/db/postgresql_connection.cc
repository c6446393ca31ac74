#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "db/soci_connection.h"

namespace cstims {

namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

// Transactions of one thread wait here after they lost a race; any number that nobody else uses.
constexpr long line_lock = 0x637374696d73;

/// The value of "CONSTRAINT NAME:  users_email" in a verbose message: the text before it depends on
/// the server's language.
std::string constraint_of(const std::string& message) {
  constexpr std::string_view marker = "CONSTRAINT NAME:";
  const auto found = message.find(marker);
  if (found == std::string::npos) return {};
  const auto start = message.find_first_not_of(' ', found + marker.size());
  return message.substr(start, message.find('\n', start) - start);
}

/// The first line of a verbose message, without what SOCI puts before it. The others quote values.
std::string first_line(const std::string& message) {
  auto line = message.substr(0, message.find('\n'));
  for (const std::string_view prefix :
       {"Cannot execute query. ", "Cannot prepare statement. ", "Fatal error. "})
    if (line.starts_with(prefix)) line.erase(0, prefix.size());
  return line;
}

class PostgresqlConnection : public SociConnection {
 public:
  PostgresqlConnection(const std::string& conninfo, bool durable);

  Engine engine() const override { return Engine::postgresql; }
  void begin(bool writing) override;
  void commit() override;
  void rollback() noexcept override;
  void script(const std::string& text) override { execute(text); }
  void enter_line() override { execute(fmt::format("select pg_advisory_lock({})", line_lock)); }
  void leave_line() noexcept override;
  void post(std::string_view name, std::string_view text, const Parameters& parameters) override;
  void settle() override;
  std::vector<std::int64_t> run_each(std::string_view name, std::string_view text,
                                     const std::vector<Parameters>& all,
                                     const EachRowOf& each) override;
  bool broken() const override { return broken_ || PQstatus(handle()) != CONNECTION_OK; }

 protected:
  PreparedStatement::Facts describe(soci::details::statement_backend& statement) override;
  void finish(soci::details::statement_backend&) noexcept override {}
  [[noreturn]] void translate(const soci::soci_error& error, std::string_view name) override;

 private:
  /// The command tag.
  std::string execute(const std::string& text);
  [[noreturn]] void fail(std::string_view state, const std::string& message,
                         std::string_view where);
  /// A statement with its values as PostgreSQL's text, in the order of its parameters.
  struct Call {
    PreparedStatement* statement;
    std::vector<std::optional<std::string>> values;
    std::size_t bytes;
  };
  using EachResult = std::function<void(std::size_t, PGresult&)>;
  Call call_of(PreparedStatement& statement, const Parameters& parameters);
  /// All of them in one go; throws what the first that fails means.
  void run_together(std::span<const Call> calls, const EachResult& each);
  void run_sent(std::span<const Call> calls, const EachResult& each);
  void send(const Call& call);
  void check_result(const PGresult* result, std::string_view name);
  ResultHandle next_result();
  PGconn* handle() const {
    return static_cast<const soci::postgresql_session_backend*>(session_backend())->conn_;
  }
  const soci::details::session_backend* session_backend() const {
    return const_cast<soci::session&>(session_).get_backend();
  }

  bool broken_ = false;
  std::vector<Call> posted_;
  std::size_t posted_bytes_ = 0;
};

PostgresqlConnection::PostgresqlConnection(const std::string& conninfo, bool durable)
    : SociConnection(soci::postgresql, conninfo) {
  PQsetErrorVerbosity(handle(), PQERRORS_VERBOSE);
  PQsetNoticeProcessor(
      handle(), [](void*, const char*) {}, nullptr);
  execute(
      fmt::format("set time zone 'UTC'; set lock_timeout = '10s'; set statement_timeout = '60s';"
                  "set idle_in_transaction_session_timeout = '120s';"
                  "set standard_conforming_strings = on; set synchronous_commit = {}",
                  durable ? "on" : "off"));
}

/// Writers are serialisable, which is what SQLite's single writer gives: what is checked in a
/// transaction still holds when it commits. The price is a repetition now and then, which
/// Database::write pays.
void PostgresqlConnection::begin(bool writing) {
  execute(writing ? "begin isolation level serializable read write"
                  : "begin isolation level repeatable read read only");
}

void PostgresqlConnection::commit() {
  try {
    // The server answers ROLLBACK, and no error, when a statement had failed before.
    if (execute("commit") != "COMMIT") throw DatabaseError("the transaction was rolled back");
  } catch (const Disconnected& error) {
    throw OutcomeUnknown(std::string("the connection broke while committing: ") + error.what());
  }
}

void PostgresqlConnection::rollback() noexcept {
  posted_.clear();
  posted_bytes_ = 0;
  const ResultHandle result(PQexec(handle(), "rollback"), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) broken_ = true;
}

void PostgresqlConnection::leave_line() noexcept {
  const auto text = fmt::format("select pg_advisory_unlock({})", line_lock);
  const ResultHandle result(PQexec(handle(), text.c_str()), PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) broken_ = true;
}

// ---- several statements in one go (libpq's pipeline mode) ---------------------------------------

// What is sent before answers are read must fit the buffers between the two, or both would wait for
// the other (PostgreSQL 15 documentation, 34.5.1).
constexpr std::size_t most_bytes_sent = 32 * 1024;
constexpr std::size_t most_calls_sent = 100;
constexpr std::size_t bytes_of_a_call = 64;

std::optional<std::string> wire_text(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.get())) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value.get())) return *text;
  return std::nullopt;
}

Row::Cells cells_of(const PGresult& result, int row) {
  const int columns = PQnfields(&result);
  std::size_t bytes = 0;
  for (int column = 0; column < columns; ++column) {
    bytes += static_cast<std::size_t>(PQgetlength(&result, row, column));
  }
  Row::Cells cells(static_cast<std::size_t>(columns), bytes);
  for (int column = 0; column < columns; ++column) {
    if (PQgetisnull(&result, row, column) != 0) {
      cells.add_null();
    } else {
      const auto length = static_cast<std::size_t>(PQgetlength(&result, row, column));
      cells.add({PQgetvalue(&result, row, column), length});
    }
  }
  return cells;
}

std::int64_t rows_touched(PGresult& result) {
  const std::string_view count = PQcmdTuples(&result);
  std::int64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

void PostgresqlConnection::post(std::string_view name, std::string_view text,
                                const Parameters& parameters) {
  auto call = call_of(prepared(name, text, true), parameters);
  if (posted_.size() == most_calls_sent || posted_bytes_ + call.bytes > most_bytes_sent) settle();
  posted_bytes_ += call.bytes;
  posted_.push_back(std::move(call));
}

void PostgresqlConnection::settle() {
  if (posted_.empty()) return;
  const auto calls = std::exchange(posted_, {});
  posted_bytes_ = 0;
  run_together(calls, {});
}

std::vector<std::int64_t> PostgresqlConnection::run_each(std::string_view name,
                                                         std::string_view text,
                                                         const std::vector<Parameters>& all,
                                                         const EachRowOf& each) {
  if (all.empty()) return {};
  auto& statement = prepared(name, text, true);
  std::vector<Call> calls;
  for (const auto& parameters : all) calls.push_back(call_of(statement, parameters));
  std::vector<std::int64_t> touched(all.size());
  run_together(calls, [&](std::size_t index, PGresult& result) {
    touched[index] = rows_touched(result);
    if (!each || PQresultStatus(&result) != PGRES_TUPLES_OK) return;
    const int rows = PQntuples(&result);
    for (int row = 0; row < rows; ++row) {
      each(index, Row(statement.columns(), cells_of(result, row)));
    }
  });
  return touched;
}

PostgresqlConnection::Call PostgresqlConnection::call_of(PreparedStatement& statement,
                                                         const Parameters& parameters) {
  statement.check(parameters);
  const auto& prepared = static_cast<soci::postgresql_statement_backend&>(statement.backend());
  Call call{&statement, {}, bytes_of_a_call};
  for (const auto& name : prepared.names_) {
    const auto given = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& each) { return each.name == name; });
    call.values.push_back(wire_text(given->value));
    if (call.values.back()) call.bytes += call.values.back()->size();
  }
  return call;
}

void PostgresqlConnection::send(const Call& call) {
  const auto& prepared =
      static_cast<soci::postgresql_statement_backend&>(call.statement->backend());
  std::vector<const char*> values;
  for (const auto& value : call.values) values.push_back(value ? value->c_str() : nullptr);
  if (PQsendQueryPrepared(handle(), prepared.statementName_.c_str(),
                          static_cast<int>(values.size()), values.data(), nullptr, nullptr,
                          0) != 1) {
    fail("", PQerrorMessage(handle()), fmt::format("statement '{}': ", call.statement->name()));
  }
}

ResultHandle PostgresqlConnection::next_result() {
  ResultHandle result(PQgetResult(handle()), PQclear);
  // Each answer is followed by a null.
  if (result && PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) {
    while (PGresult* const more = PQgetResult(handle())) PQclear(more);
  }
  return result;
}

void PostgresqlConnection::run_together(std::span<const Call> calls, const EachResult& each) {
  std::size_t first = 0;
  while (first < calls.size()) {
    std::size_t next = first;
    std::size_t bytes = 0;
    do {
      bytes += calls[next++].bytes;
    } while (next < calls.size() && next - first < most_calls_sent &&
             bytes + calls[next].bytes <= most_bytes_sent);
    run_sent(calls.subspan(first, next - first), [&](std::size_t index, PGresult& result) {
      if (each) each(first + index, result);
    });
    first = next;
  }
}

/// Few enough that nobody waits for the other.
void PostgresqlConnection::run_sent(std::span<const Call> calls, const EachResult& each) {
  PQenterPipelineMode(handle());
  for (const auto& call : calls) send(call);
  PQpipelineSync(handle());
  std::exception_ptr failure;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto result = next_result();
    if (failure) continue;  // those behind one that failed are not run
    try {
      check_result(result.get(), calls[i].statement->name());
      each(i, *result);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  next_result();  // of the sync
  if (PQexitPipelineMode(handle()) != 1) broken_ = true;
  if (failure) std::rethrow_exception(failure);
}

void PostgresqlConnection::check_result(const PGresult* result, std::string_view name) {
  const auto status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string message =
      result == nullptr ? PQerrorMessage(handle()) : PQresultErrorMessage(result);
  fail(state == nullptr ? "" : state, message, fmt::format("statement '{}': ", name));
}

std::string PostgresqlConnection::execute(const std::string& text) {
  const ResultHandle result(PQexec(handle(), text.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    const char* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    fail(state == nullptr ? "" : state, PQerrorMessage(handle()), "");
  }
  return PQcmdStatus(result.get());
}

PreparedStatement::Facts PostgresqlConnection::describe(
    soci::details::statement_backend& statement) {
  const auto& prepared = static_cast<soci::postgresql_statement_backend&>(statement);
  const ResultHandle result(PQdescribePrepared(handle(), prepared.statementName_.c_str()), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    const char* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    fail(state == nullptr ? "" : state, PQerrorMessage(handle()), "describing it: ");
  }
  const std::set<std::string> names(prepared.names_.begin(), prepared.names_.end());
  PreparedStatement::Facts facts;
  facts.parameters.assign(names.begin(), names.end());
  const int columns = PQnfields(result.get());
  for (int i = 0; i < columns; ++i) facts.columns.emplace_back(PQfname(result.get(), i));
  return facts;
}

void PostgresqlConnection::translate(const soci::soci_error& error, std::string_view name) {
  const auto* const known = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  fail(known == nullptr ? std::string() : known->sqlstate(), error.get_error_message(),
       fmt::format("statement '{}': ", name));
}

/// PostgreSQL 15 documentation, appendix A: error codes.
void PostgresqlConnection::fail(std::string_view state, const std::string& message,
                                std::string_view where) {
  const auto what = fmt::format("{}{}", where, first_line(message));
  if (PQstatus(handle()) != CONNECTION_OK || state.starts_with("08") || state.starts_with("57P0")) {
    broken_ = true;
    throw Disconnected(what);
  }
  // Lock not available: a lock was waited for as long as one may.
  if (state == "40001" || state == "40P01" || state == "55P03") throw RunAgain(what);
  // A trigger that refuses is a rule of the schema like any other; it has no name.
  if (state.starts_with("23")) throw ConstraintViolation(what, constraint_of(message));
  throw DatabaseError(what);
}

std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char letter : value) {
    if (letter == '\'' || letter == '\\') text += '\\';
    text += letter;
  }
  return text + "'";
}

/// SOCI takes only keywords and values; what the operator did not say is set so that a dead server
/// is noticed.
std::string conninfo_of(const std::string& url) {
  char* error = nullptr;
  const Options options(PQconninfoParse(url.c_str(), &error), PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> message(error, PQfreemem);
  if (!options) throw UsageError(fmt::format("database.url: {}", message ? error : "unreadable"));
  std::string conninfo =
      "application_name=cstims connect_timeout=5 tcp_user_timeout=15000 client_encoding=UTF8";
  for (const auto* each = options.get(); each->keyword != nullptr; ++each)
    if (each->val != nullptr) conninfo += fmt::format(" {}={}", each->keyword, quoted(each->val));
  return conninfo;
}

}  // namespace

std::unique_ptr<Connection> connect_postgresql(const std::string& url, bool durable) {
  try {
    return std::make_unique<PostgresqlConnection>(conninfo_of(url), durable);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(
        fmt::format("cannot reach the database server: {}", first_line(error.get_error_message())));
  }
}

}  // namespace cstims
