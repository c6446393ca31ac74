// Faults of other billing programs that had to do with payments: each is named by where it was
// reported, and does not happen here.
#include <atomic>
#include <thread>

#include "base/failure.h"
#include "invoice/credit_actions.h"
#include "invoice/invoice_document.h"
#include "invoice/money.h"
#include "support/world.h"

namespace cstims::test {
namespace {

DATABASE_SENTENCE(peers, "peers Paymenter#1280: overpaid money stays as credit") {
  const auto invoice = issue_sample(world);
  pay(world, invoice.id, 5000);
  EXPECT_EQ(credit_of(world), 3790);
  EXPECT_EQ(number_of(world, "select sum(amount) from payments"), 5000);
}

DATABASE_SENTENCE(peers,
                  "peers FOSSBilling#2288: a part of an invoice can be paid, again and again") {
  const auto invoice = issue_sample(world);
  for (const auto cents : {100, 200, 300, 600}) pay(world, invoice.id, cents);
  EXPECT_EQ(rest_of(world, invoice.id), 10);
  pay(world, invoice.id, 10);
  EXPECT_EQ(rest_of(world, invoice.id), 0);
}

DATABASE_SENTENCE(peers, "peers FOSSBilling#3106: one payment renews nothing, the run bills once") {
  place_order(world, {});
  const auto invoice = run(world).invoices.at(0);
  const auto billed = count_rows(world, "billed_periods");
  pay(world, *invoice.id, 1210);
  EXPECT_EQ(count_rows(world, "billed_periods"), billed);
  EXPECT_TRUE(run(world).invoices.empty());
  EXPECT_EQ(count_rows(world, "billed_periods"), billed);
}

DATABASE_SENTENCE(peers, "peers FOSSBilling#3105: a later payment pays the next open invoice") {
  const auto first = issue_sample(world);
  pay_for(world, UserId(1), 1210);
  world.clock().advance(std::chrono::hours(24 * 31));
  const auto second = issue_sample(world);
  pay_for(world, UserId(1), 1210);
  EXPECT_EQ(rest_of(world, first.id), 0);
  EXPECT_EQ(rest_of(world, second.id), 0);
  EXPECT_EQ(credit_of(world), 0);
}

DATABASE_SENTENCE(peers,
                  "peers FOSSBilling#2693: marking paid and unpaid again changes no period") {
  place_order(world, {});
  const auto invoice = run(world).invoices.at(0);
  const auto next_due = [&] {
    return number_of(world, "select count(*) from orders where next_due_on = '2026-04-01'");
  };
  EXPECT_EQ(next_due(), 1);
  for (int i = 0; i < 3; ++i) {
    world.act(world.luca(), [&](Act& act) { return mark_paid(act, *invoice.id); }).value();
    world.act(world.luca(), [&](Act& act) { return mark_unpaid(act, *invoice.id); }).value();
  }
  EXPECT_EQ(next_due(), 1);
  EXPECT_TRUE(run(world).invoices.empty());
}

DATABASE_SENTENCE(peers,
                  "peers Paymenter PR#1307: a payment is recorded where no PDF can be made") {
  const auto invoice = issue_sample(world);
  pay(world, invoice.id, 1210);
  EXPECT_EQ(count_rows(world, "invoice_documents"), 0);
  EXPECT_EQ(count_rows(world, "payments"), 1);
}

DATABASE_SENTENCE(peers, "peers Paymenter 4d85866d: credit spent by many at once is spent once") {
  world.mailer();
  pay_for(world, UserId(1), 600);
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      try {
        issue_sample(world);  // each would use the credit
      } catch (const Failure&) {
        ++failed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LT(failed, 6);
  EXPECT_EQ(number_of(world, "select sum(paid) from invoices"), 600);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(peers, "peers Paymenter a42e7f8b: the same credit is not paid back twice") {
  world.mailer();
  pay_for(world, UserId(1), 1000);
  std::atomic<int> paid_back = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      try {
        const auto done = world.act(
            world.luca(), [&](Act& act) { return record_refund(act, UserId(1), money_of(1000)); });
        if (done) ++paid_back;
      } catch (const Failure&) {
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(paid_back, 1);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(peers, "peers Paymenter: credit that covers a part is used for that part") {
  pay_for(world, UserId(1), 300);
  EXPECT_EQ(rest_of(world, issue_sample(world).id), 910);
  EXPECT_EQ(credit_of(world), 0);
}

}  // namespace
}  // namespace cstims::test
