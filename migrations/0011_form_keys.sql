-- Keys that forms carry so that a second click or a repeated request does nothing twice; kept for some days.
create table form_keys (
  form_key text not null primary key,
  digest text not null,
  location text,
  used_at text not null
);
create index form_keys_used on form_keys (used_at);
