-- No day of an order is billed twice, whatever the boundaries; what is billed changes only by being given back.
create trigger billed_periods_no_overlap before insert on billed_periods
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
create trigger billed_periods_only_cut before update on billed_periods
when new.order_id is not old.order_id or new.kind is not old.kind or new.period_start is not old.period_start
  or new.period_next is not old.period_next or new.line_id is not old.line_id
  or new.covers_until > old.covers_until or old.kind <> 'recurring'
begin
  select raise(abort, 'what is billed changes only by being given back');
end;
create trigger billed_periods_stay before delete on billed_periods
begin
  select raise(abort, 'what is billed is never forgotten');
end;
create trigger credited_periods_stay before update on credited_periods
begin
  select raise(abort, 'what was given back never changes');
end;
create trigger credited_periods_not_deleted before delete on credited_periods
begin
  select raise(abort, 'what was given back is never forgotten');
end;
