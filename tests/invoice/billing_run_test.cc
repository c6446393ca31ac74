#include "invoice/billing_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

#include "base/failure.h"
#include "db/lease.h"
#include "invoice/billing_store.h"
#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "service/billing_term.h"
#include "support/world.h"

namespace cstims::test {
namespace {

/// "1 billed 2, …": order, outcome and items of each row.
std::string ledger_of(World& world) {
  std::string text;
  world.database().read([&](Transaction& tx) {
    for (const auto& row : tx.select({"ledger", R"(
           select order_id, outcome, items
           from billing_ledger
           order by order_id, id)"})) {
      text += (text.empty() ? "" : ", ") + std::to_string(row.number("order_id")) + ' ' +
              row.text("outcome") + ' ' + std::to_string(row.number("items"));
    }
  });
  return text;
}

/// As db/lease.cc names who holds a lease.
std::string holder_on_this_machine(const std::string& process) {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  const auto space = std::filesystem::read_symlink("/proc/self/ns/pid").string();
  return std::string(name.data()) + ' ' + space + ' ' + process;
}

DATABASE_SENTENCE(billing, "an order that is due gives a numbered invoice, its mails and its PDF") {
  place_order(world, {.billing = "10 €/mo", .activated_on = Date(2026, 3, 10)});
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 1u);
  EXPECT_EQ(ran.result.invoices, 1);
  EXPECT_EQ(ran.result.total.show(), "12.10 €");
  EXPECT_TRUE(ran.result.faults.empty());
  const auto invoice = invoice_of(world, *ran.invoices[0].id);
  EXPECT_EQ(invoice.number, "F2026-000001");
  EXPECT_EQ(invoice.issue_date, Date(2026, 3, 10));
  EXPECT_EQ(invoice.due_date, Date(2026, 3, 24));
  EXPECT_EQ(invoice.net.show(), "10.00 €");
  EXPECT_EQ(invoice.tax.show(), "2.10 €");
  EXPECT_TRUE(invoice.buyer.starts_with("ada\n")) << invoice.buyer;
  EXPECT_EQ(invoice.seller, world.site().seller);
  const auto lines = lines_of(world, invoice.id);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].description, "Small VPS – web");
  EXPECT_EQ(lines[0].period, (BillingPeriod{Date(2026, 3, 10), Date(2026, 4, 10)}));
  EXPECT_FALSE(lines[0].explanation.empty());
  EXPECT_EQ(count_rows(world, "invoice_documents"), 1);
  const auto mails = world.mails();
  ASSERT_EQ(mails.size(), 2u);
  EXPECT_EQ(mails[0].recipient, "ada@example.test");
  EXPECT_EQ(mails[1].recipient, "accounting@arf20.com");
  for (const auto& mail : mails) {
    EXPECT_EQ(mail.kind, "invoice issued");
    EXPECT_EQ(mail.documents, "invoice " + invoice.id.text());
    EXPECT_TRUE(mail.subject.contains("F2026-000001")) << mail.subject;
    EXPECT_TRUE(mail.body_text.contains("12.10 €")) << mail.body_text;
    EXPECT_TRUE(mail.body_text.contains("Small VPS – web")) << mail.body_text;
  }
  EXPECT_EQ(number_of(world, "select count(*) from orders where next_due_on = '2026-04-10'"), 1);
}

DATABASE_SENTENCE(billing, "ancestor: double-bill: a second run bills nobody again") {
  place_order(world, {.client = UserId(1)});
  place_order(world, {.client = UserId(2)});
  EXPECT_EQ(run(world).result.invoices, 2);
  const auto mails = world.mails().size();
  EXPECT_EQ(run(world).result.invoices, 0);
  world.clock().advance(std::chrono::hours(24));
  EXPECT_EQ(run(world).result.invoices, 0);
  EXPECT_EQ(count_rows(world, "invoices"), 2);
  EXPECT_EQ(world.mails().size(), mails);
}

DATABASE_SENTENCE(billing, "even a wrong next due date bills no period twice") {
  const auto order = place_order(world, {});
  EXPECT_EQ(run(world).result.invoices, 1);
  execute(world, fmt::format("update orders set next_due_on = '2026-03-01' where id = {}",
                             order.number()));
  EXPECT_EQ(run(world).result.invoices, 0);
  EXPECT_EQ(count_rows(world, "billed_periods"), 1);
  EXPECT_EQ(number_of(world, "select count(*) from orders where next_due_on = '2026-04-01'"), 1);
}

DATABASE_SENTENCE(billing, "the schema itself refuses to bill a period twice") {
  const auto order = place_order(world, {});
  run(world);
  EXPECT_THROW(execute(world, fmt::format("insert into billed_periods (order_id, kind, "
                                          "period_start, period_next, covers_until) values ({}, "
                                          "'recurring', '2026-03-01', '2026-04-01', '2026-04-01')",
                                          order.number())),
               ConstraintViolation);
}

