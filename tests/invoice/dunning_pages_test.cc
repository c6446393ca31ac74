#include "invoice/dunning_pages.h"

#include <fmt/format.h>

#include "invoice/accountant_pages.h"
#include "invoice/books.h"
#include "invoice/dunning_run.h"
#include "invoice/invoice_pages.h"
#include "order/order_pages.h"
#include "support/visit.h"

namespace cstims::test {
namespace {

Response page_of(World& world, const Viewer& viewer, const Invoice& invoice) {
  return visit(world, viewer, {show_invoice, {invoice.id.text()}});
}

void run_on(World& world, std::string_view day) {
  world.clock().set(Instant::stored(std::string(day) + "T09:00:00Z"));
  run_dunning({world.database(), world.mailer(), world.site()}, Date::parse(day).value());
}

bool holds(const Response& response, std::string_view words) {
  return response.body.contains(words);
}

DATABASE_SENTENCE(dunning_pages, "staff see on an invoice what was sent when and what comes next") {
  const auto invoice = issue_sample(world);
  run_on(world, "2026-03-25");
  for (const auto& viewer : {world.grace(), world.luca(), world.root()}) {
    const auto page = page_of(world, viewer, invoice);
    for (const auto* words : {"3 days before it is due", "skipped: a later one was sent",
                              "a day overdue", "on its way", "7 days overdue", "planned"}) {
      EXPECT_TRUE(holds(page, words)) << viewer.name << " " << words;
    }
    EXPECT_EQ(holds(page, "/reminders/pause"), viewer.is_accountant()) << viewer.name;
  }
  EXPECT_FALSE(holds(page_of(world, world.ada(), invoice), "overdue notice"));
  EXPECT_FALSE(holds(page_of(world, world.ada(), invoice), "7 days overdue"));
  execute(world, "update outbox set state = 'dead' where kind = 'invoice reminder'");
  EXPECT_TRUE(holds(page_of(world, world.luca(), invoice), "could not be delivered"));
}

DATABASE_SENTENCE(dunning_pages, "an accountant pauses with a reason, sees who did, and resumes") {
  const auto invoice = issue_sample(world);
  const std::string id = invoice.id.text();
  const auto pause = [&](const std::string& scope, const std::string& reason) {
    return visit(world, world.luca(),
                 {create_dunning_pause, {id}, {}, {{"scope", scope}, {"reason", reason}}});
  };
  const auto refused = pause("invoice", "");
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(holds(refused, "Fill this in."));
  EXPECT_EQ(redirected_to(pause("client", "On holiday")), "/invoices/" + id);
  const auto page = page_of(world, world.luca(), invoice);
  for (const auto* words :
       {"Paused for all invoices of this client: On holiday", "luca", "/reminders/resumption"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  EXPECT_FALSE(holds(page_of(world, world.ada(), invoice), "On holiday"));
  EXPECT_FALSE(holds(page_of(world, world.grace(), invoice), "/reminders/resumption"));
  EXPECT_EQ(pause("client", "again").status, 422);
  const auto resume = [&] {
    return visit(world, world.luca(), {end_dunning_pause, {id}, {}, {{"scope", "client"}}});
  };
  EXPECT_EQ(redirected_to(resume()), "/invoices/" + id);
  EXPECT_EQ(resume().status, 422);
  EXPECT_FALSE(holds(page_of(world, world.luca(), invoice), "On holiday"));
}

DATABASE_SENTENCE(dunning_pages,
                  "the accountant's list says how far an overdue invoice was dunned") {
  issue_sample(world);
  run_on(world, "2026-03-31");
  const auto page = visit(world, world.luca(), {show_accountant, {}, {{"status", "overdue"}}});
  EXPECT_TRUE(holds(page, "reminded: 7 days overdue"));
}

DATABASE_SENTENCE(dunning_pages,
                  "what will be suspended, is held back or was, is listed and filtered") {
  const auto empty = visit(world, world.luca(), {show_suspensions});
  EXPECT_TRUE(holds(empty, "Nothing was suspended")) << empty.body;
  EXPECT_TRUE(holds(empty, "billing.suspend_days is off"));
  world.site().dunning.suspend_days = 10;
  const auto order = place_order(world, {.name = "web1", .activated_on = Date(2026, 3, 10)});
  place_order(world, {.client = UserId(2), .name = "web2", .activated_on = Date(2026, 3, 10)});
  run(world);
  execute(world, "update outbox set state = 'sent' where recipient <> 'bob@example.test'");
  run_on(world, "2026-04-02");
  const auto page = visit(world, world.luca(), {show_suspensions});
  for (const auto* words :
       {"web1", "will be suspended", "web2", "the mail with the invoice is not sent", "12.10 €",
        "10 days overdue"}) {
    EXPECT_TRUE(holds(page, words)) << words;
  }
  const auto held = visit(world, world.luca(), {show_suspensions, {}, {{"state", "held"}}});
  EXPECT_TRUE(holds(held, "web2"));
  EXPECT_FALSE(holds(held, "web1"));
  EXPECT_TRUE(
      holds(visit(world, world.luca(), {show_suspensions, {}, {{"search", "ada"}}}), "web1"));
  EXPECT_TRUE(
      holds(visit(world, world.luca(), {show_suspensions, {}, {{"format", "csv"}}}), ",web1,ada,"));
  const auto of_client = visit(world, world.ada(), {show_order, {order.text()}});
  EXPECT_TRUE(holds(of_client, "Without payment this order is suspended on 3 Apr 2026"));
  run_on(world, "2026-04-03");
  EXPECT_TRUE(holds(visit(world, world.ada(), {show_order, {order.text()}}), "goes on by itself"));
  EXPECT_TRUE(
      holds(visit(world, world.luca(), {show_suspensions, {}, {{"state", "suspended"}}}), "web1"));
}

DATABASE_SENTENCE(dunning_pages,
                  "an accountant exempts an order on its page, the client does not see it") {
  world.site().dunning.suspend_days = 10;
  const auto order = place_order(world, {.name = "web1"});
  const auto see = [&](const Viewer& viewer) {
    return visit(world, viewer, {show_order, {order.text()}});
  };
  EXPECT_TRUE(holds(see(world.luca()), "/exemption"));
  EXPECT_FALSE(holds(see(world.grace()), "/exemption"));
  EXPECT_FALSE(holds(see(world.ada()), "/exemption"));
  const auto exempt = [&](const std::string& reason) {
    return visit(world, world.luca(), {create_exemption, {order.text()}, {}, {{"reason", reason}}});
  };
  EXPECT_EQ(exempt("").status, 422);
  EXPECT_EQ(redirected_to(exempt("A hospital")), "/orders/" + order.text());
  EXPECT_TRUE(holds(see(world.grace()), "A hospital"));
  EXPECT_FALSE(holds(see(world.ada()), "A hospital"));
  EXPECT_EQ(redirected_to(visit(world, world.luca(),
                                {end_exemption, {order.text()}, {}, {{"csrf", "token"}}})),
            "/orders/" + order.text());
}

}  // namespace
}  // namespace cstims::test
