-- What the migrations make of an empty SQLite database; a test keeps it so.

CREATE TABLE address_faults (
  id integer primary key autoincrement,
  address text not null,
  outbox_id integer,
  at text not null,
  reply text not null,
  constraint address_faults_once unique (address, outbox_id)
);

CREATE INDEX address_faults_address on address_faults (address, at);

CREATE TABLE allocations (
  id integer primary key autoincrement,
  payment_id integer not null constraint allocations_payment references payments (id),
  invoice_id integer not null constraint allocations_invoice references invoices (id),
  amount integer not null constraint allocations_amount check (amount <> 0)
, why text not null default 'paid'
  constraint allocations_why check (why in ('paid', 'credit', 'reversed', 'freed', 'rectified')), allocated_at text);

CREATE INDEX allocations_invoice on allocations (invoice_id);

CREATE INDEX allocations_payment on allocations (payment_id);

CREATE TRIGGER allocations_not_deleted before delete on allocations
begin
  select raise(abort, 'a recorded payment is never deleted');
end;

CREATE TRIGGER allocations_stay before update on allocations
begin
  select raise(abort, 'a recorded payment never changes');
end;

CREATE TRIGGER allocations_to_issued before insert on allocations
when (select status from invoices where id = new.invoice_id) <> 'issued'
begin
  select raise(abort, 'nothing is paid on a draft');
end;

CREATE TABLE attachments (
  id integer primary key autoincrement,
  ticket_id integer not null constraint attachments_ticket references tickets (id),
  entry_id integer constraint attachments_entry references ticket_entries (id),
  name text not null,
  media_type text not null,
  size integer not null constraint attachments_size check (size >= 0),
  sha256 text not null,
  created_at text not null
);

CREATE INDEX attachments_entry on attachments (entry_id) where entry_id is not null;

CREATE INDEX attachments_ticket on attachments (ticket_id, id);

CREATE TABLE bank_statements (
  id integer primary key autoincrement,
  sha256 text not null,
  position integer not null,
  file_name text not null,
  format text not null constraint bank_statements_format check (format in ('camt053', 'csv', 'norma43')),
  account text not null,
  currency text not null,
  first_day text,
  last_day text,
  transactions integer not null,
  added integer not null default 0,
  imported_at text not null,
  imported_by integer constraint bank_statements_imported_by references users (id),
  constraint bank_statements_once unique (sha256, position)
);

CREATE INDEX bank_statements_imported_by on bank_statements (imported_by) where imported_by is not null;

CREATE TABLE bank_transactions (
  id integer primary key autoincrement,
  statement_id integer not null constraint bank_transactions_statement references bank_statements (id),
  line integer not null,
  mark text not null,
  account text not null,
  date text not null,
  value_date text,
  currency text not null,
  amount integer not null constraint bank_transactions_amount check (amount <> 0),
  name text not null,
  iban text not null,
  reference text not null,
  words text not null,
  creditor_reference text not null,
  returned integer not null constraint bank_transactions_returned check (returned in (0, 1)),
  state text not null default 'unmatched' constraint bank_transactions_state check
    (state in ('unmatched', 'matched', 'ignored', 'outgoing')),
  looked_at text,
  doubt text not null default '',
  likely_client_id integer constraint bank_transactions_likely_client references users (id),
  likely_why text not null default '' constraint bank_transactions_likely_why check
    (likely_why in ('', 'reference', 'account', 'name')),
  payment_id integer constraint bank_transactions_payment references payments (id),
  automatic integer not null default 0 constraint bank_transactions_automatic check (automatic in (0, 1)),
  reason text not null default '',
  decided_at text,
  decided_by integer constraint bank_transactions_decided_by references users (id),
  constraint bank_transactions_once unique (mark),
  constraint bank_transactions_recorded check ((state = 'matched') = (payment_id is not null)),
  constraint bank_transactions_reasoned check ((state = 'ignored') = (reason <> '')),
  constraint bank_transactions_likely check ((likely_client_id is null) = (likely_why = ''))
);

CREATE INDEX bank_transactions_decided_by on bank_transactions (decided_by) where decided_by is not null;

CREATE INDEX bank_transactions_known on bank_transactions (iban, id) where state = 'matched';

CREATE INDEX bank_transactions_likely on bank_transactions (likely_client_id, state) where likely_client_id is not null;

CREATE INDEX bank_transactions_new on bank_transactions (id) where looked_at is null;

CREATE INDEX bank_transactions_of_statement on bank_transactions (statement_id, id);

CREATE UNIQUE INDEX bank_transactions_payment on bank_transactions (payment_id) where payment_id is not null;

CREATE INDEX bank_transactions_queue on bank_transactions (id) where state = 'unmatched';

CREATE INDEX bank_transactions_same on bank_transactions (account, date, amount);

CREATE TABLE "billed_periods" (
  order_id integer not null constraint billed_periods_order references orders (id),
  kind text not null constraint billed_periods_kind check (kind in ('recurring', 'setup', 'once')),
  period_start text not null,
  period_next text not null,
  covers_until text not null,
  line_id integer constraint billed_periods_line references invoice_lines (id),
  constraint billed_periods_cut check (covers_until >= period_start and covers_until <= period_next)
);

CREATE INDEX billed_periods_line on billed_periods (line_id) where line_id is not null;

CREATE UNIQUE INDEX billed_periods_once on billed_periods (order_id, kind, period_start)
where kind <> 'recurring' or covers_until > period_start;

CREATE INDEX billed_periods_order on billed_periods (order_id, kind, period_start);

