#include "order/order_pages.h"

#include "base/failure.h"
#include "order/billed_days.h"
#include "order/billing_history.h"
#include "order/order_actions.h"
#include "order/order_facts.h"
#include "order/order_store.h"
#include "order/suspension_actions.h"
#include "order/suspension_view.h"
#include "service/coupon_actions.h"
#include "service/price_card.h"
#include "service/service_store.h"

namespace cstims {
namespace {

struct ChooseServicePage {
  static constexpr std::string_view view = "order/choose.html";
  const Site& site;
  std::vector<Service> services;
  Message title() const { return message("Order a service"); }
};

void fill(Dictionary& values, const ChooseServicePage& page) {
  values.show("NOTHING", page.services.empty());
  if (page.services.empty()) return;
  Dictionary offer = values.section("OFFERED");
  for (const auto& service : page.services) {
    Dictionary item = offer.section("SERVICES");
    fill_price_card(item, "CARD", service, page.site, "/order?service=" + service.id.text());
  }
}

/// "20 % off the first 3 periods with SUMMER".
Message discount_line(const Discount& discount) {
  return discount.periods
             ? message("{} off the first {} periods with {}",
                       {discount.show(), std::to_string(*discount.periods), discount.code})
             : message("{} off with {}", {discount.show(), discount.code});
}

/// "4.50 €/mo, setup 10.00 €, 20 % off with SUMMER, plus 21 % tax".
std::string price_text(const Renderer& renderer, const Site& site, const ResolvedTerm& term,
                       const std::optional<Discount>& discount = {}) {
  std::string text = renderer.translate(price_line(term));
  if (discount) text += ", " + renderer.translate(discount_line(*discount));
  const Message tax = tax_note(site);
  if (!tax.text.empty() && !term.is_free) text += ", " + renderer.translate(tax);
  return text;
}

struct OrderFormPage {
  static constexpr std::string_view view = "order/new.html";
  const Renderer& renderer;
  const Site& site;
  Service service;
  NewOrder choice;
  std::optional<Discount> discount = {};
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Order {}", {service.name}); }
};

/// "mo" → "5.00 €/mo" where there is no formula, else "every month".
Message period_label(const Service& service, const BillingTerm::Alternative& alternative) {
  if (!service.billing.keys().empty()) return shown(alternative.cycle);
  const auto term = service.billing.resolve(alternative.cycle, {});
  return term ? price_line(*term) : shown(alternative.cycle);
}

void add_period(Form& form, const OrderFormPage& page) {
  const auto& alternatives = page.service.billing.alternatives();
  if (alternatives.size() < 2) return;
  Field field{.kind = FieldKind::select,
              .name = "period",
              .label = message("How often do you want to pay?"),
              .value = std::string(text(page.choice.period.value_or(alternatives.front().cycle))),
              .required = true};
  for (const auto& alternative : alternatives) {
    field.choices.push_back(
        {std::string(text(alternative.cycle)), period_label(page.service, alternative)});
  }
  form.fields.push_back(std::move(field));
}

void add_options(Form& form, const OrderFormPage& page) {
  for (const auto& option : page.service.options.list()) {
    const auto chosen = page.choice.options.find(option.key);
    Field field{.kind = FieldKind::select,
                .name = "option." + option.key,
                .label = message("{}", {option.label}),
                .value = chosen != page.choice.options.end() ? chosen->second
                                                             : option.values.front().text(),
                .required = true,
                .columns = 4};
    for (const auto& value : option.values) {
      field.choices.push_back({value.text(), message("{}", {value.text()})});
    }
    form.fields.push_back(std::move(field));
  }
}

Form order_form(const OrderFormPage& page) {
  Form form{.action = "/order", .submit = message("Order"), .fields = {}};
  form.once = true;
  form.fields.push_back(
      {.kind = FieldKind::hidden, .name = "service", .label = {}, .value = page.service.id.text()});
  form.fields.push_back(
      {.name = "name",
       .label = message("Your name for it"),
       .value = page.choice.name,
       .hint = message("It stands on invoices and tickets, “web” or “shop.example.org”."),
       .required = true});
  add_options(form, page);
  add_period(form, page);
  if (!page.service.billing.is_free()) {
    form.fields.push_back({.name = "coupon",
                           .label = message("Coupon"),
                           .value = page.choice.coupon,
                           .hint = message("If you have one."),
                           .columns = 6});
  }
  form.fields.push_back({.kind = FieldKind::lines,
                         .name = "comments",
                         .label = message("Comments"),
                         .value = page.choice.comments,
                         .hint = message("What should we know to set it up?"),
                         .rows = 4});
  if (!page.service.billing.is_free()) {
    form.preview = message("Show the price");
    form.price_address = "/order/price";
  }
  return form;
}

/// The discount of the coupon that was typed, while it may be used.
std::optional<Discount> discount_of(const Context& context, const NewOrder& choice) {
  if (choice.coupon.empty()) return std::nullopt;
  return context.database().read([&](Transaction& tx) -> std::optional<Discount> {
    const auto coupon = use_coupon(tx, choice.coupon, choice.service);
    return coupon ? std::optional(coupon->terms.discount()) : std::nullopt;
  });
}

/// The first values stand for what was not chosen yet.
NewOrder with_defaults(const Service& service, NewOrder choice) {
  for (const auto& option : service.options.list()) {
    choice.options.emplace(option.key, option.values.front().text());
  }
  const auto& alternatives = service.billing.alternatives();
  if (!choice.period && alternatives.size() > 1) choice.period = alternatives.front().cycle;
  return choice;
}

void fill(Dictionary& values, const OrderFormPage& page) {
  values.set("NAME", page.service.name);
  fill_form(values, "FORM", order_form(page), page.refusal, page.typed);
  const auto priced = price_choice(page.service, with_defaults(page.service, page.choice));
  if (priced) {
    values.section("PRICED").set("PRICE",
                                 price_text(page.renderer, page.site, priced->term, page.discount));
  }
  if (page.service.trial_days > 0 && !page.service.billing.is_free()) {
    values.section("TRIED").set("DAYS", std::to_string(page.service.trial_days));
  }
  if (page.service.description.empty()) return;
  values.section("DESCRIBED").set("DESCRIPTION", markdown(page.service.description));
}

std::optional<Service> service_on_offer(const Context& context, ServiceId id) {
  return context.database().read([&](Transaction& tx) {
    auto service = find_service(tx, context.viewer, id);
    return service && service->active ? service : std::nullopt;
  });
}

/// The choice of services, with what was wrong about the one that was asked for.
Response choose_again(const Context& context, int status) {
  auto services =
      context.database().read([](Transaction& tx) { return list_services_on_offer(tx); });
  return render(context, ChooseServicePage{context.site(), std::move(services)}, status);
}

struct OrderPage {
  static constexpr std::string_view view = "order/show.html";
  const Renderer& renderer;
  OrderFacts facts;
  SuspensionView suspension;
  const Viewer& viewer;
  std::optional<Date> paid_until;
  BillingHistory history;
  std::optional<Money> unused;  // that an end at once gives back; absent: it gives nothing back
  const Refusal* refusal = nullptr;
  Message title() const { return message("{}", {facts.order.name}); }
};

Form ending_form(const OrderPage& page) {
  Form form{.action = "/orders/" + page.facts.order.id.text() + "/ending",
            .submit = message("End this order"),
            .fields = {}};
  form.tone = "danger";
  if (page.paid_until) {
    form.fields.push_back({.kind = FieldKind::select,
                           .name = "when",
                           .label = message("When"),
                           .value = "period_end",
                           .required = true,
                           .choices = {{"period_end", message("on {}", {show(*page.paid_until)})},
                                       {"at_once", message("at once")}},
                           .columns = 4});
  }
  form.fields.push_back({.name = "reason", .label = message("Reason"), .value = {}, .columns = 8});
  form.confirm = message("End {}?", {page.facts.order.name});
  return form;
}

void fill_acts(Dictionary& values, const OrderPage& page) {
  const Order& order = page.facts.order;
  if (order.has_ended()) return;
  if (order.ends_on) {
    Dictionary continuation = values.section("MAY_CONTINUE");
    continuation.set("DATE", *order.ends_on);
    fill_form(
        continuation, "CONTINUATION",
        button_form("/orders/" + order.id.text() + "/continuation", message("Keep this order")));
  }
  Dictionary ending = values.section("MAY_END");
  if (page.paid_until) {
    Dictionary paid = ending.section("PAID");
    paid.set("DATE", *page.paid_until);
    paid.show("KEPT", !page.unused);
    if (page.unused) paid.section("GIVEN_BACK").set("UNUSED", *page.unused);
  }
  fill_form(ending, "ENDING", ending_form(page));
}

void fill(Dictionary& values, const OrderPage& page) {
  const Order& order = page.facts.order;
  values.set("NAME", order.name);
  values.set("NUMBER", order.id.text());
  values.set("SERVICE", order.service_name);
  if (page.refusal) values.section("PROBLEM").set("WHY", page.refusal->items.front().message);
  fill_suspension_view(values, "SUSPENSION", page.suspension);
  fill_order_facts(values, "FACTS", page.facts, page.viewer);
  fill_billing_history(values, "HISTORY", page.history, page.renderer);
  if (page.viewer.is_admin()) {
    values.section("MANAGED").set("ADDRESS", "/manageorders/" + order.id.text());
  }
  if (!page.viewer.is_client()) return;
  values.section("HELPED").set("ADDRESS", "/openticket?order=" + order.id.text());
  values.show("WAITING", order.status == OrderStatus::setting_up);
  fill_acts(values, page);
}

Response show_order_with(const Context& context, const Refusal* refusal) {
  const auto id = context.request.path_id<Order>();
  return render(context, context.database().read([&](Transaction& tx) {
    auto facts = require_order_facts(tx, context.viewer, id, context.site().zone);
    const auto paid_until = end_of_paid_period(tx, facts.order);
    auto suspension = load_suspension_view(tx, context.site(), context.viewer, facts.order);
    std::optional<Money> unused;
    if (context.site().credits_at_end) unused = unused_value(tx, facts.order, tx.today());
    auto history = load_billing_history(tx, facts.order);
    return OrderPage{.renderer = context.services.renderer,
                     .facts = std::move(facts),
                     .suspension = std::move(suspension),
                     .viewer = context.viewer,
                     .paid_until = paid_until,
                     .history = std::move(history),
                     .unused = unused,
                     .refusal = refusal};
  }),
                refusal ? 422 : 200);
}

}  // namespace

Response show_order_form(Context& context) {
  const NewOrder choice = read_choice(context.request.query);
  if (context.request.query_value("service").empty()) return choose_again(context, 200);
  auto service = service_on_offer(context, choice.service);
  if (!service) throw NotFound("no such service on offer");
  return render(context, OrderFormPage{.renderer = context.services.renderer,
                                       .site = context.site(),
                                       .service = *service,
                                       .choice = choice,
                                       .discount = discount_of(context, choice)});
}

Response create_order(Context& context) {
  FormData form = context.request.form;
  const bool preview = form.fields.erase("preview") > 0;
  const auto wanted = parse_new_order(form);
  const NewOrder choice = read_choice(form.fields);
  const auto again = [&](const Refusal* refusal) {
    const auto service = service_on_offer(context, choice.service);
    if (!service) return choose_again(context, 422);
    return render(context,
                  OrderFormPage{.renderer = context.services.renderer,
                                .site = context.site(),
                                .service = *service,
                                .choice = choice,
                                .discount = discount_of(context, choice),
                                .refusal = refusal,
                                .typed = &form},
                  refusal ? 422 : 200);
  };
  if (preview) return again(nullptr);
  if (!wanted) return again(&wanted.error());
  const auto id = context.act([&](Act& act) { return place_order(act, *wanted); });
  if (!id) return again(&id.error());
  return context.redirect("/orders/" + id->text(),
                          message("Thank you. Your order was placed; a mail confirms it."));
}

Response show_order_price(Context& context) {
  const NewOrder choice = read_choice(context.request.query);
  const auto service = service_on_offer(context, choice.service);
  if (!service) throw NotFound("no such service on offer");
  const auto& renderer = context.services.renderer;
  const auto priced = price_choice(*service, choice);
  if (!priced) return Response::text(renderer.translate(priced.error().items.front().message), 422);
  return Response::text(
      price_text(renderer, context.site(), priced->term, discount_of(context, choice)));
}

Response show_order(Context& context) {
  return show_order_with(context, nullptr);
}

Response show_refused_order(const Context& context, const Refusal& refusal) {
  return show_order_with(context, &refusal);
}

Response create_exemption(Context& context) {
  const auto id = context.request.path_id<Order>();
  FormReader reader(context.request.form);
  auto reason = reader.line("reason", {.required = true, .longest = 500});
  const auto read = reader.finish(std::move(reason));
  if (!read) return show_order_with(context, &read.error());
  const auto done = context.act([&](Act& act) { return exempt_from_suspension(act, id, *read); });
  if (!done) return show_order_with(context, &done.error());
  return context.redirect("/orders/" + id.text(),
                          message("This order is never suspended automatically."));
}

Response end_exemption(Context& context) {
  const auto id = context.request.path_id<Order>();
  require_no_fields(context.request.form);
  const auto done = context.act([&](Act& act) { return end_suspension_exemption(act, id); });
  if (!done) return show_order_with(context, &done.error());
  return context.redirect("/orders/" + id.text(), message("This order is suspended like others."));
}

Response continue_order_entry(Context& context) {
  const auto id = context.request.path_id<Order>();
  require_no_fields(context.request.form);
  const auto done = context.act([&](Act& act) { return continue_order(act, id); });
  if (!done) return show_order_with(context, &done.error());
  return context.redirect("/orders/" + id.text(), message("This order goes on."));
}

}  // namespace cstims
