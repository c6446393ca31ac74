// The page of one invoice, drawn for its client and for staff. For the handlers of invoice/ only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/context.h"
#include "invoice/dunning_view.h"
#include "invoice/invoice.h"
#include "invoice/payment.h"

namespace cstims {

struct InvoicePage {
  static constexpr std::string_view view = "invoice/show.html";
  const Context& context;
  Date today;
  Invoice invoice;
  std::vector<InvoiceLine> lines;
  std::vector<TaxSum> taxes;
  std::vector<Allocation> allocations;
  Money credit;  // of the client
  std::optional<Invoice> rectifies;
  std::vector<Invoice> rectified_by;
  DunningView dunning;
  std::string_view refused_form = {};
  const Refusal* refusal = nullptr;
  Message title() const;
};

/// Throws NotFound for who may not see it.
InvoicePage load_invoice_page(const Context& context, InvoiceId id);
void fill(Dictionary& values, const InvoicePage& page);

}  // namespace cstims
