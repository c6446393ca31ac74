// The book of issued invoices: one row for each rate of each document, rectifying ones with their
// sign, as tax returns and advisers want it. Reads only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/listing.h"
#include "base/money.h"
#include "db/database.h"
#include "invoice/book_period.h"

namespace cstims {

struct VatBookRow {
  InvoiceId invoice;
  Date date;
  std::string number;
  std::string buyer;       // the first line of what is printed
  std::string tax_number;  // of the buyer
  std::string country;
  std::string rectifies;  // number of the invoice it corrects; empty: an ordinary one
  TaxRate rate;
  Money base;
  Money tax;
  Money total() const { return base + tax; }
};

/// Of one rate in a period.
struct RateSum {
  TaxRate rate;
  std::int64_t documents = 0;
  Money base;
  Money tax;
};

ListingRules vat_book_rules();
/// By series and number, or as sorted; `search` matches number and buyer.
Page<VatBookRow> list_vat_book(Transaction& tx, const BookPeriod& period, const Listing& listing,
                               Currency currency);
/// Every row of the period, in order of series and number, without keeping them.
void each_vat_book_row(Transaction& tx, const BookPeriod& period, Currency currency,
                       const std::function<void(const VatBookRow&)>& each);
std::vector<RateSum> sum_vat_book(Transaction& tx, const BookPeriod& period, Currency currency);
/// The day of the first document; absent without any.
std::optional<Date> first_issue_date(Transaction& tx);

}  // namespace cstims
