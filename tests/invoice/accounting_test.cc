// The accountant's books: issued invoices, payments, debt.
#include <array>

#include "invoice/accounting_pages.h"
#include "invoice/aged_debt.h"
#include "invoice/book_period.h"
#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/payment_actions.h"
#include "invoice/received_payments.h"
#include "invoice/rectification_actions.h"
#include "invoice/vat_book.h"
#include "support/person.h"

namespace cstims::test {
namespace {

using enum Who;
constexpr std::array routes{
    Route{"GET", "/accounting", accountant, show_accounting},
    Route{"GET", "/accounting/vat", accountant, show_vat_book},
    Route{"GET", "/accounting/payments", accountant, show_received_payments},
    Route{"GET", "/accounting/debt", accountant, show_aged_debt},
    Route{"GET", "/accounting/debt/{client}", accountant, show_client_debt},
};

const Currency euro = Currency::eur();

BookPeriod period(std::string_view key) {
  return BookPeriod::parse(key).value();
}

SENTENCE(books, "a period is a month, a quarter or a year") {
  EXPECT_EQ(period("2026-02").next, Date(2026, 3, 1));
  EXPECT_EQ(period("2026-Q4").first, Date(2026, 10, 1));
  EXPECT_EQ(period("2026-Q4").next, Date(2027, 1, 1));
  EXPECT_EQ(period("2026").next, Date(2027, 1, 1));
  EXPECT_EQ(shown(period("2026-Q1")).english(), "Quarter 1 of 2026");
  for (const auto* wrong :
       {"", "2026-", "2026-Q5", "2026-Q0", "2026-13", "20260", "abcd", "2026-1"})
    EXPECT_FALSE(BookPeriod::parse(wrong)) << wrong;
}

SENTENCE(books, "a page offers years, quarters and months since the books began") {
  std::vector<std::string> keys;
  for (const auto& each : book_periods(Date(2025, 11, 30), Date(2026, 2, 1))) {
    keys.push_back(each.key);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"2026", "2026-Q1", "2026-02", "2026-01", "2025",
                                            "2025-Q4", "2025-12", "2025-11"}));
}

/// Two rates, a rectification, two clients; all of March 2026.
void keep_books(World& world) {
  issue_sample(world, UserId(1), {{.tax = "21"}, {.unit_price = "5", .tax = "10"}});
  const auto wrong = issue_sample(world, UserId(2), {{.unit_price = "100"}});
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, wrong.id, "Wrong price"); })
      .value();
}

DATABASE_SENTENCE(books, "the book of issued invoices has a row for each rate, with its sign") {
  keep_books(world);
  const auto rows =
      world.database()
          .read([](Transaction& tx) { return list_vat_book(tx, period("2026-03"), {}, euro); })
          .rows;
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].number, "F2026-000001");
  EXPECT_EQ(rows[0].rate.text(), "10");
  EXPECT_EQ(rows[0].base.text(), "5.00");
  EXPECT_EQ(rows[0].tax.text(), "0.50");
  EXPECT_EQ(rows[1].total().text(), "12.10");
  EXPECT_EQ(rows[3].number, "R2026-000001");
  EXPECT_EQ(rows[3].rectifies, "F2026-000002");
  EXPECT_EQ(rows[3].total().text(), "-121.00");
  EXPECT_EQ(rows[3].buyer, "bob");
}

DATABASE_SENTENCE(books, "its sums by rate count rectifying invoices against the others") {
  keep_books(world);
  const auto sums = world.database().read(
      [](Transaction& tx) { return sum_vat_book(tx, period("2026-Q1"), euro); });
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].rate.text(), "10");
  EXPECT_EQ(sums[1].documents, 3);
  EXPECT_EQ(sums[1].base.text(), "10.00");
  EXPECT_EQ(sums[1].tax.text(), "2.10");
  EXPECT_TRUE(world.database()
                  .read([](Transaction& tx) { return sum_vat_book(tx, period("2026-02"), euro); })
                  .empty());
}

DATABASE_SENTENCE(books, "as CSV it is the VAT book, and no buyer becomes a formula") {
  execute(world,
          "update users set billing_name = '=cmd|x,\"y\"', billing_tax_number = '+34B1' "
          "where id = 1");
  keep_books(world);
  Person luca(world, routes, world.luca());
  const auto file = luca.get("/accounting/vat?period=2026&format=csv");
  EXPECT_TRUE(header_value(file, "Content-Disposition").contains("vat-book-2026.csv"));
  EXPECT_TRUE(file.body.starts_with(
      "Date,Number,Buyer,Tax number,Country,Rectifies,Base,Rate,Tax,Total,Currency\r\n"))
      << file.body;
  EXPECT_TRUE(file.body.contains("2026-03-10,F2026-000001,\"'=cmd|x,\"\"y\"\"\",'+34B1,"))
      << file.body;
  EXPECT_TRUE(file.body.contains("R2026-000001,bob,,,F2026-000002,-100.00,21,-21.00,-121.00,EUR"))
      << file.body;
}

DATABASE_SENTENCE(books, "the page shows a period with its totals, and says when it is empty") {
  keep_books(world);
  Person luca(world, routes, world.luca());
  const auto page = luca.get("/accounting/vat").body;
  EXPECT_TRUE(page.contains("Mar 2026"));
  EXPECT_TRUE(page.contains("rectifies F2026-000002"));
  EXPECT_TRUE(page.contains("17.60 €"));  // all rates: 15.00 + 2.60
  world.clock().set(Instant::stored("2026-04-02T08:00:00Z"));
  EXPECT_TRUE(luca.get("/accounting/vat").body.contains("Nothing was issued in this period."));
  EXPECT_TRUE(luca.get("/accounting/vat?search=BOB&period=2026-Q1").body.contains("R2026-000001"));
}

