#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <iterator>
#include <utility>

#include "db/many_rows.h"
#include "db/postgresql_connection.h"

// Several statements in one go: libpq's pipeline mode, and several inserts in one statement.

namespace cstims {

namespace {

// What is sent before answers are read must fit the buffers between the two, or both would wait for
// the other (PostgreSQL 15 documentation, 34.5.1).
constexpr std::size_t most_bytes_sent = 32 * 1024;
constexpr std::size_t most_calls_sent = 100;
constexpr std::size_t bytes_of_a_call = 64;
// What is kept back, so that memory stays flat.
constexpr std::size_t most_bytes_posted = 256 * 1024;

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

}  // namespace

void PostgresqlConnection::post(std::string_view name, std::string_view text,
                                const Parameters& parameters) {
  auto call = call_of(prepared_for_many(name, text), parameters);
  if (posted_bytes_ + call.bytes > most_bytes_posted) settle();
  posted_bytes_ += call.bytes;
  posted_.push_back(std::move(call));
}

void PostgresqlConnection::settle() {
  if (posted_.empty()) return;
  const auto calls = joined(std::exchange(posted_, {}));
  posted_bytes_ = 0;
  run_together(calls, {});
}

PreparedStatement& PostgresqlConnection::prepared_for_many(std::string_view name,
                                                           std::string_view text) {
  auto& statement = prepared(name, text, true);
  const auto insert = plain_insert(text);
  if (insert) joinable_.try_emplace(&statement, std::string(text), insert->row_count);
  return statement;
}

/// Where several plain inserts of the same kind follow one another, they become few. The order of
/// all rows stays, and so does what a row of them violates.
std::vector<PostgresqlConnection::Call> PostgresqlConnection::joined(std::vector<Call> calls) {
  std::vector<Call> fewer;
  for (std::span<Call> rest(calls); !rest.empty();) fewer.push_back(join_first(rest));
  return fewer;
}

/// How many of the first calls are of the same statement and small enough to go together.
std::size_t PostgresqlConnection::alike(std::span<const Call> calls) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const auto& call : calls) {
    bytes += call.bytes;
    if (call.statement != calls.front().statement || bytes > most_bytes_sent) break;
    ++count;
  }
  return count;
}

/// Takes as many of `calls` as become one.
PostgresqlConnection::Call PostgresqlConnection::join_first(std::span<Call>& calls) {
  const auto found = joinable_.find(calls.front().statement);
  const std::size_t count = found == joinable_.end() ? 1 : alike(calls);
  const auto* const size =
      std::ranges::find_if(join_sizes, [&](auto each) { return each <= count; });
  if (size == join_sizes.end()) {
    Call one = std::move(calls.front());
    calls = calls.subspan(1);
    return one;
  }
  auto& [text, row_count, statements] = found->second;
  auto*& statement = statements[static_cast<std::size_t>(size - join_sizes.begin())];
  if (statement == nullptr) {
    statement = &prepared(found->first->name(), plain_insert(text)->repeated(*size), true);
  }
  Call joined{statement, {}, 0, *size, row_count};
  for (auto& call : calls.first(*size)) {
    joined.bytes += call.bytes;
    std::ranges::move(call.values, std::back_inserter(joined.values));
  }
  calls = calls.subspan(*size);
  return joined;
}

std::vector<std::int64_t> PostgresqlConnection::run_each(std::string_view name,
                                                         std::string_view text,
                                                         const std::vector<Parameters>& all,
                                                         const EachRowOf& each) {
  if (all.empty()) return {};
  auto& statement = prepared_for_many(name, text);
  std::vector<Call> calls;
  for (const auto& parameters : all) calls.push_back(call_of(statement, parameters));
  calls = joined(std::move(calls));
  std::vector<std::int64_t> touched;
  run_together(calls, [&](std::size_t index, PGresult& result) {
    const auto& call = calls[index];
    const auto first = touched.size();
    add_touched(touched, call, rows_touched(result));
    if (!each || PQresultStatus(&result) != PGRES_TUPLES_OK) return;
    const auto rows = static_cast<std::size_t>(PQntuples(&result));
    for (std::size_t row = 0; row < rows; ++row) {
      // Of several rows of values PostgreSQL returns the first first.
      each(call.stands_for == 1 ? first : first + row / call.rows_of_one,
           Row(statement.columns(), cells_of(result, static_cast<int>(row))));
    }
  });
  return touched;
}

/// What each of the calls touched that became this one.
void PostgresqlConnection::add_touched(std::vector<std::int64_t>& touched, const Call& call,
                                       std::int64_t rows) {
  if (call.stands_for == 1) {
    touched.push_back(rows);
    return;
  }
  if (static_cast<std::size_t>(rows) != call.stands_for * call.rows_of_one) {
    throw DatabaseError(fmt::format("statement '{}': {} rows were inserted instead of {}",
                                    call.statement->name(), rows,
                                    call.stands_for * call.rows_of_one));
  }
  touched.insert(touched.end(), call.stands_for, static_cast<std::int64_t>(call.rows_of_one));
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

}  // namespace cstims
