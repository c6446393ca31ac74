// Reading a file, storing it and matching what is new: the whole of an import, for the command and
// the page. Storing is one transaction, matching many small ones: whoever is stopped in between
// loses nothing, since what was not tried yet is tried by the next import, or on request.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bank/bank_actions.h"
#include "bank/bank_file.h"
#include "base/site.h"

namespace cstims {

struct BankParts {
  Database& database;
  const Mailer& mailer;
  const Site& site;
};

CsvRules csv_rules(const BankCsvSettings& settings);
/// As the settings of the site say.
BankFileRules bank_file_rules(const Site& site);

struct BankUpload {
  std::string name;
  std::string bytes;
  std::optional<BankFormat> format = {};  // absent: recognised
};
/// Refuses (field "file") what cannot be read, and stores nothing of it.
Result<ImportedFile> store_bank_file(const BankParts& parts, const Viewer& viewer,
                                     const BankUpload& upload);

struct MatchingReports {
  std::function<void(const MatchedTransaction&)> done = {};
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};
  std::stop_token stop = {};
};
/// Tries everything that was not tried yet, of whatever file. What could not be tried stands in the
/// result, one sentence each; the rest was.
std::vector<std::string> match_new_transactions(const BankParts& parts, const Viewer& viewer,
                                                const MatchingReports& reports = {});

/// What an import would do, writing nothing.
struct BankPreview {
  bool known = false;
  std::int64_t transactions = 0;
  std::vector<MatchedTransaction> added = {};
};
Result<BankPreview> preview_bank_file(const BankParts& parts, const BankUpload& upload);

}  // namespace cstims
