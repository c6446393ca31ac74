// What the made-up data consists of. Everything follows from the number of the client and the day.
// For bench_load.cc and bench_books.cc only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/bench_load.h"
#include "base/site.h"
#include "db/database.h"
#include "service/billing_lines.h"

namespace cstims {

/// A number that looks random and is always the same for the same seed (splitmix64).
std::uint64_t scrambled(std::uint64_t seed);
/// 0 … count - 1.
int pick(std::uint64_t seed, int count);

struct BenchOrder {
  std::int64_t id = 0;
  std::int64_t service = 0;
  std::string service_name;
  std::string status;
  BillingPlan plan;
};

/// A client's orders begin on one day, so that each month has one invoice.
struct BenchClient {
  std::int64_t user = 0;
  int number;
  Date start;
  std::vector<BenchOrder> orders;
};

struct BenchPeople {
  std::vector<std::int64_t> helpdesk;
  std::int64_t accountant = 0;
};

struct BenchRun {
  Database& database;
  const Site& site;
  const BenchProgress& say;
  Date today;
  Instant now;
  std::vector<BenchClient> clients;
  BenchPeople people;
  int replies = 10;  // to a ticket, on average
};

std::string bench_name(int client);
std::string bench_street(int client);

/// Runs `act` for 0 … count - 1, many in a transaction. It may run again for the same number.
void in_batches(BenchRun& run, const std::string& what, std::size_t count,
                const std::function<void(Transaction&, std::size_t)>& act);

void load_bench_tickets(BenchRun& run);
void load_bench_invoices(BenchRun& run);

}  // namespace cstims
