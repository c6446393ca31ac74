// GET /accounting/vat: the book of issued invoices.
#include <fmt/format.h>

#include "html/form_view.h"
#include "invoice/accounting_pages.h"
#include "invoice/vat_book.h"

namespace cstims {

namespace {

constexpr std::string_view path = "/accounting/vat";

struct VatBookPage {
  static constexpr std::string_view view = "invoice/vat_book.html";
  const Context& context;
  Listing listing;
  std::vector<BookPeriod> periods;
  BookPeriod period;
  Page<VatBookRow> rows;
  std::vector<RateSum> sums;
  Message title() const { return message("Issued invoices"); }
};

std::vector<Cell> row_of(const VatBookRow& row, const Renderer& renderer) {
  return {{.text = row.number,
           .href = "/invoices/" + row.invoice.text(),
           .detail = row.rectifies.empty()
                         ? ""
                         : renderer.translate(message("rectifies {}", {row.rectifies}))},
          {.text = renderer.show(row.date)},
          {.text = row.buyer, .detail = row.tax_number},
          {.text = row.rate.text() + " %"},
          {.text = row.base.show()},
          {.text = row.tax.show()},
          {.text = row.total().show()}};
}

ListView list_of(const VatBookPage& page) {
  ListView list{.path = std::string(path),
                .empty = message("Nothing was issued in this period."),
                .columns = {{message("Number"), "number"},
                            {message("Date"), "date"},
                            {message("Buyer")},
                            {message("Rate"), "", true},
                            {message("Base"), "base", true},
                            {message("Tax"), "", true},
                            {message("Total"), "", true}},
                .rows = {},
                .filters = {period_filter(page.periods)},
                .caption = message("Issued invoices by rate"),
                .total = page.rows.total,
                .more_than_counted = page.rows.more_than_counted};
  for (const auto& row : page.rows.rows) {
    list.rows.push_back(row_of(row, page.context.services.renderer));
  }
  return list;
}

void fill(Dictionary& values, const VatBookPage& page) {
  values.set("PERIOD", shown(page.period));
  const Currency currency = page.context.site().currency;
  Money base = Money::zero(currency);
  Money tax = Money::zero(currency);
  for (const auto& sum : page.sums) {
    Dictionary row = values.section("SUMS");
    row.set("RATE", sum.rate.text());
    row.set("DOCUMENTS", sum.documents);
    row.set("BASE", sum.base);
    row.set("TAX", sum.tax);
    row.set("TOTAL", sum.base + sum.tax);
    base += sum.base;
    tax += sum.tax;
  }
  values.set("ALL_BASE", base);
  values.set("ALL_TAX", tax);
  values.set("ALL_TOTAL", base + tax);
  fill_list(values, "ROWS", list_of(page), page.listing);
}

/// In the site's language: it goes to a tax adviser.
std::string heading(const Renderer& renderer) {
  std::vector<std::string> cells;
  for (const auto& title :
       {message("Date"), message("Number"), message("Buyer"), message("Tax number"),
        message("Country"), message("Rectifies"), message("Base"), message("Rate"), message("Tax"),
        message("Total"), message("Currency")}) {
    cells.push_back(renderer.translate(title));
  }
  return csv_row(cells);
}

Response csv_of(const Context& context, const BookPeriod& period) {
  const Currency currency = context.site().currency;
  std::string file = heading(context.services.renderer);
  context.database().read([&](Transaction& tx) {
    each_vat_book_row(tx, period, currency, [&](const VatBookRow& row) {
      file += csv_row({row.date.text(), row.number, row.buyer, row.tax_number, row.country,
                       row.rectifies, row.base.text(), row.rate.text(), row.tax.text(),
                       row.total().text(), std::string(currency.code())});
    });
  });
  return Response::csv(fmt::format("vat-book-{}.csv", period.key), std::move(file));
}

}  // namespace

Response show_vat_book(Context& context) {
  const Currency currency = context.site().currency;
  const auto [first, today] = context.database().read([](Transaction& tx) {
    return std::pair(first_issue_date(tx).value_or(tx.today()), tx.today());
  });
  const auto periods = book_periods(first, today);
  auto listing = parse_listing(context.request.query, with_periods(vat_book_rules(), periods));
  const auto period = take_period(listing, today);
  if (listing.csv) return csv_of(context, period);
  return render(context, context.database().read([&](Transaction& tx) {
    return VatBookPage{context,
                       listing,
                       periods,
                       period,
                       list_vat_book(tx, period, listing, currency),
                       sum_vat_book(tx, period, currency)};
  }));
}

}  // namespace cstims
