// Who plays in the tests.
#pragma once

#include "db/database.h"

namespace cstims::test {

/// 2026-03-10T09:00:00Z, a Tuesday, 10:00 in Madrid.
FakeClock clock_of_tests();

/// What everybody of the cast signs in with.
inline constexpr std::string_view password_of_all = "correct horse battery staple";

/// ada and bob (clients), grace (helpdesk), luca (accountant), root (admin): users 1 to 5,
/// verified, at example.test.
void insert_cast(Transaction& tx);

}  // namespace cstims::test
