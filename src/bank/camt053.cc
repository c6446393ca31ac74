// ISO 20022 bank-to-customer statements, camt.053.001.02 and later: Document/BkToCstmrStmt/Stmt
// with Ntry. Names of elements are those of the standard.
#include <algorithm>

#include "bank/bank_readers.h"
#include "bank/xml_reader.h"
#include "base/text.h"

namespace cstims {
namespace {

[[noreturn]] void fault(const XmlElement& element, Message said) {
  throw LineFault{element.line, std::move(said)};
}

Date read_date(const XmlElement& element, std::string_view said) {
  // Dt, or the day of DtTm.
  const auto date = Date::parse(said.substr(0, 10));
  if (!date) {
    fault(element, message("Line {}: \"{}\" is no date.", {bank_words(said, 30)}));
  }
  return *date;
}

std::optional<Date> date_at(const XmlElement& element, std::string_view name) {
  const auto* dated = element.find(name);
  if (dated == nullptr) return std::nullopt;
  auto said = dated->text_at("Dt");
  if (said.empty()) said = dated->text_at("DtTm");
  if (said.empty()) return std::nullopt;
  return read_date(*dated, said);
}

Money read_amount(const XmlElement& amount, Currency wanted) {
  const auto code = amount.attribute("Ccy");
  if (!code.empty() && code != wanted.code()) {
    fault(amount, message("Line {}: the amount is in {}, the account in {}.",
                          {bank_words(code, 10), std::string(wanted.code())}));
  }
  const auto said = trim(amount.text);
  const auto money = exact_amount(said, wanted);
  if (!money || money->is_negative()) {
    fault(amount, message("Line {}: \"{}\" is no amount.", {bank_words(said, 30)}));
  }
  return *money;
}

/// CRDT or DBIT; `otherwise` when it does not say.
bool is_credit(const XmlElement& element, std::optional<bool> otherwise = {}) {
  const auto said = element.text_at("CdtDbtInd");
  if (said == "CRDT") return true;
  if (said == "DBIT") return false;
  if (said.empty() && otherwise) return *otherwise;
  fault(element, message("Line {}: it is not said whether money came in or went out (CdtDbtInd)."));
}

class Camt {
 public:
  explicit Camt(const BankFileRules& rules) : rules_(rules) {}

  /// Entries are read as they come, so that no more than one of them is kept as a tree. Their
  /// account stands before them.
  BankFile read(std::string_view bytes) {
    const XmlTaker taker{{"Acct", "TtlNtries", "Ntry", "Stmt", "BkToCstmrStmt", "BkToCstmrAcctRpt",
                          "BkToCstmrDbtCdtNtfctn"},
                         [this](const XmlElement& element) { take(element); }};
    try {
      read_xml(bytes, taker);
    } catch (const XmlFault& wrong) {
      throw LineFault{wrong.line, wrong.fault};
    }
    if (!is_statement_) {
      throw LineFault{1, message("Line {}: this is XML, but no bank statement (camt.053).")};
    }
    if (file_.statements.empty()) {
      throw LineFault{1, message("Line {}: the file has no statement in it.")};
    }
    return std::move(file_);
  }

 private:
  void take(const XmlElement& element) {
    if (element.name == "Acct") {
      if (!account_.empty()) {
        fault(element, message("Line {}: the statement names a second account."));
      }
      account_ = account_of(element);
      currency_ = read_currency(element, element.text_at("Ccy"));
      transactions_.clear();
      announced_.clear();
      entries_ = 0;
    } else if (element.name == "TtlNtries") {
      announced_ = element.text_at("NbOfNtries");
    } else if (element.name == "Ntry") {
      take_entry(element);
    } else if (element.name == "Stmt") {
      take_statement(element);
    } else if (element.name == "BkToCstmrStmt") {
      is_statement_ = true;
    } else {
      fault(element,
            message("Line {}: this is a report or a note of the bank (camt.052, camt.054). "
                    "Ask for the statement, camt.053."));
    }
  }

