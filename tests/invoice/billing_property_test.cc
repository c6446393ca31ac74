// Random lives of orders against a model that knows nothing but a calendar with a price on each
// day: every active day is billed exactly once at its price, whatever happens and whenever the run
// comes. CSTIMS_TEST_LONG=1 makes it a hundred thousand lives.
#include <cstdlib>
#include <random>

#include "service/billing_credit.h"
#include "service/billing_lines.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

TimeZone madrid() {
  return TimeZone::find("Europe/Madrid").value();
}

const Date first_day(2023, 12, 1);
constexpr int days_of_model = 1200;

/// One day of the naive model.
struct Day {
  bool active = false;
  int price = 0;  // index of the price that counts
};

/// What an invoice line and its billed period are in the database.
struct Row {
  BilledPeriod billed;
  DueItem item;
};

/// An order, the program's view (plan, rows) and the model's (days) side by side.
class Life {
 public:
  explicit Life(std::uint32_t seed) : random_(seed) {
    const auto cycle = pick_cycle();
    plan_ = BillingPlan::of(random_term(cycle), first_day.plus_days(below(60)));
    plan_.trial_days = below(4) == 0 ? below(30) : 0;
    if (below(3) == 0) plan_.anchor_day = static_cast<unsigned>(1 + below(31));
    if (below(4) == 0) plan_.discount = random_discount();
    plan_.terms.front().quantity = 1 + below(3);
    prices_ = {plan_.terms.front()};
    for (int day = 0; day < days_of_model; ++day) {
      days_[static_cast<std::size_t>(day)].active = day_at(day) >= plan_.begins_on();
    }
    today_ = plan_.activated_on;
  }

  void live() {
    const int events = below(7);
    for (int i = 0; i < events && !ended_; ++i) {
      today_ = today_.plus_days(below(70));
      if (below(3) > 0) run();
      happen();
      if (below(3) == 0) run();
    }
    if (!ended_) end_on(today_.plus_days(below(90)));
    today_ = day_at(days_of_model - 1);
    run();
  }

  void check() const {
    std::vector<int> covered(days_of_model, 0);
    for (const auto& row : rows_) check_row(row, covered);
    for (int day = 0; day < days_of_model; ++day) {
      ASSERT_EQ(covered[index(day)], days_[index(day)].active ? 1 : 0)
          << day_at(day).text() << told();
    }
    Money kept = Money::zero(Currency::eur());
    for (const auto& row : rows_) kept += row.billed.left;
    ASSERT_EQ(kept + returned_, charged_) << told();
  }

