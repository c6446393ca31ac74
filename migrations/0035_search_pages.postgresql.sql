-- SQLite's index alone has pages to set.
select 1;
