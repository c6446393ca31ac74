#include "invoice/accountant_pages.h"

#include <map>
#include <utility>
#include <vector>

#include "invoice/dunning_store.h"
#include "invoice/invoice_lists.h"

namespace cstims {

namespace {

struct AccountantPage {
  static constexpr std::string_view view = "invoice/accountant.html";
  const Context& context;
  Listing listing;
  Page<InvoiceRow> invoices;
  OpenSums sums;
  Date today;
  std::map<InvoiceId, DunningStep> reminded;
  Message title() const { return message("Invoices"); }
};

void fill(Dictionary& values, const AccountantPage& page) {
  values.set("UNPAID", page.sums.unpaid);
  values.set("UNPAID_COUNT", page.sums.unpaid_count);
  values.set("OVERDUE", page.sums.overdue);
  values.set("OVERDUE_COUNT", page.sums.overdue_count);
  values.set("RECEIVED", page.sums.received);
  fill_list(values, "INVOICES",
            invoice_list({.context = page.context,
                          .listing = page.listing,
                          .invoices = page.invoices,
                          .today = page.today,
                          .path = "/accountant",
                          .with_marks = true,
                          .reminded = page.reminded}),
            page.listing);
}

/// Of a page's rows; a file does not say it.
std::map<InvoiceId, DunningStep> reminded_of(Transaction& tx,
                                             const std::vector<InvoiceRow>& invoices,
                                             const Listing& listing) {
  std::vector<InvoiceId> owing;
  for (const auto& invoice : invoices) {
    if (!listing.csv && !invoice.rest().is_zero()) owing.push_back(invoice.id);
  }
  return newest_sent_steps(tx, owing);
}

}  // namespace

Response show_accountant(Context& context) {
  const auto listing = parse_listing(context.request.query, invoice_listing_rules());
  const auto page = context.database().read([&](Transaction& tx) {
    auto invoices = list_invoices(tx, context.viewer, listing);
    auto reminded = reminded_of(tx, invoices.rows, listing);
    return AccountantPage{context,
                          listing,
                          std::move(invoices),
                          sum_open_invoices(tx, context.site().currency),
                          tx.today(),
                          std::move(reminded)};
  });
  if (listing.csv) return invoice_csv(page.invoices.rows, page.today);
  return render(context, page);
}

}  // namespace cstims
