#include "invoice/accounting_pages.h"

#include "invoice/aged_debt.h"
#include "invoice/closed_period.h"
#include "invoice/received_payments.h"
#include "invoice/vat_book.h"

namespace cstims {

namespace {

struct AccountingPage {
  static constexpr std::string_view view = "invoice/accounting.html";
  BookPeriod month;
  Money issued;
  Money tax;
  Money received;
  ClientDebt debt;
  std::optional<Month> closed;
  Message title() const { return message("Books"); }
};

void fill(Dictionary& values, const AccountingPage& page) {
  values.set("MONTH", shown(page.month));
  values.set("ISSUED", page.issued);
  values.set("TAX", page.tax);
  values.set("RECEIVED", page.received);
  values.set("OWED", page.debt.total);
  values.set("OVERDUE", page.debt.total - page.debt.by_age.front());
  if (page.closed) values.section("CLOSED").set("THROUGH", shown(*page.closed));
  values.show("NOTHING_CLOSED", !page.closed);
}

}  // namespace

Response show_accounting(Context& context) {
  const Currency currency = context.site().currency;
  return render(context, context.database().read([&](Transaction& tx) {
    AccountingPage page{.month = BookPeriod::month_of(tx.today()),
                        .issued = Money::zero(currency),
                        .tax = Money::zero(currency),
                        .received = Money::zero(currency),
                        .debt = sum_aged_debt(tx, currency),
                        .closed = closed_through(tx)};
    for (const auto& sum : sum_vat_book(tx, page.month, currency)) {
      page.issued += sum.base;
      page.tax += sum.tax;
    }
    for (const auto& sum : sum_received_payments(tx, page.month, currency)) {
      page.received += sum.amount;
    }
    return page;
  }));
}

}  // namespace cstims
