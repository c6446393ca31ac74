// What registrations leave behind when they come to nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "db/database.h"

namespace cstims {

/// A name asked for at registration by somebody who gave a known address: taken for a week like one
/// of a new account, so that trying the name again does not tell whether the address was known.
bool is_reserved_username(Transaction& tx, std::string_view username);
void reserve_username(Transaction& tx, std::string_view username);
/// Accounts never verified and names reserved a week ago are forgotten; the number of accounts.
std::int64_t delete_stale_registrations(Transaction& tx);

}  // namespace cstims
