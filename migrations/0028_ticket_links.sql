-- Merged tickets, related tickets, and who is at a ticket right now.

-- A merged ticket keeps its number and its entries; both lead to the other for ever. Always the last of a chain, never a step of it.
alter table tickets add column merged_into @INT@ constraint tickets_merged_into references tickets (id);
create index tickets_merged on tickets (merged_into) where merged_into is not null;

-- Two that have to do with each other; the older number first, so that a pair is there once.
create table ticket_links (
  ticket_id @INT@ not null constraint ticket_links_ticket references tickets (id),
  other_id @INT@ not null constraint ticket_links_other references tickets (id),
  linked_at text not null,
  constraint ticket_links_key primary key (ticket_id, other_id),
  constraint ticket_links_order check (ticket_id < other_id)
);
create index ticket_links_of_other on ticket_links (other_id);

-- A row counts for 45 seconds; a later one takes its place.
create table ticket_presence (
  ticket_id @INT@ not null constraint ticket_presence_ticket references tickets (id) on delete cascade,
  user_id @INT@ not null constraint ticket_presence_user references users (id) on delete cascade,
  writing @INT@ not null constraint ticket_presence_writing check (writing in (0, 1)),
  seen_at text not null,
  constraint ticket_presence_key primary key (ticket_id, user_id)
);
create index ticket_presence_of_user on ticket_presence (user_id);
