-- Guards of the billing run: one at a time, and what became of each order in each run.

create table leases (
  name text not null primary key,
  token text not null,
  holder text not null,
  since text not null,
  until text not null
);

-- One row for each order that was due in a run. `run_at` names the run; the newest year is kept.
create table billing_ledger (
  id @ID@,
  order_id @INT@ not null constraint billing_ledger_order_known references orders (id),
  run_at text not null,
  run_date text not null,
  outcome text not null constraint billing_ledger_outcome check (outcome in ('billed', 'free', 'nothing', 'fault')),
  items @INT@ not null default 0,
  detail text not null default ''
);
create index billing_ledger_order on billing_ledger (order_id, id);
create index billing_ledger_run on billing_ledger (run_at);
