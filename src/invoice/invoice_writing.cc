// Drafts, and how they become invoices: the statements that write (invoice_store.h).
#include <fmt/format.h>

#include <utility>

#include "base/failure.h"
#include "base/text.h"
#include "invoice/invoice_store.h"

namespace cstims {

namespace {

constexpr Statement insert_invoice_row{"insert invoice", R"(
  insert into invoices (kind, status, client_id, rectifies_id, reason, due_month, description,
    currency, net, tax, total, created_at, created_by)
  values (:kind, 'draft', :client, :rectifies, :reason, :due_month, :description,
    :currency, :net, :tax, :total, :now, :author)
  returning id)"};

constexpr Statement insert_line{"insert invoice line", R"(
  insert into invoice_lines (invoice_id, position, kind, order_id, service_id, description,
    quantity, unit_price, period_start, period_next, net, tax_rate, explanation, corrects_id)
  values (:invoice, :position, :kind, :order, :service, :description,
    :quantity, :unit_price, :period_start, :period_next, :net, :tax_rate, :explanation, :corrects)
  returning id)"};

constexpr Statement insert_tax{"insert invoice tax", R"(
  insert into invoice_taxes (invoice_id, tax_rate, base, tax)
  values (:invoice, :tax_rate, :base, :tax))"};

constexpr Statement update_draft{"update draft invoice", R"(
  update invoices
  set client_id = :client, description = :description, currency = :currency, net = :net, tax = :tax,
    total = :total
  where id = :invoice
    and status = 'draft')"};

constexpr Statement delete_lines{"delete draft lines", R"(
  delete from invoice_lines
  where invoice_id = :invoice
    and invoice_id in (select id from invoices where id = :invoice and status = 'draft'))"};

constexpr Statement delete_taxes{"delete draft taxes", R"(
  delete from invoice_taxes
  where invoice_id = :invoice
    and invoice_id in (select id from invoices where id = :invoice and status = 'draft'))"};

constexpr Statement delete_draft_row{"delete draft invoice", R"(
  delete from invoices
  where id = :invoice
    and status = 'draft')"};

constexpr Statement issue_draft{"issue invoice", R"(
  update invoices
  set status = 'issued', series = :series, year = :year, sequence = :sequence, number = :number,
    issue_date = :issue_date, due_date = :due_date, buyer = :buyer, seller = :seller,
    payment_text = :payment_text, tax_status = :tax_status, tax_note = :tax_note,
    payment_code = :payment_code, issued_at = :now
  where id = :invoice
    and status = 'draft')"};

Parameters parameters_of(const NewInvoice& invoice, const InvoiceSums& sums, Instant now,
                         std::optional<UserId> author) {
  return {{"kind", text(invoice.kind)},
          {"client", invoice.client},
          {"rectifies", invoice.rectifies},
          {"reason", invoice.reason},
          {"due_month", invoice.due_month.empty() ? Value() : Value(invoice.due_month)},
          {"description", invoice.description},
          {"currency", sums.total.currency().code()},
          {"net", sums.net.minor()},
          {"tax", sums.tax.minor()},
          {"total", sums.total.minor()},
          {"now", now},
          {"author", author}};
}

Parameters parameters_of(InvoiceId invoice, std::int64_t position, const InvoiceLine& line) {
  const auto& period = line.period;
  return {{"invoice", invoice},
          {"position", position},
          {"kind", text(line.kind)},
          {"order", line.order},
          {"service", line.service},
          {"description", line.description},
          {"quantity", line.quantity.text()},
          {"unit_price", line.unit_price.text()},
          {"period_start", period ? Value(period->start) : Value()},
          {"period_next", period ? Value(period->next) : Value()},
          {"net", line.net.minor()},
          {"tax_rate", line.tax_rate.points()},
          {"explanation", line.explanation},
          {"corrects", line.corrects ? Value(*line.corrects) : Value()}};
}

void add_parameters(std::vector<Parameters>& all, InvoiceId invoice,
                    const std::vector<InvoiceLine>& lines) {
  std::int64_t position = 0;
  for (const auto& line : lines) all.push_back(parameters_of(invoice, ++position, line));
}

void post_taxes(Transaction& tx, InvoiceId invoice, const InvoiceSums& sums) {
  for (const auto& tax : sums.taxes) {
    tx.post(insert_tax, {{"invoice", invoice},
                         {"tax_rate", tax.rate.points()},
                         {"base", tax.base.minor()},
                         {"tax", tax.tax.minor()}});
  }
}

Invoice draft_of(InvoiceId id, const NewInvoice& invoice, const InvoiceSums& sums, Instant now) {
  const Currency currency = sums.total.currency();
  return {.id = id,
          .kind = invoice.kind,
          .status = InvoiceStatus::draft,
          .client = invoice.client,
          .client_name = {},
          .rectifies = invoice.rectifies,
          .reason = invoice.reason,
          .description = invoice.description,
          .net = sums.net,
          .tax = sums.tax,
          .total = sums.total,
          .paid = Money::zero(currency),
          .credited = Money::zero(currency),
          .created_at = now};
}

}  // namespace

InsertedInvoice insert_invoice(Transaction& tx, const NewInvoice& invoice,
                               const std::vector<InvoiceLine>& lines, Currency currency,
                               std::optional<UserId> author) {
  return insert_invoice(tx, invoice, lines, sum_up(lines, currency), author);
}

InsertedInvoice insert_invoice(Transaction& tx, const NewInvoice& invoice,
                               const std::vector<InvoiceLine>& lines, const InvoiceSums& sums,
                               std::optional<UserId> author) {
  return std::move(insert_invoices(tx, {{invoice, lines, sums}}, author).front());
}

std::vector<InsertedInvoice> insert_invoices(Transaction& tx,
                                             const std::vector<InvoiceInsert>& invoices,
                                             std::optional<UserId> author) {
  std::vector<Parameters> drafts;
  for (const auto& each : invoices) {
    drafts.push_back(parameters_of(each.invoice, each.sums, tx.now(), author));
  }
  const auto rows = tx.require_each(insert_invoice_row, drafts);
  std::vector<InsertedInvoice> inserted;
  std::vector<Parameters> lines;
  for (std::size_t i = 0; i < invoices.size(); ++i) {
    const auto id = rows[i].id<struct Invoice>("id");
    const auto& each = invoices[i];
    inserted.push_back({draft_of(id, each.invoice, each.sums, tx.now()), {}});
    add_parameters(lines, id, each.lines);
  }
  const auto ids = tx.require_each(insert_line, lines);
  std::size_t next = 0;
  for (std::size_t i = 0; i < invoices.size(); ++i) {
    for (std::size_t n = 0; n < invoices[i].lines.size(); ++n) {
      inserted[i].lines.push_back(ids[next++].number("id"));
    }
    post_taxes(tx, inserted[i].draft.id, invoices[i].sums);
  }
  return inserted;
}

bool replace_draft(Transaction& tx, InvoiceId id, const InvoiceDraft& draft, Currency currency) {
  const auto sums = sum_up(draft.lines, currency);
  const auto updated = tx.execute(update_draft, {{"client", draft.client},
                                                 {"description", draft.description},
                                                 {"currency", currency.code()},
                                                 {"net", sums.net.minor()},
                                                 {"tax", sums.tax.minor()},
                                                 {"total", sums.total.minor()},
                                                 {"invoice", id}});
  if (updated == 0) return false;
  tx.execute(delete_lines, {{"invoice", id}});
  tx.execute(delete_taxes, {{"invoice", id}});
  std::vector<Parameters> lines;
  add_parameters(lines, id, draft.lines);
  tx.require_each(insert_line, lines);
  post_taxes(tx, id, sums);
  return true;
}

bool delete_draft(Transaction& tx, InvoiceId id) {
  tx.execute(delete_lines, {{"invoice", id}});
  tx.execute(delete_taxes, {{"invoice", id}});
  return tx.execute(delete_draft_row, {{"invoice", id}}) == 1;
}

void mark_issued(Transaction& tx, const std::vector<Issue>& issues) {
  std::vector<Parameters> all;
  for (const auto& issue : issues) {
    all.push_back({{"series", issue.number.series},
                   {"year", issue.number.year()},
                   {"sequence", issue.number.sequence},
                   {"number", issue.number.text},
                   {"issue_date", issue.number.issue_date},
                   {"due_date", issue.due_date},
                   {"buyer", issue.buyer},
                   {"seller", issue.seller},
                   {"payment_text", issue.payment_text},
                   {"tax_status", text(issue.tax_status)},
                   {"tax_note", issue.tax_note},
                   {"payment_code", issue.payment_code},
                   {"now", tx.now()},
                   {"invoice", issue.invoice}});
  }
  const auto touched = tx.execute_each(issue_draft, all);
  for (std::size_t i = 0; i < issues.size(); ++i) {
    if (touched[i] == 1) continue;
    throw Conflict(fmt::format("invoice {} was issued meanwhile", issues[i].invoice.number()));
  }
}

}  // namespace cstims
