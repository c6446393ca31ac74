#include "service/service_pages.h"

#include "account/user.h"
#include "base/failure.h"
#include "base/text.h"
#include "service/price_card.h"
#include "service/service_actions.h"
#include "service/service_store.h"

namespace cstims {
namespace {

struct LandingPage {
  static constexpr std::string_view view = "service/landing.html";
  const Site& site;
  const Viewer& viewer;
  std::vector<Service> services;
  Message title() const { return message("Services"); }
};

/// Whoever is not staff may order; visitors sign in on the way.
std::string order_address(const Viewer& viewer, const Service& service) {
  return viewer.is_staff() ? "" : "/order?service=" + service.id.text();
}

void fill(Dictionary& values, const LandingPage& page) {
  values.set("SITE_TITLE", page.site.name);
  if (!page.site.tagline.empty()) values.section("TAGLINED").set("TAGLINE", page.site.tagline);
  if (page.viewer.role == Role::nobody) {
    values.show("VISITING");
  } else {
    values.section("AT_HOME").set("HOME", home_path(page.viewer.role));
  }
  values.show("NOTHING", page.services.empty());
  if (page.services.empty()) return;
  Dictionary offer = values.section("OFFERED");
  for (const auto& service : page.services) {
    Dictionary item = offer.section("SERVICES");
    fill_price_card(item, "CARD", service, page.site, order_address(page.viewer, service));
  }
}

std::vector<Choice> type_choices() {
  std::vector<Choice> choices;
  for (const auto type : {ServiceType::standard, ServiceType::premium, ServiceType::free}) {
    choices.push_back({std::string(text(type)), shown(type)});
  }
  return choices;
}

struct ServicesPage {
  static constexpr std::string_view view = "service/list.html";
  const Renderer& renderer;
  Page<Service> services;
  Listing listing;
  Message title() const { return message("Services"); }
};

ListView list_of(const ServicesPage& page) {
  const auto yes = message("on offer");
  const auto no = message("inactive");
  ListView list{.path = "/manageservices",
                .empty = message("No services yet."),
                .columns = {{message("Service"), "name"},
                            {message("Type"), "type"},
                            {message("Price")},
                            {message("State"), "active"}},
                .rows = {},
                .filters = {{"type", message("Type"), type_choices()},
                            {"active", message("State"), {{"yes", yes}, {"no", no}}}},
                .caption = message("Services"),
                .total = page.services.total,
                .more_than_counted = page.services.more_than_counted};
  for (const auto& service : page.services.rows) {
    list.rows.push_back({{.text = service.name, .href = "/manageservices/" + service.id.text()},
                         {.text = page.renderer.translate(shown(service.type))},
                         {.text = service.billing.text()},
                         {.text = page.renderer.translate(service.active ? yes : no),
                          .badge = service.active ? "success" : "secondary"}});
  }
  return list;
}

void fill(Dictionary& values, const ServicesPage& page) {
  fill_list(values, "LIST", list_of(page), page.listing);
}

Response services_csv(const std::vector<Service>& services) {
  auto body = csv_row({"id", "name", "type", "billing", "options", "active", "description"});
  for (const auto& service : services) {
    body += csv_row({service.id.text(), service.name, std::string(text(service.type)),
                     service.billing.text(), service.options.text(), service.active ? "1" : "0",
                     service.description});
  }
  return Response::csv("services.csv", std::move(body));
}

Message billing_hint() {
  return message(
      "free · 5 €/mo · 5 €/mo + 10 € setup · 0.50 €/mo or 6 €/y · 25 € once · 0.0069 €/h in "
      "arrears · "
      "(1*cpu + 0.5*ram) €/mo. Periods: h d w mo 3mo 6mo y 2y 3y.");
}

Message options_hint() {
  return message(
      "What the client chooses, one option a line: “cpu: vCPU = 1, 2, 3, 4” or “ssd: SSD (GB) = "
      "5..30 "
      "step 5”. The formula uses the keys cpu and ssd.");
}

/// The form of adding and editing; `service` is absent for a new one.
Form service_form(const Service* service) {
  Form form{
      .action = service ? "/manageservices/" + service->id.text() : "/manageservices",
      .submit = service ? message("Save") : message("Add the service"),
      .fields = {
          {.name = "name",
           .label = message("Name"),
           .value = service ? service->name : "",
           .required = true,
           .columns = 8},
          {.kind = FieldKind::select,
           .name = "type",
           .label = message("Type"),
           .value = std::string(text(service ? service->type : ServiceType::standard)),
           .required = true,
           .choices = type_choices(),
           .columns = 4},
          {.name = "billing",
           .label = message("Price"),
           .value = service ? service->billing.text() : "",
           .hint = billing_hint(),
           .required = true},
          {.kind = FieldKind::lines,
           .name = "options",
           .label = message("Options"),
           .value = service ? service->options.text() : "",
           .hint = options_hint(),
           .rows = 4},
          {.kind = FieldKind::number,
           .name = "trial_days",
           .label = message("Trial days"),
           .value = service && service->trial_days > 0 ? std::to_string(service->trial_days) : "",
           .hint = message("Free days before the billing of an order begins."),
           .input_mode = "numeric",
           .min = "0",
           .max = "366",
           .columns = 4},
          {.kind = FieldKind::lines,
           .name = "description",
           .label = message("Description"),
           .value = service ? service->description : "",
           .hint = message("Markdown, shown on the landing page."),
           .rows = 8},
          {.kind = FieldKind::check,
           .name = "active",
           .label = message("On offer"),
           .value = !service || service->active ? "1" : ""}}};
  form.preview = message("Show prices");
  form.price_address = "/manageservices/price";
  return form;
}

/// What is shown beside a form: the refusal and what was typed, if any.
struct FormState {
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
};

void fill_examples(Dictionary& values, const std::vector<PriceExample>& examples) {
  if (examples.empty()) return;
  Dictionary table = values.include("EXAMPLES", "service/_examples.html");
  for (const auto& example : examples) {
    Dictionary row = table.section("EXAMPLES");
    row.set("OPTIONS", example.chosen.empty() ? "–" : example.chosen.show_chosen());
    row.set("PRICE", price_line(example.term));
  }
}

struct NewServicePage {
  static constexpr std::string_view view = "service/new.html";
  FormState state;
  std::vector<PriceExample> examples;
  Message title() const { return message("Add a service"); }
};

void fill(Dictionary& values, const NewServicePage& page) {
  fill_form(values, "FORM", service_form(nullptr), page.state.refusal, page.state.typed);
  fill_examples(values, page.examples);
}

struct EditServicePage {
  static constexpr std::string_view view = "service/edit.html";
  Service service;
  FormState state;
  std::vector<PriceExample> examples;
  const Refusal* deletion_refusal = nullptr;
  Message title() const { return message("Service {}", {service.name}); }
};

void fill(Dictionary& values, const EditServicePage& page) {
  const std::string path = "/manageservices/" + page.service.id.text();
  values.set("NAME", page.service.name);
  fill_form(values, "FORM", service_form(&page.service), page.state.refusal, page.state.typed);
  fill_examples(values, page.examples);
  if (page.deletion_refusal) {
    values.section("KEPT").set("WHY", page.deletion_refusal->items.front().message);
  }
  if (page.service.active) {
    Dictionary offered = values.section("OFFERED");
    fill_form(offered, "DEACTIVATION", button_form(path + "/deactivation", message("Deactivate")));
  }
  auto deletion = button_form(path + "/deletion", message("Delete this service"), "danger");
  deletion.confirm = message("Delete {} for good?", {page.service.name});
  fill_form(values, "DELETION", std::move(deletion));
}

std::vector<PriceExample> examples_of(const BillingTerm& billing, const ServiceOptions& options) {
  return price_examples(billing, options).value_or(std::vector<PriceExample>());
}

Service service_of(const Context& context) {
  return context.database().read([&](Transaction& tx) {
    return require_service(tx, context.viewer, context.request.path_id<Service>());
  });
}

FormData without_preview(const FormData& form) {
  FormData rest = form;
  rest.fields.erase("preview");
  return rest;
}

/// The examples of a form, one a line, or what is wrong with it: for the person who is typing.
std::string live_examples(const Context& context) {
  const auto billing =
      BillingTerm::parse(context.request.query_value("billing"), context.site().currency);
  // An address has no line breaks: app.js writes semicolons.
  const auto typed_options = replace_all(context.request.query_value("options"), ";", "\n");
  const auto options = ServiceOptions::parse(typed_options);
  const auto say = [&](const Refusal& refusal) {
    return context.services.renderer.translate(refusal.items.front().message);
  };
  if (!billing) return say(billing.error());
  if (!options) return say(options.error());
  const auto examples = price_examples(*billing, *options);
  if (!examples) return say(examples.error());
  std::vector<std::string> lines;
  for (const auto& example : *examples) {
    const auto chosen = example.chosen.show_chosen();
    lines.push_back((chosen.empty() ? "" : chosen + ": ") +
                    context.services.renderer.translate(price_line(example.term)));
  }
  return join(lines, "; ");
}

}  // namespace

Response show_landing(Context& context) {
  auto services =
      context.database().read([](Transaction& tx) { return list_services_on_offer(tx); });
  return render(context, LandingPage{context.site(), context.viewer, std::move(services)});
}

Response list_services_page(Context& context) {
  const auto listing = parse_listing(context.request.query, service_listing_rules());
  auto services =
      context.database().read([&](Transaction& tx) { return list_services(tx, listing); });
  if (listing.csv) return services_csv(services.rows);
  return render(context, ServicesPage{context.services.renderer, std::move(services), listing});
}

Response new_service(Context& context) {
  return render(context, NewServicePage{});
}

Response create_service(Context& context) {
  const FormData form = without_preview(context.request.form);
  const auto wanted = parse_service(form, context.site().currency);
  const auto again = [&](const Refusal& refusal) {
    return render(context, NewServicePage{.state = {&refusal, &form}, .examples = {}}, 422);
  };
  if (!wanted) return again(wanted.error());
  if (context.request.form.find("preview")) {
    return render(context,
                  NewServicePage{.state = {nullptr, &form},
                                 .examples = examples_of(wanted->billing, wanted->options)});
  }
  const auto id = context.act([&](Act& act) { return add_service(act, *wanted); });
  if (!id) return again(id.error());
  return context.redirect("/manageservices", message("{} was added.", {wanted->name}));
}

Response show_term_price(Context& context) {
  return Response::text(live_examples(context));
}

Response edit_service_page(Context& context) {
  auto service = service_of(context);
  auto examples = examples_of(service.billing, service.options);
  return render(
      context,
      EditServicePage{.service = std::move(service), .state = {}, .examples = std::move(examples)});
}

Response update_service_entry(Context& context) {
  const auto service = service_of(context);
  const FormData form = without_preview(context.request.form);
  const auto wanted = parse_service(form, context.site().currency);
  const auto again = [&](const Refusal& refusal) {
    return render(context,
                  EditServicePage{.service = service, .state = {&refusal, &form}, .examples = {}},
                  422);
  };
  if (!wanted) return again(wanted.error());
  if (context.request.form.find("preview")) {
    return render(context,
                  EditServicePage{.service = service,
                                  .state = {nullptr, &form},
                                  .examples = examples_of(wanted->billing, wanted->options)});
  }
  const auto done = context.act([&](Act& act) { return edit_service(act, service.id, *wanted); });
  if (!done) return again(done.error());
  return context.redirect("/manageservices", message("{} was saved.", {wanted->name}));
}

Response deactivate_service_entry(Context& context) {
  const auto service = service_of(context);
  require_no_fields(context.request.form);
  context.act([&](Act& act) { deactivate_service(act, service.id); });
  return context.redirect("/manageservices/" + service.id.text(),
                          message("{} is no longer on offer.", {service.name}));
}

Response delete_service_entry(Context& context) {
  const auto service = service_of(context);
  require_no_fields(context.request.form);
  const auto act = [&] {
    return context.act([&](Act& act) { return delete_service(act, service.id); });
  };
  const auto done = [&]() -> Result<void> {
    try {
      return act();
    } catch (const ConstraintViolation&) {
      return act();  // an order came meanwhile: now it is there to be named
    }
  }();
  if (done) return context.redirect("/manageservices", message("{} was deleted.", {service.name}));
  return render(context,
                EditServicePage{.service = service,
                                .state = {},
                                .examples = examples_of(service.billing, service.options),
                                .deletion_refusal = &done.error()},
                422);
}

}  // namespace cstims
