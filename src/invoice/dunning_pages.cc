#include "invoice/dunning_pages.h"

#include <utility>

#include "html/form_view.h"
#include "invoice/dunning_actions.h"
#include "invoice/invoice_pages.h"
#include "order/suspension_store.h"

namespace cstims {

namespace {

PauseScope read_scope(FormReader& reader) {
  const auto typed = reader.choice("scope", {"invoice", "client"}, true);
  return typed == "client" ? PauseScope::client : PauseScope::invoice;
}

struct State {
  Message message;
  std::string_view tone;
};

State state_of(const SuspensionRow& row) {
  if (row.outcome == CaseOutcome::lifted) return {message("paid, goes on"), "success"};
  if (row.outcome) return {message("dropped"), "secondary"};
  if (row.suspended_on) return {message("suspended"), "danger"};
  if (row.suspension.obstacle != Obstacle::none) return {message("held back"), "info"};
  return {message("will be suspended"), "warning"};
}

/// What the state does not say: why, or since when.
std::string detail_of(const SuspensionRow& row, const Renderer& renderer) {
  if (row.ended_on) return renderer.show(*row.ended_on);
  if (row.suspended_on) return renderer.show(*row.suspended_on);
  return renderer.translate(shown(row.suspension.obstacle));
}

struct SuspensionsPage {
  static constexpr std::string_view view = "invoice/suspensions.html";
  const Context& context;
  Listing listing;
  Page<SuspensionRow> rows;
  Message title() const { return message("Suspensions"); }
};

ListView list_of(const SuspensionsPage& page) {
  const auto& renderer = page.context.services.renderer;
  ListView list{.path = "/suspensions",
                .empty = message("Nothing was suspended for non-payment."),
                .columns = {{message("Order")},
                            {message("Client")},
                            {message("Invoice")},
                            {message("Status")},
                            {message("Noted"), "id"},
                            {message("Still to be paid"), "", true}},
                .rows = {},
                .filters = {{"state",
                             message("Status"),
                             {{"planned", message("will be suspended")},
                              {"held", message("held back")},
                              {"suspended", message("suspended")},
                              {"ended", message("over")}}}},
                .caption = message("Suspensions"),
                .total = page.rows.total,
                .more_than_counted = page.rows.more_than_counted};
  for (const auto& row : page.rows.rows) {
    const auto state = state_of(row);
    list.rows.push_back({{.text = row.order_name, .href = "/orders/" + row.suspension.order.text()},
                         {.text = row.client_name},
                         {.text = row.invoice.number, .href = "/invoices/" + row.invoice.id.text()},
                         {.text = renderer.translate(state.message),
                          .badge = std::string(state.tone),
                          .detail = detail_of(row, renderer)},
                         {.text = renderer.show(row.opened_on)},
                         {.text = row.invoice.rest.show()}});
  }
  return list;
}

void fill(Dictionary& values, const SuspensionsPage& page) {
  const auto days = page.context.site().dunning.suspend_days;
  values.show("OFF", !days);
  if (days) values.section("ON").set("DAYS", *days);
  fill_list(values, "LIST", list_of(page), page.listing);
}

std::string date_text(std::optional<Date> date) {
  return date ? date->text() : "";
}

Response suspensions_csv(const std::vector<SuspensionRow>& rows) {
  auto file = csv_row({"order", "name", "client", "invoice", "due_date", "rest", "currency",
                       "obstacle", "noted", "suspended", "ended", "status"});
  for (const auto& row : rows) {
    file += csv_row({row.suspension.order.text(), row.order_name, row.client_name,
                     row.invoice.number, row.invoice.due_date.text(), row.invoice.rest.text(),
                     std::string(row.invoice.rest.currency().code()),
                     std::string(text(row.suspension.obstacle)), row.opened_on.text(),
                     date_text(row.suspended_on), date_text(row.ended_on),
                     state_of(row).message.english()});
  }
  return Response::csv("suspensions.csv", std::move(file));
}

}  // namespace

Response create_dunning_pause(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  FormReader reader(context.request.form);
  const auto scope = read_scope(reader);
  auto reason = reader.line("reason", {.required = true, .longest = 500});
  const auto read = reader.finish(std::move(reason));
  if (!read) return show_invoice_refused(context, id, "PAUSE", read.error());
  const auto done = context.act([&](Act& act) { return pause_dunning(act, id, scope, *read); });
  if (!done) return show_invoice_refused(context, id, "PAUSE", done.error());
  return context.redirect("/invoices/" + id.text(), message("Reminders are paused."));
}

Response end_dunning_pause(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  FormReader reader(context.request.form);
  const auto scope = reader.finish(read_scope(reader));
  if (!scope) return show_invoice_refused(context, id, "", scope.error());
  const auto done = context.act([&](Act& act) { return resume_dunning(act, id, *scope); });
  if (!done) return show_invoice_refused(context, id, "", done.error());
  return context.redirect("/invoices/" + id.text(), message("Reminders go on."));
}

Response show_suspensions(Context& context) {
  const auto listing = parse_listing(context.request.query, suspension_listing_rules());
  auto rows =
      context.database().read([&](Transaction& tx) { return list_suspensions(tx, listing); });
  if (listing.csv) return suspensions_csv(rows.rows);
  return render(context, SuspensionsPage{context, listing, std::move(rows)});
}

}  // namespace cstims
