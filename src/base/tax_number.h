// Tax numbers of companies and persons: the form of every EU country's VAT number, and the check
// digits where their rule is known for certain. Whether a number is registered is another question
// (VIES), which this does not ask.
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"

namespace cstims {

/// ISO 3166-1 code of a member state ("GR" for Greece).
bool is_eu_country(std::string_view country);

/// The number as typed, for somebody in `country` (ISO 3166-1 alpha-2): upper case, without spaces,
/// dots and dashes. In the EU it gets the country's prefix ("DE136695976", "EL…" for Greece), but
/// Spanish numbers (NIF, NIE, CIF) stand without "ES". Elsewhere, and without a country, any
/// letters and digits are taken as they are. Refuses (field empty) with what is wrong.
Result<std::string> parse_tax_number(std::string_view text, std::string_view country);

/// NIF of persons (12345678Z, NIE X1234567L, K, L and M numbers) or of legal ones (B12345674).
bool is_spanish_tax_number(std::string_view number);

}  // namespace cstims
