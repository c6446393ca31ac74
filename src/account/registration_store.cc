#include "account/registration_store.h"

namespace cstims {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds registration_lifetime = 24h * 7;

constexpr Statement find_reservation{"user name reservation", R"(
  select username
  from reserved_usernames
  where username = :username
    and reserved_at > :since)"};

constexpr Statement upsert_reservation{"user name reserve", R"(
  insert into reserved_usernames (username, reserved_at)
  values (:username, :now)
  on conflict (username) do update
  set reserved_at = excluded.reserved_at)"};

constexpr Statement delete_reservations{"user name reservations delete", R"(
  delete from reserved_usernames
  where reserved_at <= :since)"};

constexpr Statement delete_never_verified{"users delete never verified", R"(
  delete from users
  where status = 'unverified'
    and type = 'client'
    and verified_at is null
    and registered_at <= :since
    and not exists (select 1 from orders o where o.client_id = users.id)
    and not exists (select 1 from tickets t where t.client_id = users.id)
    and not exists (select 1 from invoices i where i.client_id = users.id)
    and not exists (select 1 from payments p where p.client_id = users.id))"};

}  // namespace

bool is_reserved_username(Transaction& tx, std::string_view username) {
  return tx
      .find(find_reservation,
            {{"username", username}, {"since", tx.now().plus(-registration_lifetime)}})
      .has_value();
}

void reserve_username(Transaction& tx, std::string_view username) {
  tx.execute(upsert_reservation, {{"username", username}, {"now", tx.now()}});
}

std::int64_t delete_stale_registrations(Transaction& tx) {
  const auto since = tx.now().plus(-registration_lifetime);
  tx.execute(delete_reservations, {{"since", since}});
  return tx.execute(delete_never_verified, {{"since", since}});
}

}  // namespace cstims
