#include "order/manage_pages.h"

#include <algorithm>
#include <tuple>

#include "account/user_store.h"
#include "base/failure.h"
#include "order/order_actions.h"
#include "order/order_facts.h"
#include "order/order_store.h"
#include "order/suspension_view.h"
#include "service/service_store.h"

namespace cstims {
namespace {

constexpr int most_clients_offered = 50;

std::string date_text(std::optional<Date> date) {
  return date ? date->text() : "";
}

/// What the selects of the form offer.
struct Offered {
  std::vector<User> clients;
  std::vector<Service> services;
  std::string client_search;
};

/// Some clients, the chosen one always among them.
Offered load_offered(Transaction& tx, const std::string& client_search,
                     std::optional<UserId> chosen) {
  Offered offered{
      .clients = list_users_for_choice(tx, Role::client, client_search, most_clients_offered),
      .services = list_all_services(tx),
      .client_search = client_search};
  const bool there = !chosen || std::ranges::count(offered.clients, *chosen, &User::id) > 0;
  if (there) return offered;
  if (auto client = find_user(tx, *chosen); client && client->type == Role::client) {
    offered.clients.insert(offered.clients.begin(), *std::move(client));
  }
  return offered;
}

Field client_field(const Offered& offered, const std::string& chosen) {
  Field field{.kind = FieldKind::select,
              .name = "client",
              .label = message("Client"),
              .value = chosen,
              .hint = message("Not on the list? Find the client beside the form."),
              .required = true,
              .columns = 6};
  if (chosen.empty()) field.choices.push_back({"", message("Choose")});
  for (const auto& client : offered.clients) {
    field.choices.push_back({client.id.text(), message("{}", {client.label()})});
  }
  return field;
}

Field service_field(const Offered& offered, const std::string& chosen) {
  Field field{.kind = FieldKind::select,
              .name = "service",
              .label = message("Service"),
              .value = chosen,
              .required = true,
              .columns = 6};
  if (chosen.empty()) field.choices.push_back({"", message("Choose")});
  for (const auto& service : offered.services) {
    field.choices.push_back(
        {service.id.text(), message("{} ({})", {service.name, service.billing.text()})});
  }
  return field;
}

std::vector<Field> price_fields(const Order* order) {
  return {
      {.name = "billing",
       .label = message("Price"),
       .value = order ? order->billing().text() : "",
       .hint = order ? message("A new price counts from the next period that is not billed; for "
                               "a day before, change it on a day.")
                     : message("Empty: what the service costs.")},
      {.kind = FieldKind::lines,
       .name = "options",
       .label = message("Options"),
       .value = order ? order->options.text() : "",
       .hint = message("One a line: “cpu: vCPU = 2”."),
       .rows = 3}};
}

std::string number_text(std::optional<unsigned> number) {
  return number ? std::to_string(*number) : "";
}

std::vector<Field> rule_fields(const Order* order, const Site& site) {
  const bool billed = order ? order->bills_suspended : site.bills_suspended;
  return {{.kind = FieldKind::number,
           .name = "quantity",
           .label = message("Quantity"),
           .value = std::to_string(order ? order->quantity() : 1),
           .hint = message("A new one counts like a new price."),
           .input_mode = "numeric",
           .min = "1",
           .columns = 4},
          {.kind = FieldKind::number,
           .name = "anchor_day",
           .label = message("Anchor day"),
           .value = number_text(order ? order->anchor_day : site.anchor_day),
           .hint = message("Day of the month on which its periods begin; empty: its first day's."),
           .input_mode = "numeric",
           .min = "1",
           .max = "31",
           .columns = 4},
          {.kind = FieldKind::number,
           .name = "trial_days",
           .label = message("Trial days"),
           .value = order ? std::to_string(order->trial_days) : "",
           .hint = order ? message("Free days from activation on.")
                         : message("Empty: those of the service."),
           .input_mode = "numeric",
           .min = "0",
           .columns = 4},
          {.kind = FieldKind::select,
           .name = "suspended_days",
           .label = message("Days of a suspension"),
           .value = billed ? "billed" : "free",
           .choices = {{"billed", message("are billed")}, {"free", message("are free")}},
           .columns = 4},
          {.name = "coupon",
           .label = message("Coupon"),
           .value = order && order->discount ? order->discount->code : "",
           .columns = 4}};
}

std::vector<Field> life_fields(const Order* order) {
  const auto status = order ? order->status : OrderStatus::setting_up;
  std::vector<Field> fields = {
      {.kind = FieldKind::select,
       .name = "status",
       .label = message("Status"),
       .value = std::string(text(status)),
       .required = true,
       .choices = {},
       .columns = 4,
       .group = message("Status")},
      {.kind = FieldKind::date,
       .name = "activated_on",
       .label = message("Active since"),
       .value = order ? date_text(order->activated_on) : "",
       .hint = message("Billing starts on that day; empty: the day it becomes active."),
       .columns = 4},
      {.kind = FieldKind::date,
       .name = "ends_on",
       .label = message("Ends on"),
       .value = order ? date_text(order->ends_on) : "",
       .hint = message("From that day on nothing is billed."),
       .columns = 4},
      {.name = "reason",
       .label = message("Reason"),
       .value = {},
       .hint = message("Of a new status. The client reads it.")}};
  for (const auto& name : order_status_names()) {
    const auto choice = parse_order_status(name).value();
    const bool possible = choice == status || may_become(status, choice);
    const bool new_and_ended = !order && choice == OrderStatus::ended;
    if (possible && !new_and_ended) fields.front().choices.push_back({name, shown(choice)});
  }
  return fields;
}

std::vector<Field> text_fields(const Order* order) {
  return {{.kind = FieldKind::lines,
           .name = "comments",
           .label = message("Comments of the client"),
           .value = order ? order->comments : "",
           .rows = 3,
           .group = message("Comments and notes")},
          {.kind = FieldKind::lines,
           .name = "notes",
           .label = message("Notes of the staff"),
           .value = order ? order->notes : "",
           .hint = message("The client never sees them."),
           .rows = 4}};
}

/// The form of adding and editing; `order` is absent for a new one.
Form manage_form(const Offered& offered, const Order* order, const Site& site) {
  Form form{.action = order ? "/manageorders/" + order->id.text() : "/manageorders",
            .submit = order ? message("Save") : message("Add the order"),
            .fields = {client_field(offered, order ? order->client.text() : ""),
                       service_field(offered, order ? order->service.text() : ""),
                       {.name = "name",
                        .label = message("Name"),
                        .value = order ? order->name : "",
                        .required = true}}};
  for (auto& group :
       {price_fields(order), rule_fields(order, site), life_fields(order), text_fields(order)}) {
    form.fields.insert(form.fields.end(), group.begin(), group.end());
  }
  return form;
}

Form client_search_form(const std::string& path, const std::string& search) {
  Form form{.action = path,
            .submit = message("Find clients"),
            .fields = {{.name = "client_search",
                        .label = message("Find a client"),
                        .value = search,
                        .hint = message("By user name, e-mail or billing name."),
                        .columns = 12}}};
  form.tone = "secondary";
  form.method = "get";
  return form;
}

struct NewOrderPage {
  static constexpr std::string_view view = "order/add.html";
  const Site& site;
  Offered offered;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Add an order"); }
};

void fill(Dictionary& values, const NewOrderPage& page) {
  fill_form(values, "CLIENTS", client_search_form("/manageorders/new", page.offered.client_search));
  fill_form(values, "FORM", manage_form(page.offered, nullptr, page.site), page.refusal,
            page.typed);
}

struct EditOrderPage {
  static constexpr std::string_view view = "order/edit.html";
  OrderFacts facts;
  SuspensionView suspension;
  Offered offered;
  const Viewer& viewer;
  const Site& site;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  const Refusal* deletion_refusal = nullptr;
  Message title() const {
    return message("Order {}: {}", {facts.order.id.text(), facts.order.name});
  }
};

void fill(Dictionary& values, const EditOrderPage& page) {
  const Order& order = page.facts.order;
  const std::string path = "/manageorders/" + order.id.text();
  values.set("NAME", order.name);
  values.set("NUMBER", order.id.text());
  values.set("SERVICE", order.service_name);
  values.set("ADDRESS", "/orders/" + order.id.text());
  values.set("CHANGE", path + "/change");
  fill_form(values, "FORM", manage_form(page.offered, &order, page.site), page.refusal, page.typed);
  fill_form(values, "CLIENTS", client_search_form(path, page.offered.client_search));
  fill_suspension_view(values, "SUSPENSION", page.suspension);
  fill_order_facts(values, "FACTS", page.facts, page.viewer);
  if (page.deletion_refusal) {
    values.section("KEPT").set("WHY", page.deletion_refusal->items.front().message);
  }
  auto deletion = button_form(path + "/deletion", message("Delete this order"), "danger");
  deletion.confirm = message("Delete {} for good?", {order.name});
  fill_form(values, "DELETION", std::move(deletion));
}

std::optional<UserId> typed_client(const Context& context) {
  return Id<User>::parse(context.request.form.value("client"));
}

Response new_order_page(const Context& context, const Refusal* refusal, const FormData* typed) {
  auto offered = context.database().read([&](Transaction& tx) {
    return load_offered(tx, context.request.query_value("client_search"), typed_client(context));
  });
  return render(context, NewOrderPage{context.site(), std::move(offered), refusal, typed},
                refusal ? 422 : 200);
}

struct EditState {
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  const Refusal* deletion_refusal = nullptr;
};

Response edit_page(const Context& context, const EditState& state) {
  const auto id = context.request.path_id<Order>();
  auto [facts, suspension, offered] = context.database().read([&](Transaction& tx) {
    auto facts = require_order_facts(tx, context.viewer, id, context.site().zone);
    const UserId client = typed_client(context).value_or(facts.order.client);
    auto offered = load_offered(tx, context.request.query_value("client_search"), client);
    auto suspension = load_suspension_view(tx, context.site(), context.viewer, facts.order);
    return std::tuple(std::move(facts), std::move(suspension), std::move(offered));
  });
  return render(context,
                EditOrderPage{.facts = std::move(facts),
                              .suspension = std::move(suspension),
                              .offered = std::move(offered),
                              .viewer = context.viewer,
                              .site = context.site(),
                              .refusal = state.refusal,
                              .typed = state.typed,
                              .deletion_refusal = state.deletion_refusal},
                state.refusal || state.deletion_refusal ? 422 : 200);
}

}  // namespace

Response new_order(Context& context) {
  return new_order_page(context, nullptr, nullptr);
}

Response create_order_entry(Context& context) {
  const auto& form = context.request.form;
  const auto wanted = parse_order_edit(form, context.site().currency);
  if (!wanted) return new_order_page(context, &wanted.error(), &form);
  const auto id = context.act([&](Act& act) { return add_order(act, *wanted); });
  if (!id) return new_order_page(context, &id.error(), &form);
  return context.redirect("/manageorders/" + id->text(), message("{} was added.", {wanted->name}));
}

Response edit_order_page(Context& context) {
  return edit_page(context, {});
}

Response update_order_entry(Context& context) {
  const auto id = context.request.path_id<Order>();
  const auto& form = context.request.form;
  const auto wanted = parse_order_edit(form, context.site().currency);
  if (!wanted) return edit_page(context, {.refusal = &wanted.error(), .typed = &form});
  const auto done = context.act([&](Act& act) { return edit_order(act, id, *wanted); });
  if (!done) return edit_page(context, {.refusal = &done.error(), .typed = &form});
  return context.redirect("/manageorders/" + id.text(), message("{} was saved.", {wanted->name}));
}

Response delete_order_entry(Context& context) {
  const auto id = context.request.path_id<Order>();
  require_no_fields(context.request.form);
  const auto act = [&] { return context.act([&](Act& act) { return delete_order(act, id); }); };
  const auto done = [&]() -> Result<void> {
    try {
      return act();
    } catch (const ConstraintViolation&) {
      return act();  // a ticket came meanwhile: now it is there to be named
    }
  }();
  if (!done) return edit_page(context, {.deletion_refusal = &done.error()});
  return context.redirect("/manageorders", message("The order was deleted."));
}

}  // namespace cstims
