// Faults of other billing programs in what they billed: each is named by where it was reported, and
// does not happen here. About payments: payment_peers_test.cc; suspensions: suspension_test.cc;
// coupons and prices of orders: tests/order/order_peers_test.cc.
#include <set>

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_audit.h"
#include "invoice/invoice_document.h"
#include "invoice/money.h"
#include "invoice/order_changes.h"
#include "invoice/rectification_actions.h"
#include "service/billing_term.h"
#include "service/tax_rate_store.h"

namespace cstims::test {
namespace {

void standard_rate(World& world, Date from, std::int64_t points) {
  world.database().write([&](Transaction& tx) {
    insert_tax_rate(tx, {"standard", from, TaxRate::basis_points(points)}, std::nullopt);
  });
}

/// Of invoices 1 to 3, drawn: the faults that the audit finds.
std::vector<std::string> faults_of_three(World& world) {
  for (int id = 1; id <= 3; ++id)
    ensure_invoice_document({world.database(), world.renderer(), world.site()}, InvoiceId(id));
  return audit_invoices(world.database());
}

DATABASE_SENTENCE(peers, "peers FOSSBilling#1969: a renewal has each order on one line, once") {
  place_order(world, {.name = "one", .billing = "10 €/mo", .activated_on = Date(2026, 3, 1)});
  place_order(world, {.name = "two", .billing = "7 €/mo", .activated_on = Date(2026, 3, 1)});
  run(world);
  world.clock().advance(std::chrono::days(31));
  for (int day = 0; day < 3; ++day) {
    const auto ran = run(world);
    if (day == 0) {
      ASSERT_EQ(ran.invoices.size(), 1u);
      std::multiset<std::string> descriptions;
      for (const auto& line : lines_of(world, *ran.invoices[0].id))
        descriptions.insert(line.description);
      EXPECT_EQ(descriptions, (std::multiset<std::string>{"Small VPS – one", "Small VPS – two"}));
      EXPECT_EQ(invoice_of(world, *ran.invoices[0].id).net.show(), "17.00 €");
    } else {
      EXPECT_TRUE(ran.invoices.empty());
    }
  }
}

DATABASE_SENTENCE(peers, "peers Paymenter#605: tax is added once, however often a draft is saved") {
  const auto wanted = draft_of(UserId(1), {{"Work", "3", "33.33", "21"}});
  const auto id =
      world.act(world.root(), [&](Act& act) { return create_draft(act, wanted); }).value();
  for (int i = 0; i < 3; ++i) {
    world.act(world.root(), [&](Act& act) { return update_draft(act, id, wanted); }).value();
    EXPECT_EQ(invoice_of(world, id).total.show(), "120.99 €");
  }
  world.act(world.root(), [&](Act& act) { return issue_invoice(act, id); }).value();
  EXPECT_EQ(invoice_of(world, id).total.show(), "120.99 €");
}

DATABASE_SENTENCE(peers, "peers Paymenter PR#1243: a new rate of tax leaves old invoices alone") {
  const auto before = issue_sample(world);
  const auto taxes = [&] {
    return number_of(world,
                     "select sum(tax) from invoice_taxes where invoice_id = " + before.id.text());
  };
  EXPECT_EQ(taxes(), 210);
  standard_rate(world, Date(2026, 3, 1), 2500);
  EXPECT_EQ(taxes(), 210);
  EXPECT_EQ(invoice_of(world, before.id).tax.show(), "2.10 €");
  // And what is taken back later is taken back at the rate it was billed at.
  const auto back = world.act(
      world.luca(), [&](Act& act) { return rectify_whole(act, before.id, "Not delivered"); });
  EXPECT_EQ(invoice_of(world, back.value()).tax.show(), "-2.10 €");
}

DATABASE_SENTENCE(peers, "peers Paymenter PR#1305: a price of another currency is no price here") {
  EXPECT_FALSE(ResolvedTerm::parse("39 SEK/mo", Currency::eur()));
  EXPECT_FALSE(ResolvedTerm::parse("39 $/mo", Currency::eur()));
  // Nor is an order whose price cannot be read billed for nothing: it is named, and waits.
  const auto order = place_order(world, {});
  execute(world, "update orders set billing = replace(billing, '€', 'SEK')");
  const auto ran = run(world);
  EXPECT_TRUE(ran.invoices.empty());
  ASSERT_EQ(ran.result.faults.size(), 1u);
  EXPECT_EQ(count_rows(world, "billed_periods"), 0);
  execute(world, "update orders set billing = replace(billing, 'SEK', '€')");
  EXPECT_EQ(run(world).result.total.show(), "12.10 €") << order.text();
}

DATABASE_SENTENCE(peers, "peers FOSSBilling#131: numbers follow dates and have no gap") {
  const auto early =
      world.act(world.root(), [&](Act& act) { return create_draft(act, draft_of(UserId(1))); })
          .value();
  for (int i = 0; i < 2; ++i) {
    issue_sample(world);
    world.clock().advance(std::chrono::days(20));
  }
  // The draft of the first day, issued last, bears the last number and the day of its issue.
  world.act(world.root(), [&](Act& act) { return issue_invoice(act, early); }).value();
  EXPECT_EQ(invoice_of(world, early).number, "F2026-000003");
  EXPECT_EQ(invoice_of(world, early).issue_date, Date(2026, 4, 19));
  EXPECT_EQ(number_of(world,
                      "select count(*) from invoices a join invoices b"
                      " on a.series = b.series and a.year = b.year"
                      " and a.sequence + 1 = b.sequence and a.issue_date <= b.issue_date"),
            2);
  EXPECT_EQ(faults_of_three(world), std::vector<std::string>{});
}

DATABASE_SENTENCE(peers, "peers Paymenter#1260: money found later pays what waits, as of its day") {
  place_order(world, {});
  const auto invoice = run(world).invoices.at(0);
  world.clock().advance(std::chrono::days(20));
  // Nobody told us while the client paid; the account statement does.
  auto payment = money_of(1210);
  payment.date = Date(2026, 3, 12);
  world.act(world.luca(), [&](Act& act) { return record_payment(act, *invoice.id, payment); })
      .value();
  EXPECT_EQ(rest_of(world, *invoice.id), 0);
  EXPECT_EQ(number_of(world, "select count(*) from payments where date = '2026-03-12'"), 1);
}

DATABASE_SENTENCE(peers,
                  "peers WHMCS 357094: a wrong invoice stays, a second takes it back, a third is "
                  "right") {
  const auto wrong = issue_sample(world, UserId(1), {{"Work", "1", "100", "21"}});
  world.clock().advance(std::chrono::days(2));
  const auto back = world.act(
      world.luca(), [&](Act& act) { return rectify_whole(act, wrong.id, "Wrong price"); });
  ASSERT_TRUE(back);
  const auto right = issue_sample(world, UserId(1), {{"Work", "1", "90", "21"}});
  EXPECT_EQ(invoice_of(world, wrong.id).total.show(), "121.00 €");
  EXPECT_EQ(right.number, "F2026-000002");
  EXPECT_GE(right.issue_date, wrong.issue_date);
  EXPECT_EQ(rest_of(world, wrong.id), 0);
  EXPECT_EQ(rest_of(world, right.id), 10890);
  EXPECT_EQ(faults_of_three(world), std::vector<std::string>{});
}

DATABASE_SENTENCE(peers,
                  "peers Paymenter#797: up and down in a loop mints nothing; what was paid counts, "
                  "not today's list price") {
  const auto order = place_order(world, {.billing = "31 €/mo"});
  const auto first = run(world).invoices.at(0);
  pay(world, *first.id, 3751);
  execute(world, "update services set billing = '310 €/mo'");
  const auto today = world.database().read([](Transaction& tx) { return tx.today(); });
  for (int round = 0; round < 3; ++round) {
    for (const auto* price : {"62 €/mo", "31 €/mo"}) {
      const TermsChange change{.billing = ResolvedTerm::stored(price), .from = today};
      world.act(world.root(), [&](Act& act) { return change_order(act, order, change); }).value();
      run(world);
    }
  }
  // 9 days of March were used before today, 22 are billed at 31 €: all of it is what it was.
  EXPECT_EQ(number_of(world, "select sum(net) from invoices"), 3100);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(number_of(world,
                      "select sum(total - credited - paid) from invoices"
                      " where kind = 'ordinary'"),
            0);
  EXPECT_EQ(faults_of(world), "");
}

}  // namespace
}  // namespace cstims::test
