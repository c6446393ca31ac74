-- An issued invoice changes only in what comes after it: payments and the invoice that rectifies it.
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
  or (old.rectified_by_id is not null and new.rectified_by_id is not old.rectified_by_id))
begin
  select raise(abort, 'an issued invoice never changes');
end;
create trigger invoices_issued_not_deleted before delete on invoices
when old.status = 'issued'
begin
  select raise(abort, 'an issued invoice is never deleted');
end;

-- Lines and taxes are written while the invoice is a draft.
create trigger invoice_lines_not_added before insert on invoice_lines
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_lines_stay before update on invoice_lines
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_lines_not_moved before update on invoice_lines
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_lines_not_deleted before delete on invoice_lines
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_taxes_not_added before insert on invoice_taxes
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_taxes_stay before update on invoice_taxes
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_taxes_not_moved before update on invoice_taxes
when (select status from invoices where id = new.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;
create trigger invoice_taxes_not_deleted before delete on invoice_taxes
when (select status from invoices where id = old.invoice_id) = 'issued'
begin
  select raise(abort, 'what stands on an issued invoice never changes');
end;

create trigger invoice_documents_stay before update on invoice_documents
begin
  select raise(abort, 'the document of an issued invoice never changes');
end;
create trigger invoice_documents_not_deleted before delete on invoice_documents
begin
  select raise(abort, 'the document of an issued invoice is never deleted');
end;

-- Money that was recorded is undone by another row.
create trigger payments_stay before update on payments
begin
  select raise(abort, 'a recorded payment never changes');
end;
create trigger payments_not_deleted before delete on payments
begin
  select raise(abort, 'a recorded payment is never deleted');
end;
create trigger allocations_stay before update on allocations
begin
  select raise(abort, 'a recorded payment never changes');
end;
create trigger allocations_not_deleted before delete on allocations
begin
  select raise(abort, 'a recorded payment is never deleted');
end;
