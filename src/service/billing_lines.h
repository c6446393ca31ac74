// What a due item costs, and why: the one place where prices become amounts. Pages, the billing
// run, the simulator and the command ask here.
//
// A line is quantity * price * days / days of the whole period, less the discount, rounded once,
// half away from zero.
#pragma once

#include <string>
#include <vector>

#include "base/date.h"
#include "base/money.h"
#include "service/billing_periods.h"

namespace cstims {

/// One invoice line: net = quantity * unit_price, rounded once. What is cut or discounted has the
/// quantity 1 and its net amount as unit price; the explanation says how it came.
struct BillingLine {
  Decimal quantity;
  Decimal unit_price;
  Money net;
  Message description;  // "1 Mar 2026 – 31 Mar 2026", "Setup"
  /// Sentences: period, options, the calculation, discount.
  std::vector<Message> explanation;
};

/// Hours are those of the zone's clock: the night that loses or doubles an hour counts 23 or 25.
BillingLine line_for(const DueItem& item, const TimeZone& zone);
std::vector<BillingLine> lines_for(const std::vector<DueItem>& items, const TimeZone& zone);

/// The explanation as one text, by a function that translates.
template <typename Translate>
std::string explain(const std::vector<Message>& sentences, const Translate& translate) {
  std::string text;
  for (const auto& sentence : sentences) {
    if (!text.empty()) text += ' ';
    text += translate(sentence);
  }
  return text;
}

}  // namespace cstims
