// Files of banks for the tests of bank/: samples, and small ones made on the spot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bank/bank_file.h"

namespace cstims::test {

/// The bytes of tests/bank/samples/NAME.
std::string sample_file(std::string_view name);
/// `account` ES91 2100 0418 4502 0005 1332, euros.
BankFileRules rules_of_tests();
/// The transactions of all its statements; throws with the refusal.
std::vector<BankTransaction> transactions_of(std::string_view bytes,
                                             const BankFileRules& rules = rules_of_tests());
/// Why it is refused; empty when it is not.
std::string refusal_of(std::string_view bytes, const BankFileRules& rules = rules_of_tests());

/// A CAMT.053 file of one account with these entries.
struct SampleEntry {
  std::string amount;  // "-3.00": it went out
  std::string text = {};
  std::string name = {};
  std::string reference = {};  // of the bank
  std::string iban = {};
  std::string date = "2026-03-09";
  bool returned = false;
};
std::string camt_of(const std::vector<SampleEntry>& entries);

}  // namespace cstims::test