CREATE TRIGGER billed_periods_no_overlap before insert on billed_periods
when new.kind = 'recurring' and exists (
  select 1
  from billed_periods b
  where b.order_id = new.order_id
    and b.kind = 'recurring'
    and b.period_start < new.covers_until
    and b.covers_until > new.period_start
    and b.covers_until > b.period_start)
begin
  select raise(abort, 'a day of an order is billed once');
end;

CREATE TRIGGER billed_periods_only_cut before update on billed_periods
when new.order_id is not old.order_id or new.kind is not old.kind or new.period_start is not old.period_start
  or new.period_next is not old.period_next or new.line_id is not old.line_id
  or new.covers_until > old.covers_until or old.kind <> 'recurring'
begin
  select raise(abort, 'what is billed changes only by being given back');
end;

CREATE TRIGGER billed_periods_stay before delete on billed_periods
begin
  select raise(abort, 'what is billed is never forgotten');
end;

CREATE TABLE billing_ledger (
  id integer primary key autoincrement,
  order_id integer not null constraint billing_ledger_order_known references orders (id),
  run_at text not null,
  run_date text not null,
  outcome text not null constraint billing_ledger_outcome check (outcome in ('billed', 'free', 'nothing', 'fault')),
  items integer not null default 0,
  detail text not null default ''
);

CREATE INDEX billing_ledger_order on billing_ledger (order_id, id);

CREATE INDEX billing_ledger_run on billing_ledger (run_at);

CREATE TABLE billing_run_faults (
  id integer primary key autoincrement,
  run_id integer not null constraint billing_run_faults_run references billing_runs (id),
  fault text not null
);

CREATE INDEX billing_run_faults_run on billing_run_faults (run_id, id);

CREATE TABLE billing_runs (
  id integer primary key autoincrement,
  kind text not null constraint billing_runs_kind check (kind in ('job', 'command', 'page')),
  started_by integer constraint billing_runs_started_by references users (id),
  date text not null,
  started_at text not null,
  heartbeat_at text not null,
  finished_at text,
  total integer not null default 0,
  done integer not null default 0,
  invoices integer not null default 0,
  currency text not null,
  sum integer not null default 0,
  faults integer not null default 0,
  outcome text not null default 'running' constraint billing_runs_outcome check
    (outcome in ('running', 'done', 'stopped', 'failed')),
  constraint billing_runs_ended check ((outcome = 'running') = (finished_at is null))
);

CREATE INDEX billing_runs_started_by on billing_runs (started_by) where started_by is not null;

CREATE TABLE canned_replies (
  id integer primary key autoincrement,
  name text not null constraint canned_replies_name_length check (length(name) between 1 and 80),
  category text not null default '',
  body text not null,
  version integer not null default 1,
  changed_at text not null,
  changed_by integer constraint canned_replies_changed_by references users (id),
  constraint canned_replies_name unique (name)
);

CREATE INDEX canned_replies_category on canned_replies (category, name);

CREATE INDEX canned_replies_changed_by on canned_replies (changed_by) where changed_by is not null;

CREATE TABLE client_balances (
  client_id integer not null constraint client_balances_client references users (id),
  currency text not null,
  credit integer not null constraint client_balances_credit check (credit >= 0),
  constraint client_balances_key primary key (client_id, currency)
);

CREATE INDEX client_balances_credit on client_balances (client_id) where credit > 0;

CREATE TABLE client_credit (
  id integer primary key autoincrement,
  client_id integer not null constraint client_credit_client references users (id),
  payment_id integer not null constraint client_credit_payment references payments (id),
  invoice_id integer constraint client_credit_invoice references invoices (id),
  -- The refund or reversal that moved it; none when it moved between invoices and credit.
  movement_id integer constraint client_credit_movement references payments (id),
  why text not null constraint client_credit_why check (
    why in ('left over', 'rectified', 'freed', 'used', 'reversed', 'refunded', 'refund undone')),
  currency text not null,
  amount integer not null constraint client_credit_amount check (amount <> 0),
  at text not null,
  author_id integer constraint client_credit_author references users (id),
  constraint client_credit_moved check ((movement_id is not null) = (why in ('reversed', 'refunded', 'refund undone')))
);

CREATE INDEX client_credit_client on client_credit (client_id, id);

CREATE INDEX client_credit_movement on client_credit (movement_id) where movement_id is not null;

CREATE INDEX client_credit_payment on client_credit (payment_id, amount);

CREATE TRIGGER client_credit_not_deleted before delete on client_credit
begin
  select raise(abort, 'a row of client credit is never deleted');
end;

CREATE TRIGGER client_credit_stay before update on client_credit
begin
  select raise(abort, 'a row of client credit never changes');
end;

CREATE TABLE closed_periods (
  id integer primary key autoincrement,
  month text not null constraint closed_periods_month check (length(month) = 7),
  closed_at text not null,
  closed_by integer constraint closed_periods_closed_by references users (id),
  reopened_at text,
  reopened_by integer constraint closed_periods_reopened_by references users (id),
  reason text not null default '',
  constraint closed_periods_reopened check ((reopened_at is null) = (reason = ''))
);

CREATE INDEX closed_periods_closed_by on closed_periods (closed_by);

CREATE UNIQUE INDEX closed_periods_once on closed_periods (month) where reopened_at is null;

CREATE INDEX closed_periods_reopened_by on closed_periods (reopened_by) where reopened_by is not null;

CREATE TRIGGER closed_periods_not_deleted before delete on closed_periods
begin
  select raise(abort, 'a closing stays on record');
