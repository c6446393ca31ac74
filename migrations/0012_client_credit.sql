-- Money of clients that stands on no invoice: what was paid too much, or came free when an invoice was rectified.
-- Every row names the payment the money came with, so that each cent can be followed: what a payment brought is always
-- what is allocated of it, what is credit of it, and what was paid back of it.

-- A refund is money paid back to the client: a row of payments with a negative amount that is no reversal.
alter table payments add column kind text not null default 'received'
  constraint payments_kind check (kind in ('received', 'refund'));

-- Why an allocation is there, and since when; the first ones were made with their payments.
alter table allocations add column why text not null default 'paid'
  constraint allocations_why check (why in ('paid', 'credit', 'reversed', 'freed', 'rectified'));
alter table allocations add column allocated_at text;

create table client_credit (
  id @ID@,
  client_id @INT@ not null constraint client_credit_client references users (id),
  payment_id @INT@ not null constraint client_credit_payment references payments (id),
  invoice_id @INT@ constraint client_credit_invoice references invoices (id),
  -- The refund or reversal that moved it; none when it moved between invoices and credit.
  movement_id @INT@ constraint client_credit_movement references payments (id),
  why text not null constraint client_credit_why check (
    why in ('left over', 'rectified', 'freed', 'used', 'reversed', 'refunded', 'refund undone')),
  currency text not null,
  amount @INT@ not null constraint client_credit_amount check (amount <> 0),
  at text not null,
  author_id @INT@ constraint client_credit_author references users (id),
  constraint client_credit_moved check ((movement_id is not null) = (why in ('reversed', 'refunded', 'refund undone')))
);
create index client_credit_client on client_credit (client_id, id);
create index client_credit_payment on client_credit (payment_id, amount);
create index client_credit_movement on client_credit (movement_id) where movement_id is not null;

-- The sum of each client's rows above, kept with each row: two who spend the same credit at once meet here.
create table client_balances (
  client_id @INT@ not null constraint client_balances_client references users (id),
  currency text not null,
  credit @INT@ not null constraint client_balances_credit check (credit >= 0),
  constraint client_balances_key primary key (client_id, currency)
);
create index client_balances_credit on client_balances (client_id) where credit > 0;
