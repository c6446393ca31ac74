// From the arguments to the row of the commands table and back to an exit code.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/command_functions.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr int failed = 1;
constexpr int bad_usage = 2;
constexpr int refused = 3;

bool is_positional(const CommandParameter& parameter) {
  return !parameter.name.starts_with("--");
}

void add_parameter(CLI::App& command, const CommandParameter& parameter,
                   std::map<std::string, std::string>& values) {
  const std::string name(parameter.name);
  const std::string help(parameter.help);
  if (parameter.value.empty() && !is_positional(parameter)) {
    command.add_flag_callback(
        name, [&values, name] { values[name] = "1"; }, help);
    return;
  }
  auto* option = command.add_option_function<std::vector<std::string>>(
      name,
      [&values, name](const std::vector<std::string>& given) { values[name] = join(given, "\n"); },
      help);
  option->allow_extra_args(false);
  if (!parameter.repeated) option->expected(1);
  if (!parameter.value.empty()) option->option_text(std::string(parameter.value));
  if (parameter.required) option->required();
}

struct Chosen {
  const Command* command = nullptr;
  std::optional<std::string> config;
  std::vector<std::string> assignments;
  std::map<std::string, std::string> values;
};

void add_commands(CLI::App& program, Chosen& chosen) {
  std::map<std::string_view, CLI::App*> nouns;
  for (const auto& command : commands_table()) {
    CLI::App* parent = &program;
    if (!command.verb.empty()) {
      auto& noun = nouns[command.noun];
      if (noun == nullptr) {
        noun = program.add_subcommand(std::string(command.noun));
        noun->require_subcommand(1);
        noun->fallthrough();
      }
      parent = noun;
    }
    auto* entry = parent->add_subcommand(
        std::string(command.verb.empty() ? command.noun : command.verb), std::string(command.help));
    entry->fallthrough();
    for (const auto& parameter : command.parameters)
      add_parameter(*entry, parameter, chosen.values);
    entry->callback([&chosen, &command] { chosen.command = &command; });
  }
  for (const auto& [noun, entry] : nouns) {
    std::vector<std::string> verbs;
    for (const auto& command : commands_table()) {
      if (command.noun == noun) verbs.emplace_back(command.verb);
    }
    entry->description(join(verbs, ", "));
  }
}

int run_chosen(const Chosen& chosen) {
  static const RealClock clock;
  start_cryptography();
  // The log is the server's; a command says what it did on standard output.
  if (chosen.command->run != serve) log_quietly();
  Invocation invocation(Settings::load(chosen.config, chosen.assignments, environment_settings()),
                        clock, chosen.values);
  return chosen.command->run(invocation);
}

/// A mail server bounces a mail for any exit code it does not know: wrong settings must not do
/// that.
int code_of(const Chosen& chosen, int code) {
  constexpr int try_again = 75;  // EX_TEMPFAIL of sysexits.h
  return chosen.command != nullptr && chosen.command->run == receive_mail_command ? try_again
                                                                                  : code;
}

int complain(const std::exception& error, int code) {
  fmt::print(stderr, "cstims: {}\n", error.what());
  return code;
}

}  // namespace

Invocation::Invocation(Settings settings, const Clock& clock,
                       std::map<std::string, std::string> values)
    : settings_(std::move(settings)), clock_(clock), values_(std::move(values)) {}

Invocation::~Invocation() = default;

bool Invocation::given(std::string_view parameter) const {
  return values_.contains(std::string(parameter));
}

std::optional<std::string> Invocation::value(std::string_view parameter) const {
  const auto found = values_.find(std::string(parameter));
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::string Invocation::require(std::string_view parameter) const {
  if (auto given = value(parameter)) return *given;
  throw UsageError(fmt::format("{} is missing", parameter));
}

std::optional<Date> Invocation::date(std::string_view parameter) const {
  const auto given = value(parameter);
  if (!given) return std::nullopt;
  auto date = Date::parse(*given);
  if (!date)
    throw UsageError(fmt::format("{} {}: write the date as YYYY-MM-DD", parameter, *given));
  return *date;
}

Installation& Invocation::bare_installation() {
  if (!installation_) installation_ = std::make_unique<Installation>(settings_, clock_);
  return *installation_;
}

Installation& Invocation::installation() {
  auto& opened = bare_installation();
  opened.require_schema();
  return opened;
}

int run_program(int count, const char* const* arguments) {
  CLI::App program("CSTIMS: clients, services, tickets and invoices of a hosting provider.",
                   "cstims");
  Chosen chosen;
  program.set_version_flag("--version", std::string("cstims ") + CSTIMS_VERSION);
  program.add_option("--config", chosen.config,
                     "settings file (default: ./cstims.conf if there is one)");
  program
      .add_option("--set", chosen.assignments,
                  "key=value: one setting over the file and the environment")
      ->allow_extra_args(false);
  program.require_subcommand(1);
  program.fallthrough();
  add_commands(program, chosen);
  try {
    program.parse(count, arguments);
    return run_chosen(chosen);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    fmt::print(stderr, "cstims: {} (see: cstims --help)\n", error.what());
    return bad_usage;
  } catch (const UsageError& error) {
    return complain(error, code_of(chosen, bad_usage));
  } catch (const Refused& error) {
    return complain(error, code_of(chosen, refused));
  } catch (const std::exception& error) {
    return complain(error, code_of(chosen, failed));
  }
}

std::string describe_commands() {
  std::string reference =
      "# Commands\n\n`cstims [--config FILE] [--set key=value]… <noun> <verb>`. Exit 0 done, 1 "
      "failed, 2 bad "
      "usage or configuration,\n3 refused (the data does not allow it). Errors are one line on "
      "standard error.\n";
  for (const auto& command : commands_table()) {
    std::string line =
        fmt::format("cstims {}{}{}", command.noun, command.verb.empty() ? "" : " ", command.verb);
    std::string rows;
    for (const auto& parameter : command.parameters) {
      const std::string written = fmt::format("{}{}{}", parameter.name,
                                              parameter.value.empty() ? "" : " ", parameter.value);
      line += parameter.required ? " " + written : " [" + written + "]";
      rows += fmt::format("- `{}` {}\n", written, parameter.help);
    }
    reference +=
        fmt::format("\n## {}\n\n{}\n{}{}", line, command.help, rows.empty() ? "" : "\n", rows);
  }
  return reference;
}

}  // namespace cstims
