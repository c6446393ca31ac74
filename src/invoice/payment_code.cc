#include "invoice/payment_code.h"

#include "base/text.h"

namespace cstims {

namespace {

constexpr std::size_t longest_name = 70;
constexpr std::size_t longest_reference = 140;
constexpr std::size_t longest_code = 331;  // bytes
constexpr std::int64_t largest_amount = 99'999'999'999;

}  // namespace

std::optional<std::string> payment_code(const Payee& payee, const Money& amount,
                                        const std::string& reference) {
  const bool payable = amount.currency() == Currency::eur() && amount.minor() > 0 &&
                       amount.minor() <= largest_amount;
  const std::string whole_name = single_line(payee.name);
  const std::string name(first_characters(whole_name, longest_name));
  const std::string words = single_line(reference);
  if (!payable || payee.iban.empty() || name.empty()) return std::nullopt;
  // Purpose and structured reference stay empty; no line after the last that is used.
  const std::string code =
      join({"BCD", "002", "1", "SCT", payee.bic, name, payee.iban, "EUR" + amount.text(), "", "",
            std::string(first_characters(words, longest_reference))},
           "\n");
  return code.size() <= longest_code ? std::optional(code) : std::nullopt;
}

}  // namespace cstims
