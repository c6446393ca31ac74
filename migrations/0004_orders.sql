-- A client's instance of a service, with its own resolved billing term. Each change is a fact in order_events.
-- `billing` is the newest term; `earlier_billing` those before it, one "from-date term" a line, in order: the newest then
-- counts from `billing_from`. Without a change both are empty and the term counts from activation.

create table orders (
  id @ID@,
  service_id @INT@ not null constraint orders_service references services (id),
  name text not null constraint orders_name_length check (length(name) between 1 and 100),
  client_id @INT@ not null constraint orders_client references users (id),
  status text not null constraint orders_status check (status in ('setting up', 'active', 'suspended', 'ended')),
  ordered_at text not null,
  billing text not null,
  billing_from text,
  earlier_billing text not null default '',
  options text not null default '',
  comments text not null default '',
  notes text not null default '',
  activated_on text,
  ends_on text,
  next_due_on text,
  constraint orders_active_since check (status = 'setting up' or status = 'ended' or activated_on is not null)
);
create index orders_client on orders (client_id, id);
create index orders_service on orders (service_id);
create index orders_status_id on orders (status, id);
create index orders_name on orders (lower(name), id);
create index orders_next_due on orders (coalesce(next_due_on, '9999'), id);
create index orders_due on orders (next_due_on, client_id) where next_due_on is not null;

create index orders_ending on orders (ends_on) where ends_on is not null and status in ('active', 'suspended');

create table order_events (
  id @ID@,
  order_id @INT@ not null constraint order_events_order references orders (id),
  at text not null,
  user_id @INT@ constraint order_events_user references users (id),
  event text not null constraint order_events_event check (event in
    ('placed', 'active', 'suspended', 'ended', 'ending', 'continued', 'billing', 'changed')),
  detail text not null default '',
  reason text not null default ''
);
create index order_events_order on order_events (order_id, id);
