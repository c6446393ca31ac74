// The statement of account of a client: what was billed and what was paid, in the order of days,
// and what is owed after each. Credit of the client makes it fall below zero.
#pragma once

#include <string>
#include <vector>

#include "account/user.h"
#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

enum class StatementKind { invoice, rectifying, payment, refund, payment_undone, refund_undone };
Message shown(StatementKind kind);

struct StatementEntry {
  StatementKind kind;
  Date date;
  std::int64_t id;        // of the invoice or payment
  std::string reference;  // an invoice's number, a payment's reference
  std::string detail;     // an invoice's description, how a payment came
  Money amount;           // above zero: owed more
};

/// Both days are part of it.
struct StatementRange {
  Date from;
  Date to;
};

struct StatementLine {
  StatementEntry entry;
  Money balance;  // owed afterwards
};

struct AccountStatement {
  User client;
  StatementRange range;
  Money opening;  // owed before the first day
  std::vector<StatementLine> lines;
  Money billed;  // of the lines: invoices, less rectifying ones
  Money paid;    // of the lines: payments, less what went back
  Money closing;
  Money credit;  // what the client has to its credit today
};

/// `entries` in the order of days.
AccountStatement make_account_statement(const User& client, const StatementRange& range,
                                        const Money& opening, const Money& credit,
                                        const std::vector<StatementEntry>& entries);

/// The last twelve months.
StatementRange default_range(Date today);

}  // namespace cstims
