// Gapless numbers per series and year: a counter row, locked and raised in the transaction that
// issues the invoice, so that a roll-back gives the number back. Issue dates never decrease within
// a series.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/refusal.h"
#include "db/database.h"
#include "invoice/invoice.h"

namespace cstims {

struct InvoiceNumber {
  std::string series;
  Date issue_date;
  std::int64_t sequence;
  std::string text = {};  // "F2026-000123"
  int year() const { return issue_date.year(); }
};

/// "F", or "R" for rectifying invoices, which must have a series of their own.
std::string_view series_of(InvoiceKind kind);

/// `{series}`, `{year}`, `{number}` and `{number:6}` (at least six digits) of the format replaced.
std::string number_text(std::string_view format, const InvoiceNumber& number);

/// What is wrong with a format, or empty. Series, year and number must stand in it, each once: only
/// then are no two numbers alike. Else letters, digits and - / . _ #, 40 characters at most.
std::string fault_of_number_format(std::string_view format);

/// What is counted for, and how numbers look (Site::number_format).
struct NumberRequest {
  InvoiceKind kind;
  Date issue_date;
  std::string_view format;
};

/// The next number. Refuses (field "date") when the series holds a later date.
Result<InvoiceNumber> take_number(Transaction& tx, const NumberRequest& request);
/// The next `count` of them, in order.
Result<std::vector<InvoiceNumber>> take_numbers(Transaction& tx, const NumberRequest& request,
                                                std::size_t count);
/// What take_number would give after `ahead` others, without taking it.
InvoiceNumber preview_number(Transaction& tx, const NumberRequest& request, std::int64_t ahead);
/// The newest issue date of the series; absent when it is empty.
std::optional<Date> newest_issue_date(Transaction& tx, InvoiceKind kind);

}  // namespace cstims
