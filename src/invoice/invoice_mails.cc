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

/// The same text to both: the accountant sees what the client sees.
void queue_to_both(Act& act, OutgoingMail mail, const User& client) {
  mail.to_name = name_of(client);
  queue_mail(act, mail);
  if (act.site.mail_accounting == client.email) return;
  mail.to = act.site.mail_accounting;
  mail.to_name = {};
  queue_mail(act, mail);
}

}  // namespace

void queue_invoice_issued(Act& act, const Invoice& invoice, const std::vector<InvoiceLine>& lines,
                          const User& client) {
  OutgoingMail mail = mail_to(client.email, "invoice issued",
                              fmt::format("invoice {} issued", invoice.id.number()));
  mail.documents = {fmt::format("invoice {}", invoice.id.number())};
  mail.fill = [&](Dictionary& values) {
    fill_invoice(values, invoice, client);
    fill_lines(values, lines);
    values.set("ISSUE_DATE", *invoice.issue_date);
    const bool rectifying = invoice.kind == InvoiceKind::rectifying;
    if (rectifying) values.section("RECTIFYING").set("REASON", invoice.reason);
    if (!rectifying) {
      Dictionary due = values.section("DUE");
      due.set("DUE_DATE", *invoice.due_date);
      due.set("PAYMENT_TEXT", invoice.payment_text);
      fill_credit(due, invoice);
    }
  };
  queue_to_both(act, std::move(mail), client);
}

}  // namespace cstims