end;

CREATE TRIGGER closed_periods_stay before update on closed_periods
when old.reopened_at is not null or new.month <> old.month or new.closed_at <> old.closed_at
  or new.closed_by is not old.closed_by or new.reopened_at is null
begin
  select raise(abort, 'a closing stays on record');
end;

CREATE TABLE coupon_services (
  coupon_id integer not null constraint coupon_services_coupon references coupons (id),
  service_id integer not null constraint coupon_services_service references services (id) on delete cascade,
  constraint coupon_services_key primary key (coupon_id, service_id)
);

CREATE INDEX coupon_services_service on coupon_services (service_id);

CREATE TABLE coupons (
  id integer primary key autoincrement,
  code text not null constraint coupons_code_length check (length(code) between 1 and 30),
  share integer constraint coupons_share check (share between 1 and 10000),
  amount integer constraint coupons_amount check (amount > 0),
  currency text,
  periods integer constraint coupons_periods check (periods > 0),
  valid_from text,
  valid_until text,
  most_orders integer constraint coupons_most_orders check (most_orders > 0),
  active integer not null default 1 constraint coupons_active check (active in (0, 1)),
  notes text not null default '',
  created_at text not null,
  constraint coupons_code unique (code),
  constraint coupons_kind check ((share is null) <> (amount is null) and (amount is null) = (currency is null))
);

CREATE TABLE credited_periods (
  id integer primary key autoincrement,
  order_id integer not null constraint credited_periods_order_known references orders (id),
  period_start text not null,
  period_next text not null,
  line_id integer constraint credited_periods_line_known references invoice_lines (id),
  rectifying_id integer constraint credited_periods_rectifying_known references invoices (id),
  at text not null,
  constraint credited_periods_days check (period_start < period_next)
);

CREATE INDEX credited_periods_line on credited_periods (line_id) where line_id is not null;

CREATE INDEX credited_periods_order on credited_periods (order_id, id);

CREATE TRIGGER credited_periods_not_deleted before delete on credited_periods
begin
  select raise(abort, 'what was given back is never forgotten');
end;

CREATE TRIGGER credited_periods_stay before update on credited_periods
begin
  select raise(abort, 'what was given back never changes');
end;

CREATE TABLE devices (
  id integer primary key autoincrement,
  user_id integer not null constraint devices_user references users (id) on delete cascade,
  token_hash text not null,
  first_seen_at text not null,
  last_seen_at text not null,
  constraint devices_token unique (user_id, token_hash)
);

CREATE TABLE dunning_pauses (
  id integer primary key autoincrement,
  invoice_id integer constraint dunning_pauses_invoice references invoices (id),
  client_id integer constraint dunning_pauses_client references users (id),
  reason text not null constraint dunning_pauses_reason check (length(reason) between 1 and 500),
  paused_at text not null,
  paused_by integer constraint dunning_pauses_paused_by references users (id),
  ended_at text,
  ended_by integer constraint dunning_pauses_ended_by references users (id),
  constraint dunning_pauses_of_one check ((invoice_id is null) <> (client_id is null))
);

CREATE UNIQUE INDEX dunning_pauses_of_client on dunning_pauses (client_id) where ended_at is null and client_id is not null;

CREATE UNIQUE INDEX dunning_pauses_of_invoice on dunning_pauses (invoice_id) where ended_at is null and invoice_id is not null;

CREATE TABLE dunning_steps (
  id integer primary key autoincrement,
  invoice_id integer not null constraint dunning_steps_invoice references invoices (id),
  kind text not null constraint dunning_steps_kind check (kind in ('reminder', 'overdue')),
  days integer not null constraint dunning_steps_days check (days between 0 and 365),
  due_on text not null,
  done_at text,
  outcome text constraint dunning_steps_outcome check (outcome in ('sent', 'skipped', 'undeliverable', 'settled')),
  outbox_id integer,
  told_at text,
  constraint dunning_steps_once unique (invoice_id, kind, days),
  constraint dunning_steps_done check ((done_at is null) = (outcome is null))
);

CREATE INDEX dunning_steps_open on dunning_steps (due_on, invoice_id) where done_at is null;

CREATE INDEX dunning_steps_untold on dunning_steps (id) where outcome = 'undeliverable' and told_at is null;

CREATE TABLE fetch_failures (
  mailbox text not null,
  generation text not null,
  uid integer not null,
  failures integer not null,
  last_error text not null,
  last_at text not null,
  primary key (mailbox, generation, uid)
);

CREATE TABLE form_keys (
  form_key text not null primary key,
  digest text not null,
  location text,
  used_at text not null
);

CREATE INDEX form_keys_used on form_keys (used_at);

CREATE TABLE inbound_mails (
  id integer primary key autoincrement,
  received_at text not null,
  source text not null constraint inbound_mails_source check (source in ('pipe', 'imap')),
  envelope_recipient text not null default '',
  size integer not null,
  sha256 text not null,
  raw_kept integer not null default 1 constraint inbound_mails_raw_kept check (raw_kept in (0, 1)),
  raw_key text,
  mail_key text,
  kind text not null default '',
  verdict text not null constraint inbound_mails_verdict
    check (verdict in ('arrived', 'taken', 'duplicate', 'automatic', 'bounce', 'own', 'held', 'rejected', 'failed')),
  reason text not null default '',
  judged_at text,
  sender text not null default '',
  sender_name text not null default '',
  subject text not null default '',
  message_id text not null default '',
  ticket_id integer,
  entry_id integer,
  outbox_id integer,
  original_id integer constraint inbound_mails_original references inbound_mails (id),
  reopened integer not null default 0,
  confirmation text not null default '' constraint inbound_mails_confirmation check (confirmation in ('', 'waiting', 'done')), thread_index text not null default '', thread_topic text not null default '',
  constraint inbound_mails_raw unique (raw_key),
  constraint inbound_mails_mail unique (mail_key)
);

