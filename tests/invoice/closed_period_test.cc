#include "invoice/closed_period.h"

#include <array>

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/closed_period_pages.h"
#include "invoice/credit_actions.h"
#include "invoice/invoice_actions.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_actions.h"
#include "support/person.h"

namespace cstims::test {
namespace {

// The clock of tests stands at 10 March 2026: February can be closed, March cannot.

Month month(std::string_view text) {
  return Month::parse(text).value();
}

Result<void> close(World& world, std::string_view which) {
  return world.act(world.luca(), [&](Act& act) { return close_month(act, month(which)); });
}

void to_april(World& world) {
  world.clock().set(Instant::stored("2026-04-02T08:00:00Z"));
}

NewPayment payment_on(Date date) {
  return {
      .amount = Money(100, Currency::eur()), .date = date, .method = "transfer", .reference = {}};
}

SENTENCE(closed_periods, "a month is written like 2026-02") {
  EXPECT_EQ(month("2026-02").next().text(), "2026-03");
  EXPECT_EQ(month("2026-01").before().text(), "2025-12");
  for (const auto* wrong : {"2026-13", "2026-1", "2026-02-01", "", "26-02", "2026-0x"}) {
    EXPECT_FALSE(Month::parse(wrong)) << wrong;
  }
}

DATABASE_SENTENCE(closed_periods, "a month that has not ended cannot be closed") {
  EXPECT_FALSE(close(world, "2026-03"));
  EXPECT_TRUE(close(world, "2026-02"));
}

DATABASE_SENTENCE(closed_periods, "the month to close next is the oldest with anything in it") {
  const auto next = [&] { return world.database().read(next_month_to_close); };
  EXPECT_FALSE(next());
  issue_sample(world);
  EXPECT_FALSE(next());
  to_april(world);
  EXPECT_EQ(next().value().text(), "2026-03");
  EXPECT_TRUE(close(world, "2026-03"));
  EXPECT_FALSE(next());
}

DATABASE_SENTENCE(closed_periods, "nothing is closed twice, and the months before are closed too") {
  EXPECT_TRUE(close(world, "2026-02"));
  EXPECT_FALSE(close(world, "2026-02"));
  EXPECT_FALSE(close(world, "2026-01"));
}

DATABASE_SENTENCE(closed_periods, "a run as of a closed month is refused") {
  place_order(world, {.activated_on = Date(2026, 2, 1)});
  close(world, "2026-02").value();
  EXPECT_THROW(run(world, {.date = Date(2026, 2, 28)}), Refused);
  EXPECT_THROW(run(world, {.date = Date(2026, 2, 28), .dry_run = true}), Refused);
  EXPECT_EQ(count_rows(world, "invoices"), 0);
  EXPECT_GT(run(world).result.invoices, 0);
}

/// Closes the month of today, which no verb does: so every door that dates by the clock is tried.
void close_this_month(World& world) {
  execute(world,
          "insert into closed_periods (month, closed_at) values ('2026-03', "
          "'2026-03-10T09:00:00Z')");
}

DATABASE_SENTENCE(closed_periods, "no invoice is issued or rectified into a closed month") {
  const auto issued = issue_sample(world);
  const auto draft =
      world.act(world.root(), [](Act& act) { return create_draft(act, draft_of(UserId(1))); });
  close_this_month(world);
  const auto refused =
      world.act(world.root(), [&](Act& act) { return issue_invoice(act, draft.value()); });
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().english().contains("2026-03 is closed"));
  EXPECT_FALSE(
      world.act(world.luca(), [&](Act& act) { return rectify_whole(act, issued.id, "Wrong"); }));
  EXPECT_EQ(number_of(world, "select count(*) from invoices where status = 'issued'"), 1);
  EXPECT_EQ(number_of(world, "select sum(last_number) from number_counters"), 1);
}

DATABASE_SENTENCE(closed_periods, "no payment is dated into a closed month, nor reversed in it") {
  const auto invoice = issue_sample(world);
  const auto paid = world.act(world.luca(), [&](Act& act) {
    return record_payment(act, invoice.id, payment_on(Date(2026, 2, 27)));
  });
  ASSERT_TRUE(paid);
  close(world, "2026-02").value();
  const auto late = world.act(world.luca(), [&](Act& act) {
    return record_payment(act, invoice.id, payment_on(Date(2026, 2, 28)));
  });
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().find("date"), nullptr);
  EXPECT_TRUE(world.act(world.luca(), [&](Act& act) {
    return record_payment(act, invoice.id, payment_on(Date(2026, 3, 1)));
  }));
  close_this_month(world);
  EXPECT_FALSE(
      world.act(world.luca(), [&](Act& act) { return reverse_payment(act, invoice.id, *paid); }));
  EXPECT_FALSE(world.act(world.luca(), [&](Act& act) { return mark_paid(act, invoice.id); }));
}

