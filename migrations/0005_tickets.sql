-- Tickets: the opening text is the ticket's body, everything after it an entry.

create table tickets (
  id @ID@,
  client_id @INT@ not null constraint tickets_client references users (id),
  order_id @INT@ constraint tickets_order references orders (id),
  subject text not null constraint tickets_subject_length check (length(subject) between 1 and 200),
  body text not null,
  status text not null constraint tickets_status check (status in ('open', 'closed', 'nofix')),
  assignee_id @INT@ constraint tickets_assignee references users (id),
  opened_at text not null,
  last_entry_at text not null,
  waiting_for text not null constraint tickets_waiting_for check (waiting_for in ('staff', 'client')),
  closed_at text,
  closed_by @INT@ constraint tickets_closed_by references users (id),
  close_comment text not null default '',
  constraint tickets_closure check ((status = 'open') = (closed_at is null))
);
create index tickets_client on tickets (client_id, id);
create index tickets_search on tickets (subject, client_id);
create index tickets_order on tickets (order_id) where order_id is not null;
create index tickets_status_id on tickets (status, id);
-- The helpdesk's queue: open before closed, those that wait for us first, longest waiting first.
create index tickets_queue on tickets (status desc, waiting_for desc, last_entry_at, id);
create index tickets_queue_of_assignee on tickets (assignee_id, status desc, waiting_for desc, last_entry_at, id);
create index tickets_last_entry on tickets (last_entry_at, id);
create index tickets_closed_by on tickets (closed_by) where closed_by is not null;

create table ticket_entries (
  id @ID@,
  ticket_id @INT@ not null constraint ticket_entries_ticket references tickets (id),
  kind text not null constraint ticket_entries_kind check (kind in ('reply', 'note', 'event')),
  author_id @INT@ constraint ticket_entries_author references users (id),
  by_staff @INT@ not null constraint ticket_entries_by_staff check (by_staff in (0, 1)),
  source text not null constraint ticket_entries_source check (source in ('web', 'mail', 'system')),
  body text not null,
  created_at text not null
);
create index ticket_entries_ticket on ticket_entries (ticket_id, id);
create index ticket_entries_author on ticket_entries (author_id) where author_id is not null;

-- The content lies in the file store under its digest. entry_id is null for files of the opening text.
create table attachments (
  id @ID@,
  ticket_id @INT@ not null constraint attachments_ticket references tickets (id),
  entry_id @INT@ constraint attachments_entry references ticket_entries (id),
  name text not null,
  media_type text not null,
  size @INT@ not null constraint attachments_size check (size >= 0),
  sha256 text not null,
  created_at text not null
);
create index attachments_ticket on attachments (ticket_id, id);
create index attachments_entry on attachments (entry_id) where entry_id is not null;
