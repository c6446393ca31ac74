#include "invoice/invoice_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {

namespace {

constexpr Statement find_invoice_by_id{"invoice by id", R"(
  select i.id, i.kind, i.status, i.client_id, u.username, i.rectifies_id, i.reason,
    i.number, i.issue_date, i.due_date, i.description, i.currency, i.net, i.tax, i.total, i.paid,
    i.credited, i.created_at, i.issued_at, i.buyer, i.seller, i.payment_text, i.tax_status,
    i.tax_note, i.payment_code
  from invoices i
  join users u on u.id = i.client_id
  where i.id = :invoice
    and (i.status = 'issued' or :drafts = 1)
    and (i.client_id = :client or :all = 1))"};

constexpr Statement select_lines{"invoice lines", R"(
  select id, kind, order_id, service_id, description, quantity, unit_price, period_start,
    period_next, net, tax_rate, explanation, corrects_id
  from invoice_lines
  where invoice_id = :invoice
  order by position)"};

constexpr Statement select_taxes{"invoice taxes", R"(
  select tax_rate, base, tax
  from invoice_taxes
  where invoice_id = :invoice
  order by tax_rate)"};

constexpr Statement newest_of_client{"newest invoices of a client", R"(
  select id, kind, status, client_id, '' as username, rectifies_id, reason,
    number, issue_date, due_date, description, currency, net, tax, total, paid,
    credited, created_at, issued_at
  from invoices
  where client_id = :client
    and status = 'issued'
  order by id desc
  limit :limit)"};

constexpr Statement sum_unpaid{"sum of unpaid invoices", R"(
  select cast(coalesce(sum(total - credited - paid), 0) as bigint) as unpaid,
    count(*) as unpaid_count,
    cast(coalesce(sum(case when due_date < :today then total - credited - paid else 0 end), 0)
      as bigint) as overdue,
    coalesce(sum(case when due_date < :today then 1 else 0 end), 0) as overdue_count
  from invoices
  where status = 'issued'
    and kind = 'ordinary'
    and total > paid + credited)"};

constexpr Statement sum_received{"sum of payments since", R"(
  select cast(coalesce(sum(amount), 0) as bigint) as received
  from payments
  where date >= :since)"};

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

std::optional<BillingPeriod> period_of(const Row& row) {
  const auto start = row.maybe_date("period_start");
  const auto next = row.maybe_date("period_next");
  return start && next ? std::optional(BillingPeriod{*start, *next}) : std::nullopt;
}

/// A person's id, or one that nobody has.
Value own_id(const Viewer& viewer) {
  return viewer.user ? viewer.user->number() : -1;
}

std::vector<std::int64_t> insert_parts(Transaction& tx, InvoiceId id,
                                       const std::vector<InvoiceLine>& lines,
                                       const InvoiceSums& sums) {
  std::vector<std::int64_t> ids;
  for (const auto& line : lines) {
    const auto& period = line.period;
    const auto row =
        tx.require(insert_line, {{"invoice", id},
                                 {"position", static_cast<std::int64_t>(ids.size()) + 1},
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
                                 {"corrects", line.corrects ? Value(*line.corrects) : Value()}});
    ids.push_back(row.number("id"));
  }
  for (const auto& tax : sums.taxes) {
    tx.execute(insert_tax, {{"invoice", id},
                            {"tax_rate", tax.rate.points()},
                            {"base", tax.base.minor()},
                            {"tax", tax.tax.minor()}});
  }
  return ids;
}

Currency currency_of(const Row& row) {
  const auto currency = Currency::parse(row.text("currency"));
  if (!currency) throw DatabaseError("an invoice has the unknown currency " + row.text("currency"));
  return *currency;
}

}  // namespace

Invoice read_invoice_row(const Row& row) {
  const Currency currency = currency_of(row);
  const auto money = [&](std::string_view column) { return Money(row.number(column), currency); };
  return {.id = row.id<struct Invoice>("id"),
          .kind = stored_invoice_kind(row.text("kind")),
          .status = stored_invoice_status(row.text("status")),
          .client = row.id<struct User>("client_id"),
          .client_name = row.text("username"),
          .rectifies = row.maybe_id<struct Invoice>("rectifies_id"),
          .reason = row.text("reason"),
          .number = row.maybe_text("number").value_or(""),
          .issue_date = row.maybe_date("issue_date"),
          .due_date = row.maybe_date("due_date"),
          .description = row.text("description"),
          .net = money("net"),
          .tax = money("tax"),
          .total = money("total"),
          .paid = money("paid"),
          .credited = money("credited"),
          .created_at = row.instant("created_at"),
          .issued_at = row.maybe_instant("issued_at")};
}

