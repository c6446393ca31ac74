#include "bank/statements.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cstims::test {

std::string sample_file(std::string_view name) {
  std::ifstream file(fmt::format("{}/tests/bank/samples/{}", CSTIMS_SOURCE, name),
                     std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) throw std::runtime_error(fmt::format("there is no sample {}", name));
  return std::move(content).str();
}

BankFileRules rules_of_tests() {
  return {.csv = {}, .account = "ES9121000418450200051332", .currency = Currency::eur()};
}

std::vector<BankTransaction> transactions_of(std::string_view bytes, const BankFileRules& rules) {
  const auto file = read_bank_file(bytes, std::nullopt, rules);
  if (!file) throw std::runtime_error(file.error().english());
  std::vector<BankTransaction> transactions;
  for (const auto& statement : file->statements) {
    for (const auto& transaction : statement.transactions) transactions.push_back(transaction);
  }
  return transactions;
}

std::string refusal_of(std::string_view bytes, const BankFileRules& rules) {
  const auto file = read_bank_file(bytes, std::nullopt, rules);
  return file ? "" : file.error().english();
}

std::string camt_of(const std::vector<SampleEntry>& entries) {
  std::string xml =
      "<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>ES9121000418450200051332</IBAN></Id>"
      "<Ccy>EUR</Ccy></Acct>\n";
  for (const auto& entry : entries) {
    const bool out = entry.amount.starts_with('-');
    const std::string side = out ? "Cdtr" : "Dbtr";
    xml += fmt::format(
        "<Ntry><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{}</CdtDbtInd>{}<Sts>BOOK</Sts>"
        "<BookgDt><Dt>{}</Dt></BookgDt><AcctSvcrRef>{}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties>"
        "<{}><Nm>{}</Nm></{}><{}Acct><Id><IBAN>{}</IBAN></Id></{}Acct></RltdPties>"
        "<RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n",
        out ? entry.amount.substr(1) : entry.amount, out ? "DBIT" : "CRDT",
        entry.returned ? "<RvslInd>true</RvslInd>" : "", entry.date, entry.reference, side,
        entry.name, side, side, entry.iban, side, entry.text);
  }
  return xml + "</Stmt></BkToCstmrStmt></Document>\n";
}

}  // namespace cstims::test
