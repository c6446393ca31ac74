// PostgreSQL through SOCI, and past it through libpq where many statements go in one go. For
// db/postgresql_*.cc only.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "db/soci_connection.h"

namespace cstims {

using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// How many calls of an insert become one, most first: any number is a sum of few of them.
constexpr std::array<std::size_t, 4> join_sizes{64, 16, 4, 2};

class PostgresqlConnection : public SociConnection {
 public:
  PostgresqlConnection(const std::string& conninfo, bool durable);

  Engine engine() const override { return Engine::postgresql; }
  void begin(bool writing) override;
  void commit() override;
  void rollback() noexcept override;
  void script(const std::string& text) override { execute(text); }
  void enter_line() override;
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
    std::size_t stands_for = 1;   // calls that became this one
    std::size_t rows_of_one = 1;  // that each of them inserts, where they are several
  };
  /// A plain insert and what inserts the rows of several calls of it, made when it is needed.
  struct Joinable {
    std::string text;
    std::size_t row_count = 0;
    std::array<PreparedStatement*, join_sizes.size()> joined{};
  };
  using EachResult = std::function<void(std::size_t, PGresult&)>;
  Call call_of(PreparedStatement& statement, const Parameters& parameters);
  /// The kept statement of many calls.
  PreparedStatement& prepared_for_many(std::string_view name, std::string_view text);
  std::vector<Call> joined(std::vector<Call> calls);
  static std::size_t alike(std::span<const Call> calls);
  Call join_first(std::span<Call>& calls);
  /// All of them in one go; throws what the first that fails means.
  void run_together(std::span<const Call> calls, const EachResult& each);
  void run_sent(std::span<const Call> calls, const EachResult& each);
  static void add_touched(std::vector<std::int64_t>& touched, const Call& call, std::int64_t rows);
  void send(const Call& call);
  void check_result(const PGresult* result, std::string_view name);
  ResultHandle next_result();
  PGconn* handle() const;

  bool broken_ = false;
  std::vector<Call> posted_;
  std::size_t posted_bytes_ = 0;
  std::unordered_map<const PreparedStatement*, Joinable> joinable_;  // plain inserts
};

}  // namespace cstims
