#include "db/connection.h"
#include "db/database.h"

namespace cstims {

Transaction::Transaction(Connection& connection, Instant now, Date today, bool writing)
    : connection_(connection), now_(now), today_(today), writing_(writing) {}

template <typename Call>
auto Transaction::watched(std::string_view name, Call&& call) {
  if (failed_)
    throw DatabaseError("statement '" + std::string(name) +
                        "': an earlier statement of this transaction failed");
  try {
    return call();
  } catch (const RunAgain&) {
    failed_ = run_again_ = true;
    throw;
  } catch (const DatabaseError&) {
    failed_ = true;
    throw;
  }
}

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

void Transaction::each_while(const Statement& statement, const Parameters& parameters,
                             const std::function<bool(const Row&)>& each) {
  run(statement, parameters, [&](Row&& row) { return each(row); });
}

std::int64_t Transaction::execute(const Statement& statement, const Parameters& parameters) {
  require_writing(statement);
  return run(statement, parameters, {});
}

void Transaction::post(const Statement& statement, const Parameters& parameters) {
  require_writing(statement);
  const auto text = text_of(statement);
  watched(text.name, [&] { connection_.post(text.name, text.sql, parameters); });
}

std::vector<std::vector<Row>> Transaction::select_each(const Statement& statement,
                                                       const std::vector<Parameters>& all) {
  std::vector<std::vector<Row>> rows(all.size());
  const auto text = text_of(statement);
  watched(text.name, [&] {
    connection_.settle();
    connection_.run_each(text.name, text.sql, all, [&](std::size_t index, Row&& row) {
      rows[index].push_back(std::move(row));
    });
  });
  return rows;
}

std::vector<Row> Transaction::require_each(const Statement& statement,
                                           const std::vector<Parameters>& all) {
  std::vector<Row> first;
  first.reserve(all.size());
  for (auto& rows : select_each(statement, all)) {
    if (rows.empty()) {
      throw DatabaseError("statement '" + std::string(statement.name) + "' found no row");
    }
    first.push_back(std::move(rows.front()));
  }
  return first;
}

std::vector<std::int64_t> Transaction::execute_each(const Statement& statement,
                                                    const std::vector<Parameters>& all) {
  require_writing(statement);
  const auto text = text_of(statement);
  return watched(text.name, [&] {
    connection_.settle();
    return connection_.run_each(text.name, text.sql, all, {});
  });
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

std::string Transaction::once(std::string_view key, const std::function<std::string()>& find) {
  for (const auto& [known, value] : found_once_) {
    if (known == key) return value;
  }
  auto value = find();
  return found_once_.emplace_back(std::string(key), std::move(value)).second;
}

Engine Transaction::engine() const {
  return connection_.engine();
}

Transaction::Text Transaction::text_of(const Statement& statement) const {
  const bool other = engine() == Engine::postgresql && !statement.postgresql.empty();
  return {statement.name, other ? statement.postgresql : statement.text, true};
}

void Transaction::require_writing(const Statement& statement) const {
  if (!writing_)
    throw DatabaseError("statement '" + std::string(statement.name) +
                        "' writes in a transaction that reads");
}

std::int64_t Transaction::run(const Statement& statement, const Parameters& parameters,
                              const EachRow& each) {
  return run_text(text_of(statement), parameters, each);
}

std::int64_t Transaction::run_text(const Text& text, const Parameters& parameters,
                                   const EachRow& each) {
  return watched(text.name, [&] {
    connection_.settle();
    return connection_.run(text.name, text.sql, text.kept, parameters, each);
  });
}

void Transaction::settle() {
  if (!failed_) watched("what was posted", [&] { connection_.settle(); });
}

}  // namespace cstims
