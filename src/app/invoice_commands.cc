#include <fmt/format.h>

#include "app/command_functions.h"
#include "app/job_functions.h"
#include "app/progress.h"
#include "base/failure.h"
#include "base/log.h"
#include "invoice/billing_run.h"
#include "invoice/invoice_audit.h"
#include "invoice/invoice_store.h"

namespace cstims {
namespace {

BillingParts billing_parts(Installation& installation) {
  return {installation.database(), installation.mailer(), installation.site()};
}

void print_invoice(const BilledInvoice& invoice, bool json) {
  if (json) {
    print_object({{"id", invoice.id ? invoice.id->number() : std::int64_t{0}},
                  {"number", invoice.number},
                  {"client", invoice.client_name},
                  {"issue_date", invoice.issue_date.text()},
                  {"due_date", invoice.due_date.text()},
                  {"month", invoice.month},
                  {"lines", static_cast<std::int64_t>(invoice.lines)},
                  {"total", invoice.total.text()}});
    return;
  }
  fmt::print("{}  {}  {}  {} {}\n", invoice.number, invoice.client_name, invoice.month,
             invoice.total.text(), invoice.total.currency().code());
}

/// Audits the books; what is found is told, and mailed once a day.
std::int64_t audit(Installation& installation, const std::function<void(const std::string&)>& tell,
                   const std::function<void(std::int64_t, std::int64_t)>& progress = {}) {
  std::vector<std::string> first;
  const auto count =
      audit_invoices(installation.database(), {.fault =
                                                   [&](const std::string& fault) {
                                                     if (first.size() < faults_mailed)
                                                       first.push_back(fault);
                                                     tell(fault);
                                                   },
                                               .progress = progress});
  if (count > 0) {
    installation.act("invoice-audit", [&](Act& act) { queue_audit_mail(act, first, count); });
  }
  return count;
}

}  // namespace

int run_invoices_command(Invocation& run) {
  auto& installation = run.installation();
  Progress progress("clients", run.json());
  const BillingRun wanted{
      .date = run.date("--date"),
      .dry_run = run.given("--dry-run"),
      .force = run.given("--force"),
      .progress = [&](std::int64_t done, std::int64_t total) { progress.show(done, total); }};
  const auto result =
      run_billing(billing_parts(installation), wanted, [&](const BilledInvoice& invoice) {
        progress.hide();
        print_invoice(invoice, run.json());
      });
  progress.hide();
  if (run.json()) {
    print_object({{"invoices", result.invoices},
                  {"total", result.total.text()},
                  {"currency", std::string(result.total.currency().code())}});
  } else {
    fmt::print("{} invoices, {} {}\n", result.invoices, result.total.text(),
               result.total.currency().code());
  }
  for (const auto& fault : result.faults) fmt::print(stderr, "cstims: {}\n", fault);
  return result.faults.empty() ? 0 : 1;
}

int audit_invoices_command(Invocation& run) {
  auto& installation = run.installation();
  Progress progress("checks");
  const auto count = audit(
      installation,
      [&](const std::string& fault) {
        progress.hide();
        fmt::print("{}\n", fault);
      },
      [&](std::int64_t done, std::int64_t total) { progress.show(done, total); });
  return count == 0 ? 0 : 1;
}

int list_invoices_command(Invocation& run) {
  Listing listing;
  listing.search = run.value("--search").value_or("");
  listing.csv = true;
  const Viewer viewer = Viewer::of_system("command");
  const auto invoices = run.installation().database().read(
      [&](Transaction& tx) { return list_invoices(tx, viewer, listing); });
  OutputTable table{
      {"id", "number", "client", "issue_date", "due_date", "total", "paid", "currency"}, {}};
  for (const auto& invoice : invoices.rows) {
    table.rows.push_back({invoice.id.number(), invoice.number, invoice.client_name,
                          invoice.issue_date ? invoice.issue_date->text() : "",
                          invoice.due_date ? invoice.due_date->text() : "", invoice.total.text(),
                          invoice.paid.text(), std::string(invoice.total.currency().code())});
  }
  print_table(table, run.json());
  return 0;
}

std::string run_invoices(Installation& installation) {
  const auto result = run_billing(billing_parts(installation), {.kind = RunKind::job});
  for (const auto& fault : result.faults)
    log_error("an order could not be billed", {{"fault", fault}});
  if (!result.faults.empty()) {
    throw Failure(fmt::format("{} invoices; {} orders could not be billed, the first: {}",
                              result.invoices, result.faults.size(), result.faults.front()));
  }
  return fmt::format("{} invoices, {} {}", result.invoices, result.total.text(),
                     result.total.currency().code());
}

std::string audit_books(Installation& installation) {
  std::string first;
  const auto count = audit(installation, [&](const std::string& fault) {
    if (first.empty()) first = fault;
    log_error("the books have a fault", {{"fault", fault}});
  });
  if (count > 0) throw Failure(fmt::format("{} faults, the first: {}", count, first));
  return "no faults";
}

}  // namespace cstims