CREATE INDEX inbound_mails_digest on inbound_mails (sha256);

CREATE INDEX inbound_mails_message on inbound_mails (message_id) where message_id <> '';

CREATE INDEX inbound_mails_original on inbound_mails (original_id) where original_id is not null;

CREATE INDEX inbound_mails_raw_kept on inbound_mails (received_at) where raw_kept = 1;

CREATE INDEX inbound_mails_sender on inbound_mails (sender, received_at);

CREATE INDEX inbound_mails_ticket on inbound_mails (ticket_id, sender, id) where ticket_id is not null;

CREATE INDEX inbound_mails_verdict on inbound_mails (verdict, id);

CREATE TABLE installation (
  name text not null primary key,
  value text not null
);

CREATE TABLE invoice_documents (
  invoice_id integer not null primary key constraint invoice_documents_invoice references invoices (id),
  sha256 text not null,
  content text not null,
  created_at text not null
);

CREATE TRIGGER invoice_documents_not_deleted before delete on invoice_documents
begin
  select raise(abort, 'the document of an issued invoice is never deleted');
end;

CREATE TRIGGER invoice_documents_stay before update on invoice_documents
begin
  select raise(abort, 'the document of an issued invoice never changes');
end;

CREATE TABLE invoice_lines (
  id integer primary key autoincrement,
  invoice_id integer not null constraint invoice_lines_invoice references invoices (id),
  position integer not null,
  kind text not null constraint invoice_lines_kind check (kind in ('recurring', 'setup', 'once', 'manual', 'correction')),
  order_id integer constraint invoice_lines_order references orders (id),
  service_id integer constraint invoice_lines_service references services (id),
  description text not null,
  quantity text not null,
  unit_price text not null,
  period_start text,
  period_next text,
  net integer not null,
  tax_rate integer not null constraint invoice_lines_tax_rate check (tax_rate between 0 and 10000),
  explanation text not null default '', corrects_id integer constraint invoice_lines_corrects references invoice_lines (id),
  constraint invoice_lines_position unique (invoice_id, position)
);

CREATE INDEX invoice_lines_corrects on invoice_lines (corrects_id) where corrects_id is not null;

CREATE INDEX invoice_lines_order on invoice_lines (order_id) where order_id is not null;

CREATE TRIGGER invoice_lines_not_added before insert on invoice_lines
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TRIGGER invoice_lines_not_deleted before delete on invoice_lines
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TRIGGER invoice_lines_not_moved before update on invoice_lines
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TRIGGER invoice_lines_stay before update on invoice_lines
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TABLE invoice_taxes (
  invoice_id integer not null constraint invoice_taxes_invoice references invoices (id),
  tax_rate integer not null,
  base integer not null,
  tax integer not null,
  constraint invoice_taxes_key primary key (invoice_id, tax_rate)
);

CREATE TRIGGER invoice_taxes_not_added before insert on invoice_taxes
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TRIGGER invoice_taxes_not_deleted before delete on invoice_taxes
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TRIGGER invoice_taxes_not_moved before update on invoice_taxes
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TRIGGER invoice_taxes_stay before update on invoice_taxes
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

CREATE TABLE invoices (
  id integer primary key autoincrement,
  kind text not null constraint invoices_kind check (kind in ('ordinary', 'rectifying')),
  status text not null constraint invoices_status check (status in ('draft', 'issued')),
  client_id integer not null constraint invoices_client references users (id),
  rectifies_id integer constraint invoices_rectifies references invoices (id),
  reason text not null default '',
  series text,
  year integer,
  sequence integer,
  number text,
  issue_date text,
  due_date text,
  due_month text,
  description text not null default '',
  currency text not null,
  net integer not null default 0,
  tax integer not null default 0,
  total integer not null default 0,
  paid integer not null default 0,
  credited integer not null default 0,
  buyer text not null default '',
  seller text not null default '',
  payment_text text not null default '',
  created_at text not null,
  created_by integer constraint invoices_created_by references users (id),
  issued_at text, tax_status text not null default 'domestic', tax_note text not null default '', payment_code text not null default '',
  constraint invoices_number unique (number),
  constraint invoices_sequence unique (series, year, sequence),
  constraint invoices_sum check (net + tax = total),
  constraint invoices_paid check (paid = 0 or (paid > 0 and paid <= total)),
  constraint invoices_credited check (
    credited = 0 or (kind = 'ordinary' and status = 'issued' and credited > 0 and credited <= total)),
  constraint invoices_rectifying check ((kind = 'rectifying') = (rectifies_id is not null)),
  constraint invoices_issued check (
    (status = 'draft' and number is null and issue_date is null)
    or (status = 'issued' and number is not null and issue_date is not null and due_date is not null))
);

CREATE INDEX invoices_client on invoices (client_id, id);

CREATE INDEX invoices_drafts on invoices (id) where status = 'draft';

CREATE INDEX invoices_due_date on invoices (due_date, id);

CREATE INDEX invoices_issue_date on invoices (issue_date, id);

CREATE INDEX invoices_rectified on invoices (id)
where status = 'issued' and kind = 'ordinary' and credited = total;

