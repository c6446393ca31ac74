#include "invoice/rectification_actions.h"

#include <fmt/format.h>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "invoice/credit_actions.h"
#include "invoice/dunning_actions.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_numbering.h"
#include "invoice/invoice_store.h"
#include "invoice/rectification_store.h"

namespace cstims {

namespace {

Result<void> may_rectify(const Invoice& invoice) {
  if (!invoice.is_issued()) return refuse("", message("A draft can be changed or deleted."));
  if (invoice.kind == InvoiceKind::rectifying) {
    return refuse("", message("A rectifying invoice is not rectified: make a new invoice."));
  }
  if (invoice.is_rectified()) return refuse("", message("This invoice is rectified already."));
  return {};
}

Result<InvoiceNumber> number_of(Act& act, const Invoice& original, Date issue_date) {
  if (issue_date < *original.issue_date) {
    return refuse("date",
                  message("A rectifying invoice is not dated before the one it rectifies."));
  }
  return take_number(act.tx, {InvoiceKind::rectifying, issue_date, act.site.number_format});
}

Result<InvoiceId> only_id(const Result<Rectified>& rectified) {
  if (!rectified) return std::unexpected(rectified.error());
  return rectified->rectifying.id;
}

}  // namespace

Result<Correction> preview_rectification(Transaction& tx, const Invoice& original,
                                         const Rectification& wanted, const Renderer& renderer) {
  if (auto allowed = may_rectify(original); !allowed) return std::unexpected(allowed.error());
  if (trim(wanted.reason).empty()) {
    return refuse("reason", message("Say why: the reason stands on the rectifying invoice."));
  }
  const auto amount_text =
      renderer.translate(message("Amount taken back of invoice {}", {original.number}));
  return decide_correction(load_remainder(tx, original), wanted, amount_text);
}

Result<Rectified> rectify(Act& act, InvoiceId id, const Rectification& wanted,
                          std::optional<Date> issue_date) {
  if (!act.viewer.is_accountant()) throw Forbidden("accountants and admins rectify invoices");
  const auto original = require_invoice(act.tx, act.viewer, id);
  const auto correction = preview_rectification(act.tx, original, wanted, act.mailer.renderer);
  if (!correction) return std::unexpected(correction.error());
  const auto number = number_of(act, original, issue_date.value_or(act.tx.today()));
  if (!number) return std::unexpected(number.error());
  const NewInvoice invoice{.kind = InvoiceKind::rectifying,
                           .client = original.client,
                           .description = original.description,
                           .rectifies = original.id,
                           .reason = std::string(trim(wanted.reason))};
  const auto inserted =
      insert_invoice(act.tx, invoice, correction->lines, correction->sums, act.viewer.user);
  auto issued = issue_draft(act, inserted.draft, correction->lines,
                            require_user(act.tx, original.client), *number);
  if (!mark_credited(act.tx, original.id, -correction->sums.total)) {
    throw Conflict(fmt::format("invoice {} was rectified meanwhile", id.number()));
  }
  const Money credit = settle_surplus(act, original.id);
  follow_payment(act, original.id);
  return Rectified{std::move(issued), credit};
}

Result<InvoiceId> rectify_whole(Act& act, InvoiceId original, const std::string& reason,
                                std::optional<Date> issue_date) {
  return only_id(rectify(act, original, {.reason = reason}, issue_date));
}

Result<InvoiceId> rectify_lines(Act& act, InvoiceId original,
                                const std::vector<CreditedLine>& lines, const std::string& reason,
                                std::optional<Date> issue_date) {
  const Rectification wanted{
      .way = RectificationWay::lines, .lines = lines, .amounts = {}, .reason = reason};
  return only_id(rectify(act, original, wanted, issue_date));
}

Result<InvoiceId> rectify_amount(Act& act, InvoiceId original,
                                 const std::vector<CreditedAmount>& amounts,
                                 const std::string& reason, std::optional<Date> issue_date) {
  const Rectification wanted{
      .way = RectificationWay::amounts, .lines = {}, .amounts = amounts, .reason = reason};
  return only_id(rectify(act, original, wanted, issue_date));
}

}  // namespace cstims