DATABASE_SENTENCE(billing, "two runs at once bill each period once, and both come to an end") {
  for (int i = 0; i < 40; ++i) {
    place_order(world, {.client = UserId(1 + i % 2), .name = fmt::format("vps{}", i)});
  }
  world.mailer();
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> invoices = 0;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] { invoices += run(world).result.invoices; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(invoices, 2);
  EXPECT_EQ(count_rows(world, "invoices"), 2);
  EXPECT_EQ(count_rows(world, "invoice_lines"), 40);
  EXPECT_EQ(count_rows(world, "billed_periods"), 40);
  EXPECT_EQ(count_rows(world, "invoice_documents"), 2);
  EXPECT_EQ(world.mails().size(), 4u);
}

DATABASE_SENTENCE(billing,
                  "what was missed for three months gives an invoice a month, all of today") {
  place_order(world, {.activated_on = Date(2026, 1, 31)});
  world.clock().set(Instant::stored("2026-04-02T08:00:00Z"));
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 3u);
  const std::vector<std::string> months{"2026-01", "2026-02", "2026-03"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ran.invoices[i].month, months[i]);
    const auto invoice = invoice_of(world, *ran.invoices[i].id);
    EXPECT_EQ(invoice.issue_date, Date(2026, 4, 2));
    EXPECT_EQ(invoice.number, fmt::format("F2026-{:06}", i + 1));
    EXPECT_EQ(invoice.net.show(), "10.00 €");
  }
  EXPECT_EQ(lines_of(world, *ran.invoices[1].id)[0].period,
            (BillingPeriod{Date(2026, 2, 28), Date(2026, 3, 31)}));
}

DATABASE_SENTENCE(billing,
                  "a client's orders of one month share an invoice, other clients have theirs") {
  place_order(world, {.name = "one"});
  place_order(world, {.name = "two", .billing = "5 €/mo + 3 € setup"});
  place_order(world, {.client = UserId(2), .name = "three"});
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 2u);
  EXPECT_EQ(lines_of(world, *ran.invoices[0].id).size(), 3u);
  EXPECT_EQ(ran.invoices[0].total.show(), "21.78 €");
  EXPECT_EQ(ran.invoices[1].client, UserId(2));
}

DATABASE_SENTENCE(billing, "ancestor: zero-invoice: who owes nothing gets no invoice and no mail") {
  place_order(world, {.billing = "0 €/mo"});
  place_order(world, {.client = UserId(2), .billing = "free"});
  const auto ran = run(world);
  EXPECT_EQ(ran.result.invoices, 0);
  EXPECT_EQ(count_rows(world, "invoices"), 0);
  EXPECT_TRUE(world.mails().empty());
  EXPECT_EQ(number_of(world, "select count(*) from orders where next_due_on <= '2026-03-10'"), 0);
}

DATABASE_SENTENCE(billing,
                  "ancestor: month-length: a full month costs its price, whatever its days") {
  place_order(world, {.billing = "10 €/mo", .activated_on = Date(2025, 12, 15)});
  world.clock().set(Instant::stored("2026-05-01T08:00:00Z"));
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 5u);
  for (const auto& invoice : ran.invoices) {
    EXPECT_EQ(invoice_of(world, *invoice.id).net.show(), "10.00 €");
  }
}

DATABASE_SENTENCE(billing, "ancestor: bills-the-past: no day before the activation is billed") {
  place_order(world, {.activated_on = Date(2026, 3, 9)});
  run(world);
  EXPECT_EQ(count_rows(world, "invoice_lines"), 1);
  EXPECT_EQ(
      number_of(world, "select count(*) from billed_periods where period_start < '2026-03-09'"), 0);
  EXPECT_THROW(run(world, {.date = Date(2020, 1, 1)}), Refused);
}

DATABASE_SENTENCE(billing, "ancestor: negative-invoice: no order can lower a bill") {
  EXPECT_FALSE(ResolvedTerm::parse("-50 €/mo", Currency::eur()));
  place_order(world, {});
  run(world);
  EXPECT_EQ(number_of(world, "select count(*) from invoices where total <= 0"), 0);
}

DATABASE_SENTENCE(billing, "ancestor: cron-cli: the run needs no request and no session") {
  place_order(world, {});
  const auto result = run_billing({world.database(), world.mailer(), world.site()}, {});
  EXPECT_EQ(result.invoices, 1);
}

