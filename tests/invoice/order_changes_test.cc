// Days that are invoiced and not used: given back once, to the cent, whoever presses how often.
#include "invoice/order_changes.h"

#include <atomic>
#include <barrier>
#include <thread>

#include "base/failure.h"
#include "invoice/books.h"
#include "invoice/closed_period.h"
#include "invoice/invoice_audit.h"
#include "invoice/payment_actions.h"
#include "invoice/rectification_actions.h"
#include "order/order_actions.h"
#include "order/order_store.h"
#include "support/world.h"

namespace cstims::test {
namespace {

const Currency eur = Currency::eur();

TermsChange to(std::string_view billing, Date from) {
  return {.billing = ResolvedTerm::stored(billing), .from = from};
}

Result<GaveBack> change(World& world, OrderId id, const TermsChange& wanted) {
  return world.act(world.root(), [&](Act& act) { return change_order(act, id, wanted); });
}

Result<GaveBack> end_on(World& world, OrderId id, std::optional<Date> on) {
  return world.act(world.root(), [&](Act& act) {
    return end_order_early(act, id, {.on = on, .gives_back = true, .reason = "moves away"});
  });
}

Result<GaveBack> give_back_from(World& world, OrderId id, Date from) {
  return world.act(Viewer::of_system("test"),
                   [&](Act& act) { return give_back(act, id, from, "unused"); });
}

Order order_of(World& world, OrderId id) {
  return world.database().read(
      [&](Transaction& tx) { return require_order(tx, Viewer::of_system("test"), id); });
}

/// "Given back: Small VPS – web, 2026-03-11..2026-04-01: -21.00 €" a line.
std::string told(World& world, InvoiceId id) {
  std::string text;
  for (const auto& line : lines_of(world, id)) {
    text += line.description;
    if (line.period) text += ", " + line.period->start.text() + ".." + line.period->next.text();
    text += ": " + line.net.show() + '\n';
  }
  return text;
}

/// No mail is sent here, which is what draws the documents.
std::string faults(World& world) {
  std::string all;
  for (const auto& fault : audit_invoices(world.database())) {
    if (!fault.contains("it has no document")) all += fault + "\n";
  }
  return all;
}

InvoiceId only_invoice(const RanBilling& ran) {
  EXPECT_EQ(ran.invoices.size(), 1U);
  return ran.invoices.at(0).id.value();
}

void set_day(World& world, const std::string& day) {
  world.clock().set(Instant::stored(day + "T08:00:00Z"));
}

DATABASE_SENTENCE(order_changes, "an upgrade gives the unused days back and bills them anew") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  const auto gave = change(world, id, to("62 €/mo", Date(2026, 3, 11))).value();
  EXPECT_EQ(gave.total.show(), "25.41 €");
  EXPECT_EQ(gave.credit.show(), "0.00 €") << "nothing was paid yet";
  ASSERT_EQ(gave.rectifying.size(), 1U);
  EXPECT_EQ(told(world, gave.rectifying[0]),
            "Given back: Small VPS – web, 2026-03-11..2026-04-01: -21.00 €\n");
  EXPECT_EQ(lines_of(world, gave.rectifying[0]).at(0).explanation,
            "11 Mar 2026 – 31 Mar 2026: 21 of the 31 days 1 Mar 2026 – 31 Mar 2026 that invoice "
            "F2026-000001 billed. 31.00 € − 31.00 € × 10 / 31 = 21.00 €.");
  EXPECT_EQ(invoice_of(world, gave.rectifying[0]).reason, "Change of web on 11 Mar 2026");
  EXPECT_EQ(order_of(world, id).next_due_on, Date(2026, 3, 11));
  EXPECT_EQ(told(world, only_invoice(run(world))),
            "Small VPS – web, 2026-03-11..2026-04-01: 42.00 €\n");
  set_day(world, "2026-04-01");
  EXPECT_EQ(told(world, only_invoice(run(world))),
            "Small VPS – web, 2026-04-01..2026-05-01: 62.00 €\n");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes,
                  "what had been paid for the days is the client's credit, and used") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  const auto invoice = only_invoice(run(world));
  world.act(world.luca(), [&](Act& act) { return mark_paid(act, invoice); }).value();
  set_day(world, "2026-03-22");
  const auto gave = change(world, id, to("15.50 €/mo", Date(2026, 3, 22))).value();
  EXPECT_EQ(gave.credit.show(), "12.10 €");
  const auto charged = invoice_of(world, only_invoice(run(world)));
  EXPECT_EQ(charged.total.show(), "6.05 €");
  EXPECT_TRUE(charged.rest().is_zero());
  EXPECT_EQ(number_of(world, "select sum(amount) from client_credit"), 605);
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "days of several invoices are given back by one of each") {
  const auto id = place_order(world, {.billing = "31 €/mo", .activated_on = Date(2026, 1, 1)});
  run(world);
  set_day(world, "2026-03-20");
  const auto gave = change(world, id, to("62 €/mo", Date(2026, 2, 15))).value();
  ASSERT_EQ(gave.rectifying.size(), 2U);
  EXPECT_EQ(told(world, gave.rectifying[0]),
            "Given back: Small VPS – web, 2026-02-15..2026-03-01: -15.50 €\n");
  EXPECT_EQ(told(world, gave.rectifying[1]),
            "Given back: Small VPS – web, 2026-03-01..2026-04-01: -31.00 €\n");
  const auto bills = run(world).invoices;
  ASSERT_EQ(bills.size(), 2U);
  EXPECT_EQ(told(world, bills[0].id.value()), "Small VPS – web, 2026-02-15..2026-03-01: 31.00 €\n");
  EXPECT_EQ(told(world, bills[1].id.value()), "Small VPS – web, 2026-03-01..2026-04-01: 62.00 €\n");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "cut again and again, a line keeps the price of its days") {
  const auto id = place_order(world, {.billing = "10 €/mo"});
  const auto invoice = only_invoice(run(world));
  for (const int day : {30, 23, 17, 8, 3}) {
    give_back_from(world, id, Date(2026, 3, static_cast<unsigned>(day))).value();
    const auto left =
        number_of(world, "select 1000 + sum(net) from invoice_lines where corrects_id is not null");
    EXPECT_EQ(left, multiply_and_round(1000, day - 1, 31)) << day;
  }
  give_back_from(world, id, Date(2026, 3, 1)).value();
  EXPECT_TRUE(invoice_of(world, invoice).is_rectified());
  EXPECT_EQ(invoice_of(world, invoice).credited.show(), "12.10 €");
  EXPECT_EQ(count_rows(world, "credited_periods"), 6);
  EXPECT_EQ(give_back_from(world, id, Date(2026, 3, 1)).value().total.show(), "0.00 €");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "no more is given back than rectifying invoices left") {
  const auto reduced = place_order(world, {.billing = "31 €/mo"});
  const auto invoice = only_invoice(run(world));
  const auto line = lines_of(world, invoice).at(0).id;
  world
      .act(world.luca(),
           [&](Act& act) {
             return rectify_lines(act, invoice, {{line, Money(1550, eur)}}, "Half price");
           })
      .value();
  const auto gave = give_back_from(world, reduced, Date(2026, 3, 11)).value();
  EXPECT_EQ(told(world, gave.rectifying.at(0)),
            "Given back: Small VPS – web, 2026-03-11..2026-04-01: -10.50 €\n");

  const auto free = place_order(world, {.name = "mail", .billing = "31 €/mo"});
  const auto second = only_invoice(run(world));
  world.act(world.luca(), [&](Act& act) { return rectify_whole(act, second, "Ours"); }).value();
  const auto none = give_back_from(world, free, Date(2026, 3, 11)).value();
  EXPECT_TRUE(none.rectifying.empty());
  EXPECT_EQ(number_of(world, "select count(*) from credited_periods where rectifying_id is null"),
            1);
  EXPECT_EQ(order_of(world, free).next_due_on, Date(2026, 3, 11)) << "the days can be billed anew";
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "amounts taken back of no line in particular count too") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  const auto invoice = only_invoice(run(world));
  world
      .act(world.luca(),
           [&](Act& act) {
             return rectify_amount(act, invoice, {{TaxRate::basis_points(2100), Money(2500, eur)}},
                                   "Ours");
           })
      .value();
  const auto gave = give_back_from(world, id, Date(2026, 3, 11)).value();
  EXPECT_EQ(told(world, gave.rectifying.at(0)),
            "Given back: Small VPS – web, 2026-03-11..2026-04-01: -6.00 €\n");
  EXPECT_TRUE(invoice_of(world, invoice).is_rectified());
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "days that cost nothing are given back without an invoice") {
  const auto id = place_order(world, {.billing = "0 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  const auto gave = change(world, id, to("31 €/mo", Date(2026, 3, 11))).value();
  EXPECT_TRUE(gave.rectifying.empty());
  EXPECT_EQ(told(world, only_invoice(run(world))),
            "Small VPS – web, 2026-03-11..2026-04-01: 21.00 €\n");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "ended at once with credit: nothing more is billed, once") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  const auto gave = end_on(world, id, std::nullopt).value();
  EXPECT_EQ(gave.total.show(), "25.41 €");
  EXPECT_EQ(invoice_of(world, gave.rectifying.at(0)).reason,
            "End of web on 11 Mar 2026: moves away");
  const auto ended = order_of(world, id);
  EXPECT_TRUE(ended.has_ended());
  EXPECT_EQ(ended.next_due_on, std::nullopt);
  EXPECT_EQ(end_on(world, id, std::nullopt).error().english(),
            "No day after its end is billed: nothing to give back.");
  set_day(world, "2026-06-01");
  EXPECT_TRUE(run(world).invoices.empty());
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "what ended without credit can be given back afterwards") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  world.act(world.root(), [&](Act& act) { return end_order(act, id, {}, ""); }).value();
  EXPECT_EQ(count_rows(world, "credited_periods"), 0);
  set_day(world, "2026-03-20");
  EXPECT_TRUE(end_on(world, id, Date(2026, 3, 15)).error().find("on"));
  EXPECT_EQ(end_on(world, id, std::nullopt).value().total.show(), "25.41 €")
      << "from its last day on, not from today";
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "an end that lies ahead gives back what is billed after it") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  EXPECT_EQ(end_on(world, id, Date(2026, 3, 21)).value().total.show(), "13.31 €");
  EXPECT_FALSE(order_of(world, id).has_ended());
  EXPECT_EQ(order_of(world, id).ends_on, Date(2026, 3, 21));
  world.act(world.root(), [&](Act& act) { return continue_order(act, id); }).value();
  EXPECT_EQ(order_of(world, id).next_due_on, Date(2026, 3, 21)) << "it goes on, and is billed anew";
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "clients get unused days back only where the settings say so") {
  const auto ask = [&](OrderId id, bool at_once) {
    return world.act(world.ada(), [&](Act& act) {
      return end_order_as_asked(act, id, {.at_once = at_once, .reason = "too slow"});
    });
  };
  const auto kept = place_order(world, {.name = "kept", .billing = "31 €/mo"});
  const auto first = place_order(world, {.name = "first", .billing = "31 €/mo"});
  const auto later = place_order(world, {.name = "later", .billing = "31 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  EXPECT_TRUE(ask(kept, true).value().total.is_zero());
  world.site().credits_at_end = true;
  EXPECT_EQ(ask(first, true).value().total.show(), "25.41 €");
  EXPECT_TRUE(ask(later, false).value().total.is_zero()) << "it is used to its end";
  EXPECT_EQ(order_of(world, later).ends_on, Date(2026, 4, 1));
  const auto wanted = [&](const Viewer& viewer) {
    return world.act(viewer, [&](Act& act) {
      return end_order_early(act, later, {.on = Date(2026, 3, 12), .gives_back = true});
    });
  };
  EXPECT_THROW(wanted(world.ada()), Forbidden);
  EXPECT_THROW(wanted(world.luca()), Forbidden);
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "a change that cannot be says why, and nothing is changed") {
  const auto id = place_order(world, {.billing = "31 €/mo", .activated_on = Date(2026, 2, 1)});
  run(world);
  const auto why = [&](const TermsChange& wanted) {
    const auto changed = change(world, id, wanted);
    return changed ? std::string("changed") : changed.error().english();
  };
  world
      .act(world.luca(),
           [&](Act& act) { return close_month(act, Month::parse("2026-02").value()); })
      .value();
  EXPECT_EQ(why(to("62 €/mo", Date(2026, 2, 20))),
            "from: 2026-02 is closed: nothing may be dated into it any more. The books are closed "
            "up to 2026-02.");
  EXPECT_EQ(why(to("62 €/mo", Date(2026, 1, 31))),
            "from: This order is active since 1 Feb 2026: choose that day or a later one.");
  EXPECT_EQ(why(to("62 €/mo", Date(2027, 6, 1))),
            "from: Choose a day within the last five years or the next year.");
  EXPECT_EQ(why(to("31 €/mo", Date(2026, 3, 11))),
            "The price stays as it is from that day on: nothing to change.");
  EXPECT_EQ(count_rows(world, "credited_periods"), 0);
  EXPECT_EQ(order_of(world, id).terms.size(), 1U);
  end_on(world, id, Date(2026, 3, 21)).value();
  EXPECT_EQ(why(to("62 €/mo", Date(2026, 3, 21))),
            "from: This order ends on 21 Mar 2026: choose a day before.");
  set_day(world, "2026-03-21");
  end_on(world, id, std::nullopt).value();
  EXPECT_EQ(why(to("62 €/mo", Date(2026, 3, 11))),
            "This order has ended; place a new one instead.");
  EXPECT_THROW(
      world.act(world.luca(),
                [&](Act& act) { return change_order(act, id, to("62 €/mo", Date(2026, 3, 11))); }),
      Forbidden);
}

DATABASE_SENTENCE(order_changes,
                  "a price planned for the next period may begin earlier after all") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  change(world, id, {.billing = ResolvedTerm::stored("62 €/mo")}).value();
  EXPECT_EQ(order_of(world, id).terms.back().from, Date(2026, 4, 1));
  EXPECT_EQ(count_rows(world, "credited_periods"), 0);
  set_day(world, "2026-03-16");
  EXPECT_EQ(change(world, id, to("62 €/mo", Date(2026, 3, 16))).value().total.show(), "19.36 €");
  EXPECT_FALSE(change(world, id, to("62 €/mo", Date(2026, 3, 16))));
  EXPECT_EQ(told(world, only_invoice(run(world))),
            "Small VPS – web, 2026-03-16..2026-04-01: 32.00 €\n");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "another period begins anew on the day of the change") {
  const auto id = place_order(world, {.billing = "31 €/mo"});
  run(world);
  set_day(world, "2026-03-11");
  change(world, id, to("365 €/y", Date(2026, 3, 11))).value();
  EXPECT_EQ(told(world, only_invoice(run(world))),
            "Small VPS – web, 2026-03-11..2027-03-11: 365.00 €\n");
  EXPECT_EQ(faults(world), "");
}

DATABASE_SENTENCE(order_changes, "two who press at once give back once") {
  for (int round = 0; round < 5; ++round) {
    const auto id =
        place_order(world, {.name = "web" + std::to_string(round), .billing = "31 €/mo"});
    run(world);
    world.mailer();
    std::atomic<int> done = 0;
    std::barrier together(2);
    const auto press = [&](bool ends) {
      together.arrive_and_wait();
      const auto gave = ends ? end_on(world, id, Date(2026, 3, 10))
                             : change(world, id, to("62 €/mo", Date(2026, 3, 10)));
      if (gave) ++done;
    };
    const bool both_end = round % 2 == 0;
    std::jthread one(press, both_end);
    std::jthread other(press, both_end);
    one.join();
    other.join();
    EXPECT_EQ(done, 1) << round;
    EXPECT_EQ(count_rows(world, "credited_periods"), round + 1);
    EXPECT_EQ(number_of(world, "select -sum(net) from invoice_lines where kind = 'correction'"),
              2200 * (round + 1));
  }
  run(world);
  EXPECT_EQ(faults(world), "");
}

}  // namespace
}  // namespace cstims::test
