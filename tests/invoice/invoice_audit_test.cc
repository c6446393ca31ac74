#include "invoice/invoice_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/order_changes.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_actions.h"
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
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, issued.id, "Wrong client"); })
      .value();
  const auto cut = issue_sample(world, UserId(2), {{"Work", "1", "193.33", "25"}});
  const std::vector<CreditedAmount> part{
      {TaxRate::basis_points(2500), Money(19330, Currency::eur())}};
  world.act(world.luca(), [&](Act& act) { return rectify_amount(act, cut.id, part, "Discount"); })
      .value();
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, cut.id, "All of it"); })
      .value();
  const auto changed = place_order(world, {.name = "changed", .billing = "31 €/mo"});
  run(world);
  for (const auto day : {Date(2026, 3, 26), Date(2026, 3, 21)}) {
    world
        .act(Viewer::of_system("test"),
             [&](Act& act) { return give_back(act, changed, day, "Unused"); })
        .value();
  }
}

constexpr std::array guarded{"invoices", "invoice_lines", "invoice_taxes",  "invoice_documents",
                             "payments", "allocations",   "billed_periods", "credited_periods"};

/// What guards the books, taken away and, where the database outlives the test, put back.
void guard(World& world, bool on) {
  if (world.database().engine() == Engine::sqlite) {
    execute(world,
            on ? "pragma ignore_check_constraints = off" : "pragma ignore_check_constraints = on");
    return;
  }
  for (const auto* table : guarded) {
    execute(world, fmt::format("alter table {} {} trigger user", table, on ? "enable" : "disable"));
  }
  execute(world, on ? "alter table invoices add constraint invoices_sum check (net + tax = total) "
                      "not valid"
                    : "alter table invoices drop constraint invoices_sum");
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
          "invoice_documents_stay", "allocations_stay", "allocations_not_deleted", "payments_stay",
          "invoices_issued_not_deleted", "invoice_lines_not_added", "invoice_documents_not_deleted",
          "billed_periods_stay", "billed_periods_no_overlap", "billed_periods_only_cut",
          "credited_periods_stay"}) {
      execute(world, std::string("drop trigger ") + trigger);
    }
  }
  guard(world, false);
  for (const auto& statement : statements) execute(world, statement);
  const auto faults = audit_invoices(world.database());
  guard(world, true);
  return faults;
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
      audit_after(world,
                  {"insert into billed_periods (order_id, kind, period_start, "
                   "period_next, covers_until) values (1, 'recurring', '2026-02-01', '2026-02-20', "
                   "'2026-02-20')"}),
      "billed twice in part"));
}

DATABASE_SENTENCE(audit, "days cut off that were not given back are found") {
  EXPECT_TRUE(names(audit_after(world, {"update billed_periods set covers_until = '2026-03-12' "
                                        "where order_id = 3"}),
                    "order 3: what is billed from 2026-03-01 covers days until 2026-03-12"));
}

DATABASE_SENTENCE(audit, "days given back twice are found") {
  EXPECT_TRUE(names(
      audit_after(world, {"insert into credited_periods (order_id, period_start, period_next, "
                          "line_id, at) select order_id, period_start, period_next, line_id, at "
                          "from credited_periods where period_start = '2026-03-26'"}),
      "order 3: of one line days up to 2026-04-01 were given back, and then from 2026-03-26"));
}

DATABASE_SENTENCE(audit, "days given back by another invoice than is said are found") {
  EXPECT_TRUE(names(audit_after(world, {"update credited_periods set rectifying_id = 1 where "
                                        "period_start = '2026-03-26'"}),
                    "order 3: the days given back from 2026-03-26"));
}

DATABASE_SENTENCE(audit, "a rectifying invoice that takes back another amount is found") {
  const auto faults =
      audit_after(world, {"update invoices set net = net - 1, total = total - 1 where kind = "
                          "'rectifying'"});
  EXPECT_TRUE(names(faults, "count as credited"));
}

DATABASE_SENTENCE(audit, "more taken back at a rate than was billed is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_taxes set tax = tax - 1 where base < 0"}),
                    "more is taken back than was billed"));
}

DATABASE_SENTENCE(audit, "a tax that is neither rounded nor the rest is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_taxes set tax = tax + 2 where base = "
                                        "-19330"}),
                    "ten-thousandths of -19330"));
}

DATABASE_SENTENCE(audit, "more taken back of a line than was billed is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_lines set net = net - 1 where corrects_id "
                                        "is not null"}),
                    "more is taken back than was billed"));
}

DATABASE_SENTENCE(audit, "a rectifying invoice of another client is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoices set client_id = 3 - client_id where "
                                        "kind = 'rectifying'"}),
                    "does not take back of an issued invoice of its client"));
}

DATABASE_SENTENCE(audit, "an invoice whose total is not net and tax is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoices set total = total + 1 where id = 1"}),
                    "invoice 1: net and tax are not its total"));
}

