-- Closed months: the tax return is filed, nothing dated into them changes any more. A closed month closes all before it. Reopening
-- leaves its row, with who and why; closing again makes another.

create table closed_periods (
  id @ID@,
  month text not null constraint closed_periods_month check (length(month) = 7),
  closed_at text not null,
  closed_by @INT@ constraint closed_periods_closed_by references users (id),
  reopened_at text,
  reopened_by @INT@ constraint closed_periods_reopened_by references users (id),
  reason text not null default '',
  constraint closed_periods_reopened check ((reopened_at is null) = (reason = ''))
);
create unique index closed_periods_once on closed_periods (month) where reopened_at is null;
create index closed_periods_closed_by on closed_periods (closed_by);
create index closed_periods_reopened_by on closed_periods (reopened_by) where reopened_by is not null;
