-- What a client is reminded of, and when: rows made in the transaction that issues the invoice, so that a missed day sends late
-- instead of never, and no step is sent twice. Invoices issued before have none and are left alone.

create table dunning_steps (
  id @ID@,
  invoice_id @INT@ not null constraint dunning_steps_invoice references invoices (id),
  kind text not null constraint dunning_steps_kind check (kind in ('reminder', 'overdue')),
  days @INT@ not null constraint dunning_steps_days check (days between 0 and 365),
  due_on text not null,
  done_at text,
  outcome text constraint dunning_steps_outcome check (outcome in ('sent', 'skipped', 'undeliverable', 'settled')),
  outbox_id @INT@,
  told_at text,
  constraint dunning_steps_once unique (invoice_id, kind, days),
  constraint dunning_steps_done check ((done_at is null) = (outcome is null))
);
create index dunning_steps_open on dunning_steps (due_on, invoice_id) where done_at is null;
create index dunning_steps_untold on dunning_steps (id) where outcome = 'undeliverable' and told_at is null;

-- No reminders for one invoice, or for all of a client: a fact with author and reason, ended by another.
create table dunning_pauses (
  id @ID@,
  invoice_id @INT@ constraint dunning_pauses_invoice references invoices (id),
  client_id @INT@ constraint dunning_pauses_client references users (id),
  reason text not null constraint dunning_pauses_reason check (length(reason) between 1 and 500),
  paused_at text not null,
  paused_by @INT@ constraint dunning_pauses_paused_by references users (id),
  ended_at text,
  ended_by @INT@ constraint dunning_pauses_ended_by references users (id),
  constraint dunning_pauses_of_one check ((invoice_id is null) <> (client_id is null))
);
create unique index dunning_pauses_of_invoice on dunning_pauses (invoice_id) where ended_at is null and invoice_id is not null;
create unique index dunning_pauses_of_client on dunning_pauses (client_id) where ended_at is null and client_id is not null;
