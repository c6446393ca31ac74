#include "order/suspension.h"

#include "support/sentence.h"

namespace cstims::test {
namespace {

UnpaidInvoice invoice(std::int64_t id, Date due_date) {
  return {InvoiceId(id), "F2026-00000" + std::to_string(id), due_date,
          Money(1210, Currency::eur())};
}

/// Mailed, and nothing stands against it.
OrderDebt debt(std::int64_t id = 1, Date due_date = Date(2026, 3, 24)) {
  return {.invoice = invoice(id, due_date), .mailed = true};
}

SuspensionCase told(Date day, Obstacle obstacle = Obstacle::none) {
  return {
      .id = 1, .order = OrderId(1), .invoice = InvoiceId(1), .obstacle = obstacle, .told_on = day};
}

SENTENCE(suspension, "what stands against suspending, the weightiest first") {
  struct Row {
    OrderDebt debt;
    Obstacle obstacle;
  };
  const auto with = [](auto change) {
    OrderDebt changed = debt();
    change(changed);
    return changed;
  };
  const Row table[] = {
      {debt(), Obstacle::none},
      {with([](OrderDebt& d) { d.exempt = d.open_ticket = true; }), Obstacle::exempt},
      {with([](OrderDebt& d) { d.paused = d.open_ticket = true; }), Obstacle::paused},
      {with([](OrderDebt& d) { d.mailed = false; }), Obstacle::not_mailed},
      {with([](OrderDebt& d) {
         d.mailed = false;
         d.undeliverable = true;
       }),
       Obstacle::undeliverable},
      {with([](OrderDebt& d) { d.undeliverable = true; }), Obstacle::undeliverable},
      {with([](OrderDebt& d) { d.payment_pending = true; }), Obstacle::payment_pending},
      {with([](OrderDebt& d) { d.open_ticket = true; }), Obstacle::open_ticket},
  };
  for (const auto& row : table) {
    EXPECT_EQ(obstacle_of(row.debt), row.obstacle) << text(row.obstacle);
    EXPECT_EQ(stored_obstacle(text(row.obstacle)), row.obstacle);
    EXPECT_EQ(shown(row.obstacle).text.empty(), row.obstacle == Obstacle::none);
  }
}

SENTENCE(suspension, "of several invoices the oldest one that nothing stands against counts") {
  EXPECT_EQ(weightiest({}), nullptr);
  auto held = debt(1);
  held.mailed = false;
  const std::vector<OrderDebt> one_held{held, debt(2), debt(3)};
  EXPECT_EQ(weightiest(one_held)->invoice.id, InvoiceId(2));
  const std::vector<OrderDebt> all_held{held, held};
  EXPECT_EQ(weightiest(all_held), &all_held.front());
}

SENTENCE(suspension, "an order is suspended only after staff were told, on an earlier day") {
  const Date today(2026, 4, 23);  // 30 days after 24 March
  const auto owed = debt();
  const auto decide = [&](const SuspensionCase* open, const OrderDebt* debt, Date day) {
    return decide_suspension(open, debt, day, 30);
  };
  const auto yesterday = told(Date(2026, 4, 22));
  const auto this_morning = told(today);
  auto untold = yesterday;
  untold.told_on.reset();
  EXPECT_EQ(decide(nullptr, nullptr, today), SuspensionStep::nothing);
  EXPECT_EQ(decide(nullptr, &owed, today), SuspensionStep::note);
  EXPECT_EQ(decide(&untold, &owed, today), SuspensionStep::nothing);
  EXPECT_EQ(decide(&this_morning, &owed, today), SuspensionStep::nothing);
  EXPECT_EQ(decide(&yesterday, &owed, today), SuspensionStep::suspend);
  EXPECT_EQ(decide(&yesterday, &owed, Date(2026, 4, 22)), SuspensionStep::nothing);
  EXPECT_EQ(decide(&yesterday, &owed, Date(2026, 6, 1)), SuspensionStep::suspend) << "late";
  EXPECT_EQ(decide(&yesterday, nullptr, today), SuspensionStep::end);
}

SENTENCE(suspension, "what changed since staff were told is told again before anything happens") {
  const Date today(2026, 4, 25);
  const auto yesterday = told(Date(2026, 4, 24));
  const auto other = debt(2, Date(2026, 3, 25));
  EXPECT_EQ(decide_suspension(&yesterday, &other, today, 30), SuspensionStep::note);
  auto ticketed = debt();
  ticketed.open_ticket = true;
  EXPECT_EQ(decide_suspension(&yesterday, &ticketed, today, 30), SuspensionStep::note);
  const auto held = told(Date(2026, 4, 24), Obstacle::open_ticket);
  EXPECT_EQ(decide_suspension(&held, &ticketed, today, 30), SuspensionStep::nothing);
  const auto owed = debt();
  EXPECT_EQ(decide_suspension(&held, &owed, today, 30), SuspensionStep::note) << "it was closed";
}

SENTENCE(suspension, "the day of a suspension is foretold") {
  const auto owed = invoice(1, Date(2026, 3, 24));
  const auto expected = [&](const SuspensionCase* open, Date today) {
    return expected_suspension(open, owed, today, 30).text();
  };
  EXPECT_EQ(expected(nullptr, Date(2026, 4, 1)), "2026-04-23");
  EXPECT_EQ(expected(nullptr, Date(2026, 4, 22)), "2026-04-23");
  EXPECT_EQ(expected(nullptr, Date(2026, 4, 23)), "2026-04-24") << "told today, tomorrow suspended";
  const auto yesterday = told(Date(2026, 4, 22));
  EXPECT_EQ(expected(&yesterday, Date(2026, 4, 23)), "2026-04-23");
  EXPECT_EQ(expected(&yesterday, Date(2026, 5, 1)), "2026-05-01");
  const auto held = told(Date(2026, 4, 22), Obstacle::open_ticket);
  EXPECT_EQ(expected(&held, Date(2026, 4, 23)), "2026-04-24");
}

}  // namespace
}  // namespace cstims::test