DATABASE_SENTENCE(billing, "a dry run writes nothing and reports what the run then does") {
  for (int i = 0; i < 60; ++i) place_order(world, {.name = fmt::format("vps{}", i)});
  place_order(world, {.client = UserId(2), .activated_on = Date(2026, 2, 3)});
  const auto tried = run(world, {.dry_run = true});
  EXPECT_EQ(count_rows(world, "invoices"), 0);
  EXPECT_EQ(count_rows(world, "billed_periods"), 0);
  EXPECT_EQ(count_rows(world, "number_counters"), 0);
  EXPECT_TRUE(world.mails().empty());
  const auto done = run(world);
  ASSERT_EQ(tried.invoices.size(), done.invoices.size());
  for (std::size_t i = 0; i < done.invoices.size(); ++i) {
    EXPECT_EQ(tried.invoices[i].number, done.invoices[i].number);
    EXPECT_EQ(tried.invoices[i].total, done.invoices[i].total);
    EXPECT_EQ(tried.invoices[i].client, done.invoices[i].client);
    EXPECT_EQ(tried.invoices[i].lines, done.invoices[i].lines);
    EXPECT_FALSE(tried.invoices[i].id);
  }
  EXPECT_EQ(tried.result.total, done.result.total);
}

DATABASE_SENTENCE(billing, "a day to come is refused, but not to a dry run or by force") {
  place_order(world, {});
  EXPECT_THROW(run(world, {.date = Date(2026, 3, 11)}), Refused);
  EXPECT_EQ(run(world, {.date = Date(2026, 4, 1), .dry_run = true}).result.invoices, 2);
  EXPECT_EQ(run(world, {.date = Date(2026, 4, 1), .force = true}).result.invoices, 2);
  EXPECT_EQ(number_of(world, "select count(*) from invoices where issue_date = '2026-04-01'"), 2);
}

DATABASE_SENTENCE(billing,
                  "a run dated before the newest invoice is refused: numbers follow dates") {
  place_order(world, {});
  run(world, {.date = Date(2026, 3, 9)});
  place_order(world, {.client = UserId(2)});
  EXPECT_THROW(run(world, {.date = Date(2026, 3, 8)}), Refused);
  EXPECT_EQ(run(world, {.date = Date(2026, 3, 9)}).result.invoices, 1);
}

DATABASE_SENTENCE(billing, "the fault of one order is told and does not stop the others") {
  const auto bad = place_order(world, {.name = "bad"});
  place_order(world, {.name = "good"});
  place_order(world, {.client = UserId(2)});
  execute(world, fmt::format("update orders set billing = 'what?' where id = {}", bad.number()));
  const auto ran = run(world);
  EXPECT_EQ(ran.result.invoices, 2);
  ASSERT_EQ(ran.result.faults.size(), 1u);
  EXPECT_TRUE(ran.result.faults[0].contains("order " + bad.text())) << ran.result.faults[0];
  execute(world, fmt::format("update orders set billing = '10 €/mo' where id = {}", bad.number()));
  EXPECT_EQ(run(world).result.invoices, 1);
}

DATABASE_SENTENCE(billing, "an absurd number of periods at once is a fault, not a bill") {
  place_order(world, {.billing = "1 €/d", .activated_on = Date(2025, 10, 1)});
  const auto ran = run(world);
  EXPECT_EQ(ran.result.invoices, 0);
  ASSERT_EQ(ran.result.faults.size(), 1u);
  EXPECT_TRUE(ran.result.faults[0].contains("more than 100 items")) << ran.result.faults[0];
  EXPECT_EQ(ledger_of(world), "1 fault 0");
}

DATABASE_SENTENCE(billing, "by force, or with another bound, also a long outage is made up") {
  place_order(world, {.billing = "1 €/d", .activated_on = Date(2025, 10, 1)});
  EXPECT_EQ(run(world, {.force = true}).result.invoices, 6);
  EXPECT_EQ(count_rows(world, "billed_periods"), 161);
  place_order(world, {.billing = "1 €/d", .activated_on = Date(2025, 10, 1)});
  world.site().most_lines = 161;
  EXPECT_EQ(run(world).result.invoices, 6);
}

DATABASE_SENTENCE(billing, "a day more than ten years ahead is refused even by force") {
  EXPECT_THROW(run(world, {.date = Date(2036, 3, 20), .force = true}), Refused);
  EXPECT_THROW(run(world, {.date = Date(2036, 3, 20), .dry_run = true}), Refused);
}

DATABASE_SENTENCE(billing, "the ledger says what became of each order in each run") {
  place_order(world, {.billing = "10 €/mo + 1 € setup"});
  place_order(world, {.billing = "0 €/mo"});
  const auto bad = place_order(world, {});
  execute(world, fmt::format("update orders set billing = 'what?' where id = {}", bad.number()));
  run(world, {.dry_run = true});
  EXPECT_EQ(ledger_of(world), "");
  run(world);
  EXPECT_EQ(ledger_of(world), "1 billed 2, 2 free 1, 3 fault 0");
  world.clock().advance(std::chrono::hours(24 * 380));
  world.database().write([](Transaction& tx) { EXPECT_EQ(forget_old_ledger(tx, 100), 3); });
  EXPECT_EQ(ledger_of(world), "");
}

