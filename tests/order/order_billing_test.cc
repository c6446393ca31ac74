// Trial, anchor day, quantity, coupon and suspensions: what an order keeps of them and what is due.
#include "base/failure.h"
#include "order/order_actions.h"
#include "order/shop.h"
#include "service/billing_lines.h"
#include "service/coupon_actions.h"
#include "service/service_actions.h"

using namespace cstims;
using namespace cstims::test;

namespace {

Date date(std::string_view text) {
  return Date::parse(text).value();
}

/// "2026-03-24..2026-04-24 5.00" of each item, one a line.
std::string due(World& world, OrderId id, std::string_view as_of, const BilledSoFar& billed = {}) {
  std::string lines;
  for (const auto& item : periods_due(order_of(world, id).plan().value(), billed, date(as_of))) {
    lines += item.period.start.text() + ".." + item.period.next.text() + ' ' +
             line_for(item, madrid()).net.text() + '\n';
  }
  return lines;
}

CouponId add_coupon_of(World& world, const std::string& code, const std::string& value,
                       const std::string& most_orders = "") {
  const FormData form{
      {{"code", code}, {"value", value}, {"most_orders", most_orders}, {"active", "1"}}, {}};
  const auto edit = parse_coupon(form, Currency::eur()).value();
  return world.act(world.root(), [&](Act& act) { return add_coupon(act, edit); }).value();
}

}  // namespace

DATABASE_SENTENCE(order_billing, "an order begins after the trial of its service") {
  const FormData form{{{"name", "VPS"},
                       {"type", "standard"},
                       {"billing", "5 €/mo"},
                       {"active", "1"},
                       {"trial_days", "14"}},
                      {}};
  const auto edit = parse_service(form, Currency::eur()).value();
  const auto service =
      world.act(world.root(), [&](Act& act) { return add_service(act, edit); }).value();
  const auto id = place(world, service);
  activate(world, id, "2026-03-10");
  EXPECT_EQ(order_of(world, id).next_due_on, date("2026-03-24"));
  EXPECT_EQ(due(world, id, "2026-04-01"), "2026-03-24..2026-04-24 5.00\n");
}

DATABASE_SENTENCE(order_billing,
                  "the site's anchor day counts for new orders, an admin's for one") {
  world.site().anchor_day = 1;
  const auto id = place(world, add_service_of(world, "VPS", "31 €/mo"));
  activate(world, id, "2026-03-10");
  EXPECT_EQ(due(world, id, "2026-04-01"),
            "2026-03-10..2026-04-01 22.00\n2026-04-01..2026-05-01 31.00\n");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "anchor_day", "15")), "");
  EXPECT_EQ(due(world, id, "2026-03-15"),
            "2026-03-10..2026-03-15 5.54\n2026-03-15..2026-04-15 31.00\n");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "anchor_day", "32")),
            "anchor_day: A number from 1 to 31.");
}

DATABASE_SENTENCE(order_billing, "a new quantity counts like a new price") {
  const auto id = place(world, add_service_of(world, "VPS", "5 €/mo"));
  activate(world, id, "2026-03-10");
  note_billed(world, id, "recurring", "2026-03-10", "2026-04-10");
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "quantity", "3")), "");
  const BilledSoFar billed{.recurring_until = date("2026-04-10")};
  EXPECT_EQ(due(world, id, "2026-04-10", billed), "2026-04-10..2026-05-10 15.00\n");
  EXPECT_EQ(events_of(world, world.root(), id).back(),
            "root: Price: 5 €/mo → 3 × 5 €/mo (2026-04-10)");
  EXPECT_EQ(order_of(world, id).terms.front().quantity, 1);
  EXPECT_EQ(edit(world, id, with(edit_fields(world, id), "quantity", "0")),
            "quantity: A number from 1 to 10000.");
}

DATABASE_SENTENCE(order_billing,
                  "peers FOSSBilling PR#4104: a coupon lowers its order and nothing else") {
  const auto service = add_service_of(world, "VPS", "10 €/mo + 5 € setup");
  const auto coupon = add_coupon_of(world, "TEN", "10 %", "1");
  const auto id = place(world, service, {{"coupon", "ten"}});
  const auto other = place(world, service);
  activate(world, id, "2026-03-10");
  activate(world, other, "2026-03-10");
  EXPECT_EQ(order_of(world, id).coupon, coupon);
  EXPECT_EQ(due(world, id, "2026-03-10"),
            "2026-03-10..2026-03-10 5.00\n2026-03-10..2026-04-10 9.00\n");
  EXPECT_EQ(due(world, other, "2026-03-10"),
            "2026-03-10..2026-03-10 5.00\n2026-03-10..2026-04-10 10.00\n");
  const auto wanted =
      parse_new_order({{{"service", service.text()}, {"name", "x"}, {"coupon", "TEN"}}, {}});
  const auto refused = world.act(world.ada(), [&](Act& act) { return place_order(act, *wanted); });
  EXPECT_EQ(refused.error().english(), "coupon: This coupon has expired.");
}

