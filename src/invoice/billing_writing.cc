#include "invoice/billing_writing.h"

#include <utility>

#include "base/failure.h"
#include "invoice/billing_store.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_store.h"

namespace cstims {

namespace {

std::vector<InvoiceInsert> drafts_of(const std::vector<ClientMonth>& months, Currency currency) {
  std::vector<InvoiceInsert> drafts;
  for (const auto& [client, bill] : months) {
    drafts.push_back({{.client = client->id, .description = {}, .due_month = bill->month},
                      bill->lines,
                      sum_up(bill->lines, currency)});
  }
  return drafts;
}

std::vector<Invoice> number_and_issue(Act& act, const std::vector<ClientMonth>& months,
                                      const std::vector<InsertedInvoice>& inserted,
                                      const NumberRequest& request) {
  const auto numbers = take_numbers(act.tx, request, inserted.size());
  if (!numbers) throw Refused(numbers.error().english());
  std::vector<DraftToIssue> drafts;
  for (std::size_t i = 0; i < months.size(); ++i) {
    drafts.push_back({inserted[i].draft, months[i].bill->lines, *months[i].client, (*numbers)[i]});
  }
  return issue_drafts(act, drafts);
}

}  // namespace

/// All drafts, then all numbers, then all issues: each step is one way to the server and back for
/// the whole batch.
std::vector<WrittenMonth> write_bills(Act& act, const std::vector<ClientMonth>& months,
                                      const NumberRequest& request) {
  std::vector<ClientMonth> asking;
  for (const auto& month : months) {
    if (!month.bill->lines.empty()) {
      asking.push_back(month);
      continue;
    }
    for (const auto& item : month.bill->items) insert_billed_item(act.tx, item, std::nullopt);
  }
  const auto inserted = insert_invoices(act.tx, drafts_of(asking, act.site.currency), std::nullopt);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    for (const auto& item : asking[i].bill->items) {
      insert_billed_item(act.tx, item, inserted[i].lines.at(item.line.value()));
    }
  }
  auto issued = number_and_issue(act, asking, inserted, request);
  std::vector<WrittenMonth> written;
  for (std::size_t i = 0; i < asking.size(); ++i) {
    written.push_back({asking[i], std::move(issued[i])});
  }
  return written;
}

}  // namespace cstims