DATABASE_SENTENCE(billing, "a run of a program that died keeps nobody waiting") {
  place_order(world, {});
  // Process 1 did not begin then: the program that wrote this is gone.
  world.database().write([](Transaction& tx) {
    const auto now = tx.now();
    tx.execute({"a lease", R"(
      insert into leases (name, token, holder, since, until)
      values ('billing run', 'x', :holder, :since, :until))"},
               {{"holder", holder_on_this_machine("1 12345678901")},
                {"since", now},
                {"until", now.plus(std::chrono::minutes(5))}});
  });
  EXPECT_EQ(run(world).result.invoices, 1);
  EXPECT_EQ(count_rows(world, "leases"), 0);
}

DATABASE_SENTENCE(billing, "a lease that is held elsewhere refuses, until its time is over") {
  world.database().write([](Transaction& tx) {
    const auto now = tx.now();
    tx.execute({"a lease", R"(
      insert into leases (name, token, holder, since, until)
      values ('x', 'x', 'elsewhere space 1 1', :since, :until))"},
               {{"since", now}, {"until", now.plus(std::chrono::minutes(5))}});
  });
  const auto take = [&] { Lease(world.database(), "x", std::chrono::seconds(0), "busy"); };
  EXPECT_THROW(take(), Refused);
  world.clock().advance(std::chrono::minutes(6));
  EXPECT_NO_THROW(take());
}

DATABASE_SENTENCE(billing, "who lost the lease notices before it writes") {
  const Lease mine(world.database(), "x", std::chrono::seconds(0), "busy");
  world.clock().advance(std::chrono::minutes(6));
  const Lease other(world.database(), "x", std::chrono::seconds(0), "busy");
  EXPECT_THROW(world.database().write([&](Transaction& tx) { mine.renew(tx); }), Conflict);
  world.database().write([&](Transaction& tx) { other.renew(tx); });
}

DATABASE_SENTENCE(billing, "in arrears nothing is due before the period is over") {
  place_order(world, {.billing = "0.01 €/h in arrears", .activated_on = Date(2026, 3, 1)});
  EXPECT_EQ(run(world).result.invoices, 0);
  world.clock().set(Instant::stored("2026-04-01T08:00:00Z"));
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 1u);
  // March 2026 has 743 hours in Madrid.
  EXPECT_EQ(invoice_of(world, *ran.invoices[0].id).net.show(), "7.43 €");
}

DATABASE_SENTENCE(billing, "lead days bill what is in advance earlier, what is in arrears never") {
  world.site().lead_days = 10;
  place_order(world, {.billing = "10 €/mo", .activated_on = Date(2026, 3, 20)});
  place_order(
      world,
      {.client = UserId(2), .billing = "1 €/d in arrears", .activated_on = Date(2026, 3, 9)});
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 2u);
  EXPECT_EQ(invoice_of(world, *ran.invoices[0].id).net.show(), "10.00 €");
  EXPECT_EQ(invoice_of(world, *ran.invoices[1].id).net.show(), "1.00 €");
}

DATABASE_SENTENCE(billing, "an order that has ended is billed up to its end and then never again") {
  place_order(
      world, {.billing = "31 €/mo", .activated_on = Date(2026, 3, 1), .ends_on = Date(2026, 3, 5)});
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 1u);
  EXPECT_EQ(invoice_of(world, *ran.invoices[0].id).net.show(), "4.00 €");
  EXPECT_EQ(number_of(world, "select count(*) from orders where next_due_on is not null"), 0);
}

DATABASE_SENTENCE(billing, "800 days of daily runs bill each month once") {
  place_order(world, {.activated_on = Date(2026, 1, 31)});
  place_order(world, {.client = UserId(2), .billing = "12 €/y", .activated_on = Date(2024, 2, 29)});
  world.clock().set(Instant::stored("2026-01-31T00:15:00Z"));
  for (int day = 0; day < 800; day += 4) {
    run(world);
    world.clock().advance(std::chrono::hours(24 * 4));
  }
  // From 31 Jan 2026 to 7 Apr 2028: 27 months; the years from 2024 to 2028: 5.
  EXPECT_EQ(number_of(world, "select count(*) from billed_periods where order_id = 1"), 27);
  EXPECT_EQ(number_of(world, "select count(*) from billed_periods where order_id = 2"), 5);
}

}  // namespace
}  // namespace cstims::test
