#include "account/user_store.h"

#include <fmt/format.h>

#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

constexpr Statement find_user_by_id{"user by id", R"(
  select id, username, email, type, status, registered_at, verified_at, last_sign_in_at,
    password_changed_at, billing_name, billing_address, billing_country, billing_tax_number,
    tax_status, tax_exemption
  from users
  where id = :user)"};

constexpr Statement find_user_by_its_username{"user by username", R"(
  select id, username, email, type, status, registered_at, verified_at, last_sign_in_at,
    password_changed_at, billing_name, billing_address, billing_country, billing_tax_number,
    tax_status, tax_exemption
  from users
  where username = :username)"};

constexpr Statement find_user_by_email_key{"user by email", R"(
  select id, username, email, type, status, registered_at, verified_at, last_sign_in_at,
    password_changed_at, billing_name, billing_address, billing_country, billing_tax_number,
    tax_status, tax_exemption
  from users
  where email_key = :email)"};

constexpr Statement list_users_of_type{"users for choice", R"(
  select id, username, email, type, status, registered_at, verified_at, last_sign_in_at,
    password_changed_at, billing_name, billing_address, billing_country, billing_tax_number,
    tax_status, tax_exemption
  from users
  where type = :type
    and status <> 'disabled'
    and (username like :search escape '\'
      or email_key like :search escape '\'
      or lower(billing_name) like :search escape '\')
  order by username
  limit :limit)"};

constexpr Statement list_people_for_tickets{"users for tickets", R"(
  select id, username
  from users
  where type <> 'client'
    and type in ('helpdesk', 'admin')
    and status = 'verified'
  order by username)"};

constexpr Statement insert_user_row{"user insert", R"(
  insert into users (username, password_hash, email, email_key, type, status, registered_at,
    verified_at, password_changed_at)
  values (:username, :password_hash, :email, :email_key, :type, :status, :now, :verified, :now)
  returning id)"};

constexpr Statement find_owner_of_name{"user name owner", R"(
  select id
  from users
  where username = :username)"};

constexpr Statement find_owner_of_email{"email owner", R"(
  select id
  from users
  where email_key = :email)"};

constexpr Statement update_user_row{"user update", R"(
  update users
  set username = :username,
      email = :email,
      email_key = :email_key,
      type = :type,
      status = :status,
      verified_at = case
        when :status = 'verified' then coalesce(verified_at, :now)
        else verified_at
      end
  where id = :user)"};

constexpr Statement update_user_email{"user email", R"(
  update users
  set email = :email,
      email_key = :email_key
  where id = :user)"};

constexpr Statement update_sign_in{"user signed in", R"(
  update users
  set last_sign_in_at = :now
  where id = :user)"};

constexpr Statement update_verified{"user verified", R"(
  update users
  set status = 'verified',
      verified_at = :now
  where id = :user
    and status = 'unverified')"};

constexpr Statement delete_user_row{"user delete", R"(
  delete from users
  where id = :user)"};

constexpr Statement find_password_hash{"user password", R"(
  select password_hash
  from users
  where id = :user)"};

constexpr Statement update_password{"user password change", R"(
  update users
  set password_hash = :hash,
      password_changed_at = :now
  where id = :user)"};

constexpr Statement update_outdated_hash{"user password renew", R"(
  update users
  set password_hash = :new_hash
  where id = :user
    and password_hash = :old_hash)"};

// SQLite has one writer at a time: its transaction is the lock.
constexpr Statement lock_active_admins{"admins lock",
                                       R"(
  select id
  from users
  where type = 'admin'
    and status = 'verified'
  order by id)",
                                       R"(
  select id
  from users
  where type = 'admin'
    and status = 'verified'
  order by id
  for update)"};

constexpr Statement find_dependents{"user dependents", R"(
  select 'orders' as noun
  where exists (select 1 from orders where client_id = :user)
  union all select 'tickets'
  where exists (select 1 from tickets
    where client_id = :user or assignee_id = :user or closed_by = :user)
  union all select 'replies'
  where exists (select 1 from ticket_entries where author_id = :user)
  union all select 'invoices'
  where exists (select 1 from invoices where client_id = :user or created_by = :user)
  union all select 'payments'
  where exists (select 1 from payments where client_id = :user or recorded_by = :user)
  union all select 'events'
  where exists (select 1 from order_events where user_id = :user)
  union all select 'billing_runs'
  where exists (select 1 from billing_runs where started_by = :user)
  union all select 'pauses'
  where exists (select 1 from dunning_pauses
    where client_id = :user or paused_by = :user or ended_by = :user)
  union all select 'exemptions'
  where exists (select 1 from suspension_exemptions where user_id = :user or ended_by = :user)
  union all select 'closings'
  where exists (select 1 from closed_periods where closed_by = :user or reopened_by = :user)
  union all select 'bank'
  where exists (select 1 from bank_transactions
    where likely_client_id = :user or decided_by = :user)
    or exists (select 1 from bank_statements where imported_by = :user))"};

