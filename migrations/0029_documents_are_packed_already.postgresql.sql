-- A PDF is packed inside: packing its text again costs the server time for every invoice and saves little.
alter table invoice_documents alter column content set storage external;
