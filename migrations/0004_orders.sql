-- A client's instance of a service, with its own resolved billing term. Each change of status is a fact in order_events.

create table orders (
  id @ID@,
  service_id @INT@ not null constraint orders_service references services (id),
  name text not null constraint orders_name_length check (length(name) between 1 and 100),
  client_id @INT@ not null constraint orders_client references users (id),
  status text not null constraint orders_status check (status in ('setting up', 'active', 'suspended', 'ended')),
  ordered_at text not null,
  billing text not null,
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
create index orders_due on orders (next_due_on, client_id) where next_due_on is not null;

create table order_events (
  id @ID@,
  order_id @INT@ not null constraint order_events_order references orders (id),
  at text not null,
  user_id @INT@ constraint order_events_user references users (id),
  event text not null,
  reason text not null default ''
);
create index order_events_order on order_events (order_id, id);
