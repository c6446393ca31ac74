#include "invoice/account_statement_store.h"

#include "invoice/credit_store.h"
#include "invoice/payment.h"

namespace cstims {

namespace {

constexpr Statement select_opening{"opening balance of a statement", R"(
  select cast(
    (select coalesce(sum(total), 0)
     from invoices
     where client_id = :client and status = 'issued' and currency = :currency
       and issue_date < :from)
    - (select coalesce(sum(amount), 0)
       from payments
       where client_id = :client and currency = :currency and date < :from) as bigint) as opening)"};

constexpr Statement select_entries{"entries of a statement", R"(
  select 1 as rank, kind, 0 as undone, issue_date as date, id, number as reference,
    description as detail, total as amount
  from invoices
  where client_id = :client
    and status = 'issued'
    and currency = :currency
    and issue_date between :from and :to
  union all
  select 2 as rank, kind, case when reverses_id is null then 0 else 1 end as undone, date, id,
    reference, method as detail, -amount as amount
  from payments
  where client_id = :client
    and currency = :currency
    and date between :from and :to
  order by date, rank, id)"};

StatementKind kind_of(const Row& row) {
  const bool undone = row.flag("undone");
  if (row.number("rank") == 1) {
    return row.text("kind") == "ordinary" ? StatementKind::invoice : StatementKind::rectifying;
  }
  if (stored_payment_kind(row.text("kind")) == PaymentKind::received) {
    return undone ? StatementKind::payment_undone : StatementKind::payment;
  }
  return undone ? StatementKind::refund_undone : StatementKind::refund;
}

}  // namespace

AccountStatement load_account_statement(Transaction& tx, const User& client,
                                        const StatementRange& range, Currency currency) {
  const auto opening = tx.require(
      select_opening, {{"client", client.id}, {"currency", currency.code()}, {"from", range.from}});
  std::vector<StatementEntry> entries;
  for (const auto& row : tx.select(select_entries, {{"client", client.id},
                                                    {"currency", currency.code()},
                                                    {"from", range.from},
                                                    {"to", range.to}})) {
    entries.push_back({.kind = kind_of(row),
                       .date = row.date("date"),
                       .id = row.number("id"),
                       .reference = row.text("reference"),
                       .detail = row.text("detail"),
                       .amount = Money(row.number("amount"), currency)});
  }
  return make_account_statement(client, range, Money(opening.number("opening"), currency),
                                find_credit(tx, client.id, currency), entries);
}

}  // namespace cstims
