#include "invoice/invoice_actions.h"

#include <fmt/format.h>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/iban.h"
#include "base/text.h"
#include "invoice/credit_actions.h"
#include "invoice/credit_store.h"
#include "invoice/dunning_actions.h"
#include "invoice/invoice_mails.h"
#include "invoice/invoice_numbering.h"
#include "invoice/order_hours.h"
#include "invoice/payment_code.h"
#include "invoice/payment_reference.h"
#include "invoice/tax.h"

namespace cstims {

namespace {

void require_admin(const Act& act) {
  if (!act.viewer.is_admin()) throw Forbidden("invoices are made by admins");
}

Result<void> check_client(Act& act, UserId id) {
  const auto user = find_user(act.tx, id);
  if (!user || user->type != Role::client) return refuse("client", message("Choose a client."));
  return {};
}

std::unexpected<Refusal> refuse_issued() {
  return refuse("", message("This invoice is issued: it stays as it is. Rectify it instead."));
}

}  // namespace

std::string buyer_text(const User& client, const Renderer& renderer) {
  std::vector<std::string> lines{client.billing_name.empty() ? client.username
                                                             : client.billing_name};
  for (const auto line : split(client.billing_address, '\n')) {
    if (!trim(line).empty()) lines.emplace_back(trim(line));
  }
  if (!client.billing_country.empty()) lines.push_back(client.billing_country);
  if (!client.billing_tax_number.empty()) {
    lines.push_back(renderer.translate(message("Tax number: {}", {client.billing_tax_number})));
  }
  lines.push_back(client.email.text());
  return join(lines, "\n");
}

namespace {

/// A rectifying invoice is taxed like the one it takes back, whatever the client is today.
void set_tax(Act& act, Issue& issue, const Invoice& draft, const User& client) {
  if (!draft.rectifies) {
    issue.tax_status = client.tax_status;
    issue.tax_note = tax_note(client.tax_status, client.tax_exemption);
    return;
  }
  const auto original = require_invoice(act.tx, Viewer::of_system("invoices"), *draft.rectifies);
  issue.tax_status = original.tax_status;
  issue.tax_note = original.tax_note;
}

/// How to pay as the operator words it, and the account where one is set.
std::string payment_text(const Act& act, const std::string& reference) {
  const auto& site = act.site;
  const auto& renderer = act.mailer.renderer;
  std::vector<std::string> lines;
  if (!site.payment_text.empty()) lines.push_back(site.payment_text);
  if (!site.iban.empty()) {
    lines.push_back(renderer.translate(message("Account: {}", {show_iban(site.iban)})) +
                    (site.bic.empty() ? "" : " (BIC " + site.bic + ")"));
    lines.push_back(renderer.translate(message("Holder: {}", {site.account_holder})));
  }
  lines.push_back(renderer.translate(message("Reference: {}", {reference})));
  return join(lines, "\n");
}

void set_payment(Act& act, Issue& issue, const Invoice& draft) {
  if (draft.kind == InvoiceKind::rectifying) return;
  Invoice numbered = draft;
  numbered.number = issue.number.text;
  const auto reference = payment_reference(numbered);
  issue.payment_text = payment_text(act, reference);
  const auto& site = act.site;
  issue.payment_code =
      payment_code({site.account_holder, site.iban, site.bic}, draft.total, reference).value_or("");
}

Issue issue_of(Act& act, const DraftToIssue& one) {
  const Date issue_date = one.number.issue_date;
  const bool rectifying = one.draft.kind == InvoiceKind::rectifying;
  Issue issue{.invoice = one.draft.id,
              .number = one.number,
              .due_date = rectifying ? issue_date : issue_date.plus_days(act.site.due_days),
              .buyer = buyer_text(one.client, act.mailer.renderer),
              .seller = act.site.seller,
              .payment_text = {}};
  set_tax(act, issue, one.draft, one.client);
  set_payment(act, issue, one.draft);
  return issue;
}

Invoice issued_as(const Invoice& draft, const Issue& issue, Instant now) {
  Invoice invoice = draft;
  invoice.status = InvoiceStatus::issued;
  invoice.number = issue.number.text;
  invoice.issue_date = issue.number.issue_date;
  invoice.due_date = issue.due_date;
  invoice.buyer = issue.buyer;
  invoice.seller = issue.seller;
  invoice.payment_text = issue.payment_text;
  invoice.tax_status = issue.tax_status;
  invoice.tax_note = issue.tax_note;
  invoice.payment_code = issue.payment_code;
  invoice.issued_at = now;
  return invoice;
}

}  // namespace

Invoice issue_draft(Act& act, const Invoice& draft, const std::vector<InvoiceLine>& lines,
                    const User& client, const InvoiceNumber& number) {
  return std::move(issue_drafts(act, {{draft, lines, client, number}}).front());
}

std::vector<Invoice> issue_drafts(Act& act, const std::vector<DraftToIssue>& drafts) {
  std::vector<Issue> issues;
  std::vector<CreditOf> of;
  for (const auto& one : drafts) {
    issues.push_back(issue_of(act, one));
    of.push_back({one.client.id, one.draft.total.currency()});
  }
  mark_issued(act.tx, issues);
  const auto credit = list_credit_of(act.tx, of);
  std::vector<Invoice> issued;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    auto& invoice = issued.emplace_back(issued_as(drafts[i].draft, issues[i], act.tx.now()));
    // An earlier invoice of theirs may have used it meanwhile: what there was is only a hint.
    if (!credit[i].is_zero()) invoice.paid = use_credit_at_issue(act, invoice);
  }
  std::vector<IssuedInvoice> told;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    told.push_back({issued[i], drafts[i].lines, drafts[i].client});
  }
  queue_invoices_issued(act, told);
  for (const auto& invoice : issued) plan_dunning(act, invoice);
  return issued;
}

