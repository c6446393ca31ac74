#include "invoice/credit_actions.h"

#include <atomic>
#include <random>
#include <thread>

#include "base/failure.h"
#include "invoice/invoice_actions.h"
#include "invoice/money.h"
#include "invoice/rectification_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

Result<Money> use(World& world, InvoiceId id) {
  return world.act(world.luca(), [&](Act& act) { return use_credit(act, id); });
}

Result<PaymentId> pay_back(World& world, std::int64_t cents, UserId client = UserId(1)) {
  return world.act(world.luca(),
                   [&](Act& act) { return record_refund(act, client, money_of(cents)); });
}

Result<InvoiceId> rectify(World& world, InvoiceId id) {
  return world.act(world.luca(), [&](Act& act) { return rectify_whole(act, id, "Wrong"); });
}

DATABASE_SENTENCE(credit, "what is paid too much is kept and said in the mail") {
  const auto invoice = issue_sample(world);  // 12.10
  world.clear_mails();
  pay(world, invoice.id, 2000);
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_EQ(credit_of(world), 790);
  EXPECT_TRUE(world.mails()[0].body_text.contains("7.90 € are kept as your credit"))
      << world.mails()[0].body_text;
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "the next invoice uses it in the moment of its issue, and says so") {
  pay(world, issue_sample(world).id, 2000);
  world.clear_mails();
  const auto next = issue_sample(world);
  EXPECT_EQ(next.paid.minor(), 790);
  EXPECT_EQ(rest_of(world, next.id), 420);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_TRUE(world.mails()[0].body_text.contains(
      "7.90 € were paid from your credit: 4.20 € are left to be paid."))
      << world.mails()[0].body_text;
  EXPECT_TRUE(world.mails()[0].body_html.contains("4.20 €"));
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "the billing run uses it too, oldest payment first") {
  const auto first = pay_for(world, UserId(1), 700);
  const auto second = pay_for(world, UserId(1), 900);
  place_order(world, {});
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 1u);
  EXPECT_EQ(rest_of(world, *ran.invoices[0].id), 0);
  EXPECT_EQ(credit_of(world), 390);
  world.database().read([&](Transaction& tx) {
    EXPECT_EQ(find_credit_of(tx, first, Currency::eur()).minor(), 0);
    EXPECT_EQ(find_credit_of(tx, second, Currency::eur()).minor(), 390);
  });
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "it is used by hand for an invoice, once") {
  const auto invoice = issue_sample(world);
  world
      .act(world.luca(),
           [&](Act& act) {
             return record_client_payment(act, UserId(1), money_of(500), PaymentUse::credit_only);
           })
      .value();
  world.clear_mails();
  EXPECT_EQ(use(world, invoice.id).value().minor(), 500);
  EXPECT_EQ(rest_of(world, invoice.id), 710);
  EXPECT_EQ(world.mails().at(0).subject, "Your credit was used for invoice F2026-000001");
  EXPECT_FALSE(use(world, invoice.id));
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "of one payment it goes to an invoice of the same client only") {
  const auto payment = pay_for(world, UserId(1), 500);
  const auto others = issue_sample(world, UserId(2));
  const auto use_of = [&](InvoiceId id) {
    return world.act(world.luca(), [&](Act& act) { return use_credit_of(act, payment, id); });
  };
  EXPECT_THROW((void)use_of(others.id), NotFound);
  const auto own = issue_sample(world);  // uses it
  EXPECT_FALSE(use_of(own.id));
  world.act(world.luca(), [&](Act& act) { return free_payment(act, payment, own.id); }).value();
  EXPECT_EQ(credit_of(world), 500);
  EXPECT_EQ(use_of(own.id).value().minor(), 500);
  EXPECT_FALSE(
      world.act(world.luca(), [&](Act& act) { return free_payment(act, payment, others.id); }));
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "rectifying a paid invoice gives what was paid as credit") {
  const auto invoice = issue_sample(world);
  pay(world, invoice.id, 500);
  pay(world, invoice.id, 710);
  rectify(world, invoice.id).value();
  EXPECT_EQ(credit_of(world), 1210);
  EXPECT_TRUE(invoice_of(world, invoice.id).paid.is_zero());
  const auto next = issue_sample(world);
  EXPECT_EQ(rest_of(world, next.id), 0);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "it is paid back, at most what there is, and the client told") {
  pay(world, issue_sample(world).id, 2000);
  world.clear_mails();
  EXPECT_FALSE(pay_back(world, 791));
  EXPECT_FALSE(pay_back(world, 1, UserId(2)));
  const auto refund = pay_back(world, 500).value();
  EXPECT_EQ(credit_of(world), 290);
  const auto row = payment_of(world, refund);
  EXPECT_EQ(row.kind, PaymentKind::refund);
  EXPECT_EQ(row.amount.minor(), -500);
  ASSERT_EQ(world.mails().size(), 2u);
  EXPECT_EQ(world.mails()[0].subject, "We paid you back 5.00 €");
  EXPECT_TRUE(world.mails()[0].body_text.contains("2.90 € are left as your credit."));
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "a payment of which a part was paid back is not reversed before that") {
  const auto payment = pay(world, issue_sample(world).id, 2000);
  const auto refund = pay_back(world, 500).value();
  const auto refused = reverse(world, payment);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().english().contains("5.00 €")) << refused.error().english();
  reverse(world, refund).value();
  EXPECT_EQ(credit_of(world), 790);
  EXPECT_FALSE(reverse(world, refund));
  reverse(world, payment).value();
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "eight that spend the same credit at once spend it once") {
  world.mailer();
  pay_for(world, UserId(1), 1000);
  std::vector<InvoiceId> invoices;
  world.act(world.luca(), [&](Act& act) { return record_refund(act, UserId(1), money_of(1000)); })
      .value();
  for (int i = 0; i < 4; ++i) invoices.push_back(issue_sample(world).id);
  reverse(world, PaymentId(2)).value();
  ASSERT_EQ(credit_of(world), 1000);
  std::atomic<std::int64_t> spent = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      try {
        if (i % 2 == 0) {
          if (const auto used = use(world, invoices[static_cast<std::size_t>(i / 2)])) {
            spent += used->minor();
          }
        } else if (pay_back(world, 700)) {
          spent += 700;
        }
      } catch (const Failure&) {
        // Somebody was first: nothing was written.
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(spent + credit_of(world), 1000);
  EXPECT_GT(spent, 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(credit, "whatever is done in whatever order, every cent is somewhere") {
  std::mt19937 random(20260310);
  std::vector<InvoiceId> invoices;
  std::vector<PaymentId> payments;
  const auto any = [&](const auto& list) { return list[random() % list.size()]; };
  const UserId clients[] = {UserId(1), UserId(2)};
  for (int step = 0; step < 120; ++step) {
    const auto client = clients[random() % 2];
    const auto cents = static_cast<std::int64_t>(random() % 3000 + 1);
    switch (invoices.empty() || payments.empty() ? step % 2 : random() % 9) {
      case 0:
        invoices.push_back(issue_sample(world, client).id);
        break;
      case 1:
        payments.push_back(pay_for(world, client, cents));
        break;
      case 2:
        (void)reverse(world, any(payments));
        break;
      case 3:
        (void)use(world, any(invoices));
        break;
      case 4:
        if (const auto refund = pay_back(world, cents, client)) payments.push_back(*refund);
        break;
      case 5:
        (void)rectify(world, any(invoices));
        break;
      case 6:
        (void)world.act(world.luca(), [&](Act& act) { return mark_unpaid(act, any(invoices)); });
        break;
      case 7:
        (void)world.act(world.luca(), [&](Act& act) { return mark_paid(act, any(invoices)); });
        break;
      case 8:
        (void)world.act(world.luca(),
                        [&](Act& act) { return free_payment(act, any(payments), any(invoices)); });
        break;
    }
    if (step % 20 == 19) {
      ASSERT_EQ(faults_of(world), "") << step;
    }
  }
  // Seen from outside: what came in, less what went back, is what invoices hold plus credit.
  EXPECT_EQ(number_of(world, "select sum(amount) from payments"),
            number_of(world, "select sum(paid) from invoices") +
                number_of(world, "select sum(credit) from client_balances"));
  EXPECT_GT(number_of(world, "select count(*) from client_credit"), 30);
}

}  // namespace
}  // namespace cstims::test
