-- Words of tickets, so that a search finds what is written in them. A document (ticket_texts) is the opening text or one message
-- or note, each together with the subject; triggers keep the index as the rows are, whoever writes them. Events are no documents.
-- Each document but a note also holds the mark of its client, a character that no word of a text can have before the client's
-- number: a client's search asks for its own mark, so that it never meets notes or what is another's.

create table ticket_texts (
  id @ID@,
  ticket_id @INT@ not null constraint ticket_texts_ticket references tickets (id),
  entry_id @INT@ constraint ticket_texts_entry references ticket_entries (id)
);
create index ticket_texts_ticket on ticket_texts (ticket_id, id);
create index ticket_texts_entry on ticket_texts (entry_id) where entry_id is not null;
drop index tickets_search;

-- The texts themselves stand in tickets and ticket_entries only. Where a word stands in its text is not kept: excerpts look.
-- Beginnings of up to twelve letters are kept as words: gathering all that begins with them would take longer the more there is,
-- and they cost a third of the index.
create virtual table ticket_search using fts5 (words, content = '', columnsize = 0, detail = none,
  prefix = '2 3 4 5 6 7 8 9 10 11 12', tokenize = 'unicode61 remove_diacritics 2');

-- What the index gets of each document; to take it out again it must be told the same.
create view ticket_documents as
select texts.id, texts.ticket_id, texts.entry_id,
  replace(tickets.subject || ' ' || coalesce(entries.body || ' ' || entries.quoted, tickets.body), char(57344), ' ')
    || case when entries.kind = 'note' then '' else ' ' || char(57344) || tickets.client_id end as words
from ticket_texts texts
join tickets on tickets.id = texts.ticket_id
left join ticket_entries entries on entries.id = texts.entry_id;

create trigger ticket_opening_indexed after insert on tickets
begin
  insert into ticket_texts (ticket_id) values (new.id);
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where ticket_id = new.id and entry_id is null;
end;
create trigger ticket_entry_indexed after insert on ticket_entries when new.kind <> 'event'
begin
  insert into ticket_texts (ticket_id, entry_id) values (new.ticket_id, new.id);
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where entry_id = new.id;
end;

create trigger ticket_texts_taken_out before update of subject, body, client_id on tickets
when (old.subject, old.body, old.client_id) is not (new.subject, new.body, new.client_id)
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where ticket_id = old.id;
end;
create trigger ticket_texts_indexed_anew after update of subject, body, client_id on tickets
when (old.subject, old.body, old.client_id) is not (new.subject, new.body, new.client_id)
begin
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where ticket_id = new.id;
end;

-- Entries are only ever added, but should one be changed, the index follows.
create trigger ticket_entry_taken_out before update of body, quoted, kind on ticket_entries
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where entry_id = old.id;
end;
create trigger ticket_entry_indexed_anew after update of body, quoted, kind on ticket_entries
begin
  insert into ticket_search (rowid, words)
  select id, words from ticket_documents where entry_id = new.id;
end;

create trigger ticket_opening_forgotten before delete on tickets
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where ticket_id = old.id and entry_id is null;
  delete from ticket_texts where ticket_id = old.id and entry_id is null;
end;
create trigger ticket_entry_forgotten before delete on ticket_entries
begin
  insert into ticket_search (ticket_search, rowid, words)
  select 'delete', id, words from ticket_documents where entry_id = old.id;
  delete from ticket_texts where entry_id = old.id;
end;

-- What is there already, in the order in which it was written: the newest have the highest numbers.
insert into ticket_texts (ticket_id, entry_id)
select ticket_id, entry_id
from (
  select id as ticket_id, null as entry_id, opened_at as at, 0 as kind from tickets
  union all
  select ticket_id, id, created_at, 1 from ticket_entries where kind <> 'event') texts
order by at, kind, ticket_id, entry_id;
insert into ticket_search (rowid, words)
select id, words from ticket_documents;
