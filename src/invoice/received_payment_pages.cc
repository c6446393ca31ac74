// GET /accounting/payments: what was received.
#include <fmt/format.h>

#include "html/form_view.h"
#include "invoice/accounting_pages.h"
#include "invoice/payment.h"
#include "invoice/received_payments.h"

namespace cstims {

namespace {

struct ReceivedPage {
  static constexpr std::string_view view = "invoice/received_payments.html";
  const Context& context;
  Listing listing;
  std::vector<BookPeriod> periods;
  BookPeriod period;
  Page<ReceivedPayment> rows;
  std::vector<MethodSum> sums;
  Message title() const { return message("Received payments"); }
};

std::vector<Cell> row_of(const ReceivedPayment& payment, const Renderer& renderer) {
  const bool settles = payment.invoice.has_value();
  return {{.text = renderer.show(payment.date),
           .detail = payment.reversal ? renderer.translate(message("reversal")) : ""},
          {.text = payment.client_name},
          {.text = renderer.translate(shown_method(payment.method)), .detail = payment.reference},
          {.text = settles ? payment.invoice_number : "–",
           .href = settles ? "/invoices/" + payment.invoice->text() : ""},
          {.text = payment.amount.show()}};
}

ListView list_of(const ReceivedPage& page) {
  ListView list{.path = "/accounting/payments",
                .empty = message("Nothing was received in this period."),
                .columns = {{message("Date"), "date"},
                            {message("Client")},
                            {message("Method")},
                            {message("Invoice")},
                            {message("Amount"), "amount", true}},
                .rows = {},
                .filters = {period_filter(page.periods)},
                .caption = message("Received payments"),
                .total = page.rows.total,
                .more_than_counted = page.rows.more_than_counted};
  for (const auto& payment : page.rows.rows) {
    list.rows.push_back(row_of(payment, page.context.services.renderer));
  }
  return list;
}

void fill(Dictionary& values, const ReceivedPage& page) {
  values.set("PERIOD", shown(page.period));
  Money total = Money::zero(page.context.site().currency);
  for (const auto& sum : page.sums) {
    Dictionary row = values.section("SUMS");
    row.set("METHOD", shown_method(sum.method));
    row.set("PAYMENTS", sum.payments);
    row.set("AMOUNT", sum.amount);
    total += sum.amount;
  }
  values.set("TOTAL", total);
  fill_list(values, "ROWS", list_of(page), page.listing);
}

Response csv_of(const ReceivedPage& page) {
  std::string file = csv_row(
      {"id", "date", "client", "method", "reference", "invoice", "amount", "currency", "reversal"});
  for (const auto& payment : page.rows.rows) {
    file += csv_row({payment.id.text(), payment.date.text(), payment.client_name, payment.method,
                     payment.reference, payment.invoice_number, payment.amount.text(),
                     std::string(payment.amount.currency().code()), payment.reversal ? "1" : "0"});
  }
  return Response::csv(fmt::format("payments-{}.csv", page.period.key), std::move(file));
}

}  // namespace

Response show_received_payments(Context& context) {
  const Currency currency = context.site().currency;
  const auto [first, today] = context.database().read([](Transaction& tx) {
    return std::pair(first_payment_date(tx).value_or(tx.today()), tx.today());
  });
  const auto periods = book_periods(first, today);
  auto listing =
      parse_listing(context.request.query, with_periods(received_payment_rules(), periods));
  const auto period = take_period(listing, today);
  const auto page = context.database().read([&](Transaction& tx) {
    return ReceivedPage{context,
                        listing,
                        periods,
                        period,
                        list_received_payments(tx, period, listing, currency),
                        sum_received_payments(tx, period, currency)};
  });
  if (listing.csv) return csv_of(page);
  return render(context, page);
}

}  // namespace cstims
