// Random lives of orders in the database, against a calendar: runs, changes on days before and
// after today, ends, credits given twice. What is billed less what is given back is the price of
// each active day, once; the books are in order at the end. CSTIMS_TEST_LONG=1 lives more of them.
#include <cstdlib>
#include <random>

#include "invoice/books.h"
#include "invoice/invoice_audit.h"
#include "invoice/order_changes.h"
#include "invoice/payment_actions.h"
#include "order/order_actions.h"
#include "order/order_store.h"
#include "support/world.h"

namespace cstims::test {
namespace {

constexpr int days_of_model = 200;
const Date first_day(2026, 1, 1);

void set_day(World& world, Date day) {
  world.clock().set(Instant::stored(day.text() + "T08:00:00Z"));
}

/// One order, and beside it what each day of the calendar should cost, in cents of a month.
class Life {
 public:
  Life(World& world, std::uint32_t seed)
      : world_(world), random_(seed), began_(first_day.plus_days(below(30))) {
    const int price = random_price();
    id_ = place_order(world, {.name = "life" + std::to_string(seed),
                              .billing = term(price, false),
                              .activated_on = began_});
    set_price(began_, price);
  }

  void live(Date today) {
    if (ended_ || today < began_ || below(12) > 0) return;
    switch (below(6)) {
      case 0:
        return end(today.plus_days(below(20) - 10));
      case 1:
        change_on(today);
        return change_on(today.plus_days(below(20)));
      default:
        return change_on(today.plus_days(below(50) - 25));
    }
  }

  void end(Date on) {
    if (ended_) return;
    on = std::max(on, began_);
    for (int times = 1 + below(2); times > 0; --times) {
      const auto done = world_.act(world_.root(), [&](Act& act) {
        return end_order_early(act, id_, {.on = on, .gives_back = true});
      });
      if (done) ended_ = true;
    }
    ASSERT_TRUE(ended_);
    set_price(on, 0);
  }

  /// Whatever was billed how often: of each line that keeps days their price by days.
  void check() {
    std::vector<int> covered(days_of_model, 0);
    std::int64_t kept = 0;
    world_.database().read([&](Transaction& tx) {
      for (const auto& row : tx.select_built(
               "test coverage",
               "select b.period_start, b.period_next, b.covers_until, coalesce(l.net, 0) as net, "
               "cast(coalesce((select sum(c.net) from invoice_lines c where c.corrects_id = l.id), "
               "0) as bigint) as back from billed_periods b left join invoice_lines l on l.id = "
               "b.line_id where b.order_id = " +
                   id_.text() + " and b.kind = 'recurring'",
               {})) {
        kept += check_row(row, covered);
      }
    });
    for (int day = 0; day < days_of_model; ++day) {
      ASSERT_EQ(covered[index(day)], days_[index(day)] > 0 ? 1 : 0)
          << first_day.plus_days(day).text() << " of " << id_.text();
    }
    ASSERT_EQ(kept, number_of(world_,
                              "select coalesce(sum(net), 0) from invoice_lines where "
                              "order_id = " +
                                  id_.text()))
        << "nothing is billed or given back beside the periods";
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  static std::size_t index(int day) { return static_cast<std::size_t>(day); }
  int random_price() { return 1 + below(20'000); }
  static std::string term(int cents, bool arrears) {
    return Money(cents, Currency::eur()).text() + " €/mo" + (arrears ? " in arrears" : "");
  }
  void set_price(Date from, int price) {
    for (int day = 0; day < days_of_model; ++day) {
      if (first_day.plus_days(day) >= from) days_[index(day)] = price;
    }
  }

  /// Refused before it began.
  void change_on(Date from) {
    const int price = random_price();
    const auto done = world_.act(world_.root(), [&](Act& act) {
      return change_order(
          act, id_, {.billing = ResolvedTerm::stored(term(price, below(4) == 0)), .from = from});
    });
    if (done) set_price(from, price);
  }

  /// Its days; what is kept of it is the price of its days, rounded once.
  std::int64_t check_row(const Row& row, std::vector<int>& covered) {
    const BillingPeriod period{row.date("period_start"), row.date("period_next")};
    const Date until = row.date("covers_until");
    const auto kept = row.number("net") + row.number("back");
    EXPECT_EQ(kept, multiply_and_round(row.number("net"), days_between(period.start, until),
                                       period.days()))
        << period.start.text() << " of " << id_.text();
    for (Date day = period.start; day < until; day = day.plus_days(1)) {
      ++covered[index(days_between(first_day, day))];
      EXPECT_TRUE(priced_as(row.number("net"), period, days_[index(days_between(first_day, day))]))
          << day.text() << " of " << id_.text();
    }
    return kept;
  }

  /// A month has 28 to 31 days: the line costs its part of one of them.
  static bool priced_as(std::int64_t net, const BillingPeriod& period, int price) {
    for (int month = 28; month <= 31; ++month) {
      if (net == multiply_and_round(price, period.days(), month)) return true;
    }
    return false;
  }

  World& world_;
  std::mt19937 random_;
  Date began_;
  OrderId id_{0};
  bool ended_ = false;
  std::vector<int> days_ = std::vector<int>(days_of_model, 0);
};

/// What is owed, and what comes beyond it now and then.
void pay_all(World& world, Date today, int more) {
  const auto open = number_of(world,
                              "select coalesce(sum(total - paid - credited), 0) from invoices "
                              "where kind = 'ordinary' and status = 'issued'");
  if (open + more <= 0) return;
  const NewPayment money{Money(open + more, Currency::eur()), today, "transfer", {}, {}};
  world
      .act(world.luca(),
           [&](Act& act) {
             return record_client_payment(act, UserId(1), money, PaymentUse::oldest_first);
           })
      .value();
}

DATABASE_SENTENCE(order_life, "billed less given back is the price of each active day, once") {
  const int lives = std::getenv("CSTIMS_TEST_LONG") ? 500 : 40;
  std::vector<Life> all;
  for (int seed = 0; seed < lives; ++seed)
    all.emplace_back(world, static_cast<std::uint32_t>(seed));
  std::mt19937 random(7);
  for (int day = 0; day + 30 < days_of_model; ++day) {
    const Date today = first_day.plus_days(day);
    set_day(world, today);
    if (random() % 3 == 0) run(world);
    if (random() % 9 == 0) pay_all(world, today, static_cast<int>(random() % 500));
    for (auto& life : all) life.live(today);
  }
  for (auto& life : all) life.end(first_day.plus_days(days_of_model - 20));
  set_day(world, first_day.plus_days(days_of_model - 1));
  EXPECT_TRUE(run(world).result.faults.empty());
  EXPECT_TRUE(run(world).invoices.empty()) << "nothing is left to bill";
  for (auto& life : all) life.check();
  EXPECT_GT(count_rows(world, "credited_periods"), lives);
  for (const auto& fault : audit_invoices(world.database())) {
    EXPECT_TRUE(fault.contains("it has no document"))
        << fault << ": no mail was sent, which draws it";
  }
}

}  // namespace
}  // namespace cstims::test
