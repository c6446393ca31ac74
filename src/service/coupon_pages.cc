#include "service/coupon_pages.h"

#include <algorithm>

#include "service/coupon_actions.h"
#include "service/coupon_store.h"
#include "service/service_store.h"

namespace cstims {
namespace {

std::string count_text(std::optional<int> count) {
  return count ? std::to_string(*count) : "";
}

std::string date_text(std::optional<Date> date) {
  return date ? date->text() : "";
}

/// "20 %" or "5.00": as the form reads it.
std::string value_text(const CouponEdit& terms) {
  return terms.share ? terms.share->text() + " %" : terms.amount.value().text();
}

struct CouponsPage {
  static constexpr std::string_view view = "service/coupons.html";
  const Renderer& renderer;
  Page<Coupon> coupons;
  Listing listing;
  Message title() const { return message("Coupons"); }
};

/// "for the first 3 periods", "for all periods".
Message periods_label(const CouponEdit& terms) {
  return terms.periods ? message("for the first {} periods", {count_text(terms.periods)})
                       : message("for all periods");
}

ListView list_of(const CouponsPage& page) {
  const auto yes = message("valid");
  const auto no = message("switched off");
  ListView list{.path = "/managecoupons",
                .empty = message("No coupons yet."),
                .columns = {{message("Code"), "code"},
                            {message("Discount")},
                            {message("Valid until"), "valid_until"},
                            {message("Orders"), "", true},
                            {message("State")}},
                .rows = {},
                .filters = {{"active", message("State"), {{"yes", yes}, {"no", no}}}},
                .caption = message("Coupons"),
                .total = page.coupons.total,
                .more_than_counted = page.coupons.more_than_counted};
  for (const auto& coupon : page.coupons.rows) {
    const auto& terms = coupon.terms;
    const auto limit = terms.most_orders ? " / " + count_text(terms.most_orders) : std::string();
    list.rows.push_back(
        {{.text = terms.code, .href = "/managecoupons/" + coupon.id.text()},
         {.text = terms.discount().show(), .detail = page.renderer.translate(periods_label(terms))},
         {.text = terms.valid_until ? page.renderer.show(*terms.valid_until) : "–"},
         {.text = std::to_string(coupon.orders) + limit},
         {.text = page.renderer.translate(terms.active ? yes : no),
          .badge = terms.active ? "success" : "secondary"}});
  }
  return list;
}

void fill(Dictionary& values, const CouponsPage& page) {
  fill_list(values, "LIST", list_of(page), page.listing);
}

Response coupons_csv(const std::vector<Coupon>& coupons) {
  auto body = csv_row({"id", "code", "discount", "periods", "valid_from", "valid_until",
                       "most_orders", "orders", "active", "notes"});
  for (const auto& coupon : coupons) {
    const auto& terms = coupon.terms;
    body += csv_row({coupon.id.text(), terms.code, value_text(terms), count_text(terms.periods),
                     date_text(terms.valid_from), date_text(terms.valid_until),
                     count_text(terms.most_orders), std::to_string(coupon.orders),
                     terms.active ? "1" : "0", terms.notes});
  }
  return Response::csv("coupons.csv", std::move(body));
}

std::vector<Field> value_fields(const CouponEdit* terms) {
  return {{.name = "code",
           .label = message("Code"),
           .value = terms ? terms->code : "",
           .hint = message("What the client types: letters, digits and hyphens."),
           .required = true,
           .columns = 6},
          {.name = "value",
           .label = message("Discount"),
           .value = terms ? value_text(*terms) : "",
           .hint = message("20 % of the price, or an amount off each period: 5.00"),
           .required = true,
           .columns = 6},
          {.kind = FieldKind::number,
           .name = "periods",
           .label = message("Periods"),
           .value = terms ? count_text(terms->periods) : "",
           .hint = message("The first so many; empty: all."),
           .input_mode = "numeric",
           .min = "1",
           .columns = 6},
          {.kind = FieldKind::number,
           .name = "most_orders",
           .label = message("Orders at most"),
           .value = terms ? count_text(terms->most_orders) : "",
           .hint = message("How many may be placed with it; empty: any number."),
           .input_mode = "numeric",
           .min = "1",
           .columns = 6},
          {.kind = FieldKind::date,
           .name = "valid_from",
           .label = message("Valid from"),
           .value = terms ? date_text(terms->valid_from) : "",
           .columns = 6},
          {.kind = FieldKind::date,
           .name = "valid_until",
           .label = message("Valid until"),
           .value = terms ? date_text(terms->valid_until) : "",
           .columns = 6}};
}

std::vector<Field> service_fields(const std::vector<Service>& services, const CouponEdit* terms) {
  std::vector<Field> fields;
  for (const auto& service : services) {
    const bool chosen =
        terms && std::ranges::find(terms->services, service.id) != terms->services.end();
    fields.push_back({.kind = FieldKind::check,
                      .name = "service." + service.id.text(),
                      .label = message("{}", {service.name}),
                      .value = chosen ? "1" : "",
                      .columns = 6});
  }
  if (!fields.empty()) fields.front().group = message("Only for these services (none: all)");
  return fields;
}

Form coupon_form(const std::vector<Service>& services, const Coupon* coupon) {
  const auto* terms = coupon ? &coupon->terms : nullptr;
  Form form{.action = coupon ? "/managecoupons/" + coupon->id.text() : "/managecoupons",
            .submit = coupon ? message("Save") : message("Add the coupon"),
            .fields = value_fields(terms)};
  const auto offered = service_fields(services, terms);
  form.fields.insert(form.fields.end(), offered.begin(), offered.end());
  form.fields.push_back({.kind = FieldKind::check,
                         .name = "active",
                         .label = message("Clients may use it"),
                         .value = !terms || terms->active ? "1" : "",
                         .group = message("State")});
  form.fields.push_back({.kind = FieldKind::lines,
                         .name = "notes",
                         .label = message("Notes of the staff"),
                         .value = terms ? terms->notes : "",
                         .rows = 3});
  return form;
}

struct NewCouponPage {
  static constexpr std::string_view view = "service/new_coupon.html";
  std::vector<Service> services;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Add a coupon"); }
};

void fill(Dictionary& values, const NewCouponPage& page) {
  fill_form(values, "FORM", coupon_form(page.services, nullptr), page.refusal, page.typed);
}

struct EditCouponPage {
  static constexpr std::string_view view = "service/edit_coupon.html";
  Coupon coupon;
  std::vector<Service> services;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  const Refusal* deletion_refusal = nullptr;
  Message title() const { return message("Coupon {}", {coupon.terms.code}); }
};

void fill(Dictionary& values, const EditCouponPage& page) {
  values.set("CODE", page.coupon.terms.code);
  values.set("USED", std::to_string(page.coupon.orders));
  fill_form(values, "FORM", coupon_form(page.services, &page.coupon), page.refusal, page.typed);
  if (page.deletion_refusal) {
    values.section("KEPT").set("WHY", page.deletion_refusal->items.front().message);
  }
  auto deletion = button_form("/managecoupons/" + page.coupon.id.text() + "/deletion",
                              message("Delete this coupon"), "danger");
  deletion.confirm = message("Delete {} for good?", {page.coupon.terms.code});
  fill_form(values, "DELETION", std::move(deletion));
}

Response new_page(const Context& context, const Refusal* refusal, const FormData* typed) {
  auto services = context.database().read([](Transaction& tx) { return list_all_services(tx); });
  return render(context, NewCouponPage{std::move(services), refusal, typed}, refusal ? 422 : 200);
}

struct EditState {
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  const Refusal* deletion_refusal = nullptr;
};

Response edit_page(const Context& context, const EditState& state) {
  const auto id = context.request.path_id<Coupon>();
  auto [coupon, services] = context.database().read(
      [&](Transaction& tx) { return std::pair(require_coupon(tx, id), list_all_services(tx)); });
  return render(context,
                EditCouponPage{.coupon = std::move(coupon),
                               .services = std::move(services),
                               .refusal = state.refusal,
                               .typed = state.typed,
                               .deletion_refusal = state.deletion_refusal},
                state.refusal || state.deletion_refusal ? 422 : 200);
}

}  // namespace

Response list_coupons_page(Context& context) {
  const auto listing = parse_listing(context.request.query, coupon_listing_rules());
  auto coupons =
      context.database().read([&](Transaction& tx) { return list_coupons(tx, listing); });
  if (listing.csv) return coupons_csv(coupons.rows);
  return render(context, CouponsPage{context.services.renderer, std::move(coupons), listing});
}

Response new_coupon(Context& context) {
  return new_page(context, nullptr, nullptr);
}

Response create_coupon(Context& context) {
  const auto& form = context.request.form;
  const auto wanted = parse_coupon(form, context.site().currency);
  if (!wanted) return new_page(context, &wanted.error(), &form);
  const auto id = context.act([&](Act& act) { return add_coupon(act, *wanted); });
  if (!id) return new_page(context, &id.error(), &form);
  return context.redirect("/managecoupons", message("{} was added.", {wanted->code}));
}

Response edit_coupon_page(Context& context) {
  return edit_page(context, {});
}

Response update_coupon_entry(Context& context) {
  const auto id = context.request.path_id<Coupon>();
  const auto& form = context.request.form;
  const auto wanted = parse_coupon(form, context.site().currency);
  if (!wanted) return edit_page(context, {.refusal = &wanted.error(), .typed = &form});
  const auto done = context.act([&](Act& act) { return edit_coupon(act, id, *wanted); });
  if (!done) return edit_page(context, {.refusal = &done.error(), .typed = &form});
  return context.redirect("/managecoupons", message("{} was saved.", {wanted->code}));
}

Response delete_coupon_entry(Context& context) {
  const auto id = context.request.path_id<Coupon>();
  FormReader reader(context.request.form);
  (void)reader.finish(true);
  const auto done = context.act([&](Act& act) { return delete_coupon(act, id); });
  if (!done) return edit_page(context, {.deletion_refusal = &done.error()});
  return context.redirect("/managecoupons", message("The coupon was deleted."));
}

}  // namespace cstims
