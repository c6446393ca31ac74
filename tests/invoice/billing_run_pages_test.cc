#include "invoice/billing_run_pages.h"

#include <array>

#include "base/failure.h"
#include "invoice/billing_run.h"
#include "invoice/books.h"
#include "support/person.h"

namespace cstims::test {
namespace {

using enum Who;
constexpr std::array routes{
    Route{"GET", "/billing/runs", accountant, list_billing_runs_page},
    Route{"POST", "/billing/runs", accountant, create_billing_run, Body::form},
    Route{"GET", "/billing/runs/{run}", accountant, show_billing_run},
};

std::vector<BillingRunRecord> runs_of(World& world) {
  return world.database().read(
      [](Transaction& tx) { return list_billing_runs(tx, Listing{}).rows; });
}

DATABASE_SENTENCE(billing_runs, "a run keeps what it did") {
  const auto bad = place_order(world, {.name = "bad"});
  place_order(world, {.client = UserId(2)});
  execute(world, "update orders set billing = 'what?' where id = " + bad.text());
  run(world, {.kind = RunKind::job});
  const auto runs = runs_of(world);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].outcome, RunOutcome::done);
  EXPECT_EQ(runs[0].kind, RunKind::job);
  EXPECT_EQ(runs[0].total, 2);
  EXPECT_EQ(runs[0].done, 2);
  EXPECT_EQ(runs[0].invoices, 1);
  EXPECT_EQ(runs[0].sum.show(), "12.10 €");
  EXPECT_EQ(runs[0].faults, 1);
  EXPECT_TRUE(runs[0].finished_at);
  const auto faults =
      world.database().read([&](Transaction& tx) { return list_run_faults(tx, runs[0].id, 10); });
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(faults[0].contains("order " + bad.text()));
}

DATABASE_SENTENCE(billing_runs, "a dry run leaves no trace") {
  place_order(world, {});
  run(world, {.dry_run = true});
  EXPECT_EQ(count_rows(world, "billing_runs"), 0);
}

DATABASE_SENTENCE(billing_runs, "a run that is told to stop keeps what is done and says so") {
  place_order(world, {});
  std::stop_source source;
  source.request_stop();
  const auto ran = run(world, {.stop = source.get_token()});
  EXPECT_TRUE(ran.result.stopped);
  EXPECT_EQ(ran.result.invoices, 0);
  EXPECT_EQ(runs_of(world).at(0).outcome, RunOutcome::stopped);
  EXPECT_EQ(run(world).result.invoices, 1);
}

DATABASE_SENTENCE(billing_runs, "a run tells how far it is, up to the end") {
  for (int client = 1; client <= 2; ++client) place_order(world, {.client = UserId(client)});
  std::vector<std::pair<std::int64_t, std::int64_t>> seen;
  run(world,
      {.progress = [&](std::int64_t done, std::int64_t total) { seen.emplace_back(done, total); }});
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back(), std::pair(std::int64_t{2}, std::int64_t{2}));
}

DATABASE_SENTENCE(billing_runs, "a run that was killed is shown as broken off after a while") {
  world.act(world.luca(), [](Act& act) { return begin_billing_run(act); }).value();
  EXPECT_EQ(runs_of(world).at(0).outcome, RunOutcome::running);
  world.clock().advance(std::chrono::minutes(6));
  EXPECT_EQ(runs_of(world).at(0).outcome, RunOutcome::broken_off);
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/billing/runs/1").body.contains("broken off"));
}

DATABASE_SENTENCE(billing_runs, "an accountant starts a run and watches it come to its end") {
  place_order(world, {});
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/billing/runs").body.contains("Nothing was billed yet."));
  const auto started = luca.post("/billing/runs");
  ASSERT_EQ(started.status, 303);
  EXPECT_EQ(header_value(started, "Location"), "/billing/runs/1");
  world.background().wait();
  EXPECT_EQ(count_rows(world, "invoices"), 1);
  const auto page = luca.get("/billing/runs/1").body;
  EXPECT_TRUE(page.contains("12.10 €"));
  EXPECT_TRUE(page.contains("luca"));
  EXPECT_FALSE(page.contains("data-live"));
  EXPECT_TRUE(luca.get("/billing/runs?format=csv").body.contains("page,luca,"));
}

DATABASE_SENTENCE(billing_runs, "a page about a run under way refreshes itself") {
  world.act(world.luca(), [](Act& act) { return begin_billing_run(act); }).value();
  execute(world, "update billing_runs set total = 8, done = 2");
  Person luca(world, routes, world.luca());
  const auto page = luca.get("/billing/runs/1").body;
  EXPECT_TRUE(page.contains("data-live"));
  EXPECT_TRUE(page.contains("2 of 8 clients, 25 %"));
}

DATABASE_SENTENCE(billing_runs, "a second run is not started while one is under way") {
  world.act(world.luca(), [](Act& act) { return begin_billing_run(act); }).value();
  Person luca(world, routes, world.luca());
  const auto refused = luca.post("/billing/runs");
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(refused.body.contains("under way"));
  EXPECT_EQ(count_rows(world, "billing_runs"), 1);
}

DATABASE_SENTENCE(billing_runs, "nobody but accountants and admins sees or starts runs") {
  for (const auto& viewer : {world.ada(), world.grace()}) {
    Person person(world, routes, viewer);
    EXPECT_EQ(person.get("/billing/runs").status, 403);
    EXPECT_EQ(person.post("/billing/runs").status, 403);
  }
}

}  // namespace
}  // namespace cstims::test
