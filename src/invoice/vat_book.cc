#include "invoice/vat_book.h"

#include "base/text.h"
#include "db/page_query.h"

namespace cstims {

namespace {

constexpr std::string_view columns =
    "select i.id, i.issue_date, i.number, i.buyer, u.billing_tax_number, u.billing_country,"
    " coalesce(o.number, '') as original, t.tax_rate, t.base, t.tax";
constexpr std::string_view from =
    " from invoices i"
    " join invoice_taxes t on t.invoice_id = i.id"
    " join users u on u.id = i.client_id"
    " left join invoices o on o.id = i.rectifies_id"
    " where i.status = 'issued' and i.issue_date >= :first and i.issue_date < :next";
constexpr std::string_view searched =
    " and (lower(i.number) like :search escape '\\' or lower(i.buyer) like :search escape '\\')";
constexpr std::string_view in_order = " order by i.series, i.year, i.sequence, t.tax_rate";

const std::string select_all = std::string(columns) + std::string(from) + std::string(in_order);
const Statement select_book{"vat book", select_all};

constexpr Statement select_sums{"vat book: sums", R"(
  select t.tax_rate, count(*) as documents, sum(t.base) as base, sum(t.tax) as tax
  from invoices i
  join invoice_taxes t on t.invoice_id = i.id
  where i.status = 'issued'
    and i.issue_date >= :first
    and i.issue_date < :next
  group by t.tax_rate
  order by t.tax_rate)"};

constexpr Statement select_first{"first issue date", R"(
  select min(issue_date) as first
  from invoices
  where issue_date is not null)"};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

VatBookRow read_row(const Row& row, Currency currency) {
  return {.invoice = row.id<struct Invoice>("id"),
          .date = row.date("issue_date"),
          .number = row.text("number"),
          .buyer = first_line(row.text("buyer")),
          .tax_number = row.text("billing_tax_number"),
          .country = row.text("billing_country"),
          .rectifies = row.text("original"),
          .rate = TaxRate::basis_points(row.number("tax_rate")),
          .base = Money(row.number("base"), currency),
          .tax = Money(row.number("tax"), currency)};
}

std::string order_by(std::string_view sort) {
  if (sort == "date") return " order by i.issue_date, i.id, t.tax_rate";
  if (sort == "-date") return " order by i.issue_date desc, i.id desc, t.tax_rate";
  if (sort == "base") return " order by t.base, i.id, t.tax_rate";
  if (sort == "-base") return " order by t.base desc, i.id, t.tax_rate";
  return std::string(in_order);
}

}  // namespace

ListingRules vat_book_rules() {
  return {.sorts = {"number", "date", "-date", "base", "-base"}, .filters = {}};
}

Page<VatBookRow> list_vat_book(Transaction& tx, const BookPeriod& period, const Listing& listing,
                               Currency currency) {
  std::string counted(from);
  Parameters parameters{{"first", period.first}, {"next", period.next}};
  if (!listing.search.empty()) {
    counted += searched;
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  const PageQuery query{
      "vat book",
      std::string(columns) + counted + order_by(listing.sort) + " limit :limit offset :offset",
      counted, parameters};
  return select_page(tx, listing, query, [&](const Row& row) { return read_row(row, currency); });
}

void each_vat_book_row(Transaction& tx, const BookPeriod& period, Currency currency,
                       const std::function<void(const VatBookRow&)>& each) {
  tx.each(select_book, {{"first", period.first}, {"next", period.next}},
          [&](const Row& row) { each(read_row(row, currency)); });
}

std::vector<RateSum> sum_vat_book(Transaction& tx, const BookPeriod& period, Currency currency) {
  std::vector<RateSum> sums;
  for (const auto& row : tx.select(select_sums, {{"first", period.first}, {"next", period.next}})) {
    sums.push_back({.rate = TaxRate::basis_points(row.number("tax_rate")),
                    .documents = row.number("documents"),
                    .base = Money(row.number("base"), currency),
                    .tax = Money(row.number("tax"), currency)});
  }
  return sums;
}

std::optional<Date> first_issue_date(Transaction& tx) {
  return tx.require(select_first).maybe_date("first");
}

}  // namespace cstims
