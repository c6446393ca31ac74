// Reminders on the page of an invoice, for staff: what was sent when, what comes next, and the
// switch that pauses them. For the handlers of invoice/ only.
#pragma once

#include <string_view>
#include <vector>

#include "html/renderer.h"
#include "http/context.h"
#include "invoice/dunning_store.h"
#include "invoice/invoice.h"

namespace cstims {

struct DunningView {
  bool shown = false;  // to staff, of an invoice that is to be paid or has steps
  bool may_pause = false;
  InvoiceId invoice;
  Date today;
  std::vector<DunningStepRow> steps;
  std::vector<DunningPause> pauses;
};
DunningView load_dunning_view(Transaction& tx, const Viewer& viewer, const Invoice& invoice);

/// Fills `{{>NAME}}` with views/invoice/_dunning.html. `typed` and `refusal`: of the pause form,
/// when it was refused.
void fill_dunning_view(Dictionary& values, std::string_view name, const DunningView& view,
                       const Refusal* refusal = nullptr, const FormData* typed = nullptr);

}  // namespace cstims
