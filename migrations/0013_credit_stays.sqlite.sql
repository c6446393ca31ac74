-- Credit is a ledger: what was written is undone by another row.
create trigger client_credit_stay before update on client_credit
begin
  select raise(abort, 'a row of client credit never changes');
end;
create trigger client_credit_not_deleted before delete on client_credit
begin
  select raise(abort, 'a row of client credit is never deleted');
end;
-- Nothing is allocated to a draft.
create trigger allocations_to_issued before insert on allocations
when (select status from invoices where id = new.invoice_id) <> 'issued'
begin
  select raise(abort, 'nothing is paid on a draft');
end;