CREATE INDEX invoices_rectifies on invoices (rectifies_id) where rectifies_id is not null;

CREATE INDEX invoices_rectifying on invoices (id) where kind = 'rectifying';

CREATE INDEX invoices_unpaid on invoices (due_date, id, total, paid, credited, status, kind)
where status = 'issued' and kind = 'ordinary' and total > paid + credited;

CREATE INDEX invoices_unpaid_newest on invoices (id)
where status = 'issued' and kind = 'ordinary' and total > paid + credited;

CREATE INDEX invoices_unpaid_of_client on invoices (client_id, total, paid, credited, status, kind)
where status = 'issued' and kind = 'ordinary' and total > paid + credited;

CREATE TRIGGER invoices_issued_not_deleted before delete on invoices
when old.status = 'issued'
begin
  select raise(abort, 'an issued invoice is never deleted');
end;

CREATE TRIGGER invoices_issued_stay before update on invoices
when old.status = 'issued' and (
  new.status is not old.status or new.kind is not old.kind or new.client_id is not old.client_id
  or new.rectifies_id is not old.rectifies_id or new.reason is not old.reason
  or new.series is not old.series or new.year is not old.year or new.sequence is not old.sequence
  or new.number is not old.number or new.issue_date is not old.issue_date
  or new.due_date is not old.due_date or new.due_month is not old.due_month
  or new.description is not old.description or new.currency is not old.currency
  or new.net is not old.net or new.tax is not old.tax or new.total is not old.total
  or new.buyer is not old.buyer or new.seller is not old.seller
  or new.payment_text is not old.payment_text or new.created_at is not old.created_at
  or new.issued_at is not old.issued_at
  or new.credited < old.credited)
begin
  select raise(abort, 'an issued invoice never changes');
end;

CREATE TRIGGER invoices_not_added_into_closed before insert on invoices
when new.status = 'issued'
  and exists (select 1 from closed_periods
    where reopened_at is null and month >= substr(new.issue_date, 1, 7))
begin
  select raise(abort, 'the month of this date is closed');
end;

CREATE TRIGGER invoices_not_issued_into_closed before update on invoices
when new.status = 'issued' and old.status <> 'issued'
  and exists (select 1 from closed_periods
    where reopened_at is null and month >= substr(new.issue_date, 1, 7))
begin
  select raise(abort, 'the month of this date is closed');
end;

CREATE TRIGGER invoices_tax_stays before update on invoices
when old.status = 'issued' and (
  new.tax_status is not old.tax_status or new.tax_note is not old.tax_note or new.payment_code is not old.payment_code)
begin
  select raise(abort, 'an issued invoice never changes');
end;

CREATE TABLE job_runs (
  job text not null primary key,
  last_started_at text,
  last_finished_at text,
  last_outcome text,
  done_through text,
  lease_token text,
  lease_until text
);

CREATE TABLE leases (
  name text not null primary key,
  token text not null,
  holder text not null,
  since text not null,
  until text not null
);

CREATE TABLE mailed_codes (
  id integer primary key autoincrement,
  user_id integer not null constraint mailed_codes_user references users (id) on delete cascade,
  purpose text not null constraint mailed_codes_purpose check (purpose in ('verify', 'reset', 'email')),
  code_hash text not null,
  email text not null,
  created_at text not null,
  expires_at text not null,
  used_at text,
  constraint mailed_codes_code unique (code_hash)
);

CREATE INDEX mailed_codes_user on mailed_codes (user_id, purpose);

CREATE TABLE number_counters (
  series text not null,
  year integer not null,
  last_number integer not null,
  last_issue_date text not null,
  constraint number_counters_key primary key (series, year)
);

CREATE TABLE order_events (
  id integer primary key autoincrement,
  order_id integer not null constraint order_events_order references orders (id),
  at text not null,
  user_id integer constraint order_events_user references users (id),
  event text not null constraint order_events_event check (event in
    ('placed', 'active', 'suspended', 'ended', 'ending', 'continued', 'billing', 'changed')),
  detail text not null default '',
  reason text not null default ''
);

CREATE INDEX order_events_order on order_events (order_id, id);

CREATE TABLE orders (
  id integer primary key autoincrement,
  service_id integer not null constraint orders_service references services (id),
  name text not null constraint orders_name_length check (length(name) between 1 and 100),
  client_id integer not null constraint orders_client references users (id),
  status text not null constraint orders_status check (status in ('setting up', 'active', 'suspended', 'ended')),
  ordered_at text not null,
  billing text not null,
  billing_from text,
  earlier_billing text not null default '',
  options text not null default '',
  comments text not null default '',
  notes text not null default '',
  activated_on text,
  ends_on text,
  next_due_on text, quantity integer not null default 1
  constraint orders_quantity check (quantity between 1 and 10000), anchor_day integer constraint orders_anchor_day check (anchor_day between 1 and 31), trial_days integer not null default 0
  constraint orders_trial_days check (trial_days between 0 and 366), coupon_id integer constraint orders_coupon references coupons (id), discount text not null default '', bills_suspended integer not null default 1
  constraint orders_bills_suspended check (bills_suspended in (0, 1)), billing_paused integer not null default 0
  constraint orders_billing_paused check (billing_paused in (0, 1)),
  constraint orders_active_since check (status = 'setting up' or status = 'ended' or activated_on is not null)
);

CREATE INDEX orders_client on orders (client_id, id);

CREATE INDEX orders_coupon on orders (coupon_id) where coupon_id is not null;

