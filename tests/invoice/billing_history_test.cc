// Random histories of orders in the real database: prices and quantities change, on days billed
// already too, orders are suspended and end, days are missed, runs are repeated and come several at
// once. Whatever happens, each active day of each order is billed once. CSTIMS_TEST_LONG=1 lives
// many more of them; the same with a day-by-day model of prices, but without a database:
// billing_property_test.cc; killed runs: tests/scenario/kill_test.py.
#include <fmt/format.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/invoice_audit.h"
#include "invoice/invoice_document.h"
#include "invoice/order_changes.h"
#include "order/order_actions.h"
#include "order/order_store.h"

namespace cstims::test {
namespace {

class History {
 public:
  History(World& world, std::uint32_t seed) : world_(world), random_(seed), seed_(seed) {
    world.clock().set(Instant::stored("2027-11-30T10:00:00Z"));
    world.mailer();  // made before threads use it
  }

  void live() {
    for (int i = 0; i < 5; ++i) begin();
    for (int step = 0; step < 14; ++step) {
      world_.clock().advance(std::chrono::days(1 + below(45)));
      for (const auto order : orders_) {
        if (below(3) == 0) happen(order);
      }
      world_.act(Viewer::of_system("end orders"), [](Act& act) { return end_orders(act, 100); });
      if (below(3) > 0) run_several(1 + below(3));  // else nobody ran it that day
    }
    run_several(1);
  }

  /// Orders whose price changed on a day.
  int changed() const { return changed_; }

