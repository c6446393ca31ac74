#include "invoice/account_statement.h"

#include "account/user_store.h"
#include "invoice/account_statement_store.h"
#include "invoice/credit_actions.h"
#include "invoice/invoice_actions.h"
#include "invoice/money.h"
#include "invoice/rectification_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

AccountStatement statement_of(World& world, const StatementRange& range,
                              UserId client = UserId(1)) {
  return world.database().read([&](Transaction& tx) {
    return load_account_statement(tx, require_user(tx, client), range, Currency::eur());
  });
}

const StatementRange all{Date(2000, 1, 1), Date(2099, 12, 31)};

DATABASE_SENTENCE(statement, "it names each event once, in order, with what is owed after it") {
  const auto one = issue_sample(world);  // 12.10
  const auto payment = pay(world, one.id, 500);
  world.clock().advance(std::chrono::hours(24));
  reverse(world, payment).value();
  const auto paid = pay_for(world, UserId(1), 2000);
  (void)paid;
  world.clock().advance(std::chrono::hours(24));
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, one.id, "Wrong"); }).value();
  world
      .act(world.luca(),
           [&](Act& act) {
             auto money = money_of(1500);
             money.date = Date(2026, 3, 12);
             return record_refund(act, UserId(1), money);
           })
      .value();
  const auto statement = statement_of(world, all);
  std::vector<std::string> lines;
  for (const auto& [entry, balance] : statement.lines) {
    lines.push_back(entry.date.text() + " " + shown(entry.kind).english() + " " +
                    entry.amount.text() + " " + balance.text());
  }
  EXPECT_EQ(lines,
            (std::vector<std::string>{
                "2026-03-10 Invoice 12.10 12.10", "2026-03-10 Payment -5.00 7.10",
                "2026-03-10 Payment -20.00 -12.90", "2026-03-11 Payment taken back 5.00 -7.90",
                "2026-03-12 Rectifying invoice -12.10 -20.00", "2026-03-12 Refund 15.00 -5.00"}));
  EXPECT_EQ(statement.billed.minor(), 0);
  EXPECT_EQ(statement.paid.minor(), 500);
  EXPECT_EQ(statement.closing.minor(), -500);
  EXPECT_EQ(statement.credit.minor(), 500);
}

DATABASE_SENTENCE(statement, "the days before it are its opening balance, however it is cut") {
  for (int day = 0; day < 6; ++day) {
    const auto invoice = issue_sample(world);
    if (day % 2 == 0) pay(world, invoice.id, 300);
    world.clock().advance(std::chrono::hours(24));
  }
  const auto whole = statement_of(world, all);
  for (int day = 0; day < 8; ++day) {
    const Date cut = Date(2026, 3, 9).plus_days(day);
    const auto before = statement_of(world, {all.from, cut});
    const auto after = statement_of(world, {cut.plus_days(1), all.to});
    EXPECT_EQ(before.closing, after.opening) << cut.text();
    EXPECT_EQ(after.closing, whole.closing) << cut.text();
    EXPECT_EQ(before.lines.size() + after.lines.size(), whole.lines.size()) << cut.text();
  }
}

DATABASE_SENTENCE(statement, "what is owed is what the invoices ask for, less the credit") {
  issue_sample(world);
  issue_sample(world);
  pay_for(world, UserId(1), 3000);
  const auto third = issue_sample(world);
  pay(world, third.id, 100);
  issue_sample(world, UserId(2));
  const auto statement = statement_of(world, all);
  EXPECT_EQ(statement.closing.minor(),
            number_of(world, "select sum(total - paid) from invoices where client_id = 1") -
                credit_of(world));
}

SENTENCE(statement, "by default it shows twelve months, over leap days too") {
  EXPECT_EQ(default_range(Date(2026, 3, 10)).from, Date(2025, 3, 11));
  EXPECT_EQ(default_range(Date(2024, 2, 29)).from, Date(2023, 3, 1));
  EXPECT_EQ(default_range(Date(2024, 2, 29)).to, Date(2024, 2, 29));
}

}  // namespace
}  // namespace cstims::test