CREATE INDEX orders_due on orders (next_due_on, client_id) where next_due_on is not null;

CREATE INDEX orders_ending on orders (ends_on) where ends_on is not null and status in ('active', 'suspended');

CREATE INDEX orders_name on orders (lower(name), id);

CREATE INDEX orders_next_due on orders (coalesce(next_due_on, '9999'), id);

CREATE INDEX orders_service on orders (service_id);

CREATE INDEX orders_status_id on orders (status, id);

CREATE TABLE outbox (
  id integer primary key autoincrement,
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
  ticket_id integer,
  state text not null default 'waiting' constraint outbox_state check (state in ('waiting', 'sent', 'dead')),
  attempts integer not null default 0,
  next_attempt_at text not null,
  give_up_at text not null,
  lease_token text,
  lease_until text,
  last_reply text not null default '',
  created_at text not null,
  finished_at text, envelope_from text, counted integer not null default 0,
  constraint outbox_once unique (event, kind, recipient),
  constraint outbox_message_id unique (message_id)
);

CREATE INDEX outbox_bodies on outbox (finished_at) where body_html <> '';

CREATE INDEX outbox_counted on outbox (recipient, created_at) where counted = 1;

CREATE INDEX outbox_recipient on outbox (recipient, id);

CREATE INDEX outbox_state_newest on outbox (state, id);

CREATE INDEX outbox_ticket on outbox (ticket_id, recipient, id) where ticket_id is not null;

CREATE INDEX outbox_waiting on outbox (state, next_attempt_at, id) where state = 'waiting';

CREATE TABLE outbox_attempts (
  id integer primary key autoincrement,
  outbox_id integer not null constraint outbox_attempts_outbox references outbox (id),
  at text not null,
  outcome text not null constraint outbox_attempts_outcome check (outcome in ('sent', 'retry', 'dead')),
  reply text not null
);

CREATE INDEX outbox_attempts_outbox on outbox_attempts (outbox_id, id);

CREATE TABLE payments (
  id integer primary key autoincrement,
  client_id integer not null constraint payments_client references users (id),
  date text not null,
  method text not null,
  reference text not null default '',
  currency text not null,
  amount integer not null constraint payments_amount check (amount <> 0),
  reverses_id integer constraint payments_reverses references payments (id),
  proof_name text,
  proof_type text,
  proof_sha256 text,
  recorded_at text not null,
  recorded_by integer constraint payments_recorded_by references users (id), kind text not null default 'received'
  constraint payments_kind check (kind in ('received', 'refund')),
  constraint payments_reversed_once unique (reverses_id)
);

CREATE INDEX payments_client on payments (client_id, id);

CREATE INDEX payments_date on payments (date);

CREATE TRIGGER payments_not_added_into_closed before insert on payments
when exists (select 1 from closed_periods
    where reopened_at is null and month >= substr(new.date, 1, 7))
begin
  select raise(abort, 'the month of this date is closed');
end;

CREATE TRIGGER payments_not_deleted before delete on payments
begin
  select raise(abort, 'a recorded payment is never deleted');
end;

CREATE TRIGGER payments_stay before update on payments
begin
  select raise(abort, 'a recorded payment never changes');
end;

CREATE TABLE reserved_usernames (
  username text not null primary key,
  reserved_at text not null
);

CREATE TABLE schema_version (
    version integer not null primary key,
    name text not null,
    applied_at text not null
  );

CREATE TABLE services (
  id integer primary key autoincrement,
  name text not null constraint services_name_length check (length(name) between 1 and 100),
  type text not null constraint services_type check (type in ('premium', 'standard', 'free')),
  billing text not null,
  options text not null default '',
  description text not null default '',
  active integer not null default 1 constraint services_active check (active in (0, 1)),
  created_at text not null, tax_name text not null default 'standard', trial_days integer not null default 0
  constraint services_trial_days check (trial_days between 0 and 366),
  constraint services_name unique (name)
);

CREATE TABLE sessions (
  id integer primary key autoincrement,
  token_hash text not null,
  user_id integer not null constraint sessions_user references users (id) on delete cascade,
  created_at text not null,
  last_seen_at text not null,
  expires_at text not null,
  confirmed_at text not null,
  address text not null default '',
  user_agent text not null default '',
  constraint sessions_token unique (token_hash)
);

CREATE INDEX sessions_expiry on sessions (expires_at);

CREATE INDEX sessions_user on sessions (user_id);

CREATE TABLE staff_subscriptions (
  user_id integer not null primary key constraint staff_subscriptions_user references users (id) on delete cascade,
  new_tickets integer not null constraint staff_subscriptions_new_tickets check (new_tickets in (0, 1)),
  messages text not null constraint staff_subscriptions_messages check (messages in ('mine', 'unassigned', 'all'))
);

CREATE TABLE suspension_exemptions (
  id integer primary key autoincrement,
  order_id integer not null constraint suspension_exemptions_order references orders (id),
  reason text not null constraint suspension_exemptions_reason check (length(reason) between 1 and 500),
  since text not null,
  user_id integer constraint suspension_exemptions_user references users (id),
  ended_at text,
  ended_by integer constraint suspension_exemptions_ended_by references users (id)
);

CREATE INDEX suspension_exemptions_of_order on suspension_exemptions (order_id, id);

CREATE UNIQUE INDEX suspension_exemptions_open on suspension_exemptions (order_id) where ended_at is null;

