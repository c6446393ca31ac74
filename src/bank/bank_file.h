// Reading the files banks give out. Whatever the bytes are, the answer is all of it or one sentence
// that names the line: nothing is guessed, and amounts are whole numbers of minor units throughout.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bank/bank_statement.h"

namespace cstims {

/// How CSV files are read; banks agree on nothing. Empty: found out from the file.
struct CsvRules {
  /// "date=Fecha;amount=Importe;text=Concepto,Observaciones": which column holds what, by its title
  /// or its number from 1. date value_date amount debit credit text reference name iban currency
  /// account.
  std::string columns = {};
  std::string separator = {};     // one character, or "tab"
  std::string decimal_sign = {};  // "," or "."
  std::string dates = {};         // "dmy" (the default), "mdy" or "ymd"
};
/// What is wrong with the rules, or empty.
std::string fault_of_csv_rules(const CsvRules& rules);

struct BankFileRules {
  CsvRules csv = {};
  std::string account = {};  // whose a file is that does not say so: an IBAN, or empty
  Currency currency = Currency::eur();
};

/// `format` absent: recognised from the content. Refuses (field "file") with the line and what is
/// wrong there.
Result<BankFile> read_bank_file(std::string_view bytes, std::optional<BankFormat> format,
                                const BankFileRules& rules);

}  // namespace cstims
