-- What bends the plain rhythm of an order: quantity, anchor day, trial, coupon, and suspensions that are not billed.

create table coupons (
  id @ID@,
  code text not null constraint coupons_code_length check (length(code) between 1 and 30),
  share @INT@ constraint coupons_share check (share between 1 and 10000),
  amount @INT@ constraint coupons_amount check (amount > 0),
  currency text,
  periods @INT@ constraint coupons_periods check (periods > 0),
  valid_from text,
  valid_until text,
  most_orders @INT@ constraint coupons_most_orders check (most_orders > 0),
  active @INT@ not null default 1 constraint coupons_active check (active in (0, 1)),
  notes text not null default '',
  created_at text not null,
  constraint coupons_code unique (code),
  constraint coupons_kind check ((share is null) <> (amount is null) and (amount is null) = (currency is null))
);

create table coupon_services (
  coupon_id @INT@ not null constraint coupon_services_coupon references coupons (id),
  service_id @INT@ not null constraint coupon_services_service references services (id) on delete cascade,
  constraint coupon_services_key primary key (coupon_id, service_id)
);
create index coupon_services_service on coupon_services (service_id);

alter table services add column trial_days @INT@ not null default 0
  constraint services_trial_days check (trial_days between 0 and 366);

alter table orders add column quantity @INT@ not null default 1
  constraint orders_quantity check (quantity between 1 and 10000);
alter table orders add column anchor_day @INT@ constraint orders_anchor_day check (anchor_day between 1 and 31);
alter table orders add column trial_days @INT@ not null default 0
  constraint orders_trial_days check (trial_days between 0 and 366);
alter table orders add column coupon_id @INT@ constraint orders_coupon references coupons (id);
-- The coupon's discount as it was when the order was placed.
alter table orders add column discount text not null default '';
alter table orders add column bills_suspended @INT@ not null default 1
  constraint orders_bills_suspended check (bills_suspended in (0, 1));
-- The newest term is a pause: its days are not billed.
alter table orders add column billing_paused @INT@ not null default 0
  constraint orders_billing_paused check (billing_paused in (0, 1));
create index orders_coupon on orders (coupon_id) where coupon_id is not null;

-- Coverage of an order: each day is billed once. What is given back (by a rectifying invoice) is cut off `covers_until`; it
-- can be billed again then, once. The row itself stays what its invoice line says.
create table billed_coverage (
  order_id @INT@ not null constraint billed_periods_order references orders (id),
  kind text not null constraint billed_periods_kind check (kind in ('recurring', 'setup', 'once')),
  period_start text not null,
  period_next text not null,
  covers_until text not null,
  line_id @INT@ constraint billed_periods_line references invoice_lines (id),
  constraint billed_periods_cut check (covers_until >= period_start and covers_until <= period_next)
);
insert into billed_coverage (order_id, kind, period_start, period_next, covers_until, line_id)
select order_id, kind, period_start, period_next, period_next, line_id
from billed_periods;
drop table billed_periods;
alter table billed_coverage rename to billed_periods;
-- The key that makes billing twice impossible; a period that was given back whole does not count.
create unique index billed_periods_once on billed_periods (order_id, kind, period_start)
where kind <> 'recurring' or covers_until > period_start;
create index billed_periods_order on billed_periods (order_id, kind, period_start);
create index billed_periods_line on billed_periods (line_id) where line_id is not null;

-- Days given back: of which line, by which line of a rectifying invoice (none where they had cost nothing).
create table credited_periods (
  id @ID@,
  order_id @INT@ not null constraint credited_periods_order_known references orders (id),
  period_start text not null,
  period_next text not null,
  line_id @INT@ constraint credited_periods_line_known references invoice_lines (id),
  rectifying_id @INT@ constraint credited_periods_rectifying_known references invoices (id),
  at text not null,
  constraint credited_periods_days check (period_start < period_next)
);
create index credited_periods_order on credited_periods (order_id, id);
create index credited_periods_line on credited_periods (line_id) where line_id is not null;
