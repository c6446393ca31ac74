-- No program dates a document or a payment into a closed month.
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
create trigger payments_not_added_into_closed before insert on payments
when exists (select 1 from closed_periods
    where reopened_at is null and month >= substr(new.date, 1, 7))
begin
  select raise(abort, 'the month of this date is closed');
end;

-- What was closed or reopened, and by whom, stays known.
create trigger closed_periods_stay before update on closed_periods
when old.reopened_at is not null or new.month <> old.month or new.closed_at <> old.closed_at
  or new.closed_by is not old.closed_by or new.reopened_at is null
begin
  select raise(abort, 'a closing stays on record');
end;
create trigger closed_periods_not_deleted before delete on closed_periods
begin
  select raise(abort, 'a closing stays on record');
end;
