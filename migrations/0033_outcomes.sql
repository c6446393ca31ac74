-- Events that closed or reopened a ticket, so that the report of a year reads one index and nothing else.

alter table ticket_entries add column outcome text constraint ticket_entries_outcome check (outcome in ('closed', 'nofix', 'reopened'));
-- Of its ticket, which never changes.
alter table ticket_entries add column ticket_opened_at text;

update ticket_entries
set outcome = case when substr(body, 1, 6) = 'closed' then 'closed' when substr(body, 1, 5) = 'nofix' then 'nofix' else 'reopened' end,
  ticket_opened_at = (select opened_at from tickets where tickets.id = ticket_entries.ticket_id)
where kind = 'event'
  and (substr(body, 1, 6) = 'closed' or substr(body, 1, 5) = 'nofix' or substr(body, 1, 8) = 'reopened');

drop index ticket_entries_events;
create index ticket_entries_outcomes on ticket_entries (created_at, outcome, ticket_opened_at) where outcome is not null;
