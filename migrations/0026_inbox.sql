-- Mail that came in. Its bytes lie in the file store under their digest, for a while; the row stays. Tickets, entries and mails
-- are named by number only: they may be deleted. raw_key and mail_key belong to the first mail of its kind and are null in
-- its duplicates.
create table inbound_mails (
  id @ID@,
  received_at text not null,
  source text not null constraint inbound_mails_source check (source in ('pipe', 'imap')),
  envelope_recipient text not null default '',
  size @INT@ not null,
  sha256 text not null,
  raw_kept @INT@ not null default 1 constraint inbound_mails_raw_kept check (raw_kept in (0, 1)),
  raw_key text,
  mail_key text,
  kind text not null default '',
  verdict text not null constraint inbound_mails_verdict
    check (verdict in ('arrived', 'taken', 'duplicate', 'automatic', 'bounce', 'own', 'held', 'rejected', 'failed')),
  reason text not null default '',
  judged_at text,
  sender text not null default '',
  sender_name text not null default '',
  subject text not null default '',
  message_id text not null default '',
  ticket_id @INT@,
  entry_id @INT@,
  outbox_id @INT@,
  original_id @INT@ constraint inbound_mails_original references inbound_mails (id),
  reopened @INT@ not null default 0,
  confirmation text not null default '' constraint inbound_mails_confirmation check (confirmation in ('', 'waiting', 'done')),
  constraint inbound_mails_raw unique (raw_key),
  constraint inbound_mails_mail unique (mail_key)
);
create index inbound_mails_verdict on inbound_mails (verdict, id);
create index inbound_mails_sender on inbound_mails (sender, received_at);
create index inbound_mails_message on inbound_mails (message_id) where message_id <> '';
create index inbound_mails_ticket on inbound_mails (ticket_id, sender, id) where ticket_id is not null;
create index inbound_mails_raw_kept on inbound_mails (received_at) where raw_kept = 1;
create index inbound_mails_digest on inbound_mails (sha256);
create index inbound_mails_original on inbound_mails (original_id) where original_id is not null;

-- Mails of ours that came back because the address is wrong, and addresses where that happened again within a week.
create table address_faults (
  id @ID@,
  address text not null,
  outbox_id @INT@,
  at text not null,
  reply text not null,
  constraint address_faults_once unique (address, outbox_id)
);
create index address_faults_address on address_faults (address, at);

create table undeliverable_addresses (
  address text not null primary key,
  since text not null,
  reply text not null
);

-- What a mail quoted, apart from what was new in it, and the mail an entry was.
alter table ticket_entries add column quoted text not null default '';
alter table ticket_entries add column mail_id @INT@;
create index ticket_entries_mail on ticket_entries (mail_id) where mail_id is not null;
