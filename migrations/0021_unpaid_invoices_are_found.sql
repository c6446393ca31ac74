-- SQLite turns a comparison whose right side is a column around before it looks for a partial index, and then does not
-- know `paid + credited < total` again: the two indexes below were never used. Written from the column they are.
drop index invoices_unpaid;
drop index invoices_unpaid_newest;
create index invoices_unpaid on invoices (due_date, id, total, paid, credited, status, kind)
where status = 'issued' and kind = 'ordinary' and total > paid + credited;
create index invoices_unpaid_newest on invoices (id)
where status = 'issued' and kind = 'ordinary' and total > paid + credited;
create index invoices_unpaid_of_client on invoices (client_id, total, paid, credited, status, kind)
where status = 'issued' and kind = 'ordinary' and total > paid + credited;
