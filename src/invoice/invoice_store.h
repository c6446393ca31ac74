// Rows of invoices, their lines and taxes. What the viewer may not see is not found: a client sees
// its own issued invoices, staff see all issued ones, drafts are for admins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/listing.h"
#include "base/viewer.h"
#include "db/database.h"
#include "invoice/invoice.h"
#include "invoice/invoice_numbering.h"

namespace cstims {

std::optional<Invoice> find_invoice(Transaction& tx, const Viewer& viewer, InvoiceId id);
Invoice require_invoice(Transaction& tx, const Viewer& viewer, InvoiceId id);  // throws NotFound
std::vector<InvoiceLine> list_invoice_lines(Transaction& tx, const Invoice& invoice);
std::vector<TaxSum> list_invoice_taxes(Transaction& tx, const Invoice& invoice);
// The same of many, in order.
std::vector<Invoice> require_invoices(Transaction& tx, const Viewer& viewer,
                                      const std::vector<InvoiceId>& ids);  // throws NotFound
std::vector<std::vector<InvoiceLine>> list_lines_of(Transaction& tx,
                                                    const std::vector<Invoice>& invoices);
std::vector<std::vector<TaxSum>> list_taxes_of(Transaction& tx,
                                               const std::vector<Invoice>& invoices);

/// An invoice in a list: without the printed texts.
using InvoiceRow = Invoice;
ListingRules invoice_listing_rules();
Page<InvoiceRow> list_invoices(Transaction& tx, const Viewer& viewer, const Listing& listing);
/// The newest issued ones, without the client's name.
std::vector<InvoiceRow> list_invoices_of_client(Transaction& tx, UserId client, int limit);

/// The columns of a list's query, for invoice_listing.cc; `username` is the client's.
Invoice read_invoice_row(const Row& row);

/// What is owed to the site, for the accountant.
struct OpenSums {
  Money unpaid;    // everything still to be paid
  Money overdue;   // the part whose due date has passed
  Money received;  // payments dated this month, less what was reversed
  std::int64_t unpaid_count = 0;
  std::int64_t overdue_count = 0;
};
OpenSums sum_open_invoices(Transaction& tx, Currency currency);

struct NewInvoice {
  InvoiceKind kind = InvoiceKind::ordinary;
  UserId client;
  std::string description;
  std::optional<InvoiceId> rectifies = {};
  std::string reason = {};
  std::string due_month = {};  // "2026-02", of a billing run
};
struct InsertedInvoice {
  Invoice draft;                    // without the client's name
  std::vector<std::int64_t> lines;  // their ids, in order
};
/// Everything begins as a draft: lines and taxes can be written only then.
InsertedInvoice insert_invoice(Transaction& tx, const NewInvoice& invoice,
                               const std::vector<InvoiceLine>& lines, Currency currency,
                               std::optional<UserId> author);
/// Several at once.
struct InvoiceInsert {
  NewInvoice invoice;
  std::vector<InvoiceLine> lines;
  InvoiceSums sums;
};
std::vector<InsertedInvoice> insert_invoices(Transaction& tx,
                                             const std::vector<InvoiceInsert>& invoices,
                                             std::optional<UserId> author);
/// With sums that its lines alone do not give: of a rectifying invoice that takes the last cents.
InsertedInvoice insert_invoice(Transaction& tx, const NewInvoice& invoice,
                               const std::vector<InvoiceLine>& lines, const InvoiceSums& sums,
                               std::optional<UserId> author);
/// False when it is no draft (any more).
bool replace_draft(Transaction& tx, InvoiceId id, const InvoiceDraft& draft, Currency currency);
bool delete_draft(Transaction& tx, InvoiceId id);

struct Issue {
  InvoiceId invoice;
  InvoiceNumber number;  // and issue date
  Date due_date;
  std::string buyer;
  std::string seller;
  std::string payment_text;
  TaxStatus tax_status = TaxStatus::domestic;
  std::string tax_note = {};
  std::string payment_code = {};
};
/// Throws Conflict naming the first that is no draft (any more).
void mark_issued(Transaction& tx, const std::vector<Issue>& issues);

}  // namespace cstims
