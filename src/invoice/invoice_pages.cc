#include "invoice/invoice_pages.h"

#include <fmt/format.h>

#include "base/failure.h"
#include "base/text.h"
#include "invoice/credit_actions.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_document.h"
#include "invoice/invoice_page.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_actions.h"
#include "invoice/payment_forms.h"
#include "invoice/payment_store.h"

namespace cstims {

namespace {

constexpr std::string_view pdf_ending = ".pdf";

Response download_document(Context& context, InvoiceId id) {
  const auto invoice = context.database().read(
      [&](Transaction& tx) { return require_invoice(tx, context.viewer, id); });
  const auto& services = context.services;
  return Response::download(
      document_name(invoice), "application/pdf",
      ensure_invoice_document({services.database, services.renderer, services.site}, id));
}

std::string path_of(InvoiceId id) {
  return "/invoices/" + id.text();
}

/// Runs an act on the invoice named in the address; back to its page with a word, or the page again
/// with why not.
template <typename Verb>
Response act_on_invoice(Context& context, std::string_view form, const Message& done,
                        const Verb& verb) {
  const auto id = context.request.path_id<struct Invoice>();
  const auto result = context.act([&](Act& act) { return verb(act, id); });
  if (!result) return show_invoice_refused(context, id, form, result.error());
  return context.redirect(path_of(id), done);
}

/// The form is not shown any more when nothing is left to pay, to rectify or to remind of.
bool shows_form(const InvoicePage& page, std::string_view form) {
  if (form == "PAUSE") return page.dunning.may_pause;
  if (form == "PAYMENT") return !page.invoice.rest().is_zero();
  return page.invoice.kind == InvoiceKind::ordinary && !page.invoice.is_rectified();
}

}  // namespace

Response show_invoice_refused(Context& context, InvoiceId id, std::string_view form,
                              const Refusal& refusal) {
  auto page = load_invoice_page(context, id);
  if (!page.invoice.is_issued()) throw Conflict(refusal.english());
  page.refused_form = shows_form(page, form) ? form : std::string_view();
  page.refusal = &refusal;
  return render(context, page, 422);
}

Response show_invoice(Context& context) {
  const std::string& file = context.request.path_values.at(0);
  const bool pdf = file.ends_with(pdf_ending);
  const auto id = InvoiceId::parse(pdf ? file.substr(0, file.size() - pdf_ending.size()) : file);
  if (!id) throw NotFound("no invoice has the name " + shorten(file, 40));
  if (pdf) return download_document(context, *id);
  const auto page = load_invoice_page(context, *id);
  // A draft is nothing to look at: it is a form.
  if (!page.invoice.is_issued()) return Response::see_other("/manageinvoices/" + id->text());
  return render(context, page);
}

Response create_payment(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  const auto [currency, today] = context.database().read([&](Transaction& tx) {
    return std::pair(require_invoice(tx, context.viewer, id).total.currency(), tx.today());
  });
  const auto payment = parse_payment(context.request.form, currency, today);
  if (!payment) return show_invoice_refused(context, id, "PAYMENT", payment.error());
  if (const auto kept = keep_proof(context, *payment); !kept) {
    return show_invoice_refused(context, id, "PAYMENT", kept.error());
  }
  return act_on_invoice(
      context, "PAYMENT", message("The payment is recorded."),
      [&](Act& act, InvoiceId invoice) { return record_payment(act, invoice, *payment); });
}

Response create_payment_reversal(Context& context) {
  require_no_fields(context.request.form);
  const auto payment = context.request.path_id<struct Payment>(1);
  return act_on_invoice(
      context, "", message("The payment is reversed."),
      [&](Act& act, InvoiceId invoice) { return reverse_payment(act, invoice, payment); });
}

Response show_payment_proof(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  const auto payment_id = context.request.path_id<struct Payment>(1);
  const auto payment = context.database().read([&](Transaction& tx) -> std::optional<Payment> {
    for (auto& allocation : list_allocations(tx, require_invoice(tx, context.viewer, id))) {
      if (allocation.payment.id == payment_id) return std::move(allocation.payment);
    }
    return std::nullopt;
  });
  if (!payment || !payment->proof) throw NotFound("this payment has no proof");
  return Response::download_file(payment->proof->name, payment->proof->media_type,
                                 context.services.files.path(payment->proof->sha256).string());
}

Response create_credit_use(Context& context) {
  require_no_fields(context.request.form);
  return act_on_invoice(context, "", message("The client's credit was used for it."), use_credit);
}

Response create_paid_mark(Context& context) {
  require_no_fields(context.request.form);
  return act_on_invoice(context, "", message("The invoice is paid."), mark_paid);
}

Response create_unpaid_mark(Context& context) {
  require_no_fields(context.request.form);
  return act_on_invoice(context, "", message("The invoice is unpaid again."), mark_unpaid);
}

}  // namespace cstims
