-- The language of a person's mails; empty: the site's.
alter table users add column locale text not null default '';

-- Which ticket mails a person of the helpdesk gets beside the list's; without a row those of tickets assigned to it alone.
create table staff_subscriptions (
  user_id @INT@ not null primary key constraint staff_subscriptions_user references users (id) on delete cascade,
  new_tickets @INT@ not null constraint staff_subscriptions_new_tickets check (new_tickets in (0, 1)),
  messages text not null constraint staff_subscriptions_messages check (messages in ('mine', 'unassigned', 'all'))
);
