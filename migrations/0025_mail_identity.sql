-- The sender of the envelope, where it is not the From address; empty: the null sender, to whom nothing can be returned.
alter table outbox add column envelope_from text;
-- Automatic mail about tickets to those outside: counted for each address, so that two programs that answer each other stop.
alter table outbox add column counted @INT@ not null default 0;
create index outbox_counted on outbox (recipient, created_at) where counted = 1;
