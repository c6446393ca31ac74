#include "bank/bank_import.h"

#include <fmt/format.h>

#include <set>

#include "base/secret.h"
#include "base/text.h"
#include "db/batches.h"

namespace cstims {
namespace {

constexpr std::size_t matched_at_once = 20;
constexpr std::size_t longest_file_name = 100;

/// The last part of the path, fit to be shown.
std::string file_name_of(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  const auto last = slash == name.npos ? name : name.substr(slash + 1);
  return shorten(single_line(last), longest_file_name);
}

}  // namespace

CsvRules csv_rules(const BankCsvSettings& settings) {
  return {.columns = settings.columns,
          .separator = settings.separator,
          .decimal_sign = settings.decimal_sign,
          .dates = settings.dates};
}

BankFileRules bank_file_rules(const Site& site) {
  return {.csv = csv_rules(site.bank_csv), .account = site.iban, .currency = site.currency};
}

Result<ImportedFile> store_bank_file(const BankParts& parts, const Viewer& viewer,
                                     const BankUpload& upload) {
  const auto file = read_bank_file(upload.bytes, upload.format, bank_file_rules(parts.site));
  if (!file) return std::unexpected(file.error());
  const NamedBankFile named{file_name_of(upload.name), sha256_hex(upload.bytes), *file};
  return parts.database.write([&](Transaction& tx) {
    Act act{tx, viewer, parts.mailer, parts.site};
    return import_bank_file(act, named);
  });
}

std::vector<std::string> match_new_transactions(const BankParts& parts, const Viewer& viewer,
                                                const MatchingReports& reports) {
  std::vector<std::string> faults;
  const auto [ids, names] = parts.database.read([](Transaction& tx) {
    auto waiting = list_new_transactions(tx);
    return std::pair(waiting, waiting.empty() ? ClientNames() : load_client_names(tx));
  });
  const auto total = static_cast<std::int64_t>(ids.size());
  std::int64_t count = 0;
  const auto one_done = [&] {
    ++count;
    if (reports.progress) reports.progress(count, total);
  };
  in_batches<BankTransactionId>(
      parts.database, ids, matched_at_once,
      [&](Transaction& tx, BankTransactionId id) -> std::optional<MatchedTransaction> {
        if (reports.stop.stop_requested()) return std::nullopt;
        Act act{tx, viewer, parts.mailer, parts.site};
        return match_transaction(act, id, names);
      },
      [&](const std::optional<MatchedTransaction>& matched) {
        if (matched && reports.done) reports.done(*matched);
        one_done();
      },
      [&](BankTransactionId id, const std::exception& error) {
        faults.push_back(fmt::format("bank transaction {}: {}", id.number(), error.what()));
        one_done();
      });
  return faults;
}

Result<BankPreview> preview_bank_file(const BankParts& parts, const BankUpload& upload) {
  const auto file = read_bank_file(upload.bytes, upload.format, bank_file_rules(parts.site));
  if (!file) return std::unexpected(file.error());
  return parts.database.read([&](Transaction& tx) {
    BankPreview preview{.known = has_bank_file(tx, sha256_hex(upload.bytes))};
    const auto names = load_client_names(tx);
    MatchPreview matches(tx, file->format, names);
    std::set<std::string> seen;
    for (const auto& statement : file->statements) {
      const auto keys = transaction_keys(statement);
      for (std::size_t n = 0; n < keys.size(); ++n) {
        ++preview.transactions;
        if (!seen.insert(keys[n]).second || has_bank_transaction(tx, keys[n])) continue;
        preview.added.push_back(matches.look_at(statement.account, statement.transactions[n]));
      }
    }
    return preview;
  });
}

}  // namespace cstims
