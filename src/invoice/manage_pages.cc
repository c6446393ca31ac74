#include "invoice/manage_pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "invoice/client_choice.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_lists.h"
#include "invoice/invoice_page.h"
#include "invoice/invoice_store.h"

namespace cstims {

namespace {

constexpr std::size_t empty_lines = 3;  // below those filled in

struct ListPage {
  static constexpr std::string_view view = "invoice/manage.html";
  const Context& context;
  Listing listing;
  Page<InvoiceRow> invoices;
  Date today;
  Message title() const { return message("Invoices"); }
};

void fill(Dictionary& values, const ListPage& page) {
  fill_list(values, "INVOICES",
            invoice_list({.context = page.context,
                          .listing = page.listing,
                          .invoices = page.invoices,
                          .today = page.today,
                          .path = "/manageinvoices"}),
            page.listing);
}

void add_line_fields(std::vector<Field>& fields, std::size_t number, const InvoiceLine* line,
                     const Site& site) {
  const auto name = [&](std::string_view part) { return fmt::format("line.{}.{}", number, part); };
  fields.push_back({.name = name("description"),
                    .label = message("Description"),
                    .value = line ? line->description : "",
                    .columns = 5,
                    .group = message("Line {}", {std::to_string(number)})});
  fields.push_back({.name = name("quantity"),
                    .label = message("Quantity"),
                    .value = line ? line->quantity.text() : "",
                    .input_mode = "decimal",
                    .columns = 2});
  fields.push_back({.name = name("unit_price"),
                    .label = message("Unit price, {}", {std::string(site.currency.code())}),
                    .value = line ? line->unit_price.text() : "",
                    .input_mode = "decimal",
                    .columns = 3});
  fields.push_back({.name = name("tax"),
                    .label = message("Tax in %"),
                    .value = line ? line->tax_rate.text() : site.tax_rate.text(),
                    .input_mode = "decimal",
                    .columns = 2});
}

/// The highest N of "line.N.…" that was typed, so that a refused form keeps its lines.
std::size_t lines_typed(const FormData* typed) {
  std::size_t most = 0;
  if (!typed) return most;
  for (std::size_t number = 1; number <= most_manual_lines; ++number) {
    if (typed->find(fmt::format("line.{}.description", number))) most = number;
  }
  return most;
}

struct DraftPage {
  static constexpr std::string_view view = "invoice/draft.html";
  const Context& context;
  OfferedClients clients;
  std::optional<Invoice> invoice;  // absent: a new one
  std::vector<InvoiceLine> lines;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return invoice ? message("Draft invoice") : message("New invoice"); }
  std::string path() const {
    return invoice ? "/manageinvoices/" + invoice->id.text() : "/manageinvoices/new";
  }
};

Form draft_form(const DraftPage& page) {
  const auto& invoice = page.invoice;
  Field client =
      client_field(page.clients, invoice ? std::optional(invoice->client) : std::nullopt);
  Form form{.action = invoice ? page.path() : "/manageinvoices",
            .submit = message("Save the draft"),
            .fields = {std::move(client),
                       {.name = "description",
                        .label = message("Description of the whole"),
                        .value = invoice ? invoice->description : "",
                        .columns = 6}}};
  const auto count = std::min(most_manual_lines,
                              std::max(page.lines.size() + empty_lines, lines_typed(page.typed)));
  for (std::size_t i = 0; i < count; ++i) {
    add_line_fields(form.fields, i + 1, i < page.lines.size() ? &page.lines[i] : nullptr,
                    page.context.site());
  }
  form.fields.push_back({.name = "order",
                         .label = message("Number of the order"),
                         .input_mode = "numeric",
                         .columns = 6,
                         .group = message("Hours of an order")});
  form.fields.push_back({.name = "hours",
                         .label = message("Hours"),
                         .hint = message("At the order's price; a month's is its share of a year "
                                         "of 8,760 hours."),
                         .input_mode = "decimal",
                         .columns = 6});
  return form;
}

void fill(Dictionary& values, const DraftPage& page) {
  values.set("HEADING", page.title());
  fill_form(values, "CLIENTS", client_search_form(page.path(), page.clients.search));
  fill_form(values, "FORM", draft_form(page), page.refusal, page.typed);
  if (!page.invoice) return;
  Dictionary saved = values.section("SAVED");
  saved.set("NET", page.invoice->net);
  saved.set("TAX", page.invoice->tax);
  saved.set("TOTAL", page.invoice->total);
  Form issue = button_form(page.path() + "/issue", message("Issue and mail it"), "primary");
  issue.confirm = message("Issue this invoice? Nothing in it can be changed afterwards.");
  fill_form(saved, "ISSUE", std::move(issue));
  fill_form(saved, "DELETION",
            button_form(page.path() + "/deletion", message("Delete the draft"), "danger"));
}

/// What is issued: why it cannot be changed, and what can be done.
struct IssuedPage {
  static constexpr std::string_view view = "invoice/issued.html";
  Invoice invoice;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Invoice {}", {invoice.number}); }
};

void fill(Dictionary& values, const IssuedPage& page) {
  values.set("NUMBER", page.invoice.number);
  values.set("ADDRESS", "/invoices/" + page.invoice.id.text());
  if (page.refusal) {
    for (const auto& item : page.refusal->items) {
      values.section("PROBLEMS").set("PROBLEM", item.message);
    }
  }
  if (page.invoice.may_be_rectified()) {
    values.section("MAY_RECTIFY")
        .set("RECTIFY", "/invoices/" + page.invoice.id.text() + "/rectification");
  }
  values.show("RECTIFIED", page.invoice.is_rectified());
}

std::optional<UserId> typed_client(const FormData* typed) {
  return typed ? UserId::parse(typed->value("client")) : std::nullopt;
}

Response new_page(Context& context, const Refusal* refusal = nullptr,
                  const FormData* typed = nullptr) {
  const auto search = single_line(context.request.query_value("client_search"));
  const auto clients = context.database().read(
      [&](Transaction& tx) { return offer_clients(tx, search, typed_client(typed)); });
  return render(context, DraftPage{context, clients, std::nullopt, {}, refusal, typed},
                refusal ? 422 : 200);
}

Response edit_page(Context& context, InvoiceId id, const Refusal* refusal = nullptr,
                   const FormData* typed = nullptr) {
  const int status = refusal ? 422 : 200;
  const auto invoice = context.database().read(
      [&](Transaction& tx) { return require_invoice(tx, context.viewer, id); });
  if (invoice.is_issued()) return render(context, IssuedPage{invoice, refusal}, status);
  const auto search = single_line(context.request.query_value("client_search"));
  const auto page = context.database().read([&](Transaction& tx) {
    const auto chosen = typed_client(typed).value_or(invoice.client);
    return DraftPage{context, offer_clients(tx, search, chosen),
                     invoice, list_invoice_lines(tx, invoice),
                     refusal, typed};
  });
  return render(context, page, status);
}

std::string manage_path(InvoiceId id) {
  return "/manageinvoices/" + id.text();
}

}  // namespace

