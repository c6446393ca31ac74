// Taking issued invoices back, entirely or in part. Accountants and admins, and the system (a
// billing run that gives days back); anybody else: Forbidden. What is not there throws NotFound.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "invoice/invoice.h"
#include "invoice/rectification.h"
#include "mail/outbox.h"

namespace cstims {

struct Rectified {
  Invoice rectifying;  // issued, of the series R, mailed
  Money credit;        // what was paid beyond what is owed now: the client's credit
};

/// Issues a rectifying invoice that names the original and the reason. Refuses drafts, rectifying
/// invoices, what is taken back already, more than is left (decide_correction), no reason, and an
/// issue date (absent: today) before the original's or the series' newest.
Result<Rectified> rectify(Act& act, InvoiceId original, const Rectification& wanted,
                          std::optional<Date> issue_date = {});

/// The same by way: everything that is left …
Result<InvoiceId> rectify_whole(Act& act, InvoiceId original, const std::string& reason,
                                std::optional<Date> issue_date = {});
/// … parts of lines …
Result<InvoiceId> rectify_lines(Act& act, InvoiceId original,
                                const std::vector<CreditedLine>& lines, const std::string& reason,
                                std::optional<Date> issue_date = {});
/// … or amounts by tax rate.
Result<InvoiceId> rectify_amount(Act& act, InvoiceId original,
                                 const std::vector<CreditedAmount>& amounts,
                                 const std::string& reason, std::optional<Date> issue_date = {});

/// What `rectify` would put on the rectifying invoice; nothing is written.
Result<Correction> preview_rectification(Transaction& tx, const Invoice& original,
                                         const Rectification& wanted, const Renderer& renderer);

}  // namespace cstims
