// The reference a payer writes on a transfer, and finding it again in what a bank passes on: other
// case, spaces, dashes, words around it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "invoice/invoice.h"

namespace cstims {

/// What to write on a transfer for an issued invoice: its number. It never changes.
std::string payment_reference(const Invoice& invoice);

/// ISO 11649 creditor reference of a reference ("RF" and two check digits before its letters and
/// digits), for payment forms with a structured field. Absent when nothing is left of it, or more
/// than 21 characters.
std::optional<std::string> creditor_reference(std::string_view reference);
/// Whether `text` (spaces allowed) is a creditor reference with the right check digits.
bool is_creditor_reference(std::string_view text);
/// In groups of four, as people read it: "RF97 F202 6000 123".
std::string grouped_in_fours(std::string_view text);

/// Only A-Z and 0-9, in upper case: how references are compared.
std::string normal_reference(std::string_view text);
/// The same with the zeros gone that begin its last number: people write "F2026-12" for
/// "F2026-000012".
std::string short_reference(std::string_view text);

}  // namespace cstims
