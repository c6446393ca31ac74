#include "db/postgresql_connection.h"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include <set>

namespace cstims {

namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

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

// Transactions of one thread wait here after they lost a race; any number that nobody else uses.
constexpr long line_lock = 0x637374696d73;

}  // namespace

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

void PostgresqlConnection::enter_line() {
  execute(fmt::format("select pg_advisory_lock({})", line_lock));
}

void PostgresqlConnection::leave_line() noexcept {
  const auto text = fmt::format("select pg_advisory_unlock({})", line_lock);
  const ResultHandle result(PQexec(handle(), text.c_str()), PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) broken_ = true;
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

PGconn* PostgresqlConnection::handle() const {
  const soci::details::session_backend* const backend =
      const_cast<soci::session&>(session_).get_backend();
  return static_cast<const soci::postgresql_session_backend*>(backend)->conn_;
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

namespace {

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
