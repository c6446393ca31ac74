// The lists of invoices: search by number and client, filter by what is paid.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "db/page_query.h"
#include "invoice/invoice_store.h"

namespace cstims {

namespace {

constexpr std::string_view list_columns =
    "select i.id, i.kind, i.status, i.client_id, i.rectifies_id, i.reason, i.credited,"
    " i.number, i.issue_date, i.due_date, i.description, i.currency, i.net, i.tax, i.total, i.paid,"
    " i.created_at, i.issued_at,"
    " (select u.username from users u where u.id = i.client_id) as username";

/// Both halves end after a thousand hits, so that a search for "F" costs no more than one for a
/// number.
constexpr std::string_view search_condition =
    " and i.id in ("
    "select id from (select id from invoices where number >= :number and number < :number_end"
    " order by number desc limit 1001) by_number"
    " union "
    "select id from (select c.id from users u join invoices c on c.client_id = u.id"
    " where u.username like :search escape '\\' or u.email_key like :search escape '\\'"
    " or lower(u.billing_name) like :search escape '\\' limit 1001) by_client)";

constexpr std::string_view still_owed =
    " and i.status = 'issued' and i.kind = 'ordinary'"
    " and i.total > i.paid + i.credited";

class Conditions {
 public:
  void add(std::string_view condition) { text_ += condition; }
  void add(std::string_view condition, std::string_view name, Value value) {
    text_ += condition;
    parameters_.push_back({name, std::move(value)});
  }
  void bind(std::string_view name, Value value) { parameters_.push_back({name, std::move(value)}); }
  const std::string& text() const { return text_; }
  Parameters& parameters() { return parameters_; }

 private:
  std::string text_ = " from invoices i where 1 = 1";
  Parameters parameters_;
};

void add_viewer(Conditions& where, const Viewer& viewer) {
  if (!viewer.is_admin()) where.add(" and i.status = 'issued'");
  if (!viewer.is_staff()) {
    where.add(" and i.client_id = :client", "client", viewer.user ? viewer.user->number() : -1);
  }
}

void add_status(Conditions& where, const std::string& status, Date today) {
  if (status == "draft") where.add(" and i.status = 'draft'");
  if (status == "unpaid") where.add(still_owed);
  if (status == "overdue") {
    where.add(still_owed);
    where.add(" and i.due_date < :today", "today", today);
  }
  if (status == "paid") {
    where.add(
        " and i.status = 'issued' and i.kind = 'ordinary' and i.credited < i.total"
        " and i.paid + i.credited >= i.total");
  }
  if (status == "rectified") {
    where.add(" and i.status = 'issued' and i.kind = 'ordinary' and i.credited = i.total");
  }
  if (status == "rectifying") where.add(" and i.kind = 'rectifying'");
}

void add_search(Conditions& where, const std::string& search) {
  if (search.empty()) return;
  std::string number = search;
  std::ranges::transform(number, number.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  where.add(search_condition);
  where.bind("number", number);
  where.bind("number_end", number + "~");  // behind every letter and digit
  where.bind("search", "%" + escape_like(lower_ascii(search)) + "%");
}

std::string order_by(std::string_view sort) {
  const bool descending = sort.starts_with('-');
  const std::string key(descending ? sort.substr(1) : sort);
  const std::string direction = descending ? " desc" : "";
  if (key == "number" || key == "issue_date" || key == "due_date") {
    return " order by i." + key + direction + ", i.id" + direction;
  }
  return " order by i.id" + direction;
}

}  // namespace

ListingRules invoice_listing_rules() {
  return {
      .sorts = {"-id", "number", "issue_date", "due_date"},
      .filters = {{"status", {"unpaid", "overdue", "paid", "rectified", "rectifying", "draft"}}}};
}

Page<InvoiceRow> list_invoices(Transaction& tx, const Viewer& viewer, const Listing& listing) {
  Conditions where;
  add_viewer(where, viewer);
  add_status(where, listing.filter("status"), tx.today());
  add_search(where, listing.search);
  const PageQuery query{"invoices",
                        std::string(list_columns) + where.text() + order_by(listing.sort) +
                            " limit :limit offset :offset",
                        where.text(), where.parameters()};
  return select_page(tx, listing, query, read_invoice_row);
}

}  // namespace cstims