DATABASE_SENTENCE(order_billing, "an order keeps its discount whatever becomes of the coupon") {
  const auto coupon = add_coupon_of(world, "TEN", "10 %");
  const auto id = place(world, add_service_of(world, "VPS", "10 €/mo"), {{"coupon", "TEN"}});
  activate(world, id, "2026-03-10");
  const FormData form{{{"code", "TEN"}, {"value", "90 %"}, {"active", ""}}, {}};
  world
      .act(world.root(),
           [&](Act& act) {
             return edit_coupon(act, coupon, parse_coupon(form, Currency::eur()).value());
           })
      .value();
  EXPECT_EQ(due(world, id, "2026-03-10"), "2026-03-10..2026-04-10 9.00\n");
  const auto kept = world.act(world.root(), [&](Act& act) { return delete_coupon(act, coupon); });
  EXPECT_FALSE(kept);
}

DATABASE_SENTENCE(order_billing,
                  "days of a suspension are billed unless the order says they are free") {
  const auto service = add_service_of(world, "VPS", "31 €/mo in arrears");
  const auto reserved = place(world, service);
  const auto free = place(world, service);
  activate(world, reserved, "2026-03-01");
  activate(world, free, "2026-03-01");
  EXPECT_EQ(edit(world, free, with(edit_fields(world, free), "suspended_days", "free")), "");
  for (const auto id : {reserved, free}) {
    world.act(world.root(), [&](Act& act) { return suspend_order(act, id, "not paid"); }).value();
  }
  world.clock().set(Instant::stored("2026-03-21T08:00:00Z"));
  for (const auto id : {reserved, free}) {
    world.act(world.root(), [&](Act& act) { return resume_order(act, id, "paid"); }).value();
  }
  EXPECT_EQ(due(world, reserved, "2026-04-01"), "2026-03-01..2026-04-01 31.00\n");
  EXPECT_EQ(due(world, free, "2026-04-01"),
            "2026-03-01..2026-03-10 9.00\n2026-03-21..2026-04-01 11.00\n");
}

DATABASE_SENTENCE(order_billing, "days billed ahead stay billed when a free suspension begins") {
  const auto id = place(world, add_service_of(world, "VPS", "31 €/mo"));
  activate(world, id, "2026-03-01");
  note_billed(world, id, "recurring", "2026-03-01", "2026-04-01");
  edit(world, id, with(edit_fields(world, id), "suspended_days", "free"));
  world.act(world.root(), [&](Act& act) { return suspend_order(act, id, ""); }).value();
  EXPECT_EQ(order_of(world, id).next_due_on, std::nullopt);
  world.clock().set(Instant::stored("2026-04-11T08:00:00Z"));
  world.act(world.root(), [&](Act& act) { return resume_order(act, id, ""); }).value();
  EXPECT_EQ(due(world, id, "2026-04-11", {.recurring_until = date("2026-04-01")}),
            "2026-04-11..2026-05-01 20.67\n");
}

DATABASE_SENTENCE(order_billing,
                  "no day of an order can be billed twice, whatever its boundaries") {
  const auto id = place(world, add_service_of(world, "VPS", "31 €/mo"));
  note_billed(world, id, "recurring", "2026-03-01", "2026-04-01");
  EXPECT_THROW(note_billed(world, id, "recurring", "2026-03-31", "2026-04-30"),
               ConstraintViolation);
  EXPECT_THROW(note_billed(world, id, "recurring", "2026-02-01", "2026-03-02"),
               ConstraintViolation);
  EXPECT_THROW(note_billed(world, id, "recurring", "2026-03-01", "2026-03-02"),
               ConstraintViolation);
  note_billed(world, id, "recurring", "2026-04-01", "2026-05-01");
  note_billed(world, id, "setup", "2026-03-01", "2026-03-01");
  const auto execute = [&](std::string_view text) {
    world.database().write([&](Transaction& tx) { tx.execute({"test", text}); });
  };
  EXPECT_THROW(execute("delete from billed_periods"), ConstraintViolation);
  EXPECT_THROW(execute("update billed_periods set period_start = '2026-01-01'"),
               ConstraintViolation);
  execute(
      "update billed_periods set covers_until = '2026-04-11' where period_start = '2026-04-01'");
  EXPECT_THROW(execute("update billed_periods set covers_until = '2026-04-12' where period_start = "
                       "'2026-04-01'"),
               ConstraintViolation);
  note_billed(world, id, "recurring", "2026-04-11", "2026-05-01");
  EXPECT_THROW(note_billed(world, id, "recurring", "2026-04-11", "2026-05-01"),
               ConstraintViolation);
}
