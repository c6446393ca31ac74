// Billing terms by hand and by table: what `cstims billing periods` and `cstims billing price`
// print.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

/// One item of an order, as text: dates YYYY-MM-DD, amounts in digits only.
struct BillingTableRow {
  std::string kind;   // "recurring", "setup", "once"
  std::string start;  // first day
  std::string last;   // last day, inclusive; setup and once: the day itself
  int days = 0;
  std::string due_on;
  std::string quantity;
  std::string unit_price;
  std::string net;
  std::string currency;
  std::string explanation;
};

struct BillingTableQuestion {
  std::string_view term;
  Date activated_on;
  Date up_to;
  std::optional<Date> ends_on = {};
  std::string_view period = {};   // which alternative; empty where there is one
  std::string_view options = {};  // as in price_row
};

/// Everything due up to that day. Refuses fields "billing", "period", "options"; throws Failure for
/// more than most_due_items.
Result<std::vector<BillingTableRow>> billing_table(const BillingTableQuestion& question,
                                                   Currency currency, const TimeZone& zone);

struct PriceRow {
  std::string term;    // canonical, as asked
  std::string price;   // the resolved term: "4.50 €/mo"
  std::string amount;  // "4.5", unrounded unit price; "0" when free
  std::string setup;   // empty: none
  std::string period;  // "mo"; empty when free
  bool in_arrears = false;
  std::string currency;
};

/// `options`: "cpu=2,ram=4"; every key of the term, and no other.
Result<PriceRow> price_row(std::string_view term, std::string_view options, std::string_view period,
                           Currency currency);

}  // namespace cstims