  void take_statement(const XmlElement& element) {
    if (account_.empty()) fault(element, message("Line {}: the statement names no account."));
    if (const auto* amount = element.at("Bal/Amt"); !currency_ && amount != nullptr) {
      currency_ = read_currency(*amount, amount->attribute("Ccy"));
    }
    BankStatement statement{.line = element.line,
                            .account = std::move(account_),
                            .currency = currency_.value_or(rules_.currency),
                            .transactions = std::move(transactions_)};
    if (const auto* days = element.find("FrToDt")) {
      statement.first_day = read_date(*days, days->text_at("FrDtTm") + days->text_at("FrDt"));
      statement.last_day = read_date(*days, days->text_at("ToDtTm") + days->text_at("ToDt"));
    }
    if (!announced_.empty() && announced_ != std::to_string(entries_)) {
      fault(element, message("Line {}: the statement says it has {} entries, there are {}.",
                             {bank_words(announced_, 20), std::to_string(entries_)}));
    }
    read_balances(element, statement);
    check_balance(statement);
    file_.statements.push_back(std::move(statement));
    account_.clear();
    currency_.reset();
    transactions_.clear();
  }

  static std::string account_of(const XmlElement& account) {
    const auto said = account.text_at("Id/IBAN");
    if (!said.empty()) {
      auto iban = bank_iban(said);
      if (!iban.empty()) return iban;
      fault(account, message("Line {}: \"{}\" is no IBAN.", {bank_words(said, 40)}));
    }
    auto other = bank_words(account.text_at("Id/Othr/Id"), 40);
    if (other.empty()) fault(account, message("Line {}: the statement names no account."));
    return other;
  }

  static std::optional<Currency> read_currency(const XmlElement& element, const std::string& code) {
    if (code.empty()) return std::nullopt;
    const auto currency = Currency::parse(code);
    if (!currency) {
      fault(element, message("Line {}: \"{}\" is no currency.", {bank_words(code, 10)}));
    }
    return *currency;
  }

  void read_balances(const XmlElement& element, BankStatement& statement) const {
    for (const auto& balance : element.children) {
      if (balance.name != "Bal") continue;
      const auto kind = balance.text_at("Tp/CdOrPrtry/Cd");
      const auto* amount = balance.find("Amt");
      if (amount == nullptr || (kind != "OPBD" && kind != "PRCD" && kind != "CLBD")) continue;
      const auto sum = read_amount(*amount, statement.currency);
      auto& which = kind == "CLBD" ? statement.closing : statement.opening;
      which = is_credit(balance) ? sum : -sum;
    }
  }

  /// An entry is one transaction, or a batch whose details each say their amount.
  void take_entry(const XmlElement& entry) {
    if (account_.empty()) fault(entry, message("Line {}: the statement names no account."));
    ++entries_;
    if (!is_booked(entry)) return;
    const auto* amount = entry.find("Amt");
    if (amount == nullptr) fault(entry, message("Line {}: the entry has no amount."));
    if (!currency_) currency_ = read_currency(*amount, amount->attribute("Ccy"));
    const auto currency = currency_.value_or(rules_.currency);
    const bool credit = is_credit(entry);
    const auto sum = credit ? read_amount(*amount, currency) : -read_amount(*amount, currency);
    const auto details = details_of(entry);
    if (details.size() > 1) {
      auto parts = parts_of(entry, details, currency, credit);
      Money of_parts = Money::zero(currency);
      for (const auto& part : parts) of_parts += part.amount;
      if (!parts.empty() && of_parts == sum) {
        for (auto& part : parts) add(std::move(part));
        return;
      }
    }
    BankTransaction whole = transaction_of(entry, currency);
    whole.amount = sum;
    for (const auto* detail : details) add_detail(*detail, credit, whole);
    finish(entry, whole);
    add(std::move(whole));
  }

  /// What is only announced is no money yet.
  static bool is_booked(const XmlElement& entry) {
    const auto status = entry.text_at("Sts") + entry.text_at("Sts/Cd");
    if (status.empty() || status == "BOOK") return true;
    if (status == "PDNG" || status == "INFO" || status == "FUTR") return false;
    fault(entry, message("Line {}: \"{}\" is no status of an entry.", {bank_words(status, 20)}));
  }

  void add(BankTransaction transaction) {
    if (transaction.amount.is_zero()) return;
    check_count(++read_, transaction.line);
    transactions_.push_back(std::move(transaction));
  }

