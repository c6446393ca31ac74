// The payment code of an invoice: what banking apps read from its QR (EPC069-12 "SEPA credit
// transfer", version 002). Pure text; pdf/qr_code.h makes squares of it.
#pragma once

#include <optional>
#include <string>

#include "base/money.h"

namespace cstims {

struct Payee {
  std::string name;  // of the account's holder, 1 to 70 characters
  std::string iban;  // without spaces
  std::string bic = {};
};

/// Absent unless the amount is in euros, from 0.01 to 999,999,999.99, and the whole fits 331 bytes.
/// Name and reference are shortened to what the guideline allows, controls in them become spaces.
std::optional<std::string> payment_code(const Payee& payee, const Money& amount,
                                        const std::string& reference);

}  // namespace cstims
