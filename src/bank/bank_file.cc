#include "bank/bank_file.h"

#include <array>
#include <stdexcept>

#include "bank/bank_readers.h"
#include "base/iban.h"
#include "base/text.h"

namespace cstims {
namespace {

/// 0x80 to 0x9F of Windows-1252, which stand where Latin-1 has controls; 0: not used.
constexpr std::array<char32_t, 32> windows_1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::string& text, char32_t point) {
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0 | (point >> 6));
    text += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | (point >> 12));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (point & 0x3F));
  }
}

BankFormat recognise(std::string_view bytes) {
  std::string_view start = bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
  while (!start.empty() && std::string_view(" \t\r\n").contains(start.front())) {
    start.remove_prefix(1);
  }
  // UTF-16, with its mark, is what only XML may be written in here.
  if (start.starts_with('<') || start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    return BankFormat::camt053;
  }
  const auto line = start.substr(0, start.find_first_of("\r\n"));
  const bool fixed = line.starts_with("11") || line.starts_with("00");
  if (fixed && line.size() >= 60 && line.find_first_of(";,\t") == line.npos) {
    return BankFormat::norma43;
  }
  return BankFormat::csv;
}

BankFile read(std::string_view bytes, BankFormat format, const BankFileRules& rules) {
  switch (format) {
    case BankFormat::camt053:
      return read_camt053(bytes, rules);
    case BankFormat::norma43:
      return read_norma43(bytes);
    case BankFormat::csv:
      break;
  }
  return read_bank_csv(bytes, rules);
}

std::unexpected<Refusal> refuse_line(int line, const Message& fault) {
  Message whole = fault;
  whole.arguments.insert(whole.arguments.begin(), std::to_string(line));
  return refuse("file", std::move(whole));
}

}  // namespace

std::string bank_text(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (is_utf8(bytes)) return std::string(bytes);
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool special = byte >= 0x80 && byte < 0xA0;
    append_utf8(text, special ? windows_1252.at(byte - 0x80U) : char32_t{byte});
  }
  return text;
}

std::string bank_words(std::string_view utf8, std::size_t longest) {
  return shorten(single_line(utf8), longest);
}

std::optional<Money> exact_amount(std::string_view text, Currency currency) {
  std::string digits(text);
  if (digits.contains('.')) {
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
  }
  const auto money = Money::parse(digits, currency);
  return money ? std::optional(*money) : std::nullopt;
}

std::string bank_iban(std::string_view text) {
  return parse_iban(text).value_or("");
}

void check_balance(const BankStatement& statement) {
  if (!statement.opening || !statement.closing) return;
  Money balance = *statement.opening;
  for (const auto& transaction : statement.transactions) balance += transaction.amount;
  if (balance == *statement.closing) return;
  throw LineFault{
      statement.line,
      message("Line {}: opening balance and amounts give {}, the closing balance is {}: "
              "the file is not complete.",
              {balance.show(), statement.closing->show()})};
}

void check_count(std::size_t transactions, int line) {
  if (transactions <= most_bank_transactions) return;
  throw LineFault{line, message("Line {}: the file has more than {} transactions. Ask the bank for "
                                "fewer days at once.",
                                {std::to_string(most_bank_transactions)})};
}

Result<BankFile> read_bank_file(std::string_view bytes, std::optional<BankFormat> format,
                                const BankFileRules& rules) {
  if (bytes.empty()) return refuse("file", message("The file is empty."));
  if (bytes.size() > largest_bank_file) {
    return refuse("file", message("The file is larger than 10 MB."));
  }
  try {
    return read(bytes, format.value_or(recognise(bytes)), rules);
  } catch (const LineFault& fault) {
    return refuse_line(fault.line, fault.fault);
  } catch (const std::overflow_error&) {
    return refuse("file", message("The amounts of the file are too large to be true."));
  }
}

}  // namespace cstims
