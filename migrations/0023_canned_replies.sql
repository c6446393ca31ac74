-- Texts the helpdesk writes again and again, with variables that are filled in from the ticket.

create table canned_replies (
  id @ID@,
  name text not null constraint canned_replies_name_length check (length(name) between 1 and 80),
  category text not null default '',
  body text not null,
  version @INT@ not null default 1,
  changed_at text not null,
  changed_by @INT@ constraint canned_replies_changed_by references users (id),
  constraint canned_replies_name unique (name)
);
create index canned_replies_category on canned_replies (category, name);
create index canned_replies_changed_by on canned_replies (changed_by) where changed_by is not null;
