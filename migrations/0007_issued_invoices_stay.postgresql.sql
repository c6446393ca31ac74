-- An issued invoice changes only in what comes after it: payments and the invoice that rectifies it.
create function invoices_issued_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'an issued invoice is never deleted' using errcode = 'integrity_constraint_violation';
  end if;
  if (new.status, new.kind, new.client_id, new.series, new.year, new.sequence, new.number, new.issue_date,
      new.due_date, new.description, new.currency, new.net, new.tax, new.total, new.buyer, new.seller,
      new.payment_text, new.issued_at)
     is distinct from
     (old.status, old.kind, old.client_id, old.series, old.year, old.sequence, old.number, old.issue_date,
      old.due_date, old.description, old.currency, old.net, old.tax, old.total, old.buyer, old.seller,
      old.payment_text, old.issued_at) then
    raise exception 'an issued invoice never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger invoices_issued_stay before update or delete on invoices
for each row when (old.status = 'issued') execute function invoices_issued_stay();

create function invoice_lines_stay() returns trigger language plpgsql as $$
begin
  if (select status from invoices where id = old.invoice_id) = 'issued' then
    raise exception 'a line of an issued invoice never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger invoice_lines_stay before update or delete on invoice_lines
for each row execute function invoice_lines_stay();

create function invoice_documents_stay() returns trigger language plpgsql as $$
begin
  raise exception 'the document of an issued invoice never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger invoice_documents_stay before update or delete on invoice_documents
for each row execute function invoice_documents_stay();