CREATE TABLE suspensions (
  id integer primary key autoincrement,
  order_id integer not null constraint suspensions_order references orders (id),
  invoice_id integer not null constraint suspensions_invoice references invoices (id),
  obstacle text not null default '' constraint suspensions_obstacle check (obstacle in
    ('', 'exempt', 'paused', 'not mailed', 'undeliverable', 'payment pending', 'open ticket')),
  opened_on text not null,
  told_on text,
  event_id integer constraint suspensions_event references order_events (id),
  suspended_on text,
  ended_on text,
  outcome text constraint suspensions_outcome check (outcome in ('lifted', 'dropped')),
  constraint suspensions_event_and_day check ((event_id is null) = (suspended_on is null)),
  constraint suspensions_ended check ((ended_on is null) = (outcome is null))
);

CREATE INDEX suspensions_of_order on suspensions (order_id, id);

CREATE UNIQUE INDEX suspensions_open on suspensions (order_id) where ended_on is null;

CREATE INDEX suspensions_untold on suspensions (id) where told_on is null and ended_on is null;

CREATE TABLE tax_rates (
  id integer primary key autoincrement,
  name text not null constraint tax_rates_name_length check (length(name) between 1 and 40),
  valid_from text not null,
  rate integer not null constraint tax_rates_rate check (rate between 0 and 10000),
  created_at text not null,
  created_by integer constraint tax_rates_created_by references users (id),
  constraint tax_rates_once unique (name, valid_from)
);

CREATE TRIGGER tax_rates_not_deleted before delete on tax_rates
begin
  select raise(abort, 'a tax rate is never deleted');
end;

CREATE TRIGGER tax_rates_stay before update on tax_rates
begin
  select raise(abort, 'a tax rate never changes');
end;

CREATE TABLE throttles (
  bucket text not null primary key,
  failures integer not null check (failures >= 0),
  since text not null,
  blocked_until text
);

CREATE INDEX throttles_since on throttles (since);

CREATE VIEW ticket_documents as
select texts.id, texts.ticket_id, texts.entry_id,
  replace(tickets.subject || ' ' || coalesce(entries.body || ' ' || entries.quoted, tickets.body), char(57344), ' ')
    || case when entries.kind = 'note' then '' else ' ' || char(57344) || tickets.client_id end as words
from ticket_texts texts
join tickets on tickets.id = texts.ticket_id
left join ticket_entries entries on entries.id = texts.entry_id;

CREATE TABLE ticket_entries (
  id integer primary key autoincrement,
  ticket_id integer not null constraint ticket_entries_ticket references tickets (id),
  kind text not null constraint ticket_entries_kind check (kind in ('reply', 'note', 'event')),
  author_id integer constraint ticket_entries_author references users (id),
  by_staff integer not null constraint ticket_entries_by_staff check (by_staff in (0, 1)),
  source text not null constraint ticket_entries_source check (source in ('web', 'mail', 'system')),
  body text not null,
  created_at text not null
, quoted text not null default '', mail_id integer, outcome text constraint ticket_entries_outcome check (outcome in ('closed', 'nofix', 'reopened')), ticket_opened_at text);

CREATE INDEX ticket_entries_author on ticket_entries (author_id) where author_id is not null;

CREATE INDEX ticket_entries_mail on ticket_entries (mail_id) where mail_id is not null;

CREATE INDEX ticket_entries_outcomes on ticket_entries (created_at, outcome, ticket_opened_at) where outcome is not null;

CREATE INDEX ticket_entries_ticket on ticket_entries (ticket_id, id);

CREATE TRIGGER ticket_entry_forgotten before delete on ticket_entries
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where entry_id = old.id;
  delete from ticket_texts where entry_id = old.id;
end;

CREATE TRIGGER ticket_entry_indexed after insert on ticket_entries when new.kind <> 'event'
begin
  insert into ticket_texts (ticket_id, entry_id) values (new.ticket_id, new.id);
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where entry_id = new.id;
end;

CREATE TRIGGER ticket_entry_indexed_anew after update of body, quoted, kind on ticket_entries
begin
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where entry_id = new.id;
end;

CREATE TRIGGER ticket_entry_taken_out before update of body, quoted, kind on ticket_entries
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where entry_id = old.id;
end;

CREATE TABLE ticket_filters (
  id integer primary key autoincrement,
  user_id integer not null constraint ticket_filters_user references users (id) on delete cascade,
  name text not null constraint ticket_filters_name_length check (length(name) between 1 and 60),
  query text not null,
  created_at text not null,
  constraint ticket_filters_name unique (user_id, name)
);

CREATE TABLE ticket_links (
  ticket_id integer not null constraint ticket_links_ticket references tickets (id),
  other_id integer not null constraint ticket_links_other references tickets (id),
  linked_at text not null,
  constraint ticket_links_key primary key (ticket_id, other_id),
  constraint ticket_links_order check (ticket_id < other_id)
);

CREATE INDEX ticket_links_of_other on ticket_links (other_id);

CREATE TABLE ticket_presence (
  ticket_id integer not null constraint ticket_presence_ticket references tickets (id) on delete cascade,
  user_id integer not null constraint ticket_presence_user references users (id) on delete cascade,
  writing integer not null constraint ticket_presence_writing check (writing in (0, 1)),
  seen_at text not null,
  constraint ticket_presence_key primary key (ticket_id, user_id)
);

CREATE INDEX ticket_presence_of_user on ticket_presence (user_id);

