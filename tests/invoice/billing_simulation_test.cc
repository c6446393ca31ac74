#include "invoice/billing_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "invoice/books.h"
#include "invoice/invoice_store.h"
#include "invoice/simulation_pages.h"
#include "support/person.h"

namespace cstims::test {
namespace {

BillingParts parts_of(World& world) {
  return {world.database(), world.mailer(), world.site()};
}

struct Simulated {
  Simulation sums;
  std::vector<SimulatedInvoice> invoices;
};
Simulated simulate(World& world, const SimulationScope& scope) {
  Simulated simulated{{.months = {}, .total = Money::zero(Currency::eur()), .faults = {}}, {}};
  simulated.sums = simulate_billing(parts_of(world), scope, [&](const SimulatedInvoice& invoice) {
    simulated.invoices.push_back(invoice);
  });
  return simulated;
}

/// Every row of every table as text.
std::vector<std::string> dump(World& world) {
  const bool sqlite = world.database().engine() == Engine::sqlite;
  return world.database().read([&](Transaction& tx) {
    std::vector<std::string> rows;
    // The index of words keeps no rows to read; ticket_texts, which it follows, is looked at.
    const std::string tables =
        sqlite ? "select name from sqlite_master where type = 'table' and name <> 'ticket_search' "
                 "order by name"
               : "select table_name as name from information_schema.tables where table_schema = "
                 "current_schema() order by table_name";
    for (const auto& table : tx.select_built("tables", tables, {})) {
      const auto& name = table.text("name");
      std::string columns;
      const std::string of =
          sqlite ? "select name from pragma_table_info('" + name + "')"
                 : "select column_name as name from information_schema.columns where table_name = "
                   "'" +
                       name + "' and table_schema = current_schema()";
      for (const auto& column : tx.select_built("columns", of, {})) {
        columns += (columns.empty() ? "" : " || '|' || ") +
                   ("coalesce(cast(\"" + column.text("name") + "\" as text), '')");
      }
      for (const auto& row :
           tx.select_built("rows", "select " + columns + " as row_text from " + name, {})) {
        rows.push_back(name + ": " + row.text("row_text"));
      }
    }
    std::ranges::sort(rows);
    return rows;
  });
}

/// Orders of many kinds for ada and bob; the clock stands at 10 March 2026.
void place_many(World& world) {
  place_order(world, {.name = "late", .activated_on = Date(2025, 12, 31)});
  place_order(world, {.name = "daily", .billing = "1 €/d", .activated_on = Date(2026, 3, 9)});
  place_order(world, {.name = "hours", .billing = "0.0069 €/h in arrears"});
  place_order(world, {.client = UserId(2),
                      .name = "setup",
                      .billing = "5 €/mo + 3 € setup",
                      .ends_on = Date(2026, 5, 15)});
  place_order(world, {.client = UserId(2), .name = "year", .billing = "60 €/y"});
  place_order(world, {.client = UserId(2), .name = "free", .billing = "free"});
}

DATABASE_SENTENCE(simulation, "it foresees to the cent and the day what the daily runs then do") {
  for (const int lead_days : {0, 5}) {
    world.site().lead_days = lead_days;
    if (lead_days == 0) place_many(world);
    const Date until =
        world.database().read([](Transaction& tx) { return tx.today(); }).plus_days(70);
    const auto foreseen = simulate(world, {.until = until});
    std::vector<std::string> expected;
    for (const auto& invoice : foreseen.invoices) {
      expected.push_back(fmt::format("{} {} {}", invoice.issue_date.text(), invoice.client_name,
                                     invoice.sums.total.text()));
    }
    std::vector<std::string> issued;
    for (int day = 0; day <= 70; ++day) {
      for (const auto& invoice : run(world).invoices) {
        issued.push_back(fmt::format("{} {} {}", invoice.issue_date.text(), invoice.client_name,
                                     invoice.total.text()));
      }
      world.clock().advance(std::chrono::hours(24));
    }
    std::ranges::sort(expected);
    std::ranges::sort(issued);
    EXPECT_EQ(expected, issued) << "lead days: " << lead_days;
    EXPECT_GT(expected.size(), 20u);
  }
}

DATABASE_SENTENCE(simulation, "it writes nothing at all") {
  place_many(world);
  run(world);
  world.mailer();
  const auto before = dump(world);
  EXPECT_GT(before.size(), 20u);
  simulate(world, {.until = Date(2027, 3, 10)});
  run(world, {.date = Date(2026, 6, 1), .dry_run = true});
  EXPECT_EQ(dump(world), before);
}

DATABASE_SENTENCE(simulation, "its months add up to its total") {
  place_many(world);
  const auto simulated = simulate(world, {.until = Date(2026, 6, 30)});
  Money total = Money::zero(Currency::eur());
  std::int64_t invoices = 0;
  for (const auto& [month, sum] : simulated.sums.months) {
    total += sum.total;
    invoices += sum.invoices;
    EXPECT_EQ(sum.net + sum.tax, sum.total);
  }
  EXPECT_EQ(total, simulated.sums.total);
  EXPECT_EQ(invoices, static_cast<std::int64_t>(simulated.invoices.size()));
  EXPECT_EQ(simulated.sums.months.size(), 4u);
}

DATABASE_SENTENCE(simulation, "of one client or one order it shows that alone") {
  place_many(world);
  const auto order = place_order(world, {.client = UserId(2), .name = "own", .billing = "9 €/mo"});
  for (const auto& invoice :
       simulate(world, {.until = Date(2026, 6, 1), .client = UserId(2)}).invoices) {
    EXPECT_EQ(invoice.client_name, "bob");
  }
  const auto own =
      simulate(world, {.until = Date(2026, 6, 1), .client = UserId(2), .order = order});
  ASSERT_EQ(own.invoices.size(), 4u);  // catching up for March, then April, May, June
  for (const auto& invoice : own.invoices) {
    ASSERT_EQ(invoice.lines.size(), 1u);
    EXPECT_EQ(invoice.lines[0].order, order);
    EXPECT_FALSE(invoice.lines[0].explanation.empty());
  }
}

DATABASE_SENTENCE(simulation, "an order that cannot be billed is told, the others go on") {
  const auto bad = place_order(world, {.name = "bad"});
  place_order(world, {.name = "good"});
  execute(world, "update orders set billing = 'what?' where id = " + bad.text());
  const auto simulated = simulate(world, {.until = Date(2026, 4, 30)});
  EXPECT_EQ(simulated.invoices.size(), 2u);
  ASSERT_EQ(simulated.sums.faults.size(), 1u);
  EXPECT_TRUE(simulated.sums.faults[0].contains("order " + bad.text()));
}

DATABASE_SENTENCE(simulation, "the next invoices of a client are few and in order") {
  place_many(world);
  const auto upcoming = world.database().read(
      [&](Transaction& tx) { return upcoming_invoices(tx, parts_of(world), UserId(2), 5); });
  ASSERT_EQ(upcoming.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(upcoming, {}, &SimulatedInvoice::issue_date));
  EXPECT_EQ(upcoming.back().issue_date, Date(2028, 3, 1));
}

using enum Who;
constexpr std::array routes{
    Route{"GET", "/billing/simulation", accountant, show_simulation},
    Route{"GET", "/upcoming", client, show_own_upcoming},
    Route{"GET", "/clients/{client}/upcoming", accountant, show_client_upcoming},
};

DATABASE_SENTENCE(simulation, "the page shows what will be billed and why") {
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/billing/simulation").body.contains("Nothing falls due."));
  place_many(world);
  const auto page = luca.get("/billing/simulation?until=2026-05-31").body;
  for (const auto* words : {"By month", "Apr 2026", "May 2026", "ada", "bob", "Small VPS – late",
                            "<details>", "Download every line as CSV"}) {
    EXPECT_TRUE(page.contains(words)) << words;
  }
  const auto bob = luca.get("/billing/simulation?until=2026-05-31&client=bob").body;
  EXPECT_FALSE(bob.contains("Small VPS – late"));
  EXPECT_TRUE(bob.contains("Small VPS – setup"));
  const auto file = luca.get("/billing/simulation?until=2026-03-31&format=csv").body;
  EXPECT_TRUE(file.contains("2026-03-10,2026-03-24,bob,")) << file;
}

DATABASE_SENTENCE(simulation, "what cannot be asked is refused beside its field") {
  Person luca(world, routes, world.luca());
  for (const auto* query : {"until=2026-03-09", "until=2029-01-01", "until=soon", "client=grace",
                            "client=nobody", "order=99", "order=x"}) {
    const auto page = luca.get(std::string("/billing/simulation?") + query);
    EXPECT_EQ(page.status, 422) << query;
    EXPECT_TRUE(page.body.contains("aria-invalid")) << query;
  }
  EXPECT_EQ(luca.get("/billing/simulation?nonsense=1").status, 400);
}

DATABASE_SENTENCE(simulation, "a client sees its own upcoming invoices, staff see any client's") {
  place_many(world);
  Person ada(world, routes, world.ada());
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(ada.get("/upcoming").body.contains("Small VPS – daily"));
  EXPECT_FALSE(ada.get("/upcoming").body.contains("Small VPS – setup"));
  EXPECT_EQ(ada.get("/clients/2/upcoming").status, 403);
  EXPECT_TRUE(luca.get("/clients/2/upcoming").body.contains("Small VPS – setup"));
  EXPECT_EQ(luca.get("/clients/3/upcoming").status, 404);
}

}  // namespace
}  // namespace cstims::test
