#include "invoice/payment_actions.h"

#include <atomic>
#include <thread>

#include "base/failure.h"
#include "invoice/credit_actions.h"
#include "invoice/invoice_actions.h"
#include "invoice/money.h"
#include "invoice/rectification_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

Result<PaymentId> try_pay(World& world, const Viewer& by, InvoiceId id, std::int64_t cents) {
  return world.act(by, [&](Act& act) { return record_payment(act, id, money_of(cents)); });
}

std::vector<Allocation> allocations_of(World& world, InvoiceId id) {
  const auto invoice = invoice_of(world, id);
  return world.database().read([&](Transaction& tx) { return list_allocations(tx, invoice); });
}

Result<void> mark(World& world, InvoiceId id, bool paid) {
  return world.act(world.luca(),
                   [&](Act& act) { return paid ? mark_paid(act, id) : mark_unpaid(act, id); });
}

DATABASE_SENTENCE(payments, "a part payment leaves the rest, the rest settles it, each is mailed") {
  const auto invoice = issue_sample(world);  // 12.10
  world.clear_mails();
  pay(world, invoice.id, 500);
  EXPECT_EQ(rest_of(world, invoice.id), 710);
  auto mails = world.mails();
  ASSERT_EQ(mails.size(), 2u);
  EXPECT_EQ(mails[0].recipient, "ada@example.test");
  EXPECT_EQ(mails[1].recipient, "accounting@arf20.com");
  EXPECT_EQ(mails[0].subject, "Payment received: 5.00 €");
  EXPECT_TRUE(mails[0].body_text.contains("7.10 €")) << mails[0].body_text;
  EXPECT_TRUE(mails[0].body_html.contains("/invoices/1")) << mails[0].body_html;
  pay(world, invoice.id, 710);
  EXPECT_EQ(paid_state(invoice_of(world, invoice.id), Date(2026, 5, 1)), PaidState::paid);
  EXPECT_FALSE(try_pay(world, world.luca(), invoice.id, 1));
  EXPECT_EQ(world.mails().size(), 4u);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payments, "only accountants and admins record payments") {
  const auto invoice = issue_sample(world);
  for (const auto& viewer : {Viewer::nobody(), world.ada(), world.grace()}) {
    EXPECT_THROW((void)try_pay(world, viewer, invoice.id, 100), Forbidden) << viewer.name;
    EXPECT_THROW((void)world.act(viewer,
                                 [&](Act& act) {
                                   return record_client_payment(act, UserId(1), money_of(1),
                                                                PaymentUse::oldest_first);
                                 }),
                 Forbidden);
    EXPECT_THROW((void)world.act(viewer, [&](Act& act) { return use_credit(act, invoice.id); }),
                 Forbidden);
    EXPECT_THROW((void)world.act(
                     viewer, [&](Act& act) { return record_refund(act, UserId(1), money_of(1)); }),
                 Forbidden);
  }
  EXPECT_EQ(count_rows(world, "payments"), 0);
}

DATABASE_SENTENCE(payments, "a payment of a client settles the oldest invoices first") {
  const auto older = issue_sample(world);
  world.clock().advance(std::chrono::hours(24));
  const auto newer = issue_sample(world);
  issue_sample(world, UserId(2));
  pay_for(world, UserId(1), 2000);
  EXPECT_EQ(rest_of(world, older.id), 0);
  EXPECT_EQ(rest_of(world, newer.id), 420);
  EXPECT_EQ(credit_of(world), 0);
  pay_for(world, UserId(1), 1000);
  EXPECT_EQ(rest_of(world, newer.id), 0);
  EXPECT_EQ(credit_of(world), 580);
  EXPECT_EQ(credit_of(world, UserId(2)), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payments, "told so, a payment settles nothing and is credit") {
  const auto invoice = issue_sample(world);
  const auto record = [&](UserId client) {
    return world.act(world.luca(), [&](Act& act) {
      return record_client_payment(act, client, money_of(500), PaymentUse::credit_only);
    });
  };
  record(UserId(1)).value();
  EXPECT_EQ(rest_of(world, invoice.id), 1210);
  EXPECT_EQ(credit_of(world), 500);
  EXPECT_FALSE(record(UserId(3))) << "grace is no client";
  EXPECT_FALSE(record(UserId(99)));
}

DATABASE_SENTENCE(payments, "ancestor: paid-without-proof: marking paid needs no file") {
  const auto invoice = issue_sample(world);
  mark(world, invoice.id, true).value();
  EXPECT_EQ(paid_state(invoice_of(world, invoice.id), Date(2026, 3, 10)), PaidState::paid);
  EXPECT_FALSE(mark(world, invoice.id, true));
}

DATABASE_SENTENCE(payments, "a payment is undone by another row, once") {
  const auto invoice = issue_sample(world);
  const auto payment = pay(world, invoice.id, 500);
  const auto reverse_here = [&](PaymentId id) {
    return world.act(world.luca(), [&](Act& act) { return reverse_payment(act, invoice.id, id); });
  };
  reverse_here(payment).value();
  EXPECT_TRUE(invoice_of(world, invoice.id).paid.is_zero());
  const auto rows = allocations_of(world, invoice.id);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows[0].payment.is_reversed);
  EXPECT_EQ(rows[1].payment.reverses, payment);
  EXPECT_EQ(rows[1].amount.show(), "-5.00 €");
  EXPECT_FALSE(reverse_here(payment));
  EXPECT_FALSE(reverse_here(rows[1].payment.id));
  EXPECT_THROW((void)reverse_here(PaymentId(99)), NotFound);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payments, "reversing takes back every invoice and all credit the payment made") {
  const auto one = issue_sample(world);
  const auto other = issue_sample(world);
  const auto payment = pay_for(world, UserId(1), 3000);  // 12.10 + 12.10 + 5.80 credit
  const auto later = issue_sample(world);                // uses the credit
  EXPECT_EQ(rest_of(world, later.id), 630);
  world.clear_mails();
  reverse(world, payment).value();
  for (const auto& invoice : {one, other, later}) EXPECT_EQ(rest_of(world, invoice.id), 1210);
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(faults_of(world), "");
  ASSERT_EQ(world.mails().size(), 2u);
  EXPECT_EQ(world.mails()[0].subject, "Payment taken back: 30.00 €");
  for (const auto& invoice : {one, other, later}) {
    EXPECT_TRUE(world.mails()[0].body_text.contains(invoice.number)) << invoice.number;
  }
}

