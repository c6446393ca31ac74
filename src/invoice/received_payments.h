// The book of what was received: payments of a period with what they were for, reversals with their
// sign, and sums by method. Reads only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/listing.h"
#include "base/money.h"
#include "db/database.h"
#include "invoice/book_period.h"

namespace cstims {

struct ReceivedPayment {
  PaymentId id;
  Date date;
  std::string client_name;
  std::string method;
  std::string reference;
  Money amount;  // below zero: a reversal or money given back
  bool reversal = false;
  std::optional<InvoiceId> invoice = {};  // the first it settles
  std::string invoice_number = {};
};

struct MethodSum {
  std::string method;
  std::int64_t payments = 0;
  Money amount;
};

ListingRules received_payment_rules();
Page<ReceivedPayment> list_received_payments(Transaction& tx, const BookPeriod& period,
                                             const Listing& listing, Currency currency);
std::vector<MethodSum> sum_received_payments(Transaction& tx, const BookPeriod& period,
                                             Currency currency);
std::optional<Date> first_payment_date(Transaction& tx);

}  // namespace cstims
