// The commands table: `cstims <noun> <verb>`. Each row names its parameters and one function; the
// command line, --help and the reference in docs/ are made from it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/installation.h"

namespace cstims {

struct CommandParameter {
  std::string_view name;   // "--date", or "FILE" for one without a name
  std::string_view value;  // what stands after it in --help; empty: a switch
  std::string_view help;
  bool required = false;
  bool repeated = false;  // may be given several times; its value has one a line
};

/// One run of a command.
class Invocation {
 public:
  Invocation(Settings settings, const Clock& clock, std::map<std::string, std::string> values);
  ~Invocation();

  const Settings& settings() const { return settings_; }
  const Clock& clock() const { return clock_; }
  bool given(std::string_view parameter) const;  // "--dry-run"
  std::optional<std::string> value(std::string_view parameter) const;
  std::string require(std::string_view parameter) const;       // throws UsageError
  std::optional<Date> date(std::string_view parameter) const;  // throws UsageError
  bool json() const { return given("--json"); }
  /// Opened when first asked; the schema must fit (throws Refused).
  Installation& installation();
  /// Opened without a look at the schema (db migrate).
  Installation& bare_installation();

 private:
  Settings settings_;
  const Clock& clock_;
  std::map<std::string, std::string> values_;
  std::unique_ptr<Installation> installation_;
};

/// 0 done, 1 failed, 2 bad usage or configuration, 3 refused (thrown: UsageError 2, Refused 3,
/// anything else 1).
using CommandFunction = int (*)(Invocation&);

struct Command {
  std::string_view noun;
  std::string_view verb;  // empty: the noun alone is the command
  std::string_view help;
  std::span<const CommandParameter> parameters;
  CommandFunction run;
};

std::span<const Command> commands_table();

/// Parses the arguments, runs the command, prints errors as one line on standard error; returns the
/// exit code.
int run_program(int count, const char* const* arguments);

/// The reference of all commands as Markdown (docs/reference/commands.md).
std::string describe_commands();

/// Rows of a listing command: aligned columns, or with --json an array of objects.
using OutputCell = std::variant<std::string, std::int64_t>;
struct OutputTable {
  std::vector<std::string> columns;  // also the keys of the objects
  std::vector<std::vector<OutputCell>> rows;
};
void print_table(const OutputTable& table, bool json);
/// One object on a line.
void print_object(const std::vector<std::pair<std::string, OutputCell>>& object);

/// Throws Refused with the sentence when it is a refusal.
template <typename T>
T granted(Result<T> result) {
  if (!result) throw Refused(result.error().english());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace cstims