DATABASE_SENTENCE(books, "payments of a period are listed and summed by method") {
  const auto invoice = issue_sample(world);
  const auto pay = [&](std::int64_t cents, std::string method, Date date) {
    return world
        .act(world.luca(),
             [&](Act& act) {
               return record_payment(act, invoice.id,
                                     {.amount = Money(cents, euro),
                                      .date = date,
                                      .method = std::move(method),
                                      .reference = "TR9"});
             })
        .value();
  };
  pay(300, "cash", Date(2026, 3, 1));
  const auto undone = pay(500, "transfer", Date(2026, 3, 2));
  pay(100, "transfer", Date(2026, 2, 28));
  world.act(world.luca(), [&](Act& act) { return reverse_payment(act, invoice.id, undone); })
      .value();
  const auto sums = world.database().read(
      [](Transaction& tx) { return sum_received_payments(tx, period("2026-03"), euro); });
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].amount.text(), "3.00");
  EXPECT_EQ(sums[1].amount.text(), "0.00");
  EXPECT_EQ(sums[1].payments, 2);
  Person luca(world, routes, world.luca());
  const auto page = luca.get("/accounting/payments?period=2026-Q1").body;
  EXPECT_TRUE(page.contains("reversal"));
  EXPECT_TRUE(page.contains("4.00 €"));
  EXPECT_TRUE(luca.get("/accounting/payments?format=csv").body.contains(",cash,TR9,F2026-000001,"));
}

SENTENCE(books, "debt ages from the due date on") {
  const Date today(2026, 3, 31);
  EXPECT_EQ(debt_age(Date(2026, 3, 31), today), DebtAge::not_due);
  EXPECT_EQ(debt_age(Date(2026, 3, 30), today), DebtAge::to_30);
  EXPECT_EQ(debt_age(Date(2026, 3, 1), today), DebtAge::to_30);
  EXPECT_EQ(debt_age(Date(2026, 2, 28), today), DebtAge::to_60);
  EXPECT_EQ(debt_age(Date(2026, 1, 30), today), DebtAge::to_60);
  EXPECT_EQ(debt_age(Date(2026, 1, 29), today), DebtAge::to_90);
  EXPECT_EQ(debt_age(Date(2025, 12, 31), today), DebtAge::to_90);
  EXPECT_EQ(debt_age(Date(2025, 12, 30), today), DebtAge::over_90);
}

DATABASE_SENTENCE(books, "what clients owe stands in the column of its age") {
  const auto part_paid = issue_sample(world);  // 12.10 €, due 24 March
  world
      .act(world.luca(),
           [&](Act& act) {
             return record_payment(act, part_paid.id,
                                   {.amount = Money(210, euro),
                                    .date = Date(2026, 3, 10),
                                    .method = "cash",
                                    .reference = {}});
           })
      .value();
  world.clock().set(Instant::stored("2026-04-20T08:00:00Z"));
  issue_sample(world);             // due 4 May
  issue_sample(world, UserId(2));  // due 4 May
  world.clock().set(Instant::stored("2026-05-20T08:00:00Z"));
  const auto debts =
      world.database().read([](Transaction& tx) { return list_aged_debt(tx, {}, euro); }).rows;
  ASSERT_EQ(debts.size(), 2u);
  EXPECT_EQ(debts[0].client_name, "ada");
  EXPECT_EQ(debts[0].total.text(), "22.10");
  EXPECT_EQ(debts[0].by_age.at(1).text(), "12.10");  // 16 days
  EXPECT_EQ(debts[0].by_age.at(2).text(), "10.00");  // 57 days
  EXPECT_EQ(debts[1].by_age.at(1).text(), "12.10");
  const auto sums = world.database().read([](Transaction& tx) { return sum_aged_debt(tx, euro); });
  EXPECT_EQ(sums.total.text(), "34.20");
  EXPECT_EQ(sums.invoices, 3);
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/accounting/debt").body.contains("34.20 €"));
  EXPECT_TRUE(luca.get("/accounting/debt?search=bob").body.contains("1–1 of 1"));
  EXPECT_TRUE(luca.get("/accounting/debt?format=csv")
                  .body.contains("ada,ada@example.test,0.00,12.10,10.00,0.00,0.00,22.10,EUR"))
      << luca.get("/accounting/debt?format=csv").body;
  const auto drilled = luca.get("/accounting/debt/1").body;
  EXPECT_TRUE(drilled.contains("F2026-000001"));
  EXPECT_TRUE(drilled.contains("31–60 days"));
  EXPECT_EQ(luca.get("/accounting/debt/3").status, 404);
}

DATABASE_SENTENCE(books, "without any book there is nothing to see, and it says so") {
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/accounting").body.contains("No month is closed yet."));
  EXPECT_TRUE(luca.get("/accounting/debt").body.contains("Nobody owes anything."));
  EXPECT_TRUE(luca.get("/accounting/vat").body.contains("Nothing was issued"));
  EXPECT_TRUE(luca.get("/accounting/payments").body.contains("Nothing was received"));
}

}  // namespace
}  // namespace cstims::test
