#include "invoice/invoice_mails.h"

#include <fmt/format.h>

#include <string>

namespace cstims {

namespace {

/// A mail is read on a telephone: what is longer stands in the PDF.
constexpr std::size_t most_lines_mailed = 20;

std::string name_of(const User& client) {
  return client.billing_name.empty() ? client.username : client.billing_name;
}

void fill_invoice(Dictionary& values, const Invoice& invoice, const User& client) {
  values.set("NAME", name_of(client));
  values.set("NUMBER", invoice.number);
  values.set("INVOICE", invoice.id.number());
  values.set("TOTAL", invoice.total);
}

void fill_lines(Dictionary& values, const std::vector<InvoiceLine>& lines) {
  for (std::size_t i = 0; i < lines.size() && i < most_lines_mailed; ++i) {
    Dictionary line = values.section("LINES");
    line.set("DESCRIPTION", lines[i].description);
    line.set("NET", lines[i].net);
    if (lines[i].period) line.section("PERIODIC").set("PERIOD", show(*lines[i].period));
  }
  values.show("MORE_LINES", lines.size() > most_lines_mailed);
}

/// What the client's credit paid in the moment of issue.
void fill_credit(Dictionary& values, const Invoice& invoice) {
  if (invoice.paid.is_zero()) return;
  Dictionary used = values.section("CREDIT");
  used.set("USED", invoice.paid);
  used.show("SETTLED", invoice.rest().is_zero());
  if (!invoice.rest().is_zero()) used.section("OPEN").set("REST", invoice.rest());
}

OutgoingMail mail_to(const EmailAddress& address, std::string kind, std::string event) {
  std::string view = kind;
  for (auto& letter : view) {
    if (letter == ' ') letter = '_';
  }
  return {.kind = std::move(kind),
          .view = std::move(view),
          .event = std::move(event),
          .to = address,
          .fill = {},
          .about_billing = true};
}

void fill_issued(Dictionary& values, const IssuedInvoice& issued) {
  const auto& invoice = issued.invoice;
  fill_invoice(values, invoice, issued.client);
  fill_lines(values, issued.lines);
  values.set("ISSUE_DATE", *invoice.issue_date);
  if (invoice.kind == InvoiceKind::rectifying) {
    values.section("RECTIFYING").set("REASON", invoice.reason);
    return;
  }
  Dictionary due = values.section("DUE");
  due.set("DUE_DATE", *invoice.due_date);
  due.set("PAYMENT_TEXT", invoice.payment_text);
  fill_credit(due, invoice);
}

OutgoingMail mail_of(const IssuedInvoice& issued) {
  const auto name = fmt::format("invoice {}", issued.invoice.id.number());
  OutgoingMail mail = mail_to(issued.client.email, "invoice issued", name + " issued");
  mail.documents = {name};
  mail.fill = [issued](Dictionary& values) { fill_issued(values, issued); };
  mail.to_name = name_of(issued.client);
  return mail;
}

}  // namespace

/// The same text to both: the accountant sees what the client sees.
void queue_invoices_issued(Act& act, const std::vector<IssuedInvoice>& issued) {
  std::vector<OutgoingMail> mails;
  for (const auto& each : issued) {
    mails.push_back(mail_of(each));
    if (act.site.mail_accounting == each.client.email) continue;
    mails.push_back(mails.back());
    mails.back().to = act.site.mail_accounting;
    mails.back().to_name = {};
  }
  queue_mails(act, mails);
}

}  // namespace cstims
