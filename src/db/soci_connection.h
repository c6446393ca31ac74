// What both engines share of a SOCI session: statements prepared once, parameters by name, every
// column fetched as text (so that both engines give the same), errors without parameter values
// (SOCI's own messages quote them, passwords too). An engine may hand out its rows itself: through
// SOCI's exchange a cell of SQLite costs three times as much.
#pragma once

#include <soci/soci.h>

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/connection.h"

namespace cstims {

/// A statement bound once to buffers of its own; running it again only fills them.
class PreparedStatement {
 public:
  struct Facts {
    std::vector<std::string> parameters;  // names without the colon, each once
    Row::Columns columns;
  };

  /// Goes from row to row by itself once the statement is executed.
  class Cursor {
   public:
    virtual ~Cursor() = default;
    /// The cells of the row it stands on.
    virtual Row::Cells cells(soci::details::statement_backend& statement) = 0;
    /// False when there are no more rows.
    virtual bool next(soci::details::statement_backend& statement) = 0;
  };

  PreparedStatement(soci::session& session, std::string_view name, const std::string& text);
  /// Once, before the first `run`.
  void describe(Facts facts);
  /// `cursor` null: rows come through SOCI.
  std::int64_t run(const Parameters& parameters, const Connection::EachRow& each, Cursor* cursor);
  soci::details::statement_backend& backend() { return *statement_.get_backend(); }
  bool running() const { return running_; }
  const std::shared_ptr<const Row::Columns>& columns() const { return columns_; }
  std::string_view name() const { return name_; }
  /// Throws DatabaseError unless `parameters` are those of the statement, each once.
  void check(const Parameters& parameters);

 private:
  struct Slot {
    std::string name;
    bool given = false;
    bool bound_as_number = false;
    soci::indicator indicator = soci::i_null;
    long long number = 0;
    std::string text;
  };

  void fill_slots(const Parameters& parameters);
  Slot& slot_of(std::string_view parameter);
  void check_text(std::string_view parameter, const Value& value) const;
  bool fill_slot(Slot& slot, const Value& value);
  void bind(bool fetching);
  Row::Cells take_cells();

  [[noreturn]] void reject(std::string_view parameter, std::string_view why) const;

  std::string name_;
  soci::statement statement_;
  std::shared_ptr<const Row::Columns> columns_;
  std::vector<Slot> slots_;
  std::size_t width_ = 0;  // columns
  std::vector<std::string> cells_;
  std::vector<soci::indicator> indicators_;
  bool bound_ = false;
  bool running_ = false;
};

class SociConnection : public Connection {
 public:
  std::int64_t run(std::string_view name, std::string_view text, bool kept,
                   const Parameters& parameters, const EachRow& each) final;

 protected:
  SociConnection(const soci::backend_factory& factory, const std::string& connect)
      : session_(factory, connect) {}

  virtual PreparedStatement::Facts describe(soci::details::statement_backend& statement) = 0;
  /// Null: SOCI fetches.
  virtual PreparedStatement::Cursor* cursor() { return nullptr; }
  /// Ends a statement whose rows were not all wanted.
  virtual void finish(soci::details::statement_backend& statement) noexcept = 0;
  /// Throws what `error` means: ConstraintViolation, RunAgain, Disconnected or DatabaseError.
  [[noreturn]] virtual void translate(const soci::soci_error& error, std::string_view name) = 0;
  void forget_statements() { kept_.clear(), built_.clear(); }

  /// The kept statement, made when it is new.
  PreparedStatement& prepared(std::string_view name, std::string_view text, bool kept);

  soci::session session_;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Statements =
      std::unordered_map<std::string, std::unique_ptr<PreparedStatement>, Hash, std::equal_to<>>;

  std::unique_ptr<PreparedStatement> prepare(std::string_view name, std::string_view text);
  std::int64_t run_prepared(PreparedStatement& statement, const Parameters& parameters,
                            const EachRow& each);

  Statements kept_;
  Statements built_;
};

}  // namespace cstims
