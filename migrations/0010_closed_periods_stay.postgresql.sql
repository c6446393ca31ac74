-- No program dates a document or a payment into a closed month.
create function dated_into_closed() returns trigger language plpgsql as $$
begin
  if exists (select 1 from closed_periods where reopened_at is null
      and month >= substr(case tg_table_name when 'payments' then to_jsonb(new) ->> 'date'
        else to_jsonb(new) ->> 'issue_date' end, 1, 7)) then
    raise exception 'the month of this date is closed' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger invoices_not_issued_into_closed before update on invoices
for each row when (new.status = 'issued' and old.status <> 'issued') execute function dated_into_closed();
create trigger invoices_not_added_into_closed before insert on invoices
for each row when (new.status = 'issued') execute function dated_into_closed();
create trigger payments_not_added_into_closed before insert on payments
for each row execute function dated_into_closed();

-- What was closed or reopened, and by whom, stays known.
create function closed_periods_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.reopened_at is not null or new.month <> old.month or new.closed_at <> old.closed_at
      or new.closed_by is distinct from old.closed_by or new.reopened_at is null then
    raise exception 'a closing stays on record' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger closed_periods_stay before update or delete on closed_periods
for each row execute function closed_periods_stay();