template <typename T>
T known(std::optional<T> value, std::string_view what, const std::string& stored) {
  if (!value) throw DatabaseError(fmt::format("{} '{}' is unknown", what, stored));
  return *value;
}

User user_from(const Row& row) {
  return {.id = row.id<User>("id"),
          .username = row.text("username"),
          .email = EmailAddress::stored(row.text("email")),
          .type = known(parse_role(row.text("type")), "user type", row.text("type")),
          .status = known(parse_user_status(row.text("status")), "user status", row.text("status")),
          .registered_at = row.instant("registered_at"),
          .verified_at = row.maybe_instant("verified_at"),
          .last_sign_in_at = row.maybe_instant("last_sign_in_at"),
          .password_changed_at = row.instant("password_changed_at"),
          .billing_name = row.text("billing_name"),
          .billing_address = row.text("billing_address"),
          .billing_country = row.text("billing_country"),
          .billing_tax_number = row.text("billing_tax_number"),
          .tax_status = stored_tax_status(row.text("tax_status")),
          .tax_exemption = row.text("tax_exemption")};
}

std::optional<User> user_from(const std::optional<Row>& row) {
  return row ? std::optional(user_from(*row)) : std::nullopt;
}

std::vector<User> users_from(const std::vector<Row>& rows) {
  std::vector<User> users;
  users.reserve(rows.size());
  for (const auto& row : rows) users.push_back(user_from(row));
  return users;
}

/// Leads to the index of the few who are no clients.
constexpr std::string_view staff_only = " and type <> 'client'";

/// From the closed list of user_listing_rules; equal rows stand in order of registration.
std::string order_by(std::string_view sort) {
  const bool descending = sort.starts_with('-');
  const auto key = descending ? sort.substr(1) : sort;
  const std::string direction = descending ? " desc" : "";
  if (key == "username" || key == "type" || key == "status") {
    return " order by " + std::string(key) + direction + ", id" + direction;
  }
  if (key == "email") return " order by email_key" + direction;
  if (key == "last_sign_in_at") {
    return " order by coalesce(last_sign_in_at, '')" + direction + ", id" + direction;
  }
  return " order by id" + direction;  // registered_at grows with it
}

std::string contains(std::string_view search) {
  return "%" + escape_like(lower_ascii(search)) + "%";
}

/// Refuses a name or address that somebody else has. The unique keys guard against two at once.
Result<void> check_free(Transaction& tx, std::string_view username, const EmailAddress& email,
                        std::optional<UserId> self) {
  Refusal refusal;
  const auto taken = [&](const Statement& statement, Parameter parameter) {
    const auto row = tx.find(statement, {std::move(parameter)});
    return row && (!self || row->id<User>("id") != *self);
  };
  if (taken(find_owner_of_name, {"username", username})) {
    refusal.add("username", message("This user name is taken."));
  }
  if (taken(find_owner_of_email, {"email", email.key()})) {
    refusal.add("email", message("This address belongs to another account."));
  }
  if (refusal.items.empty()) return {};
  return std::unexpected(std::move(refusal));
}

}  // namespace

std::optional<User> find_user(Transaction& tx, UserId id) {
  return user_from(tx.find(find_user_by_id, {{"user", id}}));
}

User require_user(Transaction& tx, UserId id) {
  auto user = find_user(tx, id);
  if (!user) throw NotFound(fmt::format("no user {}", id.number()));
  return std::move(*user);
}

std::vector<User> require_users(Transaction& tx, const std::vector<UserId>& ids) {
  std::vector<Parameters> wanted;
  for (const auto id : ids) wanted.push_back({{"user", id}});
  return users_from(tx.require_each(find_user_by_id, wanted));
}

std::optional<User> find_user_by_username(Transaction& tx, std::string_view username) {
  return user_from(tx.find(find_user_by_its_username, {{"username", username}}));
}

std::optional<User> find_user_by_email(Transaction& tx, const EmailAddress& email) {
  return user_from(tx.find(find_user_by_email_key, {{"email", email.key()}}));
}

std::optional<User> find_user_to_sign_in(Transaction& tx, std::string_view name) {
  const auto folded = lower_ascii(name);
  const bool address = folded.find('@') != std::string::npos;
  return user_from(address ? tx.find(find_user_by_email_key, {{"email", folded}})
                           : tx.find(find_user_by_its_username, {{"username", folded}}));
}

std::vector<User> list_users_for_choice(Transaction& tx, Role type, std::string_view search,
                                        int limit) {
  return users_from(tx.select(
      list_users_of_type, {{"type", text(type)}, {"search", contains(search)}, {"limit", limit}}));
}

