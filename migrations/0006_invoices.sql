-- Invoices. A draft has no number; what is issued never changes again: the triggers below say so to every program.
-- `paid` is kept with each allocation so that lists need no sum; `invoice audit` compares them.

create table number_counters (
  series text not null,
  year @INT@ not null,
  last_number @INT@ not null,
  last_issue_date text not null,
  constraint number_counters_key primary key (series, year)
);

create table invoices (
  id @ID@,
  kind text not null constraint invoices_kind check (kind in ('ordinary', 'rectifying')),
  status text not null constraint invoices_status check (status in ('draft', 'issued')),
  client_id @INT@ not null constraint invoices_client references users (id),
  rectifies_id @INT@ constraint invoices_rectifies references invoices (id),
  rectified_by_id @INT@ constraint invoices_rectified_by references invoices (id),
  reason text not null default '',
  series text,
  year @INT@,
  sequence @INT@,
  number text,
  issue_date text,
  due_date text,
  due_month text,
  description text not null default '',
  currency text not null,
  net @INT@ not null default 0,
  tax @INT@ not null default 0,
  total @INT@ not null default 0,
  paid @INT@ not null default 0,
  buyer text not null default '',
  seller text not null default '',
  payment_text text not null default '',
  created_at text not null,
  created_by @INT@ constraint invoices_created_by references users (id),
  issued_at text,
  constraint invoices_number unique (number),
  constraint invoices_sequence unique (series, year, sequence),
  constraint invoices_sum check (net + tax = total),
  constraint invoices_paid check (paid = 0 or (paid > 0 and paid <= total)),
  constraint invoices_rectified_once unique (rectifies_id),
  constraint invoices_rectifying check ((kind = 'rectifying') = (rectifies_id is not null)),
  constraint invoices_issued check (
    (status = 'draft' and number is null and issue_date is null)
    or (status = 'issued' and number is not null and issue_date is not null and due_date is not null))
);
create index invoices_client on invoices (client_id, id);
create index invoices_drafts on invoices (id) where status = 'draft';
create index invoices_rectifying on invoices (id) where kind = 'rectifying';
create index invoices_rectified_by on invoices (rectified_by_id) where rectified_by_id is not null;
-- It holds all that the sums of the accountant's page need.
create index invoices_unpaid on invoices (due_date, id, total, paid, status, kind, rectified_by_id)
where status = 'issued' and kind = 'ordinary' and rectified_by_id is null and paid <> total;
create index invoices_unpaid_newest on invoices (id)
where status = 'issued' and kind = 'ordinary' and rectified_by_id is null and paid <> total;
create index invoices_issue_date on invoices (issue_date, id);
create index invoices_due_date on invoices (due_date, id);

create table invoice_lines (
  id @ID@,
  invoice_id @INT@ not null constraint invoice_lines_invoice references invoices (id),
  position @INT@ not null,
  kind text not null constraint invoice_lines_kind check (kind in ('recurring', 'setup', 'once', 'manual', 'correction')),
  order_id @INT@ constraint invoice_lines_order references orders (id),
  service_id @INT@ constraint invoice_lines_service references services (id),
  description text not null,
  quantity text not null,
  unit_price text not null,
  period_start text,
  period_next text,
  net @INT@ not null,
  tax_rate @INT@ not null constraint invoice_lines_tax_rate check (tax_rate between 0 and 10000),
  explanation text not null default '',
  constraint invoice_lines_position unique (invoice_id, position)
);
create index invoice_lines_order on invoice_lines (order_id) where order_id is not null;

create table invoice_taxes (
  invoice_id @INT@ not null constraint invoice_taxes_invoice references invoices (id),
  tax_rate @INT@ not null,
  base @INT@ not null,
  tax @INT@ not null,
  constraint invoice_taxes_key primary key (invoice_id, tax_rate)
);

-- What has been billed of an order: the key that makes billing twice impossible.
create table billed_periods (
  order_id @INT@ not null constraint billed_periods_order references orders (id),
  kind text not null constraint billed_periods_kind check (kind in ('recurring', 'setup', 'once')),
  period_start text not null,
  period_next text not null,
  line_id @INT@ constraint billed_periods_line references invoice_lines (id),
  constraint billed_periods_once primary key (order_id, kind, period_start)
);
create index billed_periods_line on billed_periods (line_id) where line_id is not null;

-- The final PDF, made once after issue: base64 text, since the engines share no type for bytes.
create table invoice_documents (
  invoice_id @INT@ not null primary key constraint invoice_documents_invoice references invoices (id),
  sha256 text not null,
  content text not null,
  created_at text not null
);

create table payments (
  id @ID@,
  client_id @INT@ not null constraint payments_client references users (id),
  date text not null,
  method text not null,
  reference text not null default '',
  currency text not null,
  amount @INT@ not null constraint payments_amount check (amount <> 0),
  reverses_id @INT@ constraint payments_reverses references payments (id),
  proof_name text,
  proof_type text,
  proof_sha256 text,
  recorded_at text not null,
  recorded_by @INT@ constraint payments_recorded_by references users (id),
  constraint payments_reversed_once unique (reverses_id)
);
create index payments_client on payments (client_id, id);
create index payments_date on payments (date);

create table allocations (
  id @ID@,
  payment_id @INT@ not null constraint allocations_payment references payments (id),
  invoice_id @INT@ not null constraint allocations_invoice references invoices (id),
  amount @INT@ not null constraint allocations_amount check (amount <> 0)
);
create index allocations_invoice on allocations (invoice_id);
create index allocations_payment on allocations (payment_id);
