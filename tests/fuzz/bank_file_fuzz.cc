// Files of banks: whatever the bytes, the answer is a refusal with a sentence, or a statement whose
// texts are clean, whose amounts fit the balances, and whose keys are all different.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "bank/bank_file.h"
#include "bank/bank_matching.h"
#include "base/text.h"

namespace {

using namespace cstims;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_clean(std::string_view text, std::size_t longest) {
  require(is_utf8(text) && !has_controls(text, true) && count_characters(text) <= longest);
}

void require_sound(const BankStatement& statement) {
  require(!statement.account.empty());
  for (const auto& one : statement.transactions) {
    require(!one.amount.is_zero() && one.amount.currency() == statement.currency);
    require_clean(one.text, 1000);
    require_clean(one.name, 140);
    require_clean(one.reference, 80);
    require_clean(one.creditor_reference, 80);
    require_clean(one.iban, 34);
    for (const auto& guess : number_guesses(one)) require(guess.sequence > 0);
  }
  const auto keys = transaction_keys(statement);
  require(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size());
  if (!statement.opening || !statement.closing) return;
  Money balance = *statement.opening;
  for (const auto& one : statement.transactions) balance += one.amount;
  require(balance == *statement.closing);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const BankFileRules rules{.csv = {}, .account = "ES9121000418450200051332"};
  for (const auto format : {std::optional<BankFormat>(), std::optional(BankFormat::camt053),
                            std::optional(BankFormat::csv), std::optional(BankFormat::norma43)}) {
    const auto file = read_bank_file(bytes, format, rules);
    if (!file) {
      require(file.error().items.size() == 1 && !file.error().english().empty());
      continue;
    }
    for (const auto& statement : file->statements) require_sound(statement);
  }
  return 0;
}
