#include "db/connection.h"
#include "db/database.h"

namespace cstims {

Transaction::Transaction(Connection& connection, Instant now, Date today, bool writing)
    : connection_(connection), now_(now), today_(today), writing_(writing) {}

std::vector<Row> Transaction::select(const Statement& statement, const Parameters& parameters) {
  std::vector<Row> rows;
  run(statement, parameters, [&](Row&& row) {
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

std::optional<Row> Transaction::find(const Statement& statement, const Parameters& parameters) {
  std::optional<Row> first;
  run(statement, parameters, [&](Row&& row) {
    first.emplace(std::move(row));
    return false;
  });
  return first;
}

Row Transaction::require(const Statement& statement, const Parameters& parameters) {
  auto row = find(statement, parameters);
  if (!row) throw DatabaseError("statement '" + std::string(statement.name) + "' found no row");
  return std::move(*row);
}

void Transaction::each(const Statement& statement, const Parameters& parameters,
                       const std::function<void(const Row&)>& each) {
  run(statement, parameters, [&](Row&& row) {
    each(row);
    return true;
  });
}

std::int64_t Transaction::execute(const Statement& statement, const Parameters& parameters) {
  if (!writing_)
    throw DatabaseError("statement '" + std::string(statement.name) +
                        "' writes in a transaction that reads");
  return run(statement, parameters, {});
}

std::vector<Row> Transaction::select_built(std::string_view name, const std::string& text,
                                           const Parameters& parameters) {
  std::vector<Row> rows;
  run_text({name, text, false}, parameters, [&](Row&& row) {
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

Engine Transaction::engine() const {
  return connection_.engine();
}

std::int64_t Transaction::run(const Statement& statement, const Parameters& parameters,
                              const EachRow& each) {
  const bool other = engine() == Engine::postgresql && !statement.postgresql.empty();
  return run_text({statement.name, other ? statement.postgresql : statement.text, true}, parameters,
                  each);
}

std::int64_t Transaction::run_text(const Text& text, const Parameters& parameters,
                                   const EachRow& each) {
  if (failed_)
    throw DatabaseError("statement '" + std::string(text.name) +
                        "': an earlier statement of this transaction failed");
  try {
    return connection_.run(text.name, text.sql, text.kept, parameters, each);
  } catch (const RunAgain&) {
    failed_ = run_again_ = true;
    throw;
  } catch (const DatabaseError&) {
    failed_ = true;
    throw;
  }
}

}  // namespace cstims
