// Money that waits in the bank's queue holds suspensions back.
#include <fmt/format.h>

#include "bank/bank_import.h"
#include "bank/statements.h"
#include "invoice/books.h"
#include "invoice/dunning_outlook.h"
#include "invoice/dunning_run.h"
#include "order/order_store.h"
#include "support/world.h"

namespace cstims::test {
namespace {

void go_to(World& world, std::string_view day) {
  world.clock().set(Instant::stored(std::string(day) + "T09:00:00Z"));
}

/// An order whose invoice F2026-000001 (12.10) is due on 15 March; orders are suspended on the
/// 25th.
OrderId unpaid_order(World& world) {
  world.site().dunning = {
      .reminder_days_before = std::nullopt, .overdue_days = {}, .suspend_days = 10};
  go_to(world, "2026-03-01");
  const auto order = place_order(world, {.activated_on = Date(2026, 3, 1)});
  run(world);
  execute(world, "update outbox set state = 'sent', finished_at = created_at");
  go_to(world, "2026-03-10");
  return order;
}

void import(World& world, const std::vector<SampleEntry>& entries) {
  const BankParts parts{world.database(), world.mailer(), world.site()};
  store_bank_file(parts, world.luca(), {.name = "x", .bytes = camt_of(entries)}).value();
  match_new_transactions(parts, world.luca());
}

/// What stands against suspending on 25 March, after the runs of both days.
std::string obstacle_on_25th(World& world) {
  for (const auto* day : {"2026-03-24", "2026-03-25"}) {
    go_to(world, day);
    run_dunning({world.database(), world.mailer(), world.site()}, Date::stored(day));
    execute(world, "update outbox set state = 'sent', finished_at = created_at");
  }
  return world.database().read([&](Transaction& tx) {
    const auto outlook = dunning_outlook(tx, world.site(), {Date(2026, 3, 25), Date(2026, 3, 26)});
    return outlook.suspensions.empty() ? "suspended"
                                       : std::string(text(outlook.suspensions.front().obstacle));
  });
}

std::string status_of(World& world, OrderId id) {
  return world.database().read([&](Transaction& tx) {
    return std::string(text(require_order(tx, Viewer::of_system("test"), id).status));
  });
}

DATABASE_SENTENCE(bank_suspension, "money that may be the client's holds the suspension back") {
  const auto order = unpaid_order(world);
  execute(world, "update users set billing_name = 'Ada Lovelace' where id = 1");
  import(world, {{ "3.00", "thank you", "LOVELACE ADA" }});
  EXPECT_EQ(obstacle_on_25th(world), "payment pending");
  EXPECT_EQ(status_of(world, order), "active");
}

DATABASE_SENTENCE(bank_suspension,
                  "so does money of the very amount that nobody is known to have sent") {
  const auto order = unpaid_order(world);
  import(world, {{ "12.10", "thank you" }});
  EXPECT_EQ(obstacle_on_25th(world), "payment pending");
  EXPECT_EQ(status_of(world, order), "active");
}

DATABASE_SENTENCE(bank_suspension, "so does money that names the invoice among others") {
  unpaid_order(world);
  issue_sample(world, UserId(2));
  import(world, {{ "1.00", "f2026-000001 and F2026-000002" }});
  EXPECT_EQ(obstacle_on_25th(world), "payment pending");
}

DATABASE_SENTENCE(bank_suspension,
                  "other money does not, nor does money that went out or is set aside") {
  const auto order = unpaid_order(world);
  import(world, {{"3.00", "thank you"},
                 {"-12.10", "back", "", "", "", "2026-03-09", true},
                 { "12.10",
                   "of the bank",
                   "",
                   "R3" }});
  world
      .act(world.luca(),
           [](Act& act) { return ignore_transaction(act, BankTransactionId(3), "interest"); })
      .value();
  EXPECT_EQ(obstacle_on_25th(world), "suspended");
  EXPECT_EQ(status_of(world, order), "suspended");
}

DATABASE_SENTENCE(bank_suspension, "once it is looked at, the order is suspended or goes on") {
  const auto order = unpaid_order(world);
  import(world, {{ "12.10", "thank you" }});
  EXPECT_EQ(obstacle_on_25th(world), "payment pending");
  world
      .act(world.luca(),
           [](Act& act) { return match_to_client(act, BankTransactionId(1), UserId(1)); })
      .value();
  EXPECT_EQ(obstacle_on_25th(world), "suspended") << "nothing is owed: nothing is expected";
  EXPECT_EQ(status_of(world, order), "active");
}

}  // namespace
}  // namespace cstims::test
