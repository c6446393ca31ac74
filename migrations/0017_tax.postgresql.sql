-- Tax: rates by name with the day from which they hold, which one a service has, how a client is taxed, and what of it an
-- invoice froze when it was issued.
create table tax_rates (
  id @ID@,
  name text not null constraint tax_rates_name_length check (length(name) between 1 and 40),
  valid_from text not null,
  rate @INT@ not null constraint tax_rates_rate check (rate between 0 and 10000),
  created_at text not null,
  created_by @INT@ constraint tax_rates_created_by references users (id),
  constraint tax_rates_once unique (name, valid_from)
);
alter table services add column tax_name text not null default 'standard';
alter table users add column tax_status text not null default 'domestic'
  constraint users_tax_status check (tax_status in ('domestic', 'reverse charge', 'outside EU', 'exempt'));
alter table users add column tax_exemption text not null default '';
alter table invoices add column tax_status text not null default 'domestic';
alter table invoices add column tax_note text not null default '';
alter table invoices add column payment_code text not null default '';
-- A rate that was used never changes: another holds from a later day.
create function tax_rates_stay() returns trigger language plpgsql as $$
begin
  raise exception 'a tax rate never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger tax_rates_stay before update or delete on tax_rates
for each row execute function tax_rates_stay();
create function invoices_tax_stays() returns trigger language plpgsql as $$
begin
  if (new.tax_status, new.tax_note, new.payment_code) is distinct from (old.tax_status, old.tax_note, old.payment_code) then
    raise exception 'an issued invoice never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger invoices_tax_stays before update on invoices
for each row when (old.status = 'issued') execute function invoices_tax_stays();