  void check_that_nothing_is_left() {
    const auto rows = rows_.size();
    run();
    ASSERT_EQ(rows_.size(), rows) << told();
    ASSERT_FALSE(next_item(plan_, so_far())) << told();
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  static Date day_at(int day) { return first_day.plus_days(day); }
  static std::size_t index(int day) { return static_cast<std::size_t>(day); }

  Cycle pick_cycle() {
    constexpr Cycle cycles[] = {Cycle::day,   Cycle::week,         Cycle::month,      Cycle::month,
                                Cycle::month, Cycle::three_months, Cycle::six_months, Cycle::year};
    return cycles[below(std::size(cycles))];
  }

  ResolvedTerm random_term(Cycle cycle) {
    return {.is_free = false,
            .currency = Currency::eur(),
            .cycle = cycle,
            .in_arrears = below(3) == 0,
            .price = Decimal::millionths(below(90) * 333'333LL)};
  }

  Discount random_discount() {
    Discount discount{.code = "X", .share = {}, .amount = {}};
    if (below(2)) {
      discount.share = TaxRate::basis_points(1 + below(10'000));
    } else {
      discount.amount = Money(1 + below(2000), Currency::eur());
    }
    if (below(2)) discount.periods = 1 + below(4);
    return discount;
  }

  BilledSoFar so_far() const {
    BilledSoFar billed;
    for (const auto& row : rows_) {
      if (row.billed.covers_until == row.billed.period.start) continue;
      billed.recurring_until =
          std::max(billed.recurring_until, std::optional(row.billed.covers_until));
    }
    return billed;
  }

  void run() {
    for (const auto& item : periods_due(plan_, so_far(), today_, 10'000)) {
      const auto line = line_for(item, zone_);
      rows_.push_back({{.period = item.period,
                        .covers_until = item.period.next,
                        .line = static_cast<std::int64_t>(rows_.size()),
                        .net = line.net,
                        .left = line.net},
                       item});
      charged_ += line.net;
    }
  }

  void happen() {
    switch (below(6)) {
      case 0:
        return change_next_period();
      case 1:
      case 2:
        return change_on(today_.plus_days(below(20) - 5));
      case 3:
        return suspend_and_resume();
      case 4:
        return give_back_twice();
      default:
        return end_on(below(2) ? today_ : today_.plus_days(below(40)));
    }
  }

  DatedTerm other_term() {
    DatedTerm term = plan_.terms.back();
    const auto cycle = below(4) == 0 ? pick_cycle() : term.term.cycle;
    term.term = random_term(cycle);
    term.quantity = 1 + below(3);
    return term;
  }

  void set_price(DatedTerm term) {
    plan_.terms = change_terms(plan_.terms, term);
    prices_.push_back(term);
    for (int day = 0; day < days_of_model; ++day) {
      if (day_at(day) >= term.from) days_[index(day)].price = static_cast<int>(prices_.size()) - 1;
    }
  }

  void change_next_period() {
    const auto from = next_period_start(plan_, so_far(), today_);
    if (!from) return;
    auto term = other_term();
    term.from = *from;
    set_price(std::move(term));
  }

  /// What an upgrade does: days that are billed from that day on are given back.
  void change_on(Date from) {
    auto term = other_term();
    term.from = std::max(from, plan_.begins_on());
    give_back(term.from);
    set_price(std::move(term));
  }

  void give_back_twice() {
    change_on(today_);
    run();
    change_on(today_);
  }

  void give_back(Date from) {
    std::vector<BilledPeriod> billed;
    for (const auto& row : rows_) billed.push_back(row.billed);
    for (const auto& credit : days_to_give_back(billed, from)) {
      auto& row = rows_.at(static_cast<std::size_t>(credit.line.value())).billed;
      ASSERT_FALSE(credit.net.is_negative()) << told();
      row.left = row.left - credit.net;
      ASSERT_FALSE(row.left.is_negative()) << told();
      row.covers_until = credit.days.start;
      returned_ += credit.net;
    }
  }

  /// A suspension that is not billed; days billed ahead stay.
  void suspend_and_resume() {
    const Date from =
        std::max({today_, so_far().recurring_until.value_or(today_), plan_.begins_on()});
    plan_.terms = pause_terms(plan_.terms, from);
    if (below(2)) run();
    today_ = today_.plus_days(below(50));
    if (below(2)) run();
    plan_.terms = resume_terms(plan_.terms, std::max(today_, from));
    for (int day = 0; day < days_of_model; ++day) {
      const Date date = day_at(day);
      if (date >= from && date < today_) days_[index(day)].active = false;
    }
  }

  void end_on(Date day) {
    const Date end = std::max(day, plan_.activated_on);
    plan_.ends_on = end;
    give_back(end);
    ended_ = true;
    for (int i = 0; i < days_of_model; ++i) {
      if (day_at(i) >= end) days_[index(i)].active = false;
    }
  }

  /// Its days, and that it cost the price of its first day by the days of its whole period.
  void check_row(const Row& row, std::vector<int>& covered) const {
    const auto& period = row.billed.period;
    for (Date day = period.start; day < row.billed.covers_until; day = day.plus_days(1)) {
      ++covered[index(days_between(first_day, day))];
    }
    if (row.billed.covers_until == period.start) {
      ASSERT_TRUE(row.billed.left.is_zero()) << told();
      return;
    }
    const auto& price = prices_[index(days_[index(days_between(first_day, period.start))].price)];
    ASSERT_EQ(row.item.term, price.term) << period.start.text() << told();
    ASSERT_EQ(row.item.quantity, price.quantity) << told();
    for (Date day = period.start; day < row.billed.covers_until; day = day.plus_days(1)) {
      const auto& of_day = days_[index(days_between(first_day, day))];
      ASSERT_EQ(prices_[index(of_day.price)].term, price.term) << day.text() << told();
    }
    if (!row.item.discount) {
      ASSERT_EQ(row.billed.net.minor(), naive_cents(row, price)) << told();
    }
  }

  /// In millionths and in integers only: half away from zero.
  static std::int64_t naive_cents(const Row& row, const DatedTerm& price) {
    const std::int64_t parts = row.item.whole_period.days() * 10'000LL;
    const std::int64_t amount =
        price.term.price.millionths() * price.quantity * row.billed.period.days();
    return (amount + parts / 2) / parts;
  }

  std::string told() const {
    std::string text = "\nactivated " + plan_.activated_on.text() + ", trial " +
                       std::to_string(plan_.trial_days) + ", anchor " +
                       std::to_string(plan_.anchor_day.value_or(0));
    for (const auto& term : plan_.terms) {
      text += "\n  " + term.from.text() + ' ' + term.term.text() + (term.paused ? " paused" : "");
    }
    if (plan_.ends_on) text += "\n  ends " + plan_.ends_on->text();
    for (const auto& row : rows_) {
      text += "\n  billed " + row.billed.period.start.text() + ".." +
              row.billed.covers_until.text() + " of " + row.billed.period.next.text();
    }
    return text;
  }

  std::mt19937 random_;
  BillingPlan plan_{.name = "", .activated_on = first_day, .ends_on = {}, .terms = {}};
  std::vector<DatedTerm> prices_;
  std::vector<Day> days_ = std::vector<Day>(days_of_model);
  std::vector<Row> rows_;
  Money charged_ = Money::zero(Currency::eur());
  Money returned_ = Money::zero(Currency::eur());
  Date today_ = first_day;
  bool ended_ = false;
  const TimeZone zone_ = madrid();
};

int number_of_lives() {
  return std::getenv("CSTIMS_TEST_LONG") ? 100'000 : 2000;
}

}  // namespace

SENTENCE(billing_property,
         "every active day is billed exactly once at its price, whatever happens") {
  for (int seed = 0; seed < number_of_lives(); ++seed) {
    Life life(static_cast<std::uint32_t>(seed));
    life.live();
    life.check();
    life.check_that_nothing_is_left();
    if (testing::Test::HasFatalFailure()) FAIL() << "of the life " << seed;
  }
}
