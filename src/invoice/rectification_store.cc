#include "invoice/rectification_store.h"

#include <algorithm>
#include <map>

namespace cstims {

namespace {

constexpr Statement raise_credited{"raise what is credited", R"(
  update invoices
  set credited = credited + :amount
  where id = :invoice
    and status = 'issued'
    and kind = 'ordinary'
    and credited + :amount <= total)"};

constexpr Statement select_rectifying{"rectifying invoices of invoice", R"(
  select i.id, i.kind, i.status, i.client_id, u.username, i.rectifies_id, i.reason,
    i.number, i.issue_date, i.due_date, i.description, i.currency, i.net, i.tax, i.total, i.paid,
    i.credited, i.created_at, i.issued_at
  from invoices i
  join users u on u.id = i.client_id
  where i.rectifies_id = :invoice
    and i.status = 'issued'
  order by i.id)"};

constexpr Statement sum_credited_lines{"credited of lines", R"(
  select c.corrects_id, cast(sum(c.net) as bigint) as net
  from invoice_lines o
  join invoice_lines c on c.corrects_id = o.id
  join invoices i on i.id = c.invoice_id
  where o.invoice_id = :invoice
    and i.status = 'issued'
  group by c.corrects_id)"};

constexpr Statement sum_credited_taxes{"credited by tax rate", R"(
  select t.tax_rate, cast(sum(t.base) as bigint) as base, cast(sum(t.tax) as bigint) as tax
  from invoices i
  join invoice_taxes t on t.invoice_id = i.id
  where i.rectifies_id = :invoice
    and i.status = 'issued'
  group by t.tax_rate)"};

}  // namespace

bool mark_credited(Transaction& tx, InvoiceId original, const Money& amount) {
  return tx.execute(raise_credited, {{"amount", amount.minor()}, {"invoice", original}}) == 1;
}

std::vector<InvoiceRow> list_rectifying_invoices(Transaction& tx, const Invoice& original) {
  std::vector<InvoiceRow> invoices;
  for (const auto& row : tx.select(select_rectifying, {{"invoice", original.id}})) {
    invoices.push_back(read_invoice_row(row));
  }
  return invoices;
}

Remainder load_remainder(Transaction& tx, const Invoice& original) {
  Remainder left{original.total.currency(), {}, list_invoice_taxes(tx, original)};
  std::map<std::int64_t, std::int64_t> credited;  // negative, by line
  for (const auto& row : tx.select(sum_credited_lines, {{"invoice", original.id}})) {
    credited[row.number("corrects_id")] = row.number("net");
  }
  for (auto& line : list_invoice_lines(tx, original)) {
    const Money net = line.net + Money(credited[line.id], left.currency);
    left.lines.push_back({std::move(line), net});
  }
  for (const auto& row : tx.select(sum_credited_taxes, {{"invoice", original.id}})) {
    const auto rate = TaxRate::basis_points(row.number("tax_rate"));
    const auto found = std::ranges::find(left.taxes, rate, &TaxSum::rate);
    if (found == left.taxes.end())
      throw DatabaseError("a tax rate is credited that was not billed");
    found->base += Money(row.number("base"), left.currency);
    found->tax += Money(row.number("tax"), left.currency);
  }
  return left;
}

}  // namespace cstims