CREATE TABLE ticket_ratings (
  id integer primary key autoincrement,
  ticket_id integer not null constraint ticket_ratings_ticket references tickets (id),
  closing_id integer not null constraint ticket_ratings_closing references ticket_entries (id),
  good integer not null constraint ticket_ratings_good check (good in (0, 1)),
  comment text not null default '',
  first_rated_at text not null,
  rated_at text not null,
  constraint ticket_ratings_once unique (closing_id)
);

CREATE INDEX ticket_ratings_first on ticket_ratings (first_rated_at);

CREATE INDEX ticket_ratings_ticket on ticket_ratings (ticket_id);

CREATE VIRTUAL TABLE ticket_search using fts5 (words, content = '', columnsize = 0, detail = none,
  prefix = '2 3 4 5 6 7 8 9 10 11 12', tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE 'ticket_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'ticket_search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'ticket_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE ticket_texts (
  id integer primary key autoincrement,
  ticket_id integer not null constraint ticket_texts_ticket references tickets (id),
  entry_id integer constraint ticket_texts_entry references ticket_entries (id)
);

CREATE INDEX ticket_texts_entry on ticket_texts (entry_id) where entry_id is not null;

CREATE INDEX ticket_texts_ticket on ticket_texts (ticket_id, id);

CREATE TABLE tickets (
  id integer primary key autoincrement,
  client_id integer not null constraint tickets_client references users (id),
  order_id integer constraint tickets_order references orders (id),
  subject text not null constraint tickets_subject_length check (length(subject) between 1 and 200),
  body text not null,
  status text not null constraint tickets_status check (status in ('open', 'closed', 'nofix')),
  assignee_id integer constraint tickets_assignee references users (id),
  opened_at text not null,
  last_entry_at text not null,
  waiting_for text not null constraint tickets_waiting_for check (waiting_for in ('staff', 'client')),
  closed_at text,
  closed_by integer constraint tickets_closed_by references users (id),
  close_comment text not null default '', priority integer not null default 2 constraint tickets_priority check (priority between 1 and 4), targets_from text, answered_at text, paused_at text, paused_seconds integer not null default 0 constraint tickets_paused check (paused_seconds >= 0), reply_due_at text, solution_due_at text, due_at text not null default '9999-12-31T23:59:59Z', merged_into integer constraint tickets_merged_into references tickets (id), close_warned_at text, first_reply_at text,
  constraint tickets_closure check ((status = 'open') = (closed_at is null))
);

CREATE INDEX tickets_client on tickets (client_id, id);

CREATE INDEX tickets_closed_by on tickets (closed_by) where closed_by is not null;

CREATE INDEX tickets_last_entry on tickets (last_entry_at, id);

CREATE INDEX tickets_merged on tickets (merged_into) where merged_into is not null;

CREATE INDEX tickets_merged_away on tickets (id, merged_into) where merged_into is not null;

CREATE INDEX tickets_opened on tickets (opened_at, first_reply_at);

CREATE INDEX tickets_order on tickets (order_id) where order_id is not null;

CREATE INDEX tickets_queue on tickets (status desc, due_at, waiting_for desc, last_entry_at, id);

CREATE INDEX tickets_queue_by_priority on tickets (priority desc, status desc, due_at, waiting_for desc, last_entry_at, id);

CREATE INDEX tickets_queue_of_assignee on tickets (assignee_id, status desc, due_at, waiting_for desc, last_entry_at, id);

CREATE INDEX tickets_silent on tickets (last_entry_at, id) where status = 'open' and waiting_for = 'client';

CREATE INDEX tickets_status_id on tickets (status, id);

CREATE INDEX tickets_waiting on tickets (waiting_for, status desc, due_at, last_entry_at, id);

CREATE TRIGGER ticket_opening_forgotten before delete on tickets
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where ticket_id = old.id and entry_id is null;
  delete from ticket_texts where ticket_id = old.id and entry_id is null;
end;

CREATE TRIGGER ticket_opening_indexed after insert on tickets
begin
  insert into ticket_texts (ticket_id) values (new.id);
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where ticket_id = new.id and entry_id is null;
end;

CREATE TRIGGER ticket_texts_indexed_anew after update of subject, body, client_id on tickets
when (old.subject, old.body, old.client_id) is not (new.subject, new.body, new.client_id)
begin
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where ticket_id = new.id;
end;

CREATE TRIGGER ticket_texts_taken_out before update of subject, body, client_id on tickets
when (old.subject, old.body, old.client_id) is not (new.subject, new.body, new.client_id)
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where ticket_id = old.id;
end;

CREATE TABLE undeliverable_addresses (
  address text not null primary key,
  since text not null,
  reply text not null
);

CREATE TABLE users (
  id integer primary key autoincrement,
  username text not null constraint users_username_form check (length(username) between 3 and 31),
  password_hash text not null,
  email text not null,
  email_key text not null,
  type text not null constraint users_type check (type in ('client', 'helpdesk', 'accountant', 'admin')),
  status text not null constraint users_status check (status in ('unverified', 'verified', 'disabled')),
  registered_at text not null,
  verified_at text,
  password_changed_at text not null,
  last_sign_in_at text,
  billing_name text not null default '',
  billing_address text not null default '',
  billing_country text not null default '',
  billing_tax_number text not null default '', tax_status text not null default 'domestic'
  constraint users_tax_status check (tax_status in ('domestic', 'reverse charge', 'outside EU', 'exempt')), tax_exemption text not null default '', locale text not null default '',
  constraint users_username unique (username),
  constraint users_email unique (email_key)
);

CREATE INDEX users_staff on users (username) where type <> 'client';

CREATE INDEX users_status_id on users (status, id);

CREATE INDEX users_type_id on users (type, id);
