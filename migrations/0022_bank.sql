-- What banks say happened on our accounts. A statement is one account of one file; the same file is known again by its digest. A
-- transaction is known again by `mark`, a digest of account, day, amount and the bank's reference or words (and the how-manieth of
-- its kind it is), so that statements which overlap add nothing twice.

create table bank_statements (
  id @ID@,
  sha256 text not null,
  position @INT@ not null,
  file_name text not null,
  format text not null constraint bank_statements_format check (format in ('camt053', 'csv', 'norma43')),
  account text not null,
  currency text not null,
  first_day text,
  last_day text,
  transactions @INT@ not null,
  added @INT@ not null default 0,
  imported_at text not null,
  imported_by @INT@ constraint bank_statements_imported_by references users (id),
  constraint bank_statements_once unique (sha256, position)
);
create index bank_statements_imported_by on bank_statements (imported_by) where imported_by is not null;

-- `looked_at` is null until it was tried to match it by itself. `likely_client_id` is whose it probably is: while it waits, no order
-- of that client is suspended.
create table bank_transactions (
  id @ID@,
  statement_id @INT@ not null constraint bank_transactions_statement references bank_statements (id),
  line @INT@ not null,
  mark text not null,
  account text not null,
  date text not null,
  value_date text,
  currency text not null,
  amount @INT@ not null constraint bank_transactions_amount check (amount <> 0),
  name text not null,
  iban text not null,
  reference text not null,
  words text not null,
  creditor_reference text not null,
  returned @INT@ not null constraint bank_transactions_returned check (returned in (0, 1)),
  state text not null default 'unmatched' constraint bank_transactions_state check
    (state in ('unmatched', 'matched', 'ignored', 'outgoing')),
  looked_at text,
  doubt text not null default '',
  likely_client_id @INT@ constraint bank_transactions_likely_client references users (id),
  likely_why text not null default '' constraint bank_transactions_likely_why check
    (likely_why in ('', 'reference', 'account', 'name')),
  payment_id @INT@ constraint bank_transactions_payment references payments (id),
  automatic @INT@ not null default 0 constraint bank_transactions_automatic check (automatic in (0, 1)),
  reason text not null default '',
  decided_at text,
  decided_by @INT@ constraint bank_transactions_decided_by references users (id),
  constraint bank_transactions_once unique (mark),
  constraint bank_transactions_recorded check ((state = 'matched') = (payment_id is not null)),
  constraint bank_transactions_reasoned check ((state = 'ignored') = (reason <> '')),
  constraint bank_transactions_likely check ((likely_client_id is null) = (likely_why = ''))
);
create index bank_transactions_of_statement on bank_transactions (statement_id, id);
create index bank_transactions_queue on bank_transactions (id) where state = 'unmatched';
create index bank_transactions_new on bank_transactions (id) where looked_at is null;
create index bank_transactions_likely on bank_transactions (likely_client_id, state) where likely_client_id is not null;
create index bank_transactions_same on bank_transactions (account, date, amount);
create index bank_transactions_known on bank_transactions (iban, id) where state = 'matched';
create unique index bank_transactions_payment on bank_transactions (payment_id) where payment_id is not null;
create index bank_transactions_decided_by on bank_transactions (decided_by) where decided_by is not null;
