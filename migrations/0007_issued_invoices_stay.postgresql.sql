-- An issued invoice changes only in what comes after it: payments and the invoice that rectifies it.
create function invoices_issued_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'an issued invoice is never deleted' using errcode = 'integrity_constraint_violation';
  end if;
  if (new.status, new.kind, new.client_id, new.rectifies_id, new.reason, new.series, new.year, new.sequence,
      new.number, new.issue_date, new.due_date, new.due_month, new.description, new.currency, new.net, new.tax,
      new.total, new.buyer, new.seller, new.payment_text, new.created_at, new.issued_at,
      coalesce(old.rectified_by_id, new.rectified_by_id))
     is distinct from
     (old.status, old.kind, old.client_id, old.rectifies_id, old.reason, old.series, old.year, old.sequence,
      old.number, old.issue_date, old.due_date, old.due_month, old.description, old.currency, old.net, old.tax,
      old.total, old.buyer, old.seller, old.payment_text, old.created_at, old.issued_at,
      new.rectified_by_id) then
    raise exception 'an issued invoice never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger invoices_issued_stay before update or delete on invoices
for each row when (old.status = 'issued') execute function invoices_issued_stay();

-- Lines and taxes are written while the invoice is a draft.
create function invoice_parts_stay() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and (select status from invoices where id = old.invoice_id) = 'issued'
     or tg_op <> 'DELETE' and (select status from invoices where id = new.invoice_id) = 'issued' then
    raise exception 'what stands on an issued invoice never changes'
      using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;
create trigger invoice_lines_stay before insert or update or delete on invoice_lines
for each row execute function invoice_parts_stay();
create trigger invoice_taxes_stay before insert or update or delete on invoice_taxes
for each row execute function invoice_parts_stay();

create function invoice_documents_stay() returns trigger language plpgsql as $$
begin
  raise exception 'the document of an issued invoice never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger invoice_documents_stay before update or delete on invoice_documents
for each row execute function invoice_documents_stay();

-- Money that was recorded is undone by another row.
create function payments_stay() returns trigger language plpgsql as $$
begin
  raise exception 'a recorded payment never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger payments_stay before update or delete on payments
for each row execute function payments_stay();
create trigger allocations_stay before update or delete on allocations
for each row execute function payments_stay();
