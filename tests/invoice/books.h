// Orders and invoices to begin with, for the tests of invoice/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invoice/billing_run.h"
#include "invoice/invoice.h"
#include "invoice/invoice_store.h"
#include "support/world.h"

namespace cstims::test {

struct SampleOrder {
  UserId client = UserId(1);  // ada
  std::string name = "web";
  std::string billing = "10 €/mo";
  Date activated_on = Date(2026, 3, 1);
  std::optional<Date> ends_on = {};
};
/// An active order of the service "Small VPS", due as its plan says.
OrderId place_order(World& world, const SampleOrder& order);

/// As `cstims invoice run`; reports are kept in order.
struct RanBilling {
  BillingResult result;
  std::vector<BilledInvoice> invoices;
};
RanBilling run(World& world, const BillingRun& options = {});

Invoice invoice_of(World& world, InvoiceId id);
std::vector<InvoiceLine> lines_of(World& world, InvoiceId id);

/// The first number of the first row of a query made of constants.
std::int64_t number_of(World& world, const std::string& query);
std::int64_t count_rows(World& world, const std::string& table);
/// Anything: to plant faults.
void execute(World& world, const std::string& statement);

/// A draft of the lines (description, quantity, price, tax in per cent).
struct SampleLine {
  std::string description = "Work";
  std::string quantity = "1";
  std::string unit_price = "10";
  std::string tax = "21";
};
FormData draft_form(UserId client, const std::vector<SampleLine>& lines,
                    const std::string& description = "");
InvoiceDraft draft_of(UserId client, const std::vector<SampleLine>& lines = {{}});
/// Written and issued by root.
Invoice issue_sample(World& world, UserId client = UserId(1),
                     const std::vector<SampleLine>& lines = {{}});

}  // namespace cstims::test
