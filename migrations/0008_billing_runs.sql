-- Billing runs that wrote: who started them, how far they came, what went wrong. A run counts itself in the transactions that
-- issue its invoices, so that the figures are right even of one that broke off. `done` and `total` are clients. While it is under
-- way `heartbeat_at` says so; a run that has neither ended nor a fresh heartbeat broke off: whatever it left, the next one bills.

create table billing_runs (
  id @ID@,
  kind text not null constraint billing_runs_kind check (kind in ('job', 'command', 'page')),
  started_by @INT@ constraint billing_runs_started_by references users (id),
  date text not null,
  started_at text not null,
  heartbeat_at text not null,
  finished_at text,
  total @INT@ not null default 0,
  done @INT@ not null default 0,
  invoices @INT@ not null default 0,
  currency text not null,
  sum @INT@ not null default 0,
  faults @INT@ not null default 0,
  outcome text not null default 'running' constraint billing_runs_outcome check
    (outcome in ('running', 'done', 'stopped', 'failed')),
  constraint billing_runs_ended check ((outcome = 'running') = (finished_at is null))
);
create index billing_runs_started_by on billing_runs (started_by) where started_by is not null;

-- What could not be billed, and why; the rest was.
create table billing_run_faults (
  id @ID@,
  run_id @INT@ not null constraint billing_run_faults_run references billing_runs (id),
  fault text not null
);
create index billing_run_faults_run on billing_run_faults (run_id, id);
