#include "invoice/order_change_pages.h"

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/payment_actions.h"
#include "order/order_pages.h"
#include "order/order_store.h"
#include "support/visit.h"

namespace cstims::test {
namespace {

bool has(const Response& page, std::string_view words) {
  return page.body.contains(words);
}

OrderId billed_order(World& world) {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  world.clock().set(Instant::stored("2026-03-11T08:00:00Z"));
  return id;
}

std::string change_of(OrderId id) {
  return "/manageorders/" + id.text() + "/change";
}

DATABASE_SENTENCE(order_change_pages,
                  "a change is seen with its credit and charge before it is meant") {
  const auto id = billed_order(world);
  const std::map<std::string, std::string, std::less<>> wanted{
      {"billing", "62 €/mo"}, {"from", "2026-03-11"}, {"quantity", "1"}, {"reason", "more room"}};
  auto typed = wanted;
  typed["preview"] = "1";
  const auto preview = visit(world, world.root(), {create_order_change, {id.text()}, {}, typed});
  EXPECT_EQ(preview.status, 200);
  for (const auto* words :
       {"Nothing is changed yet. From 11 Mar 2026 on:", "F2026-000001", "11 Mar 2026 – 31 Mar 2026",
        "25.41 € are given back", "31.00 € − 31.00 € × 10 / 31 = 21.00 €",
        "50.82 € are charged, tax included, by the billing run of 11 Mar 2026", "62 €/mo",
        "more room"}) {
    EXPECT_TRUE(has(preview, words)) << words;
  }
  EXPECT_FALSE(has(preview, "become the client")) << "nothing is paid";
  EXPECT_EQ(count_rows(world, "credited_periods"), 0);
  EXPECT_EQ(count_rows(world, "invoices"), 1);

  const auto done = visit(world, world.root(), {create_order_change, {id.text()}, {}, wanted});
  EXPECT_EQ(redirected_to(done), change_of(id));
  EXPECT_EQ(number_of(world, "select -total from invoices where kind = 'rectifying'"), 2541);
  EXPECT_EQ(run(world).invoices.at(0).total.show(), "50.82 €") << "as the preview said";
}

DATABASE_SENTENCE(order_change_pages,
                  "the preview says what becomes credit, and of an end nothing more comes") {
  const auto id = billed_order(world);
  world.act(world.luca(), [&](Act& act) { return mark_paid(act, InvoiceId(1)); }).value();
  const auto preview =
      visit(world, world.root(),
            {create_order_change_end,
             {id.text()},
             {},
             {{"on", "2026-03-21"}, {"gives_back", "1"}, {"reason", ""}, {"preview", "1"}}});
  EXPECT_TRUE(has(preview, "13.31 € are given back"));
  EXPECT_TRUE(has(preview, "Of what was paid, 13.31 € become the client&#39;s credit."));
  EXPECT_TRUE(has(preview, "Nothing more will be billed."));
  const auto kept = visit(world, world.root(),
                          {create_order_change_end,
                           {id.text()},
                           {},
                           {{"on", "2026-03-21"}, {"reason", ""}, {"preview", "1"}}});
  EXPECT_TRUE(has(kept, "Nothing that was billed is given back."));
  EXPECT_EQ(count_rows(world, "credited_periods"), 0);
}

DATABASE_SENTENCE(order_change_pages, "what is refused comes back with what was typed") {
  const auto id = billed_order(world);
  for (const bool preview : {true, false}) {
    std::map<std::string, std::string, std::less<>> fields{
        {"billing", "62 €/mo"}, {"from", "2026-02-27"}, {"reason", "canary"}};
    if (preview) fields["preview"] = "1";
    const auto refused = visit(world, world.root(), {create_order_change, {id.text()}, {}, fields});
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(has(refused, "This order is active since 1 Mar 2026"));
    EXPECT_TRUE(has(refused, "canary"));
  }
  EXPECT_EQ(
      visit(world, world.root(), {create_order_change, {id.text()}, {}, {{"from", "x"}}}).status,
      422);
  EXPECT_THROW(visit(world, world.root(), {create_order_change, {id.text()}, {}, {{"price", "1"}}}),
               BadRequest);
  EXPECT_THROW(visit(world, world.root(), {show_order_change, {"99"}}), NotFound);
  EXPECT_THROW(visit(world, world.root(), {create_order_change_end, {"99"}}), NotFound);
}

DATABASE_SENTENCE(order_change_pages, "an order that has ended shows only what can be given back") {
  const auto id = billed_order(world);
  visit(world, world.root(),
        {create_order_change_end, {id.text()}, {}, {{"on", "2026-03-11"}, {"reason", ""}}});
  const auto page = visit(world, world.root(), {show_order_change, {id.text()}});
  EXPECT_TRUE(has(page, "21.00 €, before tax, were billed for days from then on."));
  EXPECT_FALSE(has(page, "Another price from a day on"));
  const auto done =
      visit(world, world.root(), {create_order_change_end, {id.text()}, {}, {{"gives_back", "1"}}});
  EXPECT_EQ(redirected_to(done), change_of(id));
  EXPECT_TRUE(has(visit(world, world.root(), {show_order_change, {id.text()}}),
                  "no day after its end is billed"));
  EXPECT_EQ(
      visit(world, world.root(), {create_order_change_end, {id.text()}, {}, {{"gives_back", "1"}}})
          .status,
      422);
}

DATABASE_SENTENCE(order_change_pages,
                  "the order of another is as absent as one that does not exist") {
  const auto id = billed_order(world);
  EXPECT_THROW(visit(world, world.bob(), {end_order_entry, {id.text()}, {}, {{"csrf", "t"}}}),
               NotFound);
  EXPECT_THROW(visit(world, world.luca(), {end_order_entry, {id.text()}, {}, {{"csrf", "t"}}}),
               Forbidden);
}

DATABASE_SENTENCE(order_change_pages, "a client ends and keeps its order from its page") {
  const auto id = billed_order(world);
  const auto end = [&](std::map<std::string, std::string, std::less<>> fields) {
    return visit(world, world.ada(), {end_order_entry, {id.text()}, {}, std::move(fields)});
  };
  EXPECT_EQ(redirected_to(end({{"when", "period_end"}})), "/orders/" + id.text());
  EXPECT_TRUE(has(visit(world, world.ada(), {show_order, {id.text()}}), "/continuation"));
  EXPECT_EQ(end({{"when", "period_end"}}).status, 422);
  EXPECT_EQ(redirected_to(visit(world, world.ada(),
                                {continue_order_entry, {id.text()}, {}, {{"csrf", "t"}}})),
            "/orders/" + id.text());
  EXPECT_TRUE(has(visit(world, world.ada(), {show_order, {id.text()}}),
                  "what is billed for the days after it stays billed"));
  world.site().credits_at_end = true;
  EXPECT_TRUE(has(visit(world, world.ada(), {show_order, {id.text()}}),
                  "Ended at once, 21.00 € (before tax) are given back"));
  end({{"when", "at_once"}, {"reason", "done"}});
  const auto ended = visit(world, world.ada(), {show_order, {id.text()}});
  EXPECT_TRUE(has(ended, "Ended on"));
  EXPECT_FALSE(has(ended, "/ending"));
  EXPECT_EQ(number_of(world, "select -total from invoices where kind = 'rectifying'"), 2541);
}

DATABASE_SENTENCE(order_change_pages,
                  "an order's page tells what was billed and given back, to who may see it") {
  const auto id = billed_order(world);
  EXPECT_TRUE(has(visit(world, world.ada(), {show_order, {id.text()}}), "What was billed"));
  visit(world, world.root(),
        {create_order_change, {id.text()}, {}, {{"billing", "62 €/mo"}, {"from", "2026-03-11"}}});
  run(world);
  for (const auto& viewer : {world.ada(), world.grace(), world.luca(), world.root()}) {
    const auto page = visit(world, viewer, {show_order, {id.text()}});
    for (const auto* words : {"F2026-000001", "R2026-000001", "F2026-000002", "given back",
                              "-21.00 €", "42.00 €", "62.00 €/mo", "52.00 €"}) {
      EXPECT_TRUE(has(page, words)) << viewer.name << ": " << words;
    }
  }
  EXPECT_THROW(visit(world, world.bob(), {show_order, {id.text()}}), NotFound);
}

}  // namespace
}  // namespace cstims::test
