// Invoices in lists, drawn alike for accountants and admins. For the handlers of invoice/ only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "html/form_view.h"
#include "http/context.h"
#include "invoice/dunning.h"
#include "invoice/invoice_store.h"

namespace cstims {

/// With search, filter and pager. `with_marks`: a button each that marks it paid or unpaid.
struct InvoiceListing {
  const Context& context;
  const Listing& listing;
  const Page<InvoiceRow>& invoices;
  Date today;
  std::string path;
  bool with_marks = false;
  std::map<InvoiceId, DunningStep> reminded = {};  // the newest step that was mailed
};
ListView invoice_list(const InvoiceListing& wanted);

/// "invoices.csv": every row up to Listing::most_exported.
Response invoice_csv(const std::vector<InvoiceRow>& invoices, Date today);

}  // namespace cstims
