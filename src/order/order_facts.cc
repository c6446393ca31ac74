#include "order/order_facts.h"

#include "order/order_store.h"
#include "service/price_card.h"

namespace cstims {
namespace {

std::optional<NextBill> next_bill_of(Transaction& tx, const Order& order, const TimeZone& zone) {
  const auto plan = order.plan();
  if (!plan) return std::nullopt;
  const auto item = next_item(*plan, billed_so_far(tx, order.id));
  if (!item) return std::nullopt;
  return NextBill{*item, price_of(*item, zone)};
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
    bill.set("AMOUNT", facts.next_bill->price.net);
    bill.set("WHY", facts.next_bill->price.explanation);
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

OrderFacts require_order_facts(Transaction& tx, const Viewer& viewer, OrderId id,
                               const TimeZone& zone) {
  Order order = require_order(tx, viewer, id);
  auto next_bill = next_bill_of(tx, order, zone);
  return {std::move(order), std::move(next_bill), list_order_events(tx, viewer, id)};
}

void fill_order_facts(Dictionary& values, std::string_view name, const OrderFacts& facts,
                      const Viewer& viewer) {
  Dictionary page = values.include(name, "order/_facts.html");
  fill_details(page, facts.order);
  fill_billing(page, facts);
  fill_events(page, facts);
  if (!viewer.is_staff()) return;
  page.section("OF_CLIENT").set("CLIENT", facts.order.client_name);
  if (!facts.order.notes.empty()) page.section("NOTED").set("NOTES", facts.order.notes);
}

}  // namespace cstims
