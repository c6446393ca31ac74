#include "invoice/payment_audit.h"

#include <algorithm>

#include "invoice/credit_actions.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_audit.h"
#include "invoice/money.h"
#include "support/world.h"

namespace cstims::test {
namespace {

/// Payment 1 settles invoice 1 and leaves credit, which invoice 2 uses in part; refund 2 of the
/// rest; payment 3 of bob with its reversal 4; a draft.
void keep_money(World& world) {
  issue_sample(world);
  pay_for(world, UserId(1), 3000);
  issue_sample(world);
  world.act(world.luca(), [&](Act& act) { return record_refund(act, UserId(1), money_of(200)); })
      .value();
  const auto bobs = issue_sample(world, UserId(2));
  reverse(world, pay(world, bobs.id, 2000)).value();
  world.act(world.root(), [&](Act& act) { return create_draft(act, draft_of(UserId(1))); }).value();
}

/// Of PostgreSQL.
void switch_triggers(World& world, const std::string& how) {
  for (const auto* table : {"invoices", "payments", "allocations", "client_credit"}) {
    execute(world, std::string("alter table ") + table + " " + how + " trigger user");
  }
}

/// Plants a fault behind the back of the triggers and returns what the audit says.
std::string audit_after(World& world, const std::string& statement) {
  keep_money(world);
  EXPECT_EQ(faults_of(world), "");
  if (world.database().engine() == Engine::sqlite) {
    for (const auto* trigger :
         {"invoices_issued_stay", "allocations_stay", "allocations_not_deleted",
          "allocations_to_issued", "payments_stay", "payments_not_deleted", "client_credit_stay",
          "client_credit_not_deleted"}) {
      execute(world, std::string("drop trigger ") + trigger);
    }
  } else {
    switch_triggers(world, "disable");
  }
  execute(world, statement);
  // The next test gets the same database, emptied.
  if (world.database().engine() == Engine::postgresql) switch_triggers(world, "enable");
  return faults_of(world);
}

testing::AssertionResult finds(const std::string& faults, std::string_view words) {
  if (faults.contains(words)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << words << "' is not in:\n" << faults;
}

DATABASE_SENTENCE(payment_audit, "sound books have no fault") {
  keep_money(world);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payment_audit,
                  "an invoice that counts more as paid than was allocated is found") {
  EXPECT_TRUE(finds(audit_after(world, "update invoices set paid = paid - 1 where id = 1"),
                    "invoice 1: 1210 are allocated to it, but 1209 count as paid"));
}

DATABASE_SENTENCE(payment_audit, "an allocation to a draft is found") {
  EXPECT_TRUE(finds(audit_after(world,
                                "insert into allocations (payment_id, invoice_id, amount) "
                                "select 1, id, 5 from invoices where status = 'draft'"),
                    "it is a draft, but payment 1 is allocated to it"));
}

DATABASE_SENTENCE(payment_audit, "more allocated than a payment brought is found") {
  EXPECT_TRUE(finds(audit_after(world, "update payments set amount = 100 where id = 1"),
                    "payment 1: more is allocated than was received"));
}

DATABASE_SENTENCE(payment_audit, "a cent of a payment that is nowhere is found") {
  EXPECT_TRUE(finds(audit_after(world, "update payments set amount = 3001 where id = 1"),
                    "payment 1: of its 3001, 2420 stand on invoices and 580 are credit"));
}

DATABASE_SENTENCE(payment_audit, "a refund that took less credit than it paid is found") {
  EXPECT_TRUE(finds(audit_after(world, "update payments set amount = -300 where id = 2"),
                    "payment 2: it moves -300, but -200 of invoices and credit"));
}

DATABASE_SENTENCE(payment_audit, "a reversal of another amount is found") {
  EXPECT_TRUE(finds(audit_after(world, "update payments set amount = -1999 where id = 4"),
                    "payment 4: it is not the exact reverse of payment 3"));
}

DATABASE_SENTENCE(payment_audit, "a reversed payment that still stands on an invoice is found") {
  EXPECT_TRUE(finds(audit_after(world, "delete from allocations where payment_id = 4"),
                    "payment 3: it is reversed, but 1210 of it stand on invoice 3"));
}

DATABASE_SENTENCE(payment_audit, "credit of a payment below zero is found") {
  EXPECT_TRUE(finds(audit_after(world,
                                "insert into client_credit (client_id, payment_id, why, currency, "
                                "amount, at) values (1, 1, 'used', 'EUR', -900, '2026-03-10')"),
                    "payment 1: -520 of its credit are left"));
}

DATABASE_SENTENCE(payment_audit, "credit left of a reversed payment is found") {
  EXPECT_TRUE(finds(audit_after(world, "delete from client_credit where movement_id = 4"),
                    "payment 3: 790 of its credit are left"));
}

DATABASE_SENTENCE(payment_audit, "a balance that is not its ledger is found") {
  EXPECT_TRUE(
      finds(audit_after(world, "update client_balances set credit = 381 where client_id = 1"),
            "client 1: the credit is 381, but its ledger sums to 380"));
}

DATABASE_SENTENCE(payment_audit, "a ledger without a balance is found") {
  EXPECT_TRUE(finds(audit_after(world, "delete from client_balances where client_id = 1"),
                    "client 1: its credit has no balance"));
}

DATABASE_SENTENCE(payment_audit, "a payment on another client's invoice is found") {
  EXPECT_TRUE(finds(audit_after(world, "update payments set client_id = 2 where id = 1"),
                    "payment 1: it is another client's than invoice 1"));
}

DATABASE_SENTENCE(payment_audit, "credit of another client's payment is found") {
  EXPECT_TRUE(finds(audit_after(world, "update client_credit set client_id = 2 where id = 1"),
                    "payment 1: its credit is another client's"));
}

}  // namespace
}  // namespace cstims::test
