-- People who sign in, their sessions and mailed codes.

create table users (
  id @ID@,
  username text not null constraint users_username_form check (length(username) between 3 and 31),
  password_hash text not null,
  email text not null,
  email_key text not null,
  type text not null constraint users_type check (type in ('client', 'helpdesk', 'accountant', 'admin')),
  status text not null constraint users_status check (status in ('unverified', 'verified', 'disabled')),
  registered_at text not null,
  verified_at text,
  password_changed_at text not null,
  last_sign_in_at text,
  billing_name text not null default '',
  billing_address text not null default '',
  billing_country text not null default '',
  billing_tax_number text not null default '',
  constraint users_username unique (username),
  constraint users_email unique (email_key)
);
create index users_type_id on users (type, id);
create index users_status_id on users (status, id);
create index users_staff on users (username) where type <> 'client';

-- Names asked for by visitors who gave an address we know: taken for a week, as if the account had been made.
create table reserved_usernames (
  username text not null primary key,
  reserved_at text not null
);

create table sessions (
  id @ID@,
  token_hash text not null,
  user_id @INT@ not null constraint sessions_user references users (id) on delete cascade,
  created_at text not null,
  last_seen_at text not null,
  expires_at text not null,
  confirmed_at text not null,
  address text not null default '',
  user_agent text not null default '',
  constraint sessions_token unique (token_hash)
);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

-- Devices a person has signed in from: a new one is told by mail, a known one is not shut out by strangers' guesses.
create table devices (
  id @ID@,
  user_id @INT@ not null constraint devices_user references users (id) on delete cascade,
  token_hash text not null,
  first_seen_at text not null,
  last_seen_at text not null,
  constraint devices_token unique (user_id, token_hash)
);

create table mailed_codes (
  id @ID@,
  user_id @INT@ not null constraint mailed_codes_user references users (id) on delete cascade,
  purpose text not null constraint mailed_codes_purpose check (purpose in ('verify', 'reset', 'email')),
  code_hash text not null,
  email text not null,
  created_at text not null,
  expires_at text not null,
  used_at text,
  constraint mailed_codes_code unique (code_hash)
);
create index mailed_codes_user on mailed_codes (user_id, purpose);
