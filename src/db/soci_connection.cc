#include "db/soci_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace cstims {

namespace {

constexpr std::size_t most_built_statements = 64;
constexpr auto slow = std::chrono::milliseconds(500);

/// Sets a flag for the time of a scope.
class Marked {
 public:
  explicit Marked(bool& flag) : flag_(flag) { flag_ = true; }
  ~Marked() { flag_ = false; }
  Marked(const Marked&) = delete;
  Marked& operator=(const Marked&) = delete;

 private:
  bool& flag_;
};

void warn_if_slow(std::string_view name, std::chrono::steady_clock::duration took) {
  if (took < slow) return;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  log_warning("slow statement",
              {{"statement", std::string(name)}, {"ms", std::to_string(milliseconds)}});
}

}  // namespace

PreparedStatement::PreparedStatement(soci::session& session, std::string_view name,
                                     const std::string& text)
    : name_(name), statement_(session) {
  statement_.alloc();
  statement_.prepare(text);
}

void PreparedStatement::describe(Facts facts) {
  width_ = facts.columns.size();
  slots_.resize(facts.parameters.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].name = std::move(facts.parameters[i]);
  columns_ = std::make_shared<const Row::Columns>(std::move(facts.columns));
}

std::int64_t PreparedStatement::run(const Parameters& parameters, const Connection::EachRow& each,
                                    Cursor* cursor) {
  const Marked marked(running_);
  fill_slots(parameters);
  if (!bound_) bind(cursor == nullptr);
  bool found = statement_.execute(true);
  if (width_ == 0) return statement_.get_affected_rows();
  std::int64_t rows = 0;
  while (found) {
    ++rows;
    if (each && !each(Row(columns_, cursor == nullptr ? take_cells() : cursor->cells(backend())))) {
      break;
    }
    found = cursor == nullptr ? statement_.fetch() : cursor->next(backend());
  }
  return rows;
}

void PreparedStatement::check(const Parameters& parameters) {
  for (auto& slot : slots_) slot.given = false;
  for (const auto& [name, value] : parameters) {
    auto& slot = slot_of(name);
    if (std::exchange(slot.given, true)) reject(name, "is given twice");
    check_text(name, value);
  }
  for (const auto& slot : slots_)
    if (!slot.given) reject(slot.name, "is missing");
}

void PreparedStatement::fill_slots(const Parameters& parameters) {
  check(parameters);
  for (const auto& [name, value] : parameters)
    if (!fill_slot(slot_of(name), value)) bound_ = false;
}

PreparedStatement::Slot& PreparedStatement::slot_of(std::string_view parameter) {
  const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                 [&](const Slot& each) { return each.name == parameter; });
  if (slot == slots_.end()) reject(parameter, "is not in it");
  return *slot;
}

/// PostgreSQL's text cannot hold a zero byte, and would silently end there.
void PreparedStatement::check_text(std::string_view parameter, const Value& value) const {
  const auto* const text = std::get_if<std::string>(&value.get());
  if (text != nullptr && text->find('\0') != std::string::npos)
    reject(parameter, "contains a zero byte");
}

void PreparedStatement::reject(std::string_view parameter, std::string_view why) const {
  throw DatabaseError(fmt::format("statement '{}': parameter :{} {}", name_, parameter, why));
}

/// False when the slot is bound as the other type.
bool PreparedStatement::fill_slot(Slot& slot, const Value& value) {
  slot.indicator = soci::i_ok;
  if (const auto* number = std::get_if<std::int64_t>(&value.get())) {
    slot.number = *number;
    return std::exchange(slot.bound_as_number, true);
  }
  if (const auto* text = std::get_if<std::string>(&value.get())) {
    slot.text = *text;
    return !std::exchange(slot.bound_as_number, false);
  }
  slot.indicator = soci::i_null;
  return true;
}

void PreparedStatement::bind(bool fetching) {
  statement_.bind_clean_up();
  for (auto& slot : slots_) {
    if (slot.bound_as_number)
      statement_.exchange(soci::use(slot.number, slot.indicator, slot.name));
    else
      statement_.exchange(soci::use(slot.text, slot.indicator, slot.name));
  }
  if (fetching) {
    cells_.resize(width_);
    indicators_.resize(width_, soci::i_null);
    for (std::size_t i = 0; i < width_; ++i)
      statement_.exchange(soci::into(cells_[i], indicators_[i]));
  }
  statement_.define_and_bind();
  bound_ = true;
}

Row::Cells PreparedStatement::take_cells() {
  std::size_t bytes = 0;
  for (const auto& cell : cells_) bytes += cell.size();
  Row::Cells cells(cells_.size(), bytes);
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (indicators_[i] == soci::i_null)
      cells.add_null();
    else
      cells.add(cells_[i]);
  }
  return cells;
}

std::int64_t SociConnection::run(std::string_view name, std::string_view text, bool kept,
                                 const Parameters& parameters, const EachRow& each) {
  const auto start = std::chrono::steady_clock::now();
  std::int64_t rows = 0;
  try {
    auto& statement = prepared(name, text, kept);
    // A callback of `each` may run the statement that is just giving it rows.
    rows = statement.running() ? run_prepared(*prepare(name, text), parameters, each)
                               : run_prepared(statement, parameters, each);
  } catch (const soci::soci_error& error) {
    translate(error, name);
  }
  warn_if_slow(name, std::chrono::steady_clock::now() - start);
  return rows;
}

PreparedStatement& SociConnection::prepared(std::string_view name, std::string_view text,
                                            bool kept) {
  auto& statements = kept ? kept_ : built_;
  const auto found = statements.find(text);
  if (found != statements.end()) return *found->second;
  if (!kept && built_.size() >= most_built_statements)
    std::erase_if(built_, [](const auto& each) { return !each.second->running(); });
  return *statements.emplace(text, prepare(name, text)).first->second;
}

std::unique_ptr<PreparedStatement> SociConnection::prepare(std::string_view name,
                                                           std::string_view text) {
  auto statement = std::make_unique<PreparedStatement>(session_, name, std::string(text));
  statement->describe(describe(statement->backend()));
  return statement;
}

std::int64_t SociConnection::run_prepared(PreparedStatement& statement,
                                          const Parameters& parameters, const EachRow& each) {
  try {
    const auto rows = statement.run(parameters, each, cursor());
    finish(statement.backend());
    return rows;
  } catch (...) {
    finish(statement.backend());
    throw;
  }
}

}  // namespace cstims
