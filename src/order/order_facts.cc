#include "order/order_facts.h"

#include "order/order_store.h"
#include "service/price_card.h"

namespace cstims {
namespace {

constexpr Statement list_ledger{"order ledger", R"(
  select run_at, run_date, outcome, detail
  from billing_ledger
  where order_id = :order
  order by id desc
  limit 12)"};

std::vector<LedgerEntry> ledger_of(Transaction& tx, OrderId id) {
  std::vector<LedgerEntry> entries;
  for (const auto& row : tx.select(list_ledger, {{"order", id}})) {
    entries.push_back(
        {row.instant("run_at"), row.date("run_date"), row.text("outcome"), row.text("detail")});
  }
  return entries;
}

void fill_ledger(Dictionary& values, const std::vector<LedgerEntry>& entries) {
  if (entries.empty()) return;
  Dictionary ledger = values.section("LEDGER");
  for (const auto& entry : entries) {
    Dictionary line = ledger.section("RUNS");
    line.set("AT", entry.at);
    line.set("TONE", tone(entry));
    line.set("OUTCOME", shown(entry));
    line.set("DETAIL", entry.detail);
  }
}

void fill_rules(Dictionary& values, const Order& order) {
  if (order.quantity() != 1) {
    values.section("COUNTED").set("QUANTITY", std::to_string(order.quantity()));
  }
  if (order.anchor_day) {
    values.section("ANCHORED").set("DAY", std::to_string(*order.anchor_day));
  }
  if (order.trial_days > 0) {
    Dictionary trial = values.section("TRIED");
    trial.set("DAYS", std::to_string(order.trial_days));
    if (const auto plan = order.plan()) trial.section("TRIAL_ENDS").set("DATE", plan->begins_on());
  }
  if (order.discount) {
    values.section("DISCOUNTED")
        .set("COUPON", order.discount->code + ": " + order.discount->show());
  }
  values.show("PAUSED", order.terms.back().paused);
}

void fill_details(Dictionary& values, const Order& order) {
  values.set("SERVICE", order.service_name);
  values.set("STATUS", shown(order.status));
  values.set("TONE", tone(order.status));
  values.set("PRICE", price_line(order.billing()));
  values.set("ORDERED", order.ordered_at);
  for (const auto& option : order.options.list()) {
    Dictionary line = values.section("OPTIONS");
    line.set("OPTION", option.label);
    line.set("VALUE", option.values.front().text());
  }
  if (order.activated_on) values.section("ACTIVATED").set("DATE", *order.activated_on);
  if (order.ends_on)
    values.section(order.has_ended() ? "ENDED" : "ENDING").set("DATE", *order.ends_on);
  if (!order.comments.empty()) values.section("COMMENTED").set("COMMENTS", order.comments);
}

void fill_billing(Dictionary& values, const OrderFacts& facts) {
  if (facts.next_bill) {
    Dictionary bill = values.section("BILLED");
    bill.set("DATE", facts.next_bill->item.due_on);
    bill.set("AMOUNT", facts.next_bill->line.net);
    for (const auto& sentence : facts.next_bill->line.explanation) {
      bill.section("WHY").set("SENTENCE", sentence);
    }
  } else {
    const bool waits = facts.order.status == OrderStatus::setting_up;
    values.show(waits ? "NOT_YET_BILLED" : "NEVER_BILLED");
  }
}

void fill_events(Dictionary& values, const OrderFacts& facts) {
  for (const auto& event : facts.events) {
    Dictionary line = values.section("EVENTS");
    line.set("AT", event.at);
    line.set("EVENT", shown(event));
    if (!event.user_name.empty()) line.section("BY").set("PERSON", event.user_name);
    if (!event.reason.empty()) line.section("REASONED").set("REASON", event.reason);
  }
}

}  // namespace

std::optional<NextBill> explain_next(const Order& order, const BilledSoFar& billed,
                                     const TimeZone& zone) {
  const auto plan = order.plan();
  if (!plan) return std::nullopt;
  const auto item = next_item(*plan, billed);
  if (!item) return std::nullopt;
  return NextBill{*item, line_for(*item, zone)};
}

Message shown(const LedgerEntry& entry) {
  if (entry.outcome == "billed") return message("billed");
  if (entry.outcome == "free") return message("free");
  if (entry.outcome == "nothing") return message("nothing due");
  return message("fault");
}

std::string_view tone(const LedgerEntry& entry) {
  if (entry.outcome == "billed") return "success";
  return entry.outcome == "fault" ? "danger" : "secondary";
}

OrderFacts require_order_facts(Transaction& tx, const Viewer& viewer, OrderId id,
                               const TimeZone& zone) {
  Order order = require_order(tx, viewer, id);
  auto next_bill = explain_next(order, billed_so_far(tx, id), zone);
  auto ledger = viewer.is_staff() ? ledger_of(tx, id) : std::vector<LedgerEntry>();
  return {std::move(order), std::move(next_bill), list_order_events(tx, viewer, id),
          std::move(ledger)};
}

void fill_order_facts(Dictionary& values, std::string_view name, const OrderFacts& facts,
                      const Viewer& viewer) {
  Dictionary page = values.include(name, "order/_facts.html");
  fill_details(page, facts.order);
  fill_billing(page, facts);
  fill_events(page, facts);
  fill_rules(page, facts.order);
  if (!viewer.is_staff()) return;
  fill_ledger(page, facts.ledger);
  page.section("OF_CLIENT").set("CLIENT", facts.order.client_name);
  if (!facts.order.notes.empty()) page.section("NOTED").set("NOTES", facts.order.notes);
}

}  // namespace cstims