Response list_managed_invoices(Context& context) {
  const auto listing = parse_listing(context.request.query, invoice_listing_rules());
  const auto page = context.database().read([&](Transaction& tx) {
    return ListPage{context, listing, list_invoices(tx, context.viewer, listing), tx.today()};
  });
  if (listing.csv) return invoice_csv(page.invoices.rows, page.today);
  return render(context, page);
}

Response new_invoice(Context& context) {
  return new_page(context);
}

Response create_invoice(Context& context) {
  const auto& form = context.request.form;
  const auto draft = parse_invoice_draft(form, context.site().currency);
  if (!draft) return new_page(context, &draft.error(), &form);
  const auto id = context.act([&](Act& act) { return create_draft(act, *draft); });
  if (!id) return new_page(context, &id.error(), &form);
  return context.redirect(manage_path(*id),
                          message("The draft is saved. Issue it when it is right."));
}

Response edit_invoice(Context& context) {
  return edit_page(context, context.request.path_id<struct Invoice>());
}

Response update_invoice(Context& context) {
  const auto id = context.request.path_id<struct Invoice>();
  const auto& form = context.request.form;
  const auto draft = parse_invoice_draft(form, context.site().currency);
  if (!draft) return edit_page(context, id, &draft.error(), &form);
  const auto done = context.act([&](Act& act) { return update_draft(act, id, *draft); });
  if (!done) return edit_page(context, id, &done.error(), &form);
  return context.redirect(manage_path(id), message("The draft is saved."));
}

Response create_issue(Context& context) {
  require_no_fields(context.request.form);
  const auto id = context.request.path_id<struct Invoice>();
  const auto issued = context.act([&](Act& act) { return issue_invoice(act, id); });
  if (!issued) return edit_page(context, id, &issued.error());
  return context.redirect("/invoices/" + id.text(),
                          message("Invoice {} is issued and mailed.", {issued->number}));
}

Response delete_invoice_entry(Context& context) {
  require_no_fields(context.request.form);
  const auto id = context.request.path_id<struct Invoice>();
  const auto deleted = context.act([&](Act& act) { return delete_invoice(act, id); });
  if (!deleted) return edit_page(context, id, &deleted.error());
  return context.redirect("/manageinvoices", message("The draft is deleted."));
}

}  // namespace cstims
