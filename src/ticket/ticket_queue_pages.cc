#include "ticket/ticket_queue_pages.h"

#include "ticket/ticket_list_view.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_queue.h"

namespace cstims {
namespace {

constexpr std::string_view path = "/helpdesk";

struct HelpdeskPage {
  static constexpr std::string_view view = "ticket/helpdesk.html";
  const Context& context;
  Page<TicketRow> tickets;
  TicketCounts counts;
  std::int64_t held;  // mails
  std::vector<SavedFilter> saved;
  Listing listing;
  std::string_view refused = {};  // which form came back: "SAVING" or "DELETION"
  const Refusal* refusal = nullptr;
  Message title() const { return message("Helpdesk"); }
};

std::string address(const std::string& query) {
  return query.empty() ? std::string(path) : std::string(path) + "?" + query;
}

Form saving_form(const Listing& listing) {
  Form form{.action = std::string(path) + "/filters",
            .submit = message("Save this search"),
            .fields = {{.name = "name", .label = message("Name"), .required = true}},
            .tone = "secondary"};
  const auto keep = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    form.fields.push_back({.kind = FieldKind::hidden, .name = std::string(name), .value = value});
  };
  keep("search", listing.search);
  keep("sort", listing.sort);
  for (const auto& [name, value] : listing.filters) keep(name, value);
  return form;
}

Form deletion_form(const std::vector<SavedFilter>& saved) {
  std::vector<Choice> choices;
  for (const auto& filter : saved) {
    choices.push_back({filter.id.text(), message("{}", {filter.name})});
  }
  return {.action = std::string(path) + "/filters/deletion",
          .submit = message("Delete this search"),
          .fields = {{.kind = FieldKind::select,
                      .name = "filter",
                      .label = message("Saved search"),
                      .required = true,
                      .choices = std::move(choices)}},
          .tone = "outline-danger"};
}

void fill_tabs(Dictionary& values, const HelpdeskPage& page) {
  for (const auto& tab : queue_tabs(page.listing, page.counts)) {
    Dictionary round = values.section("TABS");
    round.set("ADDRESS", address(tab.query));
    round.set("LABEL", tab.label);
    round.show("CURRENT", tab.current);
    if (!tab.counted.empty()) round.section("COUNTED").set("COUNT", tab.counted);
  }
  const auto here = query_of(page.listing);
  for (const auto& filter : page.saved) {
    Dictionary round = values.section("SAVED");
    round.set("ADDRESS", address(filter.query));
    round.set("LABEL", filter.name);
    round.show("CURRENT", filter.query == here);
  }
}

void fill_saving(Dictionary& values, const HelpdeskPage& page) {
  const bool saves = worth_saving(page.listing) || page.refused == "SAVING";
  if (!saves && page.saved.empty()) return;
  Dictionary section = values.section("KEEPING");
  section.show("OPENED", !page.refused.empty());
  const auto put = [&](std::string_view name, Form form) {
    const bool refused = page.refused == name;
    fill_form(section, name, std::move(form), refused ? page.refusal : nullptr,
              refused ? &page.context.request.form : nullptr);
  };
  if (saves) put("SAVING", saving_form(page.listing));
  if (!page.saved.empty()) put("DELETION", deletion_form(page.saved));
}

void fill(Dictionary& values, const HelpdeskPage& page) {
  if (page.held > 0) values.section("HELD").set("MAILS", page.held);
  fill_tabs(values, page);
  fill_saving(values, page);
  fill_list(values, "LIST", ticket_list(page.context, page.tickets, std::string(path)),
            page.listing);
  values.include("KEYS", "ticket/_keys.html");
}

HelpdeskPage page_of(const Context& context, const Listing& listing) {
  return context.database().read([&](Transaction& tx) {
    return HelpdeskPage{.context = context,
                        .tickets = list_tickets(tx, context.viewer, listing),
                        .counts = count_open_tickets(tx, context.viewer.require_user()),
                        .held = count_held_mails(tx),
                        .saved = list_saved_filters(tx, context.viewer.require_user()),
                        .listing = listing};
  });
}

/// With the search that was to be saved, as far as it is one.
Response again(const Context& context, std::string_view form, const Refusal& refusal) {
  QueryFields query;
  for (const auto& [name, value] : context.request.form.fields) {
    const bool known =
        name == "search" || name == "sort" || ticket_listing_rules().filters.contains(name);
    if (known) query.emplace(name, value);
  }
  auto page = page_of(context, parse_listing(query, ticket_listing_rules()));
  page.refused = form;
  page.refusal = &refusal;
  return render(context, page, 422);
}

}  // namespace

Response show_helpdesk(Context& context) {
  const auto listing = parse_ticket_listing(context.request.query, ticket_listing_rules());
  auto page = page_of(context, listing);
  if (listing.csv) return tickets_csv(page.tickets);
  return render(context, page);
}

Response create_ticket_filter(Context& context) {
  const auto wanted = parse_new_filter(context.request.form);
  if (!wanted) return again(context, "SAVING", wanted.error());
  const auto saved = context.act(
      [&](Act& act) { return save_filter(act.tx, act.viewer.require_user(), *wanted); });
  if (!saved) return again(context, "SAVING", saved.error());
  return context.redirect(address(wanted->query),
                          message("The search was saved as “{}”.", {wanted->name}));
}

Response delete_ticket_filter(Context& context) {
  const auto wanted = parse_filter_choice(context.request.form);
  if (!wanted) return again(context, "DELETION", wanted.error());
  const auto done = context.act(
      [&](Act& act) { return delete_filter(act.tx, act.viewer.require_user(), *wanted); });
  if (!done) return again(context, "DELETION", done.error());
  return context.redirect(path, message("The saved search was deleted."));
}

}  // namespace cstims
