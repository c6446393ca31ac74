#include "invoice/credit_store.h"

#include <fmt/format.h>

#include "base/failure.h"

namespace cstims {

namespace {

constexpr Statement select_balance{"credit of client", R"(
  select credit
  from client_balances
  where client_id = :client
    and currency = :currency)"};

constexpr Statement open_balance{"open credit balance", R"(
  insert into client_balances (client_id, currency, credit)
  values (:client, :currency, 0)
  on conflict (client_id, currency) do nothing)"};

constexpr Statement move_balance{"move credit balance", R"(
  update client_balances
  set credit = credit + :amount
  where client_id = :client
    and currency = :currency
    and credit + :amount >= 0)"};

constexpr Statement insert_row{"insert client credit", R"(
  insert into client_credit (client_id, payment_id, invoice_id, movement_id, why, currency, amount,
    at, author_id)
  values (:client, :payment, :invoice, :movement, :why, :currency, :amount, :now, :author))"};

constexpr Statement select_sources{"credit by payment", R"(
  select payment_id, cast(sum(amount) as bigint) as amount
  from client_credit
  where client_id = :client
    and currency = :currency
  group by payment_id
  having sum(amount) > 0
  order by payment_id)"};

constexpr Statement select_credit_of_payment{"credit of payment", R"(
  select cast(coalesce(sum(amount), 0) as bigint) as amount
  from client_credit
  where payment_id = :payment)"};

constexpr Statement select_paid_back{"paid back of payment", R"(
  select cast(coalesce(-sum(amount), 0) as bigint) as amount
  from client_credit
  where payment_id = :payment
    and why in ('refunded', 'refund undone'))"};

constexpr Statement select_moved{"credit moved by refund", R"(
  select client_id, payment_id, invoice_id, movement_id, why, currency, amount
  from client_credit
  where movement_id = :movement
  order by id)"};

constexpr Statement select_of_client{"credit rows of client", R"(
  select c.client_id, c.payment_id, c.invoice_id, c.movement_id, c.why, c.currency, c.amount, c.at,
    u.username, i.number
  from client_credit c
  left join users u on u.id = c.author_id
  left join invoices i on i.id = c.invoice_id
  where c.client_id = :client
  order by c.id desc
  limit :limit)"};

constexpr Statement select_of_payment{"credit rows of payment", R"(
  select c.client_id, c.payment_id, c.invoice_id, c.movement_id, c.why, c.currency, c.amount, c.at,
    u.username, i.number
  from client_credit c
  left join users u on u.id = c.author_id
  left join invoices i on i.id = c.invoice_id
  where c.payment_id = :payment
  order by c.id desc
  limit :limit)"};

CreditMove move_of(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("credit has the unknown currency " + row.text("currency"));
  return {.client = row.id<struct User>("client_id"),
          .payment = row.id<struct Payment>("payment_id"),
          .amount = Money(row.number("amount"), *currency),
          .why = stored_credit_reason(row.text("why")),
          .invoice = row.maybe_id<struct Invoice>("invoice_id"),
          .movement = row.maybe_id<struct Payment>("movement_id")};
}

std::vector<CreditEntry> entries_of(const std::vector<Row>& rows) {
  std::vector<CreditEntry> entries;
  for (const auto& row : rows) {
    entries.push_back({.move = move_of(row),
                       .invoice_number = row.maybe_text("number").value_or(""),
                       .at = row.instant("at"),
                       .author = row.maybe_text("username").value_or("")});
  }
  return entries;
}

}  // namespace

Money find_credit(Transaction& tx, UserId client, Currency currency) {
  const auto row = tx.find(select_balance, {{"client", client}, {"currency", currency.code()}});
  return {row ? row->number("credit") : 0, currency};
}

std::vector<Money> list_credit_of(Transaction& tx, const std::vector<CreditOf>& wanted) {
  std::vector<Parameters> all;
  for (const auto& [client, currency] : wanted) {
    all.push_back({{"client", client}, {"currency", currency.code()}});
  }
  const auto found = tx.select_each(select_balance, all);
  std::vector<Money> credit;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& rows = found[i];
    credit.emplace_back(rows.empty() ? 0 : rows.front().number("credit"), wanted[i].currency);
  }
  return credit;
}

void insert_credit(Transaction& tx, const CreditMove& move, std::optional<UserId> author) {
  const Currency currency = move.amount.currency();
  tx.execute(open_balance, {{"client", move.client}, {"currency", currency.code()}});
  const auto moved = tx.execute(
      move_balance,
      {{"amount", move.amount.minor()}, {"client", move.client}, {"currency", currency.code()}});
  if (moved == 0) {
    throw Conflict(fmt::format("the credit of client {} was used meanwhile", move.client.number()));
  }
  tx.execute(insert_row, {{"client", move.client},
                          {"payment", move.payment},
                          {"invoice", move.invoice},
                          {"movement", move.movement},
                          {"why", text(move.why)},
                          {"currency", currency.code()},
                          {"amount", move.amount.minor()},
                          {"now", tx.now()},
                          {"author", author}});
}

std::vector<CreditSource> list_credit_sources(Transaction& tx, UserId client, Currency currency) {
  std::vector<CreditSource> sources;
  for (const auto& row :
       tx.select(select_sources, {{"client", client}, {"currency", currency.code()}})) {
    sources.push_back(
        {row.id<struct Payment>("payment_id"), Money(row.number("amount"), currency)});
  }
  return sources;
}

Money find_credit_of(Transaction& tx, PaymentId payment, Currency currency) {
  return {tx.require(select_credit_of_payment, {{"payment", payment}}).number("amount"), currency};
}

Money sum_paid_back(Transaction& tx, PaymentId payment, Currency currency) {
  return {tx.require(select_paid_back, {{"payment", payment}}).number("amount"), currency};
}

std::vector<CreditMove> list_moved_by(Transaction& tx, PaymentId movement) {
  std::vector<CreditMove> moves;
  for (const auto& row : tx.select(select_moved, {{"movement", movement}})) {
    moves.push_back(move_of(row));
  }
  return moves;
}

std::vector<CreditEntry> list_credit(Transaction& tx, UserId client, int limit) {
  return entries_of(tx.select(select_of_client, {{"client", client}, {"limit", limit}}));
}

std::vector<CreditEntry> list_credit_of(Transaction& tx, PaymentId payment, int limit) {
  return entries_of(tx.select(select_of_payment, {{"payment", payment}, {"limit", limit}}));
}

}  // namespace cstims