DATABASE_SENTENCE(closed_periods, "no money of a client comes or goes in a closed month either") {
  close(world, "2026-02").value();
  const auto record = [&](Date date) {
    return world.act(world.luca(), [&](Act& act) {
      return record_client_payment(act, UserId(1), payment_on(date), PaymentUse::oldest_first);
    });
  };
  ASSERT_FALSE(record(Date(2026, 2, 28)));
  EXPECT_TRUE(record(Date(2026, 3, 1)));
  const auto pay_back = [&](Date date) {
    return world.act(world.luca(),
                     [&](Act& act) { return record_refund(act, UserId(1), payment_on(date)); });
  };
  const auto refused = pay_back(Date(2026, 2, 28));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("date"), nullptr);
  EXPECT_TRUE(pay_back(Date(2026, 3, 1)));
}

DATABASE_SENTENCE(closed_periods, "the database itself dates nothing into a closed month") {
  const auto draft =
      world.act(world.root(), [](Act& act) { return create_draft(act, draft_of(UserId(1))); });
  close(world, "2026-02").value();
  EXPECT_THROW(execute(world,
                       "update invoices set status = 'issued', number = 'F1', series = 'F', "
                       "year = 2026, sequence = 1, issue_date = '2026-02-28', due_date = "
                       "'2026-03-14' where id = " +
                           draft.value().text()),
               DatabaseError);
  EXPECT_THROW(execute(world,
                       "insert into payments (client_id, date, method, currency, amount, "
                       "recorded_at) values (1, '2026-01-15', 'cash', 'EUR', 100, '')"),
               DatabaseError);
  execute(world,
          "insert into payments (client_id, date, method, currency, amount, recorded_at) values "
          "(1, '2026-03-01', 'cash', 'EUR', 100, '')");
}

DATABASE_SENTENCE(closed_periods, "a closing stays on record") {
  close(world, "2026-02").value();
  EXPECT_THROW(execute(world, "delete from closed_periods"), DatabaseError);
  EXPECT_THROW(execute(world, "update closed_periods set month = '2026-01'"), DatabaseError);
  world
      .act(world.root(),
           [](Act& act) { return reopen_month(act, month("2026-02"), "A bill came"); })
      .value();
  EXPECT_THROW(execute(world, "update closed_periods set reason = 'none'"), DatabaseError);
}

DATABASE_SENTENCE(closed_periods, "an admin reopens the newest closed month, with a reason") {
  close(world, "2026-01").value();
  close(world, "2026-02").value();
  const auto reopen = [&](std::string_view which, const std::string& reason) {
    return world.act(world.root(),
                     [&](Act& act) { return reopen_month(act, month(which), reason); });
  };
  EXPECT_FALSE(reopen("2026-01", "why not"));
  EXPECT_FALSE(reopen("2026-02", "  "));
  EXPECT_TRUE(reopen("2026-02", "A bill came late"));
  EXPECT_EQ(world.database().read(closed_through).value().text(), "2026-01");
  const auto periods = world.database().read(list_closed_periods);
  ASSERT_EQ(periods.size(), 2u);
  EXPECT_EQ(periods[0].closed_by, "luca");
  EXPECT_EQ(periods[0].reopened_by, "root");
  EXPECT_EQ(periods[0].reason, "A bill came late");
  EXPECT_TRUE(close(world, "2026-02"));
  EXPECT_THROW(
      world.act(world.luca(), [](Act& act) { return reopen_month(act, month("2026-02"), "x"); }),
      Forbidden);
}

using enum Who;
constexpr std::array routes{
    Route{"GET", "/accounting/periods", accountant, show_closed_periods},
    Route{"POST", "/accounting/periods", accountant, create_closed_period, Body::form},
    Route{"POST", "/accounting/periods/{month}/reopening", admin, create_period_reopening,
          Body::form},
};

DATABASE_SENTENCE(closed_periods, "the accountant closes the month that the page offers") {
  issue_sample(world);
  Person luca(world, routes, world.luca());
  EXPECT_TRUE(luca.get("/accounting/periods").body.contains("There is no month to close"));
  to_april(world);
  EXPECT_TRUE(luca.get("/accounting/periods").body.contains("Close Mar 2026"));
  EXPECT_EQ(luca.post("/accounting/periods", {{"month", "2026-04"}}).status, 422);
  EXPECT_EQ(luca.post("/accounting/periods", {{"month", "2026-03"}}).status, 303);
  const auto page = luca.get("/accounting/periods").body;
  EXPECT_TRUE(page.contains("closed up to Mar 2026"));
  EXPECT_FALSE(page.contains("Reopen Mar 2026"));
}

DATABASE_SENTENCE(closed_periods, "the admin reopens it and keeps what was typed when refused") {
  close(world, "2026-02").value();
  Person root(world, routes, world.root());
  EXPECT_TRUE(root.get("/accounting/periods").body.contains("Reopen Feb 2026"));
  EXPECT_EQ(root.post("/accounting/periods/2026-02/reopening", {{"reason", ""}}).status, 422);
  EXPECT_EQ(root.post("/accounting/periods/2026-02/reopening", {{"reason", "A bill"}}).status, 303);
  EXPECT_EQ(root.post("/accounting/periods/2026-02/reopening", {{"reason", "A bill"}}).status, 404);
  EXPECT_TRUE(root.get("/accounting/periods").body.contains("root: A bill"));
}

}  // namespace
}  // namespace cstims::test