std::optional<Invoice> find_invoice(Transaction& tx, const Viewer& viewer, InvoiceId id) {
  const auto row = tx.find(find_invoice_by_id, {{"invoice", id},
                                                {"drafts", viewer.is_admin()},
                                                {"client", own_id(viewer)},
                                                {"all", viewer.is_staff()}});
  if (!row) return std::nullopt;
  Invoice invoice = read_invoice_row(*row);
  invoice.buyer = row->text("buyer");
  invoice.seller = row->text("seller");
  invoice.payment_text = row->text("payment_text");
  invoice.tax_status = stored_tax_status(row->text("tax_status"));
  invoice.tax_note = row->text("tax_note");
  invoice.payment_code = row->text("payment_code");
  return invoice;
}

Invoice require_invoice(Transaction& tx, const Viewer& viewer, InvoiceId id) {
  auto invoice = find_invoice(tx, viewer, id);
  if (!invoice) throw NotFound(fmt::format("no invoice {} for this viewer", id.number()));
  return std::move(*invoice);
}

std::vector<InvoiceLine> list_invoice_lines(Transaction& tx, const Invoice& invoice) {
  std::vector<InvoiceLine> lines;
  for (const auto& row : tx.select(select_lines, {{"invoice", invoice.id}})) {
    lines.push_back({.kind = stored_line_kind(row.text("kind")),
                     .order = row.maybe_id<struct Order>("order_id"),
                     .service = row.maybe_id<struct Service>("service_id"),
                     .description = row.text("description"),
                     .quantity = Decimal::stored(row.text("quantity")),
                     .unit_price = Decimal::stored(row.text("unit_price")),
                     .period = period_of(row),
                     .net = Money(row.number("net"), invoice.total.currency()),
                     .tax_rate = TaxRate::basis_points(row.number("tax_rate")),
                     .explanation = row.text("explanation"),
                     .id = row.number("id"),
                     .corrects = row.maybe_number("corrects_id")});
  }
  return lines;
}

std::vector<TaxSum> list_invoice_taxes(Transaction& tx, const Invoice& invoice) {
  std::vector<TaxSum> taxes;
  const Currency currency = invoice.total.currency();
  for (const auto& row : tx.select(select_taxes, {{"invoice", invoice.id}})) {
    taxes.push_back({TaxRate::basis_points(row.number("tax_rate")),
                     Money(row.number("base"), currency), Money(row.number("tax"), currency)});
  }
  return taxes;
}

std::vector<InvoiceRow> list_invoices_of_client(Transaction& tx, UserId client, int limit) {
  std::vector<InvoiceRow> invoices;
  for (const auto& row : tx.select(newest_of_client, {{"client", client}, {"limit", limit}})) {
    invoices.push_back(read_invoice_row(row));
  }
  return invoices;
}

OpenSums sum_open_invoices(Transaction& tx, Currency currency) {
  const auto today = tx.today();
  const auto open = tx.require(sum_unpaid, {{"today", today}});
  const auto received = tx.require(sum_received, {{"since", Date(today.year(), today.month(), 1)}});
  return {.unpaid = Money(open.number("unpaid"), currency),
          .overdue = Money(open.number("overdue"), currency),
          .received = Money(received.number("received"), currency),
          .unpaid_count = open.number("unpaid_count"),
          .overdue_count = open.number("overdue_count")};
}

InsertedInvoice insert_invoice(Transaction& tx, const NewInvoice& invoice,
                               const std::vector<InvoiceLine>& lines, Currency currency,
                               std::optional<UserId> author) {
  return insert_invoice(tx, invoice, lines, sum_up(lines, currency), author);
}

InsertedInvoice insert_invoice(Transaction& tx, const NewInvoice& invoice,
                               const std::vector<InvoiceLine>& lines, const InvoiceSums& sums,
                               std::optional<UserId> author) {
  const Currency currency = sums.total.currency();
  const auto row =
      tx.require(insert_invoice_row,
                 {{"kind", text(invoice.kind)},
                  {"client", invoice.client},
                  {"rectifies", invoice.rectifies},
                  {"reason", invoice.reason},
                  {"due_month", invoice.due_month.empty() ? Value() : Value(invoice.due_month)},
                  {"description", invoice.description},
                  {"currency", currency.code()},
                  {"net", sums.net.minor()},
                  {"tax", sums.tax.minor()},
                  {"total", sums.total.minor()},
                  {"now", tx.now()},
                  {"author", author}});
  Invoice draft{.id = row.id<struct Invoice>("id"),
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
                .created_at = tx.now()};
  auto line_ids = insert_parts(tx, draft.id, lines, sums);
  return {std::move(draft), std::move(line_ids)};
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
  insert_parts(tx, id, draft.lines, sums);
  return true;
}

bool delete_draft(Transaction& tx, InvoiceId id) {
  tx.execute(delete_lines, {{"invoice", id}});
  tx.execute(delete_taxes, {{"invoice", id}});
  return tx.execute(delete_draft_row, {{"invoice", id}}) == 1;
}

bool mark_issued(Transaction& tx, InvoiceId id, const Issue& issue) {
  return tx.execute(issue_draft, {{"series", issue.number.series},
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
                                  {"invoice", id}}) == 1;
}

}  // namespace cstims
