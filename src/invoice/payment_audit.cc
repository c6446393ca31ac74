#include "invoice/payment_audit.h"

namespace cstims {

namespace {

/// Each finds what is wrong; the column `fault` says it. Sums of a payment: `allocated` to
/// invoices; `credit`, what moved between invoices and credit; `moved`, what a refund or reversal
/// moved.
constexpr Statement checks[] = {
    {"audit what is paid", R"(
  select 'invoice ' || cast(i.id as text) || ': ' || cast(coalesce(a.amount, 0) as text)
    || ' are allocated to it, but ' || cast(i.paid as text) || ' count as paid' as fault
  from invoices i
  left join (
    select invoice_id, sum(amount) as amount
    from allocations
    group by invoice_id) a on a.invoice_id = i.id
  where coalesce(a.amount, 0) <> i.paid)"},
    {"audit allocations to drafts", R"(
  select 'invoice ' || cast(i.id as text) || ': it is a draft, but payment '
    || cast(a.payment_id as text) || ' is allocated to it' as fault
  from allocations a
  join invoices i on i.id = a.invoice_id
  where i.status <> 'issued')"},
    {"audit allocations", R"(
  select 'payment ' || cast(p.id as text) || ': more is allocated than was received' as fault
  from payments p
  join (
    select payment_id, sum(amount) as amount
    from allocations
    group by payment_id) a on a.payment_id = p.id
  where (p.amount > 0 and (a.amount > p.amount or a.amount < 0))
    or (p.amount < 0 and (a.amount < p.amount or a.amount > 0)))"},
    {"audit where payments went", R"(
  select 'payment ' || cast(p.id as text) || ': of its ' || cast(p.amount as text) || ', '
    || cast(coalesce(a.amount, 0) as text) || ' stand on invoices and '
    || cast(coalesce(c.amount, 0) as text) || ' are credit' as fault
  from payments p
  left join (
    select payment_id, sum(amount) as amount
    from allocations
    group by payment_id) a on a.payment_id = p.id
  left join (
    select payment_id, sum(amount) as amount
    from client_credit
    where movement_id is null
    group by payment_id) c on c.payment_id = p.id
  where p.kind = 'received'
    and p.reverses_id is null
    and coalesce(a.amount, 0) + coalesce(c.amount, 0) <> p.amount)"},
    {"audit refunds and reversals", R"(
  select 'payment ' || cast(p.id as text) || ': it moves ' || cast(p.amount as text) || ', but '
    || cast(coalesce(a.amount, 0) + coalesce(c.amount, 0) as text)
    || ' of invoices and credit' as fault
  from payments p
  left join (
    select payment_id, sum(amount) as amount
    from allocations
    group by payment_id) a on a.payment_id = p.id
  left join (
    select movement_id, sum(amount) as amount
    from client_credit
    where movement_id is not null
    group by movement_id) c on c.movement_id = p.id
  where (p.kind = 'refund' or p.reverses_id is not null)
    and coalesce(a.amount, 0) + coalesce(c.amount, 0) <> p.amount)"},
    {"audit bank transactions", R"(
  select 'bank transaction ' || cast(t.id as text) || ': it brought ' || cast(t.amount as text)
    || ', but payment ' || cast(p.id as text) || ' is of ' || cast(p.amount as text) as fault
  from bank_transactions t
  join payments p on p.id = t.payment_id
  where p.amount <> t.amount
    or p.currency <> t.currency
    or p.kind <> 'received'
    or p.reverses_id is not null)"},
    {"audit reversals", R"(
  select 'payment ' || cast(r.id as text) || ': it is not the exact reverse of payment '
    || cast(p.id as text) as fault
  from payments r
  join payments p on p.id = r.reverses_id
  where r.amount <> -p.amount
    or r.client_id <> p.client_id
    or r.currency <> p.currency
    or r.kind <> p.kind)"},
    {"audit what reversed payments left", R"(
  select 'payment ' || cast(p.id as text) || ': it is reversed, but ' || cast(a.amount as text)
    || ' of it stand on invoice ' || cast(a.invoice_id as text) as fault
  from payments p
  join payments r on r.reverses_id = p.id
  join (
    select coalesce(b.reverses_id, b.id) as payment_id, a.invoice_id, sum(a.amount) as amount
    from allocations a
    join payments b on b.id = a.payment_id
    group by coalesce(b.reverses_id, b.id), a.invoice_id) a on a.payment_id = p.id
  where a.amount <> 0)"},
    {"audit credit of payments", R"(
  select 'payment ' || cast(c.payment_id as text) || ': ' || cast(c.amount as text)
    || ' of its credit are left' as fault
  from (
    select payment_id, sum(amount) as amount
    from client_credit
    group by payment_id) c
  where c.amount < 0
    or (c.amount > 0 and exists (select 1 from payments r where r.reverses_id = c.payment_id)))"},
    {"audit credit balances", R"(
  select 'client ' || cast(b.client_id as text) || ': the credit is ' || cast(b.credit as text)
    || ', but its ledger sums to ' || cast(coalesce(c.amount, 0) as text) as fault
  from client_balances b
  left join (
    select client_id, currency, sum(amount) as amount
    from client_credit
    group by client_id, currency) c on c.client_id = b.client_id and c.currency = b.currency
  where coalesce(c.amount, 0) <> b.credit
    or b.credit < 0)"},
    {"audit credit without balance", R"(
  select 'client ' || cast(c.client_id as text) || ': its credit has no balance' as fault
  from (
    select distinct client_id, currency
    from client_credit) c
  left join client_balances b on b.client_id = c.client_id and b.currency = c.currency
  where b.client_id is null)"},
    {"audit owners of payments", R"(
  select 'payment ' || cast(p.id as text) || ': it is another client''s than invoice '
    || cast(i.id as text) as fault
  from allocations a
  join payments p on p.id = a.payment_id
  join invoices i on i.id = a.invoice_id
  where p.client_id <> i.client_id
    or p.currency <> i.currency)"},
    {"audit owners of credit", R"(
  select 'payment ' || cast(p.id as text) || ': its credit is another client''s' as fault
  from client_credit c
  join payments p on p.id = c.payment_id
  where p.client_id <> c.client_id
    or p.currency <> c.currency)"},
};

}  // namespace

void audit_payments(Transaction& tx, const std::function<void(const std::string&)>& tell) {
  for (const auto& check : checks) {
    tx.each(check, {}, [&](const Row& row) { tell(row.text("fault")); });
  }
}

}  // namespace cstims
