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

std::optional<BillingPeriod> period_of(const Row& row) {
  const auto start = row.maybe_date("period_start");
  const auto next = row.maybe_date("period_next");
  return start && next ? std::optional(BillingPeriod{*start, *next}) : std::nullopt;
}

/// A person's id, or one that nobody has.
Value own_id(const Viewer& viewer) {
  return viewer.user ? viewer.user->number() : -1;
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

namespace {

Parameters finder_of(const Viewer& viewer, InvoiceId id) {
  return {{"invoice", id},
          {"drafts", viewer.is_admin()},
          {"client", own_id(viewer)},
          {"all", viewer.is_staff()}};
}

Invoice whole_invoice(const Row& row) {
  Invoice invoice = read_invoice_row(row);
  invoice.buyer = row.text("buyer");
  invoice.seller = row.text("seller");
  invoice.payment_text = row.text("payment_text");
  invoice.tax_status = stored_tax_status(row.text("tax_status"));
  invoice.tax_note = row.text("tax_note");
  invoice.payment_code = row.text("payment_code");
  return invoice;
}

InvoiceLine line_of(const Row& row, Currency currency) {
  return {.kind = stored_line_kind(row.text("kind")),
          .order = row.maybe_id<struct Order>("order_id"),
          .service = row.maybe_id<struct Service>("service_id"),
          .description = row.text("description"),
          .quantity = Decimal::stored(row.text("quantity")),
          .unit_price = Decimal::stored(row.text("unit_price")),
          .period = period_of(row),
          .net = Money(row.number("net"), currency),
          .tax_rate = TaxRate::basis_points(row.number("tax_rate")),
          .explanation = row.text("explanation"),
          .id = row.number("id"),
          .corrects = row.maybe_number("corrects_id")};
}

TaxSum tax_of(const Row& row, Currency currency) {
  return {TaxRate::basis_points(row.number("tax_rate")), Money(row.number("base"), currency),
          Money(row.number("tax"), currency)};
}

/// The parts of each invoice, every row read by `read`.
template <typename Part>
std::vector<std::vector<Part>> parts_of(Transaction& tx, const Statement& statement,
                                        const std::vector<Invoice>& invoices,
                                        Part (*read)(const Row&, Currency)) {
  std::vector<Parameters> wanted;
  for (const auto& invoice : invoices) wanted.push_back({{"invoice", invoice.id}});
  const auto found = tx.select_each(statement, wanted);
  std::vector<std::vector<Part>> parts(invoices.size());
  for (std::size_t i = 0; i < invoices.size(); ++i) {
    for (const auto& row : found[i]) parts[i].push_back(read(row, invoices[i].total.currency()));
  }
  return parts;
}

[[noreturn]] void throw_absent(InvoiceId id) {
  throw NotFound(fmt::format("no invoice {} for this viewer", id.number()));
}

}  // namespace

std::optional<Invoice> find_invoice(Transaction& tx, const Viewer& viewer, InvoiceId id) {
  const auto row = tx.find(find_invoice_by_id, finder_of(viewer, id));
  return row ? std::optional(whole_invoice(*row)) : std::nullopt;
}

Invoice require_invoice(Transaction& tx, const Viewer& viewer, InvoiceId id) {
  auto invoice = find_invoice(tx, viewer, id);
  if (!invoice) throw_absent(id);
  return std::move(*invoice);
}

std::vector<Invoice> require_invoices(Transaction& tx, const Viewer& viewer,
                                      const std::vector<InvoiceId>& ids) {
  std::vector<Parameters> wanted;
  for (const auto id : ids) wanted.push_back(finder_of(viewer, id));
  const auto found = tx.select_each(find_invoice_by_id, wanted);
  std::vector<Invoice> invoices;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (found[i].empty()) throw_absent(ids[i]);
    invoices.push_back(whole_invoice(found[i].front()));
  }
  return invoices;
}

std::vector<InvoiceLine> list_invoice_lines(Transaction& tx, const Invoice& invoice) {
  std::vector<InvoiceLine> lines;
  for (const auto& row : tx.select(select_lines, {{"invoice", invoice.id}})) {
    lines.push_back(line_of(row, invoice.total.currency()));
  }
  return lines;
}

std::vector<std::vector<InvoiceLine>> list_lines_of(Transaction& tx,
                                                    const std::vector<Invoice>& invoices) {
  return parts_of(tx, select_lines, invoices, line_of);
}

std::vector<TaxSum> list_invoice_taxes(Transaction& tx, const Invoice& invoice) {
  std::vector<TaxSum> taxes;
  for (const auto& row : tx.select(select_taxes, {{"invoice", invoice.id}})) {
    taxes.push_back(tax_of(row, invoice.total.currency()));
  }
  return taxes;
}

std::vector<std::vector<TaxSum>> list_taxes_of(Transaction& tx,
                                               const std::vector<Invoice>& invoices) {
  return parts_of(tx, select_taxes, invoices, tax_of);
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

}  // namespace cstims