DATABASE_SENTENCE(audit, "an invoice without a line is found") {
  EXPECT_TRUE(names(audit_after(world, {"update billed_periods set line_id = null",
                                        "delete from invoice_lines where invoice_id = 1"}),
                    "F2026-000001: it has no line"));
}

DATABASE_SENTENCE(audit, "a line moved to another rate is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_lines set tax_rate = 400 where id = 1"}),
                    "invoice 1: the base of the rate 400 is not the sum"));
}

DATABASE_SENTENCE(audit, "a reversal of another amount is found") {
  EXPECT_TRUE(names(audit_after(world, {"update payments set amount = amount - 1 where "
                                        "reverses_id is not null"}),
                    "not the exact reverse of payment"));
}

DATABASE_SENTENCE(audit, "a payment that settles another client's invoice is found") {
  EXPECT_TRUE(names(audit_after(world, {"update payments set client_id = 1"}),
                    "another client's than invoice"));
}

DATABASE_SENTENCE(audit, "a number of another year than its date is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoices set year = 2025 where id = 1"}),
                    "its number is of 2025"));
}

DATABASE_SENTENCE(audit, "a line that is not what was billed is found") {
  EXPECT_TRUE(names(audit_after(world, {"update invoice_lines set period_start = '2026-01-02' "
                                        "where id = 1"}),
                    "is not what its invoice line says"));
}

DATABASE_SENTENCE(audit, "a line that no billed period knows is found") {
  EXPECT_TRUE(names(audit_after(world, {"update billed_periods set line_id = null where line_id = "
                                        "1"}),
                    "its line 1 is not among the billed periods"));
}

DATABASE_SENTENCE(audit, "an order that would never be looked at again is found") {
  EXPECT_TRUE(names(audit_after(world, {"update orders set next_due_on = null where id = 1"}),
                    "order 1: it is due on 2026-03-31, but will never be looked at again"));
}

DATABASE_SENTENCE(audit, "an order that is looked at too late is found") {
  EXPECT_TRUE(
      names(audit_after(world, {"update orders set next_due_on = '2026-04-30' where id = 1"}),
            "order 1: it is due on 2026-03-31, but will not be looked at before 2026-04-30"));
}

DATABASE_SENTENCE(audit, "an invoice that was never mailed is found") {
  EXPECT_TRUE(names(audit_after(world, {"delete from outbox where event = 'invoice 1 issued'"}),
                    "F2026-000001: no mail of it was ever written"));
}

DATABASE_SENTENCE(audit, "an invoice that was mailed without a document is found") {
  EXPECT_TRUE(names(audit_after(world, {"delete from invoice_documents where invoice_id = 1",
                                        "update outbox set state = 'sent' where event = 'invoice "
                                        "1 issued'"}),
                    "F2026-000001: it has no document"));
}

DATABASE_SENTENCE(audit, "an invoice of yesterday without a document is found") {
  keep_books(world);
  EXPECT_EQ(audit_invoices(world.database()), std::vector<std::string>());
  world.clock().advance(std::chrono::hours(24));
  // Those issued by hand are drawn when their mail is sent, and here none was.
  EXPECT_TRUE(names(audit_invoices(world.database()), "it has no document"));
}

DATABASE_SENTENCE(audit, "invoices brought over from elsewhere need no mail and no document") {
  keep_books(world);
  execute(world, "delete from outbox");
  EXPECT_FALSE(audit_invoices(world.database()).empty());
  execute(world, "insert into installation (name, value) values ('invoices_brought_over', '99')");
  EXPECT_EQ(audit_invoices(world.database()), std::vector<std::string>());
}

DATABASE_SENTENCE(audit, "faults are mailed to the admin and to accounting, once a day") {
  const auto mail = [&] {
    world.act(world.root(), [](Act& act) { queue_audit_mail(act, {"invoice 1: wrong"}, 60); });
  };
  mail();
  mail();
  ASSERT_EQ(world.mails().size(), 2u);
  EXPECT_EQ(world.mails()[0].recipient, world.site().mail_admin.text());
  EXPECT_EQ(world.mails()[1].recipient, world.site().mail_accounting.text());
  EXPECT_TRUE(world.mails()[0].subject.contains("60"));
  EXPECT_TRUE(world.mails()[0].body_text.contains("invoice 1: wrong"));
  EXPECT_TRUE(world.mails()[0].body_text.contains("prints all of them"));
  world.clock().advance(std::chrono::hours(24));
  mail();
  EXPECT_EQ(world.mails().size(), 4u);
}

DATABASE_SENTENCE(audit, "it tells how far it is, up to the end") {
  std::int64_t last = 0;
  std::int64_t total = 1;
  audit_invoices(world.database(), {.progress = [&](std::int64_t done, std::int64_t of) {
                   last = done;
                   total = of;
                 }});
  EXPECT_EQ(last, total);
}

}  // namespace
}  // namespace cstims::test
