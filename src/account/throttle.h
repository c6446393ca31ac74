// Guessing made slow: every place that checks a secret charges an attempt before it looks, and
// takes the charge back when the secret was right. Kept in the database, so that all instances
// count together.
//
// The first few attempts of a bucket are free, then the next must wait 1, 2, 4 … 60 seconds: about
// 70 failures an hour on an account however many addresses they come from. A device its owner has
// signed in from has a bucket of its own, so that strangers cannot shut the owner out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/user.h"
#include "db/database.h"

namespace cstims {

enum class BucketKind {
  address,  // a network of /24 or /64: 20 free
  account,  // a user, or a name that nobody has: 5 free
  device,   // a device known to the account: 5 free, then up to 15 minutes
  session,  // the password asked again of somebody signed in: 5 free
};

struct Bucket {
  BucketKind kind;
  std::string name;
};

Bucket address_bucket(std::string_view peer);
/// `typed` when there is no such user: unknown names are slowed like known ones.
Bucket account_bucket(const std::optional<User>& user, std::string_view typed);
Bucket device_bucket(UserId user, std::string_view token);
Bucket session_bucket(UserId user);

/// In a transaction of its own, before the secret is checked: attempts at once cannot slip through.
/// Throws Overload (429, with when to come back) when one of the buckets must wait; then nothing is
/// charged.
void charge_attempt(Database& database, const std::vector<Bucket>& buckets);
/// The secret was right. An address only gets its own attempt back: others there may be guessing.
void forgive_attempt(Transaction& tx, const std::vector<Bucket>& buckets);

/// Mail that a visitor makes us send: at most 20 an hour from one address (IPv6: /64). Throws
/// Overload (429).
void charge_mail(Transaction& tx, std::string_view peer);

/// Not touched for a day; the number of rows.
std::int64_t delete_stale_throttles(Transaction& tx);

/// "192.0.2.0/24", "2001:db8:1:2::/64": whom an address is counted with; "unknown" for anything
/// else.
std::string address_block(std::string_view peer);

}  // namespace cstims
