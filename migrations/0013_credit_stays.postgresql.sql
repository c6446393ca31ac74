-- Credit is a ledger: what was written is undone by another row.
create function client_credit_stay() returns trigger language plpgsql as $$
begin
  raise exception 'a row of client credit never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger client_credit_stay before update or delete on client_credit
for each row execute function client_credit_stay();
-- Nothing is allocated to a draft.
create function allocations_to_issued() returns trigger language plpgsql as $$
begin
  if (select status from invoices where id = new.invoice_id) <> 'issued' then
    raise exception 'nothing is paid on a draft' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger allocations_to_issued before insert on allocations
for each row execute function allocations_to_issued();
