-- A search goes through what was written last first, and FTS5 reads a page of its index backwards only as a whole. Small pages make that quick for words
-- that stand in many texts: a quarter of the entries of a page of four kilobytes, and a search of such a word in half the time. It holds for what is
-- written from now on, and for the rest once the nightly tidying puts it together.
insert into ticket_search (ticket_search, rank) values ('pgsz', 1000);
-- For a search: which ticket stands for another. Almost none does.
create index tickets_merged_away on tickets (id, merged_into) where merged_into is not null;
