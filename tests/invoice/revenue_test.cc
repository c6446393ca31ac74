#include "invoice/revenue.h"

#include <array>

#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/rectification_actions.h"
#include "invoice/revenue_pages.h"
#include "support/person.h"

namespace cstims::test {
namespace {

const Currency euro = Currency::eur();

std::string a_month(std::string_view term) {
  return rounded_monthly(monthly_price(ResolvedTerm::parse(term, euro).value()), euro).text();
}

SENTENCE(revenue, "every term has a price by the month, exact before it is rounded") {
  EXPECT_EQ(a_month("free"), "0.00");
  EXPECT_EQ(a_month("5 €/mo + 10 € setup"), "5.00");
  EXPECT_EQ(a_month("10 €/3mo"), "3.33");
  EXPECT_EQ(a_month("10 €/6mo"), "1.67");
  EXPECT_EQ(a_month("100 €/y"), "8.33");
  EXPECT_EQ(a_month("100 €/2y"), "4.17");
  EXPECT_EQ(a_month("100 €/3y"), "2.78");
  EXPECT_EQ(a_month("1 €/d"), "30.42");                 // 365 / 12
  EXPECT_EQ(a_month("1 €/w"), "4.35");                  // 365 / 84
  EXPECT_EQ(a_month("0.0069 €/h in arrears"), "5.04");  // 730 hours
  EXPECT_EQ(a_month("25 € once"), "0.00");
}

SENTENCE(revenue, "many thirds of a cent are rounded once, together") {
  std::int64_t sum = 0;
  for (int n = 0; n < 3; ++n) {
    sum += monthly_price(ResolvedTerm::parse("10 €/3mo", euro).value());
  }
  EXPECT_EQ(rounded_monthly(sum, euro).text(), "10.00");
}

SENTENCE(revenue, "the newest months end with that of today") {
  const auto months = newest_months(Date(2026, 1, 31), 3);
  EXPECT_EQ(months.front().text(), "2025-11");
  EXPECT_EQ(months.back().text(), "2026-01");
}

DATABASE_SENTENCE(revenue, "what runs at the end of a month recurs in it") {
  place_order(world, {.billing = "10 €/mo", .activated_on = Date(2026, 1, 31)});
  place_order(world, {.client = UserId(2),
                      .billing = "120 €/y",
                      .activated_on = Date(2026, 2, 1),
                      .ends_on = Date(2026, 3, 5)});
  place_order(world, {.name = "later", .billing = "7 €/mo", .activated_on = Date(2026, 3, 10)});
  const auto table = world.database().read(
      [](Transaction& tx) { return recurring_revenue(tx, newest_months(tx.today(), 4), euro); });
  ASSERT_EQ(table.services.size(), 1u);
  EXPECT_EQ(table.services[0].name, "Small VPS");
  std::vector<std::string> totals;
  for (const auto& total : table.totals) totals.push_back(total.text());
  EXPECT_EQ(totals, (std::vector<std::string>{"0.00", "10.00", "20.00", "17.00"}));
}

DATABASE_SENTENCE(revenue, "a changed price counts from its day on") {
  const auto order = place_order(world, {.billing = "12 €/mo", .activated_on = Date(2026, 1, 1)});
  execute(world,
          "update orders set billing_from = '2026-03-01', earlier_billing = "
          "'2026-01-01 10 €/mo' where id = " +
              order.text());
  const auto table = world.database().read(
      [](Transaction& tx) { return recurring_revenue(tx, newest_months(tx.today(), 2), euro); });
  EXPECT_EQ(table.totals[0].text(), "10.00");
  EXPECT_EQ(table.totals[1].text(), "12.00");
}

DATABASE_SENTENCE(revenue, "what was issued counts net of what was taken back") {
  place_order(world, {.billing = "10 €/mo", .activated_on = Date(2026, 3, 1)});
  run(world);
  issue_sample(world, UserId(2), {{.unit_price = "40"}});
  const auto wrong = issue_sample(world, UserId(2), {{.unit_price = "3"}});
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, wrong.id, "Wrong"); }).value();
  const auto table = world.database().read(
      [](Transaction& tx) { return issued_revenue(tx, newest_months(tx.today(), 2), euro); });
  ASSERT_EQ(table.services.size(), 2u);
  EXPECT_FALSE(table.services[0].service);
  EXPECT_EQ(table.services[0].months[1].text(), "40.00");
  EXPECT_EQ(table.services[1].months[1].text(), "10.00");
  EXPECT_EQ(table.totals[0].text(), "0.00");
  EXPECT_EQ(table.totals[1].text(), "50.00");
}

DATABASE_SENTENCE(revenue, "orders that begin and end are counted by month") {
  place_order(world, {.activated_on = Date(2026, 2, 3)});
  const auto ended =
      place_order(world, {.activated_on = Date(2026, 2, 4), .ends_on = Date(2026, 3, 4)});
  execute(world, "update orders set status = 'ended' where id = " + ended.text());
  const auto movements = world.database().read(
      [](Transaction& tx) { return order_movements(tx, newest_months(tx.today(), 2)); });
  EXPECT_EQ(movements[0].begun, 2);
  EXPECT_EQ(movements[0].ended, 0);
  EXPECT_EQ(movements[1].begun, 0);
  EXPECT_EQ(movements[1].ended, 1);
}

using enum Who;
constexpr std::array routes{Route{"GET", "/accounting/revenue", accountant, show_revenue}};

DATABASE_SENTENCE(revenue, "the page draws it and has the figures as a table and as CSV") {
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/accounting/revenue").body.contains("Nothing yet."));
  place_order(world, {.billing = "10 €/mo", .activated_on = Date(2026, 3, 1)});
  run(world);
  issue_sample(world);
  const auto page = luca.get("/accounting/revenue").body;
  EXPECT_TRUE(page.contains("<title id=\"chart-issued_chart-title\">Revenue by month and service"));
  EXPECT_TRUE(page.contains("class=\"chart-2\""));
  EXPECT_TRUE(page.contains("Small VPS"));
  EXPECT_TRUE(page.contains("20.00 €"));
  EXPECT_FALSE(page.contains("style="));
  const auto file = luca.get("/accounting/revenue?format=csv").body;
  EXPECT_TRUE(file.contains("2026-03,Small VPS,10.00,,EUR")) << file;
  EXPECT_TRUE(file.contains("2026-03,Other,,10.00,EUR")) << file;
}

}  // namespace
}  // namespace cstims::test
