-- What is sold. `billing` is a billing term, `options` one option a line.

create table services (
  id @ID@,
  name text not null constraint services_name_length check (length(name) between 1 and 100),
  type text not null constraint services_type check (type in ('premium', 'standard', 'free')),
  billing text not null,
  options text not null default '',
  description text not null default '',
  active @INT@ not null default 1 constraint services_active check (active in (0, 1)),
  created_at text not null,
  constraint services_name unique (name)
);
