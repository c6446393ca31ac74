// The list of payments, and the invoices that wait for one.
#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "db/page_query.h"
#include "invoice/invoice_store.h"
#include "invoice/payment_rows.h"
#include "invoice/payment_store.h"

namespace cstims {

namespace {

constexpr std::string_view list_columns =
    "select p.id, p.kind, p.client_id, p.date, p.method, p.reference, p.currency, p.amount,"
    " p.reverses_id, p.proof_name, p.proof_type, p.proof_sha256, p.recorded_at,"
    " (select c.username from users c where c.id = p.client_id) as client_name,"
    " (select u.username from users u where u.id = p.recorded_by) as username,"
    " case when exists (select 1 from payments r where r.reverses_id = p.id) then 1 else 0 end"
    " as is_reversed";

/// Every part ends after a thousand hits.
constexpr std::string_view search_condition =
    " and p.id in ("
    "select id from (select b.id from payments b where lower(b.reference) like :search escape '\\'"
    " order by b.id desc limit 1001) by_reference"
    " union "
    "select id from (select b.id from users u join payments b on b.client_id = u.id"
    " where u.username like :search escape '\\' or u.email_key like :search escape '\\'"
    " or lower(u.billing_name) like :search escape '\\' limit 1001) by_client"
    " union "
    "select id from (select b.id from payments b where abs(b.amount) = :amount"
    " order by b.id desc limit 1001) by_amount)";

constexpr Statement select_open{"open invoices of client", R"(
  select i.id, i.kind, i.status, i.client_id, u.username, i.rectifies_id, i.reason, i.number, i.issue_date, i.due_date, i.description, i.currency, i.net, i.tax, i.total,
    i.paid, i.credited, i.created_at, i.issued_at
  from invoices i
  join users u on u.id = i.client_id
  where i.client_id = :client
    and i.status = 'issued'
    and i.kind = 'ordinary'
    and i.total > i.paid + i.credited
  order by i.due_date, i.id
  limit :limit)"};

/// "12.10" is an amount, too; zero finds none.
std::int64_t amount_searched(const std::string& search) {
  const auto money = Money::parse(replace_all(search, ",", "."), Currency::eur());
  return money ? money->minor() : 0;
}

std::string order_by(std::string_view sort) {
  const bool descending = sort.starts_with('-');
  const std::string key(descending ? sort.substr(1) : sort);
  const std::string direction = descending ? " desc" : "";
  if (key == "date" || key == "amount") {
    return " order by p." + key + direction + ", p.id" + direction;
  }
  return " order by p.id" + direction;
}

std::string conditions_of(const Listing& listing) {
  std::string where = " from payments p where 1 = 1";
  const auto kind = listing.filter("kind");
  if (kind == "received") where += " and p.kind = 'received' and p.reverses_id is null";
  if (kind == "refund") where += " and p.kind = 'refund' and p.reverses_id is null";
  if (kind == "reversal") where += " and p.reverses_id is not null";
  if (listing.filter("left") == "credit") {
    where +=
        " and p.id in (select c.payment_id from client_credit c"
        " group by c.payment_id having sum(c.amount) > 0)";
  }
  if (!listing.search.empty()) where += search_condition;
  return where;
}

}  // namespace

ListingRules payment_listing_rules() {
  return {.sorts = {"-id", "date", "amount"},
          .filters = {{"kind", {"received", "refund", "reversal"}}, {"left", {"credit"}}}};
}

Page<Payment> list_payments(Transaction& tx, const Listing& listing) {
  const std::string where = conditions_of(listing);
  Parameters parameters;
  if (!listing.search.empty()) {
    parameters = {{"search", "%" + escape_like(lower_ascii(listing.search)) + "%"},
                  {"amount", amount_searched(listing.search)}};
  }
  const PageQuery query{"payments",
                        fmt::format("{}{}{} limit :limit offset :offset", list_columns, where,
                                    order_by(listing.sort)),
                        where, parameters};
  return select_page(tx, listing, query, read_payment_row);
}

std::vector<Invoice> list_open_invoices(Transaction& tx, UserId client, int limit) {
  std::vector<Invoice> invoices;
  for (const auto& row : tx.select(select_open, {{"client", client}, {"limit", limit}})) {
    invoices.push_back(read_invoice_row(row));
  }
  return invoices;
}

}  // namespace cstims
