-- Orders suspended because an invoice was not paid. A case is opened the day before, is told to staff in a digest, and ends when the
-- debt does. At most one is open for an order. `event_id` is the order's event of the suspension: a later one of staff outweighs it.

create table suspensions (
  id @ID@,
  order_id @INT@ not null constraint suspensions_order references orders (id),
  invoice_id @INT@ not null constraint suspensions_invoice references invoices (id),
  obstacle text not null default '' constraint suspensions_obstacle check (obstacle in
    ('', 'exempt', 'paused', 'not mailed', 'undeliverable', 'payment pending', 'open ticket')),
  opened_on text not null,
  told_on text,
  event_id @INT@ constraint suspensions_event references order_events (id),
  suspended_on text,
  ended_on text,
  outcome text constraint suspensions_outcome check (outcome in ('lifted', 'dropped')),
  constraint suspensions_event_and_day check ((event_id is null) = (suspended_on is null)),
  constraint suspensions_ended check ((ended_on is null) = (outcome is null))
);
create unique index suspensions_open on suspensions (order_id) where ended_on is null;
create index suspensions_untold on suspensions (id) where told_on is null and ended_on is null;
create index suspensions_of_order on suspensions (order_id, id);

-- "Never suspend this order automatically": a fact with author and reason, ended by another.
create table suspension_exemptions (
  id @ID@,
  order_id @INT@ not null constraint suspension_exemptions_order references orders (id),
  reason text not null constraint suspension_exemptions_reason check (length(reason) between 1 and 500),
  since text not null,
  user_id @INT@ constraint suspension_exemptions_user references users (id),
  ended_at text,
  ended_by @INT@ constraint suspension_exemptions_ended_by references users (id)
);
create unique index suspension_exemptions_open on suspension_exemptions (order_id) where ended_at is null;
create index suspension_exemptions_of_order on suspension_exemptions (order_id, id);