std::vector<HelpdeskPerson> list_helpdesk_people(Transaction& tx) {
  std::vector<HelpdeskPerson> people;
  for (const Row& row : tx.select(list_people_for_tickets)) {
    people.push_back({row.id<User>("id"), row.text("username")});
  }
  return people;
}

const ListingRules& user_listing_rules() {
  static const ListingRules rules{
      {"-id", "username", "email", "type", "status", "registered_at", "last_sign_in_at"},
      {{"type", {"client", "helpdesk", "accountant", "admin"}},
       {"status", {"unverified", "verified", "disabled"}}}};
  return rules;
}

Page<User> list_users(Transaction& tx, const Listing& listing) {
  std::string where = " from users where 1 = 1";
  Parameters parameters;
  const auto filter = [&](std::string_view name, std::string_view condition, Value value) {
    where += condition;
    parameters.push_back({name, std::move(value)});
  };
  if (!listing.search.empty()) {
    filter("search",
           " and (username like :search escape '\\' or email_key like :search escape '\\'"
           " or lower(billing_name) like :search escape '\\')",
           contains(listing.search));
  }
  if (const auto type = listing.filter("type"); !type.empty()) {
    filter("type", " and type = :type", type);
    if (type != "client") where += staff_only;
  }
  if (const auto status = listing.filter("status"); !status.empty()) {
    filter("status", " and status = :status", status);
  }
  const PageQuery query{
      "users",
      "select id, username, email, type, status, registered_at, verified_at, last_sign_in_at,"
      " password_changed_at, billing_name, billing_address, billing_country, billing_tax_number,"
      " tax_status, tax_exemption" +
          where + order_by(listing.sort.empty() ? "-id" : std::string_view(listing.sort)) +
          " limit :limit offset :offset",
      where, std::move(parameters)};
  return select_page(tx, listing, query, [](const Row& row) { return user_from(row); });
}

Result<UserId> insert_user(Transaction& tx, const NewUser& user) {
  if (auto free = check_free(tx, user.username, user.email, std::nullopt); !free) {
    return std::unexpected(std::move(free.error()));
  }
  const bool verified = user.status == UserStatus::verified;
  return tx
      .require(insert_user_row, {{"username", user.username},
                                 {"password_hash", user.password_hash},
                                 {"email", user.email.text()},
                                 {"email_key", user.email.key()},
                                 {"type", text(user.type)},
                                 {"status", text(user.status)},
                                 {"now", tx.now()},
                                 {"verified", verified ? Value(tx.now()) : Value()}})
      .id<User>("id");
}

Result<void> update_user(Transaction& tx, UserId id, const UserEdit& edit) {
  if (auto free = check_free(tx, edit.username, edit.email, id); !free) return free;
  tx.execute(update_user_row, {{"username", edit.username},
                               {"email", edit.email.text()},
                               {"email_key", edit.email.key()},
                               {"type", text(edit.type)},
                               {"status", text(edit.status)},
                               {"now", tx.now()},
                               {"user", id}});
  return {};
}

void update_email(Transaction& tx, UserId id, const EmailAddress& email) {
  tx.execute(update_user_email,
             {{"email", email.text()}, {"email_key", email.key()}, {"user", id}});
}

void update_last_sign_in(Transaction& tx, UserId id) {
  tx.execute(update_sign_in, {{"now", tx.now()}, {"user", id}});
}

void mark_verified(Transaction& tx, UserId id) {
  tx.execute(update_verified, {{"now", tx.now()}, {"user", id}});
}

void delete_user(Transaction& tx, UserId id) {
  tx.execute(delete_user_row, {{"user", id}});
}

std::string require_password_hash(Transaction& tx, UserId id) {
  return tx.require(find_password_hash, {{"user", id}}).text("password_hash");
}

void update_password_hash(Transaction& tx, UserId id, std::string_view hash) {
  tx.execute(update_password, {{"hash", hash}, {"now", tx.now()}, {"user", id}});
}

bool renew_password_hash(Transaction& tx, UserId id, std::string_view old_hash,
                         std::string_view new_hash) {
  return tx.execute(update_outdated_hash,
                    {{"new_hash", new_hash}, {"user", id}, {"old_hash", old_hash}}) > 0;
}

bool is_last_active_admin(Transaction& tx, UserId id) {
  const auto rows = tx.select(lock_active_admins);
  return rows.size() == 1 && rows.front().id<User>("id") == id;
}

std::vector<std::string> list_dependents(Transaction& tx, UserId id) {
  std::vector<std::string> found;
  for (const auto& row : tx.select(find_dependents, {{"user", id}})) {
    found.push_back(row.text("noun"));
  }
  return found;
}

}  // namespace cstims
