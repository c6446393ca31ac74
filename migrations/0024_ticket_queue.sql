-- How urgent a ticket is, by when it should be answered and solved, and the lists that staff keeps for itself.

-- 1 low, 2 normal, 3 high, 4 urgent: a number, so that it sorts.
alter table tickets add column priority @INT@ not null default 2 constraint tickets_priority check (priority between 1 and 4);
-- From when the targets count; null: from the opening. Reopening begins anew.
alter table tickets add column targets_from text;
-- The first public answer of staff since then.
alter table tickets add column answered_at text;
-- Since then it waits for the client, and the time stands still; before, so many seconds of business hours did.
alter table tickets add column paused_at text;
alter table tickets add column paused_seconds @INT@ not null default 0 constraint tickets_paused check (paused_seconds >= 0);
alter table tickets add column reply_due_at text;
alter table tickets add column solution_due_at text;
-- The earlier of the two while it is our turn, else the end of time: never null, so that it sorts alike everywhere.
alter table tickets add column due_at text not null default '9999-12-31T23:59:59Z';

update tickets
set answered_at = (select min(created_at) from ticket_entries
                   where ticket_id = tickets.id and kind = 'reply' and by_staff = 1);
update tickets
set paused_at = last_entry_at
where status = 'open' and waiting_for = 'client';

drop index tickets_queue;
drop index tickets_queue_of_assignee;
-- The queue: open before closed, what is due first before what is due later or never, what waits for us before what does not.
create index tickets_queue on tickets (status desc, due_at, waiting_for desc, last_entry_at, id);
create index tickets_queue_of_assignee on tickets (assignee_id, status desc, due_at, waiting_for desc, last_entry_at, id);
create index tickets_queue_by_priority on tickets (priority desc, status desc, due_at, waiting_for desc, last_entry_at, id);
create index tickets_waiting on tickets (waiting_for, status desc, due_at, last_entry_at, id);

-- A named search of the queue, of one person.
create table ticket_filters (
  id @ID@,
  user_id @INT@ not null constraint ticket_filters_user references users (id) on delete cascade,
  name text not null constraint ticket_filters_name_length check (length(name) between 1 and 60),
  query text not null,
  created_at text not null,
  constraint ticket_filters_name unique (user_id, name)
);
