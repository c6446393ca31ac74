// What the daily billing runs up to a day to come would issue, each on its own day, if nothing
// changed meanwhile: the same decisions as the run's, on the same rows, without writing anything.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "invoice/billing_decision.h"
#include "invoice/billing_run.h"
#include "invoice/closed_period.h"

namespace cstims {

struct SimulationScope {
  Date until;
  std::optional<UserId> client = {};  // absent: all
  std::optional<OrderId> order = {};  // of that client
};

struct SimulatedInvoice {
  Date issue_date;
  Date due_date;
  UserId client;
  std::string client_name;
  std::vector<InvoiceLine> lines;  // with their explanations
  InvoiceSums sums;
};

/// What a month comes to.
struct SimulatedMonth {
  std::int64_t invoices = 0;
  Money net;
  Money tax;
  Money total;
};

struct Simulation {
  std::map<Month, SimulatedMonth> months;  // by issue date
  std::int64_t invoices = 0;
  Money total;
  std::vector<std::string> faults;  // what could not be billed, and why

  void add(const SimulatedInvoice& invoice);
};

/// Clients with something due up to then, by id: of them a simulation is made.
std::vector<UserId> clients_to_simulate(Transaction& tx, const SimulationScope& scope,
                                        const Site& site);

/// Called for each invoice of a client in order of date; false ends that client's.
using SimulationReport = std::function<bool(const SimulatedInvoice&)>;

/// One client, from today on; what cannot be billed goes to `faults`.
void simulate_client(Transaction& tx, const BillingParts& parts, const SimulationScope& scope,
                     UserId client, const SimulationReport& report,
                     std::vector<std::string>& faults);

/// All of the scope, a few clients in a transaction; `progress` as of a run.
Simulation simulate_billing(
    const BillingParts& parts, const SimulationScope& scope,
    const std::function<void(const SimulatedInvoice&)>& report,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

/// The next invoices of a client, at most `count`, none later than two years ahead.
std::vector<SimulatedInvoice> upcoming_invoices(Transaction& tx, const BillingParts& parts,
                                                UserId client, std::size_t count);

}  // namespace cstims
