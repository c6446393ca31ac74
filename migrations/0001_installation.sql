-- What this installation knows of itself, and what every part shares: jobs, throttles, the outbox.
-- @ID@ and @INT@ are replaced by the engine's key column and 64-bit type. Instants are UTC text, dates YYYY-MM-DD text.

create table installation (
  name text not null primary key,
  value text not null
);

create table job_runs (
  job text not null primary key,
  last_started_at text,
  last_finished_at text,
  last_outcome text,
  done_through text,
  lease_token text,
  lease_until text
);

-- Failures of secret checks (sign-in, codes): one row a bucket ("account:ada", "address:192.0.2.0/24").
create table throttles (
  bucket text not null primary key,
  failures @INT@ not null check (failures >= 0),
  since text not null,
  blocked_until text
);
create index throttles_since on throttles (since);

create table outbox (
  id @ID@,
  event text not null,
  kind text not null,
  recipient text not null,
  recipient_name text not null default '',
  message_id text not null,
  boundary text not null,
  mail_date text not null,
  from_address text not null,
  from_name text not null default '',
  subject text not null,
  body_text text not null,
  body_html text not null,
  headers text not null default '',
  documents text not null default '',
  ticket_id @INT@,
  state text not null default 'waiting' constraint outbox_state check (state in ('waiting', 'sent', 'dead')),
  attempts @INT@ not null default 0,
  next_attempt_at text not null,
  give_up_at text not null,
  lease_token text,
  lease_until text,
  last_reply text not null default '',
  created_at text not null,
  finished_at text,
  constraint outbox_once unique (event, kind, recipient),
  constraint outbox_message_id unique (message_id)
);
create index outbox_waiting on outbox (state, next_attempt_at, id) where state = 'waiting';
create index outbox_state_newest on outbox (state, id);
create index outbox_ticket on outbox (ticket_id, recipient, id) where ticket_id is not null;
create index outbox_recipient on outbox (recipient, id);
create index outbox_bodies on outbox (finished_at) where body_html <> '';

create table outbox_attempts (
  id @ID@,
  outbox_id @INT@ not null constraint outbox_attempts_outbox references outbox (id),
  at text not null,
  outcome text not null constraint outbox_attempts_outcome check (outcome in ('sent', 'retry', 'dead')),
  reply text not null
);
create index outbox_attempts_outbox on outbox_attempts (outbox_id, id);
