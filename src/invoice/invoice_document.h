// The PDF of an issued invoice: drawn once, from the rows that issue has frozen, and kept as bytes
// with their digest. Whoever asks later gets those bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/site.h"
#include "db/database.h"
#include "html/renderer.h"
#include "invoice/invoice.h"
#include "pdf/pdf_document.h"

namespace cstims {

/// All that is printed.
struct PrintedInvoice {
  Invoice invoice;
  std::vector<InvoiceLine> lines;
  std::vector<TaxSum> taxes;
  std::string rectified_number = {};  // of a rectifying invoice: what it takes back
  std::optional<Date> rectified_date = {};
};
/// Throws NotFound unless the invoice is issued.
PrintedInvoice load_printed_invoice(Transaction& tx, InvoiceId id);

std::vector<PrintedInvoice> load_printed_invoices(Transaction& tx,
                                                  const std::vector<InvoiceId>& ids);  // in order

/// What drawing needs besides the rows.
struct DocumentParts {
  Database& database;
  const Renderer& renderer;  // translates labels
  const Site& site;          // name, tagline and logo of the letterhead
};

PdfDocument describe_invoice(const PrintedInvoice& printed, const DocumentParts& parts);

/// A drawn document that is not stored yet.
struct DrawnDocument {
  InvoiceId invoice;
  std::string bytes;
};
/// Keeps what is not there; of two that were drawn at once the first stays.
void store_documents(Transaction& tx, const std::vector<DrawnDocument>& documents);

/// The stored bytes, drawn and stored first when they are missing. Idempotent; several may call it
/// at once. Throws NotFound unless the invoice is issued, Failure when the bytes do not fit their
/// digest.
std::string ensure_invoice_document(const DocumentParts& parts, InvoiceId id);

/// "F2026-000123.pdf": plain ASCII.
std::string document_name(const Invoice& invoice);

}  // namespace cstims