  static std::vector<const XmlElement*> details_of(const XmlElement& entry) {
    std::vector<const XmlElement*> details;
    for (const auto& group : entry.children) {
      if (group.name != "NtryDtls") continue;
      for (const auto& detail : group.children) {
        if (detail.name == "TxDtls") details.push_back(&detail);
      }
    }
    return details;
  }

  /// Empty when one of them does not say its amount, or says it in another currency.
  std::vector<BankTransaction> parts_of(const XmlElement& entry,
                                        const std::vector<const XmlElement*>& details,
                                        Currency currency, bool credit) const {
    std::vector<BankTransaction> parts;
    for (const auto* detail : details) {
      const auto* amount = detail->find("Amt");
      if (amount == nullptr) amount = detail->at("AmtDtls/TxAmt/Amt");
      if (amount == nullptr || amount->attribute("Ccy") != currency.code()) return {};
      const auto sum = read_amount(*amount, currency);
      const bool came_in = is_credit(*detail, credit);
      BankTransaction part = transaction_of(entry, currency);
      part.line = detail->line;
      part.amount = came_in ? sum : -sum;
      add_detail(*detail, came_in, part);
      finish(entry, part);
      // The entry's reference is that of the batch: its parts are told apart by more.
      const auto own = detail->text_at("Refs/AcctSvcrRef");
      const auto ident = own.empty() ? detail->text_at("Refs/TxId") : own;
      part.reference = bank_words(ident, longest_bank_reference);
      parts.push_back(std::move(part));
    }
    return parts;
  }

  BankTransaction transaction_of(const XmlElement& entry, Currency currency) const {
    auto booked = date_at(entry, "BookgDt");
    const auto value = date_at(entry, "ValDt");
    if (!booked) booked = value;
    if (!booked) fault(entry, message("Line {}: the entry has no date."));
    const bool reversal = entry.text_at("RvslInd") == "true" || entry.text_at("RvslInd") == "1";
    return {.line = entry.line,
            .date = *booked,
            .value_date = value,
            .amount = Money::zero(currency),
            .reference = bank_words(entry.text_at("AcctSvcrRef"), longest_bank_reference),
            .returned = reversal};
  }

  /// The other side is who paid when money came in, else who was paid.
  static void add_detail(const XmlElement& detail, bool credit, BankTransaction& into) {
    const std::string side = credit ? "Dbtr" : "Cdtr";
    if (const auto* parties = detail.find("RltdPties")) {
      auto name = parties->text_at(side + "/Nm");
      if (name.empty()) name = parties->text_at(side + "/Pty/Nm");
      if (into.name.empty()) into.name = bank_words(name, longest_bank_name);
      if (into.iban.empty()) into.iban = bank_iban(parties->text_at(side + "Acct/Id/IBAN"));
    }
    if (const auto* remittance = detail.find("RmtInf")) {
      for (const auto& part : remittance->children) {
        if (part.name == "Ustrd") into.text += " " + part.text;
        if (part.name != "Strd") continue;
        const auto reference = part.text_at("CdtrRefInf/Ref");
        if (!reference.empty()) into.creditor_reference += " " + reference;
      }
    }
    const auto end_to_end = detail.text_at("Refs/EndToEndId");
    if (!end_to_end.empty() && end_to_end != "NOTPROVIDED") into.text += " " + end_to_end;
    if (!detail.text_at("AddtlTxInf").empty()) into.text += " " + detail.text_at("AddtlTxInf");
    if (detail.find("RtrInf") != nullptr) into.returned = true;
  }

  static void finish(const XmlElement& entry, BankTransaction& transaction) {
    transaction.text += " " + entry.text_at("AddtlNtryInf");
    transaction.text = bank_words(transaction.text, longest_bank_text);
    transaction.creditor_reference =
        bank_words(transaction.creditor_reference, longest_bank_reference);
  }

  const BankFileRules& rules_;
  BankFile file_{.format = BankFormat::camt053, .statements = {}};
  // Of the statement that is being read:
  std::string account_;
  std::optional<Currency> currency_;
  std::string announced_;  // how many entries it says it has
  std::size_t entries_ = 0;
  std::vector<BankTransaction> transactions_;
  std::size_t read_ = 0;  // of the whole file
  bool is_statement_ = false;
};

}  // namespace

BankFile read_camt053(std::string_view bytes, const BankFileRules& rules) {
  return Camt(rules).read(bytes);
}

}  // namespace cstims