Result<InvoiceId> create_draft(Act& act, const InvoiceDraft& draft) {
  require_admin(act);
  if (auto checked = check_client(act, draft.client); !checked) {
    return std::unexpected(checked.error());
  }
  const auto whole = with_hours(act, draft);
  if (!whole) return std::unexpected(whole.error());
  const NewInvoice invoice{.client = draft.client, .description = draft.description};
  return insert_invoice(act.tx, invoice, whole->lines, act.site.currency, act.viewer.user).draft.id;
}

Result<void> update_draft(Act& act, InvoiceId id, const InvoiceDraft& draft) {
  require_admin(act);
  require_invoice(act.tx, act.viewer, id);
  if (auto checked = check_client(act, draft.client); !checked) return checked;
  const auto whole = with_hours(act, draft);
  if (!whole) return std::unexpected(whole.error());
  if (!replace_draft(act.tx, id, *whole, act.site.currency)) return refuse_issued();
  return {};
}

Result<void> delete_invoice(Act& act, InvoiceId id) {
  require_admin(act);
  require_invoice(act.tx, act.viewer, id);
  if (!delete_draft(act.tx, id)) return refuse_issued();
  return {};
}

Result<Invoice> issue_invoice(Act& act, InvoiceId id) {
  require_admin(act);
  const auto draft = require_invoice(act.tx, act.viewer, id);
  if (draft.is_issued()) return refuse("", message("This invoice is issued already."));
  const auto lines = list_invoice_lines(act.tx, draft);
  if (draft.total <= Money::zero(draft.total.currency())) {
    return refuse("", message("The total must be above zero."));
  }
  const auto client = require_user(act.tx, draft.client);
  if (auto taxed = check_tax_of_lines(lines, client.tax_status); !taxed) {
    return std::unexpected(taxed.error());
  }
  const auto number = take_number(act.tx, {draft.kind, act.tx.today(), act.site.number_format});
  if (!number) return std::unexpected(number.error());
  return issue_draft(act, draft, lines, client, *number);
}

}  // namespace cstims
