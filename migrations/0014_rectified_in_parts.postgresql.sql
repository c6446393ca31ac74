-- An invoice may be rectified in parts: by several rectifying invoices, each by difference. `credited` is what they take back
-- together, kept with each of them so that lists need no sum; it only grows. Rectified is what is credited entirely.
alter table invoices add column credited bigint not null default 0;
update invoices set credited = total where rectified_by_id is not null;
alter table invoices add constraint invoices_credited check (
  credited = 0 or (kind = 'ordinary' and status = 'issued' and credited > 0 and credited <= total));
alter table invoices drop constraint invoices_rectified_once;
drop index invoices_rectified_by;
drop index invoices_unpaid;
drop index invoices_unpaid_newest;
alter table invoices drop column rectified_by_id;
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
create or replace function invoices_issued_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'an issued invoice is never deleted' using errcode = 'integrity_constraint_violation';
  end if;
  if (new.status, new.kind, new.client_id, new.rectifies_id, new.reason, new.series, new.year, new.sequence,
      new.number, new.issue_date, new.due_date, new.due_month, new.description, new.currency, new.net, new.tax,
      new.total, new.buyer, new.seller, new.payment_text, new.created_at, new.issued_at)
     is distinct from
     (old.status, old.kind, old.client_id, old.rectifies_id, old.reason, old.series, old.year, old.sequence,
      old.number, old.issue_date, old.due_date, old.due_month, old.description, old.currency, old.net, old.tax,
      old.total, old.buyer, old.seller, old.payment_text, old.created_at, old.issued_at)
     or new.credited < old.credited then
    raise exception 'an issued invoice never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
