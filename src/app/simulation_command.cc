#include <fmt/format.h>

#include "account/user_store.h"
#include "app/command_functions.h"
#include "app/progress.h"
#include "base/failure.h"
#include "invoice/billing_simulation.h"
#include "order/order_store.h"

namespace cstims {
namespace {

SimulationScope scope_of(Invocation& run, Transaction& tx) {
  SimulationScope scope{.until = tx.today().plus_months(1, tx.today().day())};
  if (const auto until = run.date("--until")) scope.until = *until;
  if (scope.until < tx.today()) throw UsageError("--until: this day has passed");
  if (const auto name = run.value("--client")) {
    const auto user = find_user_by_username(tx, *name);
    if (!user || user->type != Role::client) throw UsageError("--client: no client is called so");
    scope.client = user->id;
  }
  if (const auto number = run.value("--order")) {
    const auto id = OrderId::parse(*number);
    const auto order = id ? find_order(tx, Viewer::of_system("command"), *id) : std::nullopt;
    if (!order) throw UsageError("--order: there is no such order");
    scope.client = order->client;
    scope.order = order->id;
  }
  return scope;
}

void print_as_json(const SimulatedInvoice& invoice) {
  for (const auto& line : invoice.lines) {
    print_object({{"issue_date", invoice.issue_date.text()},
                  {"due_date", invoice.due_date.text()},
                  {"client", invoice.client_name},
                  {"order", line.order ? line.order->number() : std::int64_t{0}},
                  {"description", line.description},
                  {"period_start", line.period ? line.period->start.text() : ""},
                  {"period_next", line.period ? line.period->next.text() : ""},
                  {"net", line.net.text()},
                  {"tax_rate", line.tax_rate.text()},
                  {"explanation", line.explanation}});
  }
}

void print_as_text(const SimulatedInvoice& invoice) {
  fmt::print("{}  {}  {} {}\n", invoice.issue_date.text(), invoice.client_name,
             invoice.sums.total.text(), invoice.sums.total.currency().code());
  for (const auto& line : invoice.lines) {
    fmt::print("    {}  {}: {}\n", line.net.text(), line.description, line.explanation);
  }
}

void print_sums(const Simulation& simulation, bool json) {
  const std::string currency(simulation.total.currency().code());
  for (const auto& [month, sum] : simulation.months) {
    if (json) {
      print_object({{"month", month.text()},
                    {"invoices", sum.invoices},
                    {"net", sum.net.text()},
                    {"tax", sum.tax.text()},
                    {"total", sum.total.text()},
                    {"currency", currency}});
    } else {
      fmt::print("{}: {} invoices, {} {}\n", month.text(), sum.invoices, sum.total.text(),
                 currency);
    }
  }
  if (!json) {
    fmt::print("{} invoices, {} {}\n", simulation.invoices, simulation.total.text(), currency);
  }
}

}  // namespace

int simulate_invoices_command(Invocation& run) {
  auto& installation = run.installation();
  const auto scope =
      installation.database().read([&](Transaction& tx) { return scope_of(run, tx); });
  Progress progress("clients", run.json());
  const auto simulation = simulate_billing(
      {installation.database(), installation.mailer(), installation.site()}, scope,
      [&](const SimulatedInvoice& invoice) {
        progress.hide();
        run.json() ? print_as_json(invoice) : print_as_text(invoice);
      },
      [&](std::int64_t done, std::int64_t total) { progress.show(done, total); });
  progress.hide();
  print_sums(simulation, run.json());
  for (const auto& fault : simulation.faults) fmt::print(stderr, "cstims: {}\n", fault);
  return simulation.faults.empty() ? 0 : 1;
}

}  // namespace cstims
