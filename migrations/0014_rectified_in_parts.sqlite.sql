-- An invoice may be rectified in parts: by several rectifying invoices, each by difference. `credited` is what they take back
-- together, kept with each of them so that lists need no sum; it only grows. Rectified is what is credited entirely.
-- SQLite cannot drop a constraint: the table is made anew. Rows that refer to it wait until the end of the transaction.
pragma defer_foreign_keys = on;
create table kept_invoices as select * from invoices;
create table kept_sequence as select name, seq from sqlite_sequence where name = 'invoices';
drop table invoices;
create table invoices (
  id @ID@,
  kind text not null constraint invoices_kind check (kind in ('ordinary', 'rectifying')),
  status text not null constraint invoices_status check (status in ('draft', 'issued')),
  client_id @INT@ not null constraint invoices_client references users (id),
  rectifies_id @INT@ constraint invoices_rectifies references invoices (id),
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
  credited @INT@ not null default 0,
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
  constraint invoices_credited check (
    credited = 0 or (kind = 'ordinary' and status = 'issued' and credited > 0 and credited <= total)),
  constraint invoices_rectifying check ((kind = 'rectifying') = (rectifies_id is not null)),
  constraint invoices_issued check (
    (status = 'draft' and number is null and issue_date is null)
    or (status = 'issued' and number is not null and issue_date is not null and due_date is not null))
);
insert into invoices (
  id, kind, status, client_id, rectifies_id, reason, series, year, sequence, number, issue_date, due_date,
  due_month, description, currency, net, tax, total, paid, buyer, seller, payment_text, created_at,
  created_by, issued_at, credited)
select
  id, kind, status, client_id, rectifies_id, reason, series, year, sequence, number, issue_date, due_date,
  due_month, description, currency, net, tax, total, paid, buyer, seller, payment_text, created_at,
  created_by, issued_at,
  case when rectified_by_id is null then 0 else total end
from kept_invoices;
delete from sqlite_sequence where name = 'invoices';
insert into sqlite_sequence (name, seq) select name, seq from kept_sequence;
drop table kept_invoices;
drop table kept_sequence;
create index invoices_client on invoices (client_id, id);
create index invoices_drafts on invoices (id) where status = 'draft';
create index invoices_rectifying on invoices (id) where kind = 'rectifying';
create index invoices_issue_date on invoices (issue_date, id);
create index invoices_due_date on invoices (due_date, id);
create index invoices_rectifies on invoices (rectifies_id) where rectifies_id is not null;
create index invoices_rectified on invoices (id)
where status = 'issued' and kind = 'ordinary' and credited = total;
-- It holds all that the sums of the accountant's page need.
create index invoices_unpaid on invoices (due_date, id, total, paid, credited, status, kind)
where status = 'issued' and kind = 'ordinary' and paid + credited < total;
create index invoices_unpaid_newest on invoices (id)
where status = 'issued' and kind = 'ordinary' and paid + credited < total;

-- Which line of the rectified invoice a line takes back, if it takes back one.
alter table invoice_lines add column corrects_id @INT@ constraint invoice_lines_corrects references invoice_lines (id);
create index invoice_lines_corrects on invoice_lines (corrects_id) where corrects_id is not null;

-- An issued invoice changes only in what comes after it: payments and the invoices that rectify it.
create trigger invoices_issued_stay before update on invoices
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
create trigger invoices_issued_not_deleted before delete on invoices
when old.status = 'issued'
begin
  select raise(abort, 'an issued invoice is never deleted');
end;

-- As before.
create trigger invoices_not_issued_into_closed before update on invoices
when new.status = 'issued' and old.status <> 'issued'
  and exists (select 1 from closed_periods
    where reopened_at is null and month >= substr(new.issue_date, 1, 7))
begin
  select raise(abort, 'the month of this date is closed');
end;
create trigger invoices_not_added_into_closed before insert on invoices
when new.status = 'issued'
  and exists (select 1 from closed_periods
    where reopened_at is null and month >= substr(new.issue_date, 1, 7))
begin
  select raise(abort, 'the month of this date is closed');
end;
