#include "invoice/account_statement.h"

namespace cstims {

namespace {

bool is_document(StatementKind kind) {
  return kind == StatementKind::invoice || kind == StatementKind::rectifying;
}

}  // namespace

Message shown(StatementKind kind) {
  switch (kind) {
    case StatementKind::invoice:
      return message("Invoice");
    case StatementKind::rectifying:
      return message("Rectifying invoice");
    case StatementKind::payment:
      return message("Payment");
    case StatementKind::refund:
      return message("Refund");
    case StatementKind::payment_undone:
      return message("Payment taken back");
    case StatementKind::refund_undone:
      return message("Refund taken back");
  }
  return {};
}

AccountStatement make_account_statement(const User& client, const StatementRange& range,
                                        const Money& opening, const Money& credit,
                                        const std::vector<StatementEntry>& entries) {
  const Money zero = Money::zero(opening.currency());
  AccountStatement statement{.client = client,
                             .range = range,
                             .opening = opening,
                             .lines = {},
                             .billed = zero,
                             .paid = zero,
                             .closing = opening,
                             .credit = credit};
  for (const auto& entry : entries) {
    statement.closing += entry.amount;
    if (is_document(entry.kind)) {
      statement.billed += entry.amount;
    } else {
      statement.paid = statement.paid - entry.amount;
    }
    statement.lines.push_back({entry, statement.closing});
  }
  return statement;
}

StatementRange default_range(Date today) {
  return {today.plus_months(-12, today.day()).plus_days(1), today};
}

}  // namespace cstims
