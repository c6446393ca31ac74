// Bank account numbers and bank codes as payers use them.
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"

namespace cstims {

/// ISO 13616: country, two check digits (mod 97) and the account, 15 to 34 characters. Spaces and
/// case do not matter; the result has neither spaces nor lower case. The length of the countries of
/// SEPA is checked too.
Result<std::string> parse_iban(std::string_view text);

/// ISO 9362: eight or eleven letters and digits; the result is in upper case.
Result<std::string> parse_bic(std::string_view text);

/// "ES91 2100 0418 4502 0005 1332".
std::string show_iban(std::string_view iban);

}  // namespace cstims
