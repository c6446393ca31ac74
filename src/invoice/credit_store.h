// Rows of client credit. The balance is kept beside the ledger and moves with every row; the schema
// refuses one below zero.
#pragma once

#include <optional>
#include <vector>

#include "db/database.h"
#include "invoice/credit.h"

namespace cstims {

/// What the client has; zero when there never was any.
Money find_credit(Transaction& tx, UserId client, Currency currency);
struct CreditOf {
  UserId client;
  Currency currency;
};
std::vector<Money> list_credit_of(Transaction& tx,
                                  const std::vector<CreditOf>& wanted);  // in order

/// Writes a row and moves the balance; throws Conflict when that would go below zero.
void insert_credit(Transaction& tx, const CreditMove& move, std::optional<UserId> author);

/// Credit that is left of one payment.
struct CreditSource {
  PaymentId payment;
  Money left;  // above zero
};
/// The oldest payment first: what came first is used first.
std::vector<CreditSource> list_credit_sources(Transaction& tx, UserId client, Currency currency);
/// What is left of one payment.
Money find_credit_of(Transaction& tx, PaymentId payment, Currency currency);
/// What was paid back of it and not undone.
Money sum_paid_back(Transaction& tx, PaymentId payment, Currency currency);

/// What a refund or reversal moved, by payment.
std::vector<CreditMove> list_moved_by(Transaction& tx, PaymentId movement);

struct CreditEntry {
  CreditMove move;
  std::string invoice_number;  // empty when it names none
  Instant at;
  std::string author;  // user name; empty: the system
};
/// The newest rows of a client, or of one payment.
std::vector<CreditEntry> list_credit(Transaction& tx, UserId client, int limit);
std::vector<CreditEntry> list_credit_of(Transaction& tx, PaymentId payment, int limit);

}  // namespace cstims