DATABASE_SENTENCE(payments, "marking unpaid reverses all that stands, marking paid pays it again") {
  const auto invoice = issue_sample(world);
  pay(world, invoice.id, 500);
  mark(world, invoice.id, true).value();
  mark(world, invoice.id, false).value();
  EXPECT_TRUE(invoice_of(world, invoice.id).paid.is_zero());
  EXPECT_FALSE(mark(world, invoice.id, false));
  mark(world, invoice.id, true).value();
  EXPECT_EQ(rest_of(world, invoice.id), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payments, "marking unpaid keeps a payment that settles other invoices too") {
  const auto one = issue_sample(world);
  const auto other = issue_sample(world);
  const auto payment = pay_for(world, UserId(1), 2420);
  mark(world, one.id, false).value();
  EXPECT_EQ(rest_of(world, one.id), 1210);
  EXPECT_EQ(rest_of(world, other.id), 0);
  EXPECT_EQ(credit_of(world), 1210);
  EXPECT_FALSE(payment_of(world, payment).is_reversed);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payments, "a payment of another invoice is not reversed here") {
  const auto one = issue_sample(world);
  const auto other = issue_sample(world, UserId(2));
  const auto payment = pay(world, one.id, 500);
  EXPECT_THROW((void)world.act(world.luca(),
                               [&](Act& act) { return reverse_payment(act, other.id, payment); }),
               NotFound);
}

DATABASE_SENTENCE(payments, "eight that pay the whole at once are one payment") {
  const auto invoice = issue_sample(world);
  world.mailer();
  std::atomic<int> accepted = 0;
  std::vector<std::thread> payers;
  for (int i = 0; i < 8; ++i) {
    payers.emplace_back([&] {
      if (try_pay(world, world.luca(), invoice.id, 1210)) ++accepted;
    });
  }
  for (auto& payer : payers) payer.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(count_rows(world, "payments"), 1);
  EXPECT_EQ(rest_of(world, invoice.id), 0);
}

DATABASE_SENTENCE(payments, "a rectified invoice takes no payment; what was paid is credit") {
  const auto invoice = issue_sample(world);
  const auto payment = pay(world, invoice.id, 500);
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, invoice.id, "Wrong"); })
      .value();
  EXPECT_FALSE(try_pay(world, world.luca(), invoice.id, 100));
  EXPECT_EQ(credit_of(world), 500);
  EXPECT_EQ(faults_of(world), "");
  EXPECT_TRUE(
      world.act(world.luca(), [&](Act& act) { return reverse_payment(act, invoice.id, payment); }));
  EXPECT_EQ(credit_of(world), 0);
  EXPECT_EQ(faults_of(world), "");
}

DATABASE_SENTENCE(payments, "the schema itself keeps money, whoever writes") {
  const auto invoice = issue_sample(world);
  pay(world, invoice.id, 2000);
  const auto draft =
      world.act(world.root(), [&](Act& act) { return create_draft(act, draft_of(UserId(1))); })
          .value();
  for (const auto& statement :
       {std::string("update payments set amount = 1"), std::string("delete from payments"),
        std::string("update allocations set amount = 1"), std::string("delete from allocations"),
        std::string("update client_credit set amount = 1"),
        std::string("delete from client_credit"),
        std::string("update client_balances set credit = -1"),
        "insert into allocations (payment_id, invoice_id, amount) values (1, " + draft.text() +
            ", 1)"}) {
    EXPECT_THROW(execute(world, statement), DatabaseError) << statement;
  }
  EXPECT_EQ(faults_of(world), "");
}

}  // namespace
}  // namespace cstims::test
