#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/command_functions.h"
#include "app/progress.h"
#include "bank/bank_import.h"
#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

/// What became of the transactions, for the last line.
struct Counts {
  std::int64_t recorded = 0;
  std::int64_t queued = 0;
  std::int64_t outgoing = 0;

  void add(const MatchedTransaction& one) {
    ++(one.outcome == MatchOutcome::pay     ? recorded
       : one.outcome == MatchOutcome::queue ? queued
                                            : outgoing);
  }
};

BankUpload read_upload(const Invocation& run) {
  const auto path = run.require("FILE");
  const auto name = run.value("--format").value_or("auto");
  BankUpload upload{.name = path, .bytes = {}, .format = parse_bank_format(name)};
  if (!upload.format && name != "auto") {
    throw UsageError("--format: one of auto, camt053, csv, norma43");
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw UsageError(fmt::format("{}: {}", path, error.message()));
  if (size > largest_bank_file) throw Refused(fmt::format("{}: it is larger than 10 MB", path));
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) throw UsageError(fmt::format("{}: it cannot be read", path));
  upload.bytes = std::move(content).str();
  return upload;
}

std::string_view word_of(MatchOutcome outcome) {
  switch (outcome) {
    case MatchOutcome::pay:
      return "recorded";
    case MatchOutcome::queue:
      return "queued";
    case MatchOutcome::outgoing:
      return "outgoing";
  }
  return {};
}

void print_matched(const MatchedTransaction& one, bool json) {
  const auto& facts = one.facts;
  const auto doubt =
      one.outcome == MatchOutcome::queue ? shown(one.doubt).english() : std::string();
  if (json) {
    print_object({{"id", one.id.number()},
                  {"date", facts.date.text()},
                  {"amount", facts.amount.text()},
                  {"currency", std::string(facts.amount.currency().code())},
                  {"name", facts.name},
                  {"text", facts.text},
                  {"outcome", std::string(word_of(one.outcome))},
                  {"invoices", join(one.invoices, " ")},
                  {"client", one.client},
                  {"doubt", doubt}});
    return;
  }
  fmt::print(
      "{}  {} {}  {}{}{}{}{}{}\n", facts.date.text(), facts.amount.text(),
      facts.amount.currency().code(), word_of(one.outcome),
      one.invoices.empty() ? "" : "  " + join(one.invoices, " "),
      one.client.empty() ? "" : "  " + one.client, doubt.empty() ? "" : "  ", doubt,
      one.outcome == MatchOutcome::pay || facts.name.empty() ? "" : "  (" + facts.name + ")");
}

void print_summary(std::int64_t transactions, std::int64_t added, const Counts& counts, bool json) {
  if (json) {
    print_object({{"transactions", transactions},
                  {"new", added},
                  {"recorded", counts.recorded},
                  {"queued", counts.queued},
                  {"outgoing", counts.outgoing}});
    return;
  }
  fmt::print("{} transactions, {} new: {} recorded, {} in the queue, {} went out\n", transactions,
             added, counts.recorded, counts.queued, counts.outgoing);
}

void print_known(bool known, bool json) {
  if (known && !json) fmt::print("This file was imported before.\n");
}

int preview(Invocation& run, const BankParts& parts, const BankUpload& upload) {
  const auto preview = granted(preview_bank_file(parts, upload));
  Counts counts;
  for (const auto& one : preview.added) {
    counts.add(one);
    print_matched(one, run.json());
  }
  print_known(preview.known, run.json());
  print_summary(preview.transactions, static_cast<std::int64_t>(preview.added.size()), counts,
                run.json());
  return 0;
}

}  // namespace

int import_bank_command(Invocation& run) {
  const auto upload = read_upload(run);
  auto& installation = run.installation();
  const BankParts parts{installation.database(), installation.mailer(), installation.site()};
  if (run.given("--dry-run")) return preview(run, parts, upload);
  const Viewer viewer = Viewer::of_system("bank import");
  const auto imported = granted(store_bank_file(parts, viewer, upload));
  Counts counts;
  Progress progress("transactions", run.json());
  const auto faults = match_new_transactions(
      parts, viewer,
      {.done =
           [&](const MatchedTransaction& one) {
             counts.add(one);
             progress.hide();
             print_matched(one, run.json());
           },
       .progress = [&](std::int64_t done, std::int64_t total) { progress.show(done, total); }});
  progress.hide();
  print_known(imported.known, run.json());
  print_summary(imported.transactions, imported.added, counts, run.json());
  for (const auto& fault : faults) fmt::print(stderr, "cstims: {}\n", fault);
  return faults.empty() ? 0 : 1;
}

}  // namespace cstims
