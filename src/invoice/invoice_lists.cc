#include "invoice/invoice_lists.h"

#include <fmt/format.h>

namespace cstims {

namespace {

std::vector<Choice> status_choices() {
  return {{"unpaid", message("Unpaid")},
          {"overdue", message("Overdue")},
          {"paid", message("Paid")},
          {"rectified", message("Rectified")},
          {"rectifying", message("Rectifying")},
          {"draft", message("Draft")}};
}

/// The one thing a click can settle; rectified and rectifying invoices have none.
Cell mark_cell(const InvoiceRow& invoice, PaidState state, const Renderer& renderer) {
  const auto path = "/invoices/" + invoice.id.text();
  if (!invoice.rest().is_zero()) {
    return {.text = renderer.translate(message("Mark as paid")), .post = path + "/paid"};
  }
  if (state == PaidState::paid) {
    return {.text = renderer.translate(message("Mark as unpaid")), .post = path + "/unpaid"};
  }
  return {};
}

/// "reminded: 7 days overdue", of what is owing.
std::string reminded_text(const InvoiceRow& invoice, const InvoiceListing& wanted) {
  const auto step = wanted.reminded.find(invoice.id);
  if (step == wanted.reminded.end() || invoice.rest().is_zero()) return {};
  const auto& renderer = wanted.context.services.renderer;
  return renderer.translate(message("reminded: {}", {renderer.translate(shown(step->second))}));
}

std::vector<Cell> row_of(const InvoiceRow& invoice, const InvoiceListing& wanted) {
  const auto& renderer = wanted.context.services.renderer;
  const auto state = paid_state(invoice, wanted.today);
  const bool part_paid = !invoice.paid.is_zero() && !invoice.rest().is_zero();
  std::vector<Cell> row{
      {.text = invoice.number.empty() ? renderer.translate(message("Draft")) : invoice.number,
       .href = "/invoices/" + invoice.id.text(),
       .detail = invoice.description},
      {.text = invoice.client_name},
      {.text = renderer.translate(shown(state)),
       .badge = std::string(tone(state)),
       .detail = reminded_text(invoice, wanted)},
      {.text = invoice.issue_date ? renderer.show(*invoice.issue_date) : "–"},
      {.text = invoice.due_date ? renderer.show(*invoice.due_date) : "–"},
      {.text = invoice.total.show(),
       .detail = part_paid ? renderer.translate(message("{} left", {invoice.rest().show()}))
                           : std::string()}};
  if (wanted.with_marks) row.push_back(mark_cell(invoice, state, renderer));
  return row;
}

}  // namespace

ListView invoice_list(const InvoiceListing& wanted) {
  ListView list{.path = wanted.path,
                .empty = message("There are no invoices yet."),
                .columns = {{message("Number"), "number"},
                            {message("Client")},
                            {message("Status")},
                            {message("Issued"), "issue_date"},
                            {message("Due"), "due_date"},
                            {message("Total"), "", true}},
                .rows = {},
                .filters = {{"status", message("Status"), status_choices()}},
                .caption = message("Invoices"),
                .total = wanted.invoices.total,
                .more_than_counted = wanted.invoices.more_than_counted};
  if (wanted.with_marks) list.columns.push_back({message("Change")});
  if (!wanted.context.viewer.is_admin()) list.filters[0].choices.pop_back();
  for (const auto& invoice : wanted.invoices.rows) list.rows.push_back(row_of(invoice, wanted));
  return list;
}

Response invoice_csv(const std::vector<InvoiceRow>& invoices, Date today) {
  std::string file = csv_row({"id", "number", "kind", "client", "issue_date", "due_date", "status",
                              "currency", "net", "tax", "total", "paid", "rest"});
  for (const auto& invoice : invoices) {
    file += csv_row({invoice.id.text(), invoice.number, std::string(text(invoice.kind)),
                     invoice.client_name, invoice.issue_date ? invoice.issue_date->text() : "",
                     invoice.due_date ? invoice.due_date->text() : "",
                     shown(paid_state(invoice, today)).english(),
                     std::string(invoice.total.currency().code()), invoice.net.text(),
                     invoice.tax.text(), invoice.total.text(), invoice.paid.text(),
                     invoice.rest().text()});
  }
  return Response::csv("invoices.csv", std::move(file));
}

}  // namespace cstims
