-- Mails that could not be fetched from a mailbox: the third time they are moved aside.
create table fetch_failures (
  mailbox text not null,
  generation text not null,
  uid @INT@ not null,
  failures @INT@ not null,
  last_error text not null,
  last_at text not null,
  primary key (mailbox, generation, uid)
);
