// GET /accounting/debt and /accounting/debt/{client}: who owes what for how long.
#include "account/user_store.h"
#include "base/failure.h"
#include "html/form_view.h"
#include "invoice/accounting_pages.h"
#include "invoice/aged_debt.h"

namespace cstims {

namespace {

constexpr std::array ages{DebtAge::not_due, DebtAge::to_30, DebtAge::to_60, DebtAge::to_90,
                          DebtAge::over_90};

struct DebtPage {
  static constexpr std::string_view view = "invoice/aged_debt.html";
  const Context& context;
  Listing listing;
  Page<ClientDebt> debts;
  ClientDebt sums;
  Message title() const { return message("Aged debt"); }
};

std::string path_of(UserId client) {
  return "/accounting/debt/" + client.text();
}

ListView list_of(const DebtPage& page) {
  ListView list{.path = "/accounting/debt",
                .empty = message("Nobody owes anything."),
                .columns = {{message("Client"), "client"}},
                .rows = {},
                .caption = message("What clients owe, by days overdue"),
                .total = page.debts.total,
                .more_than_counted = page.debts.more_than_counted};
  for (const auto age : ages) list.columns.push_back({shown(age), "", true});
  list.columns.push_back({message("Total"), "total", true});
  for (const auto& debt : page.debts.rows) {
    std::vector<Cell> row{
        {.text = debt.client_name, .href = path_of(debt.client), .detail = debt.email}};
    for (const auto& amount : debt.by_age) {
      row.push_back({.text = amount.is_zero() ? "–" : amount.show()});
    }
    row.push_back({.text = debt.total.show()});
    list.rows.push_back(std::move(row));
  }
  return list;
}

void fill(Dictionary& values, const DebtPage& page) {
  for (std::size_t n = 0; n < debt_ages; ++n) {
    Dictionary tile = values.section("AGES");
    tile.set("AMOUNT", page.sums.by_age.at(n));
    tile.set("AGE", shown(ages.at(n)));
  }
  values.set("TOTAL", page.sums.total);
  fill_list(values, "DEBTS", list_of(page), page.listing);
}

Response csv_of(const std::vector<ClientDebt>& debts, Currency currency) {
  std::string file = csv_row({"client", "email", "not_due", "days_1_30", "days_31_60", "days_61_90",
                              "days_over_90", "total", "currency"});
  for (const auto& debt : debts) {
    std::vector<std::string> cells{debt.client_name, debt.email};
    for (const auto& amount : debt.by_age) cells.push_back(amount.text());
    cells.push_back(debt.total.text());
    cells.emplace_back(currency.code());
    file += csv_row(cells);
  }
  return Response::csv("aged-debt.csv", std::move(file));
}

struct ClientDebtPage {
  static constexpr std::string_view view = "invoice/client_debt.html";
  const Context& context;
  Listing listing;
  User client;
  Page<OwedInvoice> invoices;
  Date today;
  Message title() const { return message("What {} owes", {client.username}); }
};

std::vector<Cell> row_of(const OwedInvoice& invoice, const ClientDebtPage& page) {
  const auto& renderer = page.context.services.renderer;
  const auto age = debt_age(invoice.due_date, page.today);
  return {{.text = invoice.number, .href = "/invoices/" + invoice.id.text()},
          {.text = renderer.show(invoice.issue_date)},
          {.text = renderer.show(invoice.due_date)},
          {.text = renderer.translate(shown(age)),
           .badge = age == DebtAge::not_due ? "secondary" : "danger"},
          {.text = invoice.total.show()},
          {.text = invoice.rest.show()}};
}

void fill(Dictionary& values, const ClientDebtPage& page) {
  values.set("CLIENT", page.client.username);
  values.set("EMAIL", page.client.email.text());
  values.set("UPCOMING", "/clients/" + page.client.id.text() + "/upcoming");
  ListView list{.path = path_of(page.client.id),
                .empty = message("Nothing is owed."),
                .columns = {{message("Invoice")},
                            {message("Issued")},
                            {message("Due")},
                            {message("Overdue")},
                            {message("Total"), "", true},
                            {message("Still to be paid"), "", true}},
                .rows = {},
                .searchable = false,
                .caption = message("Invoices still to be paid"),
                .total = page.invoices.total,
                .more_than_counted = page.invoices.more_than_counted};
  for (const auto& invoice : page.invoices.rows) list.rows.push_back(row_of(invoice, page));
  fill_list(values, "INVOICES", list, page.listing);
}

Response csv_of(const ClientDebtPage& page) {
  std::string file = csv_row({"number", "issue_date", "due_date", "total", "rest", "currency"});
  for (const auto& invoice : page.invoices.rows) {
    file += csv_row({invoice.number, invoice.issue_date.text(), invoice.due_date.text(),
                     invoice.total.text(), invoice.rest.text(),
                     std::string(invoice.total.currency().code())});
  }
  return Response::csv("owed-by-" + page.client.username + ".csv", std::move(file));
}

}  // namespace

Response show_aged_debt(Context& context) {
  const Currency currency = context.site().currency;
  const auto listing = parse_listing(context.request.query, aged_debt_rules());
  const auto page = context.database().read([&](Transaction& tx) {
    return DebtPage{context, listing, list_aged_debt(tx, listing, currency),
                    sum_aged_debt(tx, currency)};
  });
  if (listing.csv) return csv_of(page.debts.rows, currency);
  return render(context, page);
}

Response show_client_debt(Context& context) {
  const auto id = context.request.path_id<struct User>();
  const auto listing = parse_listing(context.request.query, {});
  const auto page = context.database().read([&](Transaction& tx) {
    auto client = find_user(tx, id);
    if (!client || client->type != Role::client) throw NotFound("no client " + id.text());
    return ClientDebtPage{context, listing, std::move(*client),
                          list_owed_invoices(tx, id, listing, context.site().currency), tx.today()};
  });
  if (listing.csv) return csv_of(page);
  return render(context, page);
}

}  // namespace cstims
