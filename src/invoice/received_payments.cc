#include "invoice/received_payments.h"

#include "base/text.h"
#include "db/page_query.h"

namespace cstims {

namespace {

constexpr std::string_view columns =
    "select p.id, p.date, u.username, p.method, p.reference, p.amount,"
    " case when p.reverses_id is null then 0 else 1 end as reversal,"
    " i.id as invoice, coalesce(i.number, '') as number";
constexpr std::string_view from =
    " from payments p"
    " join users u on u.id = p.client_id"
    " left join invoices i on i.id ="
    " (select min(a.invoice_id) from allocations a where a.payment_id = p.id)"
    " where p.date >= :first and p.date < :next";
constexpr std::string_view searched =
    " and (lower(u.username) like :search escape '\\' or lower(p.reference) like :search"
    " escape '\\' or lower(i.number) like :search escape '\\')";

constexpr Statement select_sums{"received payments: sums", R"(
  select method, count(*) as payments, sum(amount) as amount
  from payments
  where date >= :first
    and date < :next
  group by method
  order by method)"};

constexpr Statement select_first{"first payment date", "select min(date) as first from payments"};

std::string order_by(std::string_view sort) {
  if (sort == "date") return " order by p.date, p.id";
  if (sort == "amount") return " order by p.amount, p.id";
  if (sort == "-amount") return " order by p.amount desc, p.id desc";
  return " order by p.date desc, p.id desc";
}

}  // namespace

ListingRules received_payment_rules() {
  return {.sorts = {"-date", "date", "amount", "-amount"}, .filters = {}};
}

Page<ReceivedPayment> list_received_payments(Transaction& tx, const BookPeriod& period,
                                             const Listing& listing, Currency currency) {
  std::string counted(from);
  Parameters parameters{{"first", period.first}, {"next", period.next}};
  if (!listing.search.empty()) {
    counted += searched;
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  const PageQuery query{
      "received payments",
      std::string(columns) + counted + order_by(listing.sort) + " limit :limit offset :offset",
      counted, parameters};
  return select_page(tx, listing, query, [&](const Row& row) {
    return ReceivedPayment{.id = row.id<struct Payment>("id"),
                           .date = row.date("date"),
                           .client_name = row.text("username"),
                           .method = row.text("method"),
                           .reference = row.text("reference"),
                           .amount = Money(row.number("amount"), currency),
                           .reversal = row.flag("reversal"),
                           .invoice = row.maybe_id<struct Invoice>("invoice"),
                           .invoice_number = row.text("number")};
  });
}

std::vector<MethodSum> sum_received_payments(Transaction& tx, const BookPeriod& period,
                                             Currency currency) {
  std::vector<MethodSum> sums;
  for (const auto& row : tx.select(select_sums, {{"first", period.first}, {"next", period.next}})) {
    sums.push_back(
        {row.text("method"), row.number("payments"), Money(row.number("amount"), currency)});
  }
  return sums;
}

std::optional<Date> first_payment_date(Transaction& tx) {
  return tx.require(select_first).maybe_date("first");
}

}  // namespace cstims
