-- No day of an order is billed twice, whatever the boundaries; what is billed changes only by being given back.
-- The order's row is the lock between two that bill it at once.
create function billed_periods_no_overlap() returns trigger language plpgsql as $$
begin
  perform 1 from orders where id = new.order_id for update;
  if new.kind = 'recurring' and exists (
    select 1
    from billed_periods b
    where b.order_id = new.order_id
      and b.kind = 'recurring'
      and b.period_start < new.covers_until
      and b.covers_until > new.period_start
      and b.covers_until > b.period_start) then
    raise exception 'a day of an order is billed once' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger billed_periods_no_overlap before insert on billed_periods
for each row execute function billed_periods_no_overlap();

create function billed_periods_only_cut() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'what is billed is never forgotten' using errcode = 'integrity_constraint_violation';
  end if;
  if (new.order_id, new.kind, new.period_start, new.period_next, new.line_id)
     is distinct from (old.order_id, old.kind, old.period_start, old.period_next, old.line_id)
     or new.covers_until > old.covers_until or old.kind <> 'recurring' then
    raise exception 'what is billed changes only by being given back'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger billed_periods_only_cut before update or delete on billed_periods
for each row execute function billed_periods_only_cut();

create function credited_periods_stay() returns trigger language plpgsql as $$
begin
  raise exception 'what was given back never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger credited_periods_stay before update or delete on credited_periods
for each row execute function credited_periods_stay();
