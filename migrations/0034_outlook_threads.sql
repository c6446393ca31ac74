-- By these Outlook and Exchange put mails in order, rather than by References: our answers repeat them. As the mail had them.
alter table inbound_mails add column thread_index text not null default '';
alter table inbound_mails add column thread_topic text not null default '';
