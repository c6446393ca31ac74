// Large made-up data for measuring: `cstims bench load --clients N`. All of it keeps the rules of
// the books, so that the audit finds nothing and a billing run of the same day bills nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/site.h"
#include "db/database.h"

namespace cstims {

/// How far it is: "clients", 200 of 20,000.
using BenchProgress =
    std::function<void(const std::string& what, std::int64_t done, std::int64_t total)>;

/// Fills an empty, migrated database: for each client three orders, five tickets (with `replies`
/// each on average; every twentieth has fifty) and twelve invoices, and the staff that looks after
/// them. Everybody ("client1", "helpdesk1", "accountant1", "admin1" …) signs in with "correct horse
/// battery staple". The same number of clients on the same day gives the same data. `say` is told
/// how far it is. Throws Refused when somebody is in the database already.
void load_bench_data(Database& database, const Site& site, int clients, const BenchProgress& say,
                     int replies = 10);

}  // namespace cstims
