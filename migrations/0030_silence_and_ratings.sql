-- What becomes of tickets that wait for their client: told, then closed; what the client thought of it; and figures for the month.

-- When the client was told last that the ticket will be closed. It counts only if nobody has written since.
alter table tickets add column close_warned_at text;
create index tickets_silent on tickets (last_entry_at, id) where status = 'open' and waiting_for = 'client';

-- The first public reply of staff.
alter table tickets add column first_reply_at text;
update tickets
set first_reply_at = (select min(created_at) from ticket_entries
                      where ticket_id = tickets.id and kind = 'reply' and by_staff = 1);

create index tickets_opened on tickets (opened_at, first_reply_at);
create index ticket_entries_events on ticket_entries (created_at) where kind = 'event';

-- closing_id is the event that says so: a ticket closed twice is rated twice.
create table ticket_ratings (
  id @ID@,
  ticket_id @INT@ not null constraint ticket_ratings_ticket references tickets (id),
  closing_id @INT@ not null constraint ticket_ratings_closing references ticket_entries (id),
  good @INT@ not null constraint ticket_ratings_good check (good in (0, 1)),
  comment text not null default '',
  first_rated_at text not null,
  rated_at text not null,
  constraint ticket_ratings_once unique (closing_id)
);
create index ticket_ratings_ticket on ticket_ratings (ticket_id);
create index ticket_ratings_first on ticket_ratings (first_rated_at);
