// Rectifying invoices by difference (RD 1619/2012 art. 15): what a wrong or undone part of an
// issued invoice is taken back by. An invoice may have several: together they never take more than
// it billed, per tax rate, net and tax each; the one that uses up a rate takes the rest of its tax
// exactly, so that invoice and rectifying invoices sum to 0.00.
//
// Decided here, from what is left; written by rectification_actions.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/money.h"
#include "base/refusal.h"
#include "invoice/invoice.h"

namespace cstims {

/// What of an invoice is not taken back yet. Lines that are used up and rates with a base of zero
/// are there too.
struct Remainder {
  struct Line {
    InvoiceLine line;
    Money net;  // left of it
  };
  Currency currency;
  std::vector<Line> lines;
  std::vector<TaxSum> taxes;

  Money total() const;
};

/// A part of a line that is taken back.
struct CreditedLine {
  std::int64_t line;                         // id of the original's line
  Money net;                                 // above zero
  std::string description = {};              // empty: the line's own
  std::optional<BillingPeriod> period = {};  // the days given back; absent: the line's own
  std::string explanation = {};              // why this amount
};

/// A part of what was billed at a tax rate, of no line in particular.
struct CreditedAmount {
  TaxRate rate;
  Money net;  // above zero
};

enum class RectificationWay { whole, lines, amounts };

struct Rectification {
  RectificationWay way = RectificationWay::whole;
  std::vector<CreditedLine> lines = {};
  std::vector<CreditedAmount> amounts = {};
  std::string reason;
};

/// What a rectifying invoice holds: everything in it is negative.
struct Correction {
  std::vector<InvoiceLine> lines;
  InvoiceSums sums;
};

/// Refuses (fields `line.ID`, `rate.POINTS`, or none) what is more than is left and what takes
/// nothing back. `amount_text` describes a line that stands for an amount.
Result<Correction> decide_correction(const Remainder& left, const Rectification& wanted,
                                     const std::string& amount_text);

/// Fields `way` ("whole", "lines", "amounts"; empty: whole), `reason`, and for each line and rate
/// `line.ID` and `rate.POINTS`, of which those of the other ways stay empty.
Result<Rectification> parse_rectification(const FormData& form, const Remainder& left);
std::string line_field(std::int64_t line);
std::string rate_field(TaxRate rate);

}  // namespace cstims
