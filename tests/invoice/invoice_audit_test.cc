#include "invoice/invoice_audit.h"

#include <algorithm>

#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/payment_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

/// Two clients, invoices of a run and by hand, a part payment, a reversal, a rectification.
void keep_books(World& world) {
  place_order(world, {.activated_on = Date(2025, 12, 31)});
  place_order(world, {.client = UserId(2), .billing = "5 €/mo + 3 € setup"});
  run(world);
  const auto issued = issue_sample(world, UserId(1), {{.tax = "21"}, {.tax = "10"}});
  const auto paid = issue_sample(world, UserId(2));
  world.act(world.luca(), [&](Act& act) { return mark_paid(act, paid.id); }).value();
  world.act(world.luca(), [&](Act& act) { return mark_unpaid(act, paid.id); }).value();
  world.act(world.luca(), [&](Act& act) { return mark_paid(act, paid.id); }).value();
  world.act(world.luca(), [&](Act& act) { return rectify_invoice(act, issued.id, "Wrong client"); })
      .value();
}

/// Plants a fault behind the back of the triggers and returns what the audit says.
std::vector<std::string> audit_after(World& world, const std::vector<std::string>& statements) {
  keep_books(world);
  EXPECT_EQ(audit_invoices(world.database()), std::vector<std::string>());
  const bool sqlite = world.database().engine() == Engine::sqlite;
  if (sqlite) {
    for (const auto* trigger :
         {"invoices_issued_stay", "invoice_lines_stay", "invoice_lines_not_deleted",
          "invoice_taxes_stay", "invoice_lines_not_moved", "invoice_taxes_not_moved",
          "invoice_documents_stay", "allocations_stay", "allocations_not_deleted",
          "payments_stay"}) {
      execute(world, std::string("drop trigger ") + trigger);
    }
  } else {
    for (const auto* table : {"invoices", "invoice_lines", "invoice_taxes", "invoice_documents",
                              "payments", "allocations"}) {
      execute(world, std::string("alter table ") + table + " disable trigger user");
    }
  }
  for (const auto& statement : statements) execute(world, statement);
  return audit_invoices(world.database());
}

testing::AssertionResult names(const std::vector<std::string>& faults, std::string_view words) {
  if (std::ranges::any_of(faults, [&](const auto& fault) { return fault.contains(words); })) {
    return testing::AssertionSuccess();
  }
  std::string all;
  for (const auto& fault : faults) all += fault + "\n";
  return testing::AssertionFailure() << "none of these says '" << words << "':\n" << all;
}

DATABASE_SENTENCE(audit, "sound books have no fault") {
  keep_books(world);
  EXPECT_EQ(audit_invoices(world.database()), std::vector<std::string>());
}

DATABASE_SENTENCE(audit, "a changed line is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_lines set net = net + 1 where id = 1"}),
                    "invoice 1: its lines sum to"));
}

DATABASE_SENTENCE(audit, "a changed tax is found") {
  const auto faults = audit_after(world, {"update invoice_taxes set tax = tax + 1 where "
                                          "invoice_id = 1"});
  EXPECT_TRUE(names(faults, "invoice 1: its taxes sum to"));
  EXPECT_TRUE(names(faults, "ten-thousandths"));
}

DATABASE_SENTENCE(audit, "a payment that counts without an allocation is found") {
  EXPECT_TRUE(
      names(audit_after(world, {"update invoices set paid = 1 where id = 1"}), "1 count as paid"));
}

DATABASE_SENTENCE(audit, "more allocated than received is found") {
  EXPECT_TRUE(names(audit_after(world, {"update payments set amount = 1 where amount > 0"}),
                    "more is allocated than was received"));
}

DATABASE_SENTENCE(audit, "a gap in the numbers is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoices set sequence = 90 where sequence = 2 and "
                                        "series = 'F'"}),
                    "series F of 2026"));
}

DATABASE_SENTENCE(audit, "a counter that runs ahead is found") {
  EXPECT_TRUE(names(audit_after(world, {"update number_counters set last_number = 99"}),
                    "its counter says 99"));
}

DATABASE_SENTENCE(audit, "a date out of order is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoices set issue_date = '2026-03-01' where "
                                        "sequence = 2 and series = 'F'"}),
                    "dated before the one in front"));
}

DATABASE_SENTENCE(audit, "a changed document is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_documents set content = 'AAAA' where "
                                        "invoice_id = 1"}),
                    "invoice 1: its stored document was changed"));
}

DATABASE_SENTENCE(audit, "a period left out is found") {
  EXPECT_TRUE(names(audit_after(world, {"delete from billed_periods where order_id = 1 and "
                                        "period_start = '2026-01-31'"}),
                    "order 1: nothing is billed from 2026-01-31 to 2026-02-28"));
}

DATABASE_SENTENCE(audit, "days billed twice are found") {
  EXPECT_TRUE(names(
      audit_after(world, {"insert into billed_periods (order_id, kind, period_start, "
                          "period_next) values (1, 'recurring', '2026-02-01', '2026-02-20')"}),
      "billed twice in part"));
}

DATABASE_SENTENCE(audit, "a rectifying invoice that takes back another amount is found") {
  const auto faults =
      audit_after(world, {"update invoices set net = net - 1, total = total - 1 where kind = "
                          "'rectifying'"});
  EXPECT_TRUE(names(faults, "exact negative"));
}

}  // namespace
}  // namespace cstims::test
