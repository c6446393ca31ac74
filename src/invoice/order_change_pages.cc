#include "invoice/order_change_pages.h"

#include "invoice/order_change_preview.h"
#include "invoice/order_changes.h"
#include "invoice/simulated_view.h"
#include "order/billed_days.h"
#include "order/billing_history.h"
#include "order/order_facts.h"
#include "order/order_pages.h"
#include "order/order_store.h"

namespace cstims {
namespace {

std::string path_of(OrderId id) {
  return "/manageorders/" + id.text();
}

/// A form that came back: refused, or to be seen before it is meant.
struct Returned {
  bool end = false;  // the form of the end; else that of the change
  const FormData* typed = nullptr;
  const Refusal* refusal = nullptr;
  std::optional<OrderChangePreview> preview = {};
};

struct OrderChangePage {
  static constexpr std::string_view view = "invoice/order_change.html";
  const Context& context;
  OrderFacts facts;
  BillingHistory history;
  Date today;
  std::optional<Money> unused;  // of an order that has ended: what is billed after its last day
  Returned returned = {};
  Message title() const { return message("Change {}", {facts.order.name}); }
};

OrderChangePage load_page(const Context& context, OrderId id) {
  return context.database().read([&](Transaction& tx) {
    auto facts = require_order_facts(tx, context.viewer, id, context.site().zone);
    const Order& order = facts.order;
    std::optional<Money> unused;
    if (order.has_ended() && order.ends_on) unused = unused_value(tx, order, *order.ends_on);
    auto history = load_billing_history(tx, order);
    return OrderChangePage{context, std::move(facts), std::move(history), tx.today(), unused};
  });
}

Form change_form(const OrderChangePage& page) {
  const Order& order = page.facts.order;
  return {
      .action = path_of(order.id) + "/change",
      .submit = message("Change"),
      .fields = {{.name = "billing",
                  .label = message("Price"),
                  .value = order.billing().text(),
                  .hint = message("Left as it is, it follows from the options.")},
                 {.kind = FieldKind::lines,
                  .name = "options",
                  .label = message("Options"),
                  .value = order.options.text(),
                  .hint = message("One a line: “cpu: vCPU = 2”."),
                  .rows = 3},
                 {.kind = FieldKind::number,
                  .name = "quantity",
                  .label = message("Quantity"),
                  .value = std::to_string(order.quantity()),
                  .input_mode = "numeric",
                  .min = "1",
                  .columns = 4},
                 {.kind = FieldKind::date,
                  .name = "from",
                  .label = message("From"),
                  .value = page.today.text(),
                  .hint = message("Empty: from the next period that is not billed."),
                  .columns = 4},
                 {.name = "reason",
                  .label = message("Reason"),
                  .hint = message("It stands on the rectifying invoice; the client reads it.")}},
      .confirm = message("Change {}?", {order.name}),
      .preview = message("Preview"),
      .once = true};
}

Form end_form(const OrderChangePage& page) {
  const Order& order = page.facts.order;
  Form form{.action = path_of(order.id) + "/change/ending",
            .submit = order.has_ended() ? message("Give back") : message("End this order"),
            .fields = {},
            .tone = "danger",
            .confirm = message("End {}?", {order.name}),
            .preview = message("Preview"),
            .once = true};
  Field gives_back{.kind = FieldKind::check,
                   .name = "gives_back",
                   .label = message("Give back what is billed for days from then on"),
                   .value = "1"};
  if (order.has_ended()) {
    gives_back.kind = FieldKind::hidden;
    form.confirm = {};
  } else {
    form.fields.push_back({.kind = FieldKind::date,
                           .name = "on",
                           .label = message("Ends on"),
                           .value = page.today.text(),
                           .hint = message("From that day on nothing is billed."),
                           .columns = 4});
  }
  form.fields.push_back(std::move(gives_back));
  form.fields.push_back(
      {.name = "reason",
       .label = message("Reason"),
       .hint = message("It stands on the rectifying invoice; the client reads it.")});
  return form;
}

void fill_credit(Dictionary row, const PreviewedCredit& credit, const Renderer& renderer) {
  row.set("ADDRESS", "/invoices/" + credit.original.id.text());
  row.set("ORIGINAL", credit.original.number);
  row.set("CREDIT_NET", credit.correction.sums.net);
  row.set("CREDIT_TOTAL", credit.correction.sums.total);
  for (const auto& line : credit.correction.lines) {
    Dictionary part = row.section("PARTS");
    part.set("DAYS",
             renderer.show(line.period->start) + " – " + renderer.show(line.period->last()));
    part.set("PART_NET", line.net);
    part.set("WHY", line.explanation);
  }
}

void fill_preview(Dictionary values, const OrderChangePage& page) {
  const auto& preview = *page.returned.preview;
  const auto& renderer = page.context.services.renderer;
  values.set("FROM", preview.from);
  values.show("NO_CREDIT", preview.credits.empty());
  if (!preview.credits.empty()) {
    Dictionary given = values.section("CREDITED");
    for (const auto& credit : preview.credits) {
      fill_credit(given.section("CREDITS"), credit, renderer);
    }
    given.set("GIVEN_BACK", preview.given_back);
    if (!preview.credit.is_zero()) given.section("TOO_MUCH").set("SURPLUS", preview.credit);
  }
  values.show("NO_CHARGE", preview.charges.empty());
  if (preview.charges.empty()) return;
  Dictionary charged = values.section("CHARGED");
  fill_simulated(charged, "CHARGES", preview.charges, renderer, false);
  charged.set("CHARGE", preview.charged);
  charged.set("DATE", preview.charges.front().issue_date);
}

void fill_one(Dictionary& values, const OrderChangePage& page, std::string_view name, Form form,
              bool end) {
  const bool mine = page.returned.end == end;
  fill_form(values, name, std::move(form), mine ? page.returned.refusal : nullptr,
            mine ? page.returned.typed : nullptr);
}

void fill_acts(Dictionary& values, const OrderChangePage& page) {
  const Order& order = page.facts.order;
  if (order.has_ended()) {
    const bool any = page.unused && !page.unused->is_zero();
    values.show("NOTHING_LEFT", !any);
    if (!any && !page.returned.refusal) return;
    Dictionary left = values.section("LEFT");
    left.set("UNUSED", page.unused.value_or(Money::zero(page.context.site().currency)));
    left.set("ENDED_ON", order.ends_on.value_or(page.today));
    fill_one(left, page, "GIVING_BACK", end_form(page), true);
    return;
  }
  values.show("WAITING", order.status == OrderStatus::setting_up);
  if (order.status == OrderStatus::setting_up) return;
  Dictionary change = values.section("MAY_CHANGE");
  fill_one(change, page, "CHANGE", change_form(page), false);
  Dictionary end = values.section("MAY_END");
  fill_one(end, page, "ENDING", end_form(page), true);
}

void fill(Dictionary& values, const OrderChangePage& page) {
  const Order& order = page.facts.order;
  values.set("NAME", order.name);
  values.set("NUMBER", order.id.text());
  values.set("SERVICE", order.service_name);
  values.set("EDIT", path_of(order.id));
  values.set("SEE", "/orders/" + order.id.text());
  if (page.returned.preview) fill_preview(values.section("PREVIEWED"), page);
  fill_acts(values, page);
  fill_order_facts(values, "FACTS", page.facts, page.context.viewer);
  fill_billing_history(values, "HISTORY", page.history, page.context.services.renderer);
}

Response answer(const Context& context, OrderId id, Returned returned) {
  auto page = load_page(context, id);
  const bool refused = returned.refusal != nullptr;
  page.returned = std::move(returned);
  return render(context, page, refused ? 422 : 200);
}

BillingParts parts_of(const Context& context) {
  return {context.database(), context.services.mailer, context.site()};
}

/// "25.41 € were given back, of which 12.10 € are the client's credit."
Message told(const GaveBack& gave, const Message& otherwise) {
  if (gave.total.is_zero()) return otherwise;
  if (gave.credit.is_zero()) return message("{} were given back.", {gave.total.show()});
  return message("{} were given back, of which {} had been paid: they are the client's credit.",
                 {gave.total.show(), gave.credit.show()});
}

}  // namespace

Response show_order_change(Context& context) {
  return render(context, load_page(context, context.request.path_id<Order>()));
}

Response create_order_change(Context& context) {
  const auto id = context.request.path_id<Order>();
  FormData form = context.request.form;
  const bool preview = form.fields.erase("preview") > 0;
  const auto wanted = parse_terms_change(form, context.site().currency);
  if (!wanted) return answer(context, id, {.typed = &form, .refusal = &wanted.error()});
  if (preview) {
    auto shown = context.database().read([&](Transaction& tx) {
      return preview_change(tx, parts_of(context), require_order(tx, context.viewer, id), *wanted);
    });
    if (!shown) return answer(context, id, {.typed = &form, .refusal = &shown.error()});
    return answer(context, id, {.typed = &form, .preview = *std::move(shown)});
  }
  const auto done = context.act([&](Act& act) { return change_order(act, id, *wanted); });
  if (!done) return answer(context, id, {.typed = &form, .refusal = &done.error()});
  return context.redirect(path_of(id) + "/change", told(*done, message("The change is noted.")));
}

Response create_order_change_end(Context& context) {
  const auto id = context.request.path_id<Order>();
  FormData form = context.request.form;
  const bool preview = form.fields.erase("preview") > 0;
  const auto wanted = parse_order_end(form);
  if (!wanted) return answer(context, id, {true, &form, &wanted.error()});
  if (preview) {
    auto shown = context.database().read([&](Transaction& tx) {
      return preview_end(tx, parts_of(context), require_order(tx, context.viewer, id), *wanted);
    });
    if (!shown) return answer(context, id, {true, &form, &shown.error()});
    return answer(context, id, {.end = true, .typed = &form, .preview = *std::move(shown)});
  }
  const auto done = context.act([&](Act& act) { return end_order_early(act, id, *wanted); });
  if (!done) return answer(context, id, {true, &form, &done.error()});
  return context.redirect(path_of(id) + "/change",
                          told(*done, message("The end of this order is noted.")));
}

Response end_order_entry(Context& context) {
  const auto id = context.request.path_id<Order>();
  const auto wanted = parse_ending(context.request.form);
  if (!wanted) return show_refused_order(context, wanted.error());
  const auto done = context.act([&](Act& act) { return end_order_as_asked(act, id, *wanted); });
  if (!done) return show_refused_order(context, done.error());
  return context.redirect("/orders/" + id.text(),
                          told(*done, message("The end of this order is noted.")));
}

}  // namespace cstims