  void check() {
    const auto invoices = count_rows(world_, "invoices");
    EXPECT_TRUE(run(world_).invoices.empty()) << seed();
    EXPECT_EQ(count_rows(world_, "invoices"), invoices) << seed();
    for (const auto order : orders_) check(order);
    for (std::int64_t id = 1; id <= invoices; ++id) {
      ensure_invoice_document({world_.database(), world_.renderer(), world_.site()}, InvoiceId(id));
    }
    EXPECT_EQ(audit_invoices(world_.database()), std::vector<std::string>{}) << seed();
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string seed() const { return fmt::format("seed {}", seed_); }
  Date today() {
    return world_.database().read([](Transaction& tx) { return tx.today(); });
  }

  std::string random_term() {
    static constexpr const char* periods[] = {"mo", "mo", "mo", "3mo", "w", "y", "6mo"};
    return fmt::format("{}.{:02} €/{}{}", 1 + below(40), below(100), periods[below(7)],
                       below(4) == 0 ? " in arrears" : "");
  }

  void begin() {
    orders_.push_back(place_order(world_, {.client = UserId(1 + below(2)),
                                           .name = fmt::format("vps{}", orders_.size()),
                                           .billing = random_term(),
                                           .activated_on = today().plus_days(-below(40))}));
  }

  Order stored(OrderId id) {
    return world_.database().read(
        [&](Transaction& tx) { return require_order(tx, world_.root(), id); });
  }

  /// Cheaper, dearer or more of it; the period stays what it was.
  void change_price(const Order& order) {
    auto term = order.terms.front().term;
    term.price = Decimal::millionths(below(90) * 333'333LL);
    const OrderEdit edit{.client = order.client,
                         .service = order.service,
                         .name = order.name,
                         .billing = term,
                         .status = order.status,
                         .comments = order.comments,
                         .notes = order.notes,
                         .options = {},
                         .activated_on = order.activated_on,
                         .ends_on = {},
                         .reason = {},
                         .quantity = 1 + below(3)};
    EXPECT_TRUE(world_.act(world_.root(), [&](Act& act) {
      return edit_order(act, order.id, edit);
    })) << seed();
  }

  void happen(OrderId id) {
    const auto order = stored(id);
    if (order.status == OrderStatus::ended) return;
    const auto act = [&](const Viewer& viewer, auto verb) {
      const auto done = world_.act(viewer, verb);
      EXPECT_TRUE(done) << (done ? "" : done.error().english()) << ' ' << seed();
    };
    switch (below(5)) {
      case 0:
      case 1:
        return change_price(order);
      case 2:
        if (order.status == OrderStatus::suspended) {
          return act(world_.root(), [&](Act& a) { return resume_order(a, id, "paid"); });
        }
        return act(world_.root(), [&](Act& a) { return suspend_order(a, id, "not paid"); });
      case 3:
        if (below(3) > 0 || order.ends_on) return;
        return act(order.client == UserId(1) ? world_.ada() : world_.bob(),
                   [&](Act& a) { return ask_to_end(a, id, {.at_once = false, .reason = "x"}); });
      default:
        return change_on_a_day(order);
    }
  }

  /// Another price from a day that may be billed already: what cannot be is refused and changes
  /// nothing.
  void change_on_a_day(const Order& order) {
    auto term = order.terms.front().term;
    term.price = Decimal::millionths((1 + below(90)) * 333'333LL);
    const TermsChange change{.billing = term, .from = today().plus_days(below(30) - 15)};
    changed_ +=
        world_.act(world_.root(), [&](Act& act) { return change_order(act, order.id, change); })
            .has_value();
  }

  /// Runs that come at the same time: one does the work, the others wait for it or are told so.
  void run_several(int runs) {
    std::vector<std::thread> threads;
    for (int i = 0; i < runs; ++i) {
      threads.emplace_back([this] {
        try {
          const auto ran = run_billing({world_.database(), world_.mailer(), world_.site()}, {});
          EXPECT_TRUE(ran.faults.empty()) << seed();
        } catch (const Refused&) {
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }

  void check(OrderId id) {
    const auto order = stored(id);
    Date covered = *order.activated_on;
    world_.database().read([&](Transaction& tx) {
      for (const auto& row : tx.select({"periods of order", R"(
             select period_start, covers_until
             from billed_periods
             where order_id = :order and kind = 'recurring' and covers_until > period_start
             order by period_start)"},
                                       {{"order", id}})) {
        EXPECT_EQ(row.date("period_start"), covered) << order.name << ' ' << seed();
        covered = row.date("covers_until");
      }
    });
    if (order.status == OrderStatus::ended) {
      EXPECT_EQ(covered, *order.ends_on) << order.name << ' ' << seed();
      EXPECT_FALSE(order.next_due_on) << order.name << ' ' << seed();
    } else if (order.ends_on == covered) {
      EXPECT_FALSE(order.next_due_on) << order.name << ' ' << seed();
    } else {
      ASSERT_TRUE(order.next_due_on) << order.name << ' ' << seed();
      EXPECT_GT(*order.next_due_on, today()) << order.name << ' ' << seed();
      if (!order.terms.front().term.in_arrears) {
        EXPECT_GT(covered, today()) << order.name << ' ' << seed();
      }
    }
  }

  World& world_;
  std::mt19937 random_;
  std::uint32_t seed_;
  std::vector<OrderId> orders_;
  int changed_ = 0;
};

DATABASE_SENTENCE(billing_history,
                  "missed, repeated and simultaneous runs bill each active day once") {
  const char* many = std::getenv("CSTIMS_TEST_SEED");
  History history(world, many ? static_cast<std::uint32_t>(std::atoi(many)) : 1);
  history.live();
  history.check();
}

SENTENCE(billing_history, "many histories, each in a database of its own") {
  const int lives = std::getenv("CSTIMS_TEST_LONG") ? 200 : 4;
  int changed = 0;
  for (int seed = 2; seed < 2 + lives; ++seed) {
    World world(seed % 4 == 0 && has_postgresql() ? Engine::postgresql : Engine::sqlite);
    History history(world, static_cast<std::uint32_t>(seed));
    history.live();
    history.check();
    changed += history.changed();
    if (::testing::Test::HasFailure()) break;
  }
  EXPECT_GT(changed, lives / 4) << "prices changed on a day, of all lives";
}

}  // namespace
}  // namespace cstims::test
