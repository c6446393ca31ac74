// The readers behind bank_file.h, and what they share. They give up by throwing a LineFault, which
// read_bank_file makes a refusal of: a reader is deep, and one wrong line ends all of it. For
// bank/ only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bank/bank_file.h"

namespace cstims {

struct LineFault {
  int line;
  Message fault;  // a sentence about that line
};

/// ISO 20022 camt.053, any version.
BankFile read_camt053(std::string_view bytes, const BankFileRules& rules);
/// The AEB's Cuaderno 43, in Latin-1 or UTF-8.
BankFile read_norma43(std::string_view bytes);
/// Text in UTF-8, with or without mark, or Windows-1252.
BankFile read_bank_csv(std::string_view bytes, const BankFileRules& rules);

/// As UTF-8: unchanged when it is, without its mark; else read as Windows-1252 (of which Latin-1's
/// letters are a part).
std::string bank_text(std::string_view bytes);
/// Without controls, spaces put together, at most `longest` characters.
std::string bank_words(std::string_view utf8, std::size_t longest);
/// "12", "12.5", "-12.500": exactly; absent when it is none, or finer than the currency.
std::optional<Money> exact_amount(std::string_view text, Currency currency);
/// An IBAN without spaces if it is a valid one, else empty.
std::string bank_iban(std::string_view text);
/// Opening balance and all amounts must give the closing one, where the bank says both.
void check_balance(const BankStatement& statement);
/// Throws when the file has more than is read at once.
void check_count(std::size_t transactions, int line);

constexpr std::size_t longest_bank_text = 1000;
constexpr std::size_t longest_bank_name = 140;
constexpr std::size_t longest_bank_reference = 80;

}  // namespace cstims
