#include "ticket/ticket_management_pages.h"

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "base/text.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_list_view.h"

namespace cstims {
namespace {

constexpr int clients_to_choose = 50;
constexpr int orders_of_one = 100;
constexpr int orders_of_each = 5;  // while no client is chosen

struct TicketsPage {
  static constexpr std::string_view view = "ticket/tickets.html";
  const Context& context;
  Page<TicketRow> tickets;
  Listing listing;
  Message title() const { return message("Tickets"); }
};

/// In the list of the admin a ticket's name leads to the conversation, the last column to its form.
ListView list_of(const TicketsPage& page) {
  auto list = ticket_list(page.context, page.tickets, "/managetickets");
  list.columns.push_back({message("Manage")});
  const auto edit = page.context.services.renderer.translate(message("Edit or delete"));
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    list.rows[i].push_back(
        {.text = edit, .href = "/managetickets/" + page.tickets.rows[i].id.text()});
  }
  return list;
}

void fill(Dictionary& values, const TicketsPage& page) {
  fill_list(values, "LIST", list_of(page), page.listing);
}

/// A name as it is, in a place where sentences are translated.
Message as_it_is(std::string name) {
  return message("{}", {std::move(name)});
}

Choice choice_of(const User& user) {
  return {user.id.text(), as_it_is(user.label())};
}

/// What the select boxes of the form offer.
struct Offer {
  std::vector<Choice> clients{{"", message("Choose a client")}};
  std::vector<Choice> orders{{"0", message("None")}};
  std::vector<Choice> people{{"0", message("Nobody")}};
};

void offer_orders(Transaction& tx, Offer& offer, const User& client, int limit) {
  for (const auto& [id, name] : list_order_choices(tx, client.id, limit)) {
    offer.orders.push_back(
        {id.text(), message("{}: {} (#{})", {client.username, name, id.text()})});
  }
}

/// Up to fifty clients that match, and always the one chosen; the orders of that one, or a few of
/// each.
Offer offer_for(Transaction& tx, std::string_view search, std::optional<UserId> chosen) {
  Offer offer;
  auto clients = list_users_for_choice(tx, Role::client, search, clients_to_choose);
  const auto client = chosen ? find_user(tx, *chosen) : std::nullopt;
  if (client && client->type == Role::client) {
    std::erase_if(clients, [&](const User& user) { return user.id == client->id; });
    clients.insert(clients.begin(), *client);
    offer_orders(tx, offer, *client, orders_of_one);
  } else {
    for (const auto& user : clients) offer_orders(tx, offer, user, orders_of_each);
  }
  for (const auto& user : clients) offer.clients.push_back(choice_of(user));
  for (const auto& person : list_helpdesk_people(tx)) {
    offer.people.push_back({person.id.text(), as_it_is(person.username)});
  }
  return offer;
}

std::vector<Choice> status_choices() {
  std::vector<Choice> choices;
  for (const auto status : {TicketStatus::open, TicketStatus::closed, TicketStatus::nofix}) {
    choices.push_back({std::string(text(status)), shown(status)});
  }
  return choices;
}

/// A former colleague stays the assignee until somebody chooses another.
void keep_assignee(Offer& offer, const Ticket& ticket, const std::string& name) {
  if (!ticket.assignee) return;
  const auto value = ticket.assignee->text();
  const bool offered = std::ranges::any_of(
      offer.people, [&](const Choice& choice) { return choice.value == value; });
  if (!offered) offer.people.push_back({value, as_it_is(name)});
}

Form ticket_form(std::string action, Message submit, Offer offer, const Ticket* ticket) {
  const auto id_text = [](const auto& id) { return id ? id->text() : std::string("0"); };
  return {
      .action = std::move(action),
      .submit = std::move(submit),
      .fields = {{.kind = FieldKind::select,
                  .name = "client",
                  .label = message("Client"),
                  .value = ticket ? ticket->client.text() : "",
                  .required = true,
                  .choices = std::move(offer.clients),
                  .columns = 6},
                 {.kind = FieldKind::select,
                  .name = "order",
                  .label = message("Order"),
                  .value = ticket ? id_text(ticket->order) : "0",
                  .hint = message("One of that client's."),
                  .choices = std::move(offer.orders),
                  .columns = 6},
                 {.name = "subject",
                  .label = message("Subject"),
                  .value = ticket ? ticket->subject : "",
                  .required = true},
                 {.kind = FieldKind::lines,
                  .name = "body",
                  .label = message("Opening text"),
                  .value = ticket ? ticket->body : "",
                  .required = true,
                  .rows = 8},
                 {.kind = FieldKind::select,
                  .name = "status",
                  .label = message("Status"),
                  .value = std::string(ticket ? text(ticket->status) : "open"),
                  .required = true,
                  .choices = status_choices(),
                  .columns = 6},
                 {.kind = FieldKind::select,
                  .name = "assignee",
                  .label = message("Assignee"),
                  .value = ticket ? id_text(ticket->assignee) : "0",
                  .choices = std::move(offer.people),
                  .columns = 6},
                 {.kind = FieldKind::select,
                  .name = "priority",
                  .label = message("Priority"),
                  .value = std::string(text(ticket ? ticket->priority : TicketPriority::normal)),
                  .required = true,
                  .choices = priority_choices(),
                  .columns = 6}}};
}

struct TicketFormPage {
  std::string search;
  std::string address;  // of this page: the search for clients comes back to it
  Form form;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
};

void fill_forms(Dictionary& values, const TicketFormPage& page) {
  fill_form(values, "SEARCH",
            {.action = page.address,
             .submit = message("Find clients"),
             .fields = {{.name = "client_search",
                         .label = message("Client's name or e-mail"),
                         .value = page.search,
                         .columns = 6}},
             .tone = "secondary",
             .method = "get"});
  fill_form(values, "FORM", page.form, page.refusal, page.typed);
}

struct NewTicketEntryPage {
  static constexpr std::string_view view = "ticket/new_entry.html";
  TicketFormPage forms;
  Message title() const { return message("Add a ticket"); }
};

void fill(Dictionary& values, const NewTicketEntryPage& page) {
  fill_forms(values, page.forms);
}

struct EditTicketPage {
  static constexpr std::string_view view = "ticket/edit.html";
  Ticket ticket;
  TicketFormPage forms;
  Message title() const { return message("Edit ticket #{}", {ticket.id.text()}); }
};

void fill(Dictionary& values, const EditTicketPage& page) {
  const auto number = page.ticket.id.text();
  values.set("NUMBER", number);
  fill_forms(values, page.forms);
  auto deletion = button_form("/managetickets/" + number + "/deletion",
                              message("Delete this ticket"), "danger");
  deletion.confirm =
      message("Delete ticket #{} and all that was written on it for good?", {number});
  fill_form(values, "DELETION", std::move(deletion));
}

std::string search_of(const Context& context) {
  return single_line(first_characters(context.request.query_value("client_search"), 100));
}

/// The client that the form came with, so that its orders are offered when it comes back.
std::optional<UserId> typed_client(const Context& context) {
  const auto typed = context.request.method == "POST" ? context.request.form.value("client")
                                                      : context.request.query_value("client");
  return UserId::parse(typed);
}

NewTicketEntryPage new_entry_page(const Context& context) {
  const auto search = search_of(context);
  const auto chosen = typed_client(context);
  auto offer =
      context.database().read([&](Transaction& tx) { return offer_for(tx, search, chosen); });
  auto form = ticket_form("/managetickets", message("Add the ticket"), std::move(offer), nullptr);
  if (chosen) form.fields.front().value = chosen->text();
  return {{.search = search, .address = "/managetickets/new", .form = std::move(form)}};
}

EditTicketPage edit_page(const Context& context) {
  const auto id = context.request.path_id<Ticket>();
  const auto address = "/managetickets/" + id.text();
  const auto search = search_of(context);
  return context.database().read([&](Transaction& tx) {
    auto ticket = require_ticket(tx, context.viewer, id);
    if (ticket.merged_into) throw NotFound("ticket " + id.text() + " is merged into another");
    auto offer = offer_for(tx, search, typed_client(context).value_or(ticket.client));
    keep_assignee(offer, ticket, require_ticket_names(tx, id).assignee);
    auto form = ticket_form(address, message("Save"), std::move(offer), &ticket);
    return EditTicketPage{std::move(ticket),
                          {.search = search, .address = address, .form = std::move(form)}};
  });
}

template <typename PageStruct>
Response again(const Context& context, PageStruct page, const Refusal& refusal) {
  page.forms.refusal = &refusal;
  page.forms.typed = &context.request.form;
  return render(context, page, 422);
}

}  // namespace

Response list_tickets_page(Context& context) {
  const auto listing = parse_ticket_listing(context.request.query, newest_tickets_listing_rules());
  auto tickets = context.database().read(
      [&](Transaction& tx) { return list_tickets(tx, context.viewer, listing); });
  if (listing.csv) return tickets_csv(tickets);
  return render(context, TicketsPage{context, std::move(tickets), listing});
}

Response new_ticket_entry(Context& context) {
  return render(context, new_entry_page(context));
}

Response create_ticket_entry(Context& context) {
  const auto wanted = parse_ticket_edit(context.request.form);
  if (!wanted) return again(context, new_entry_page(context), wanted.error());
  const auto ticket = context.act([&](Act& act) { return add_ticket(act, *wanted); });
  if (!ticket) return again(context, new_entry_page(context), ticket.error());
  return context.redirect("/managetickets", message("Ticket #{} was added.", {ticket->text()}));
}

Response edit_ticket_page(Context& context) {
  return render(context, edit_page(context));
}

Response update_ticket_entry(Context& context) {
  const auto id = context.request.path_id<Ticket>();
  const auto wanted = parse_ticket_edit(context.request.form);
  if (!wanted) return again(context, edit_page(context), wanted.error());
  const auto done = context.act([&](Act& act) { return edit_ticket(act, id, *wanted); });
  if (!done) return again(context, edit_page(context), done.error());
  return context.redirect("/managetickets", message("Ticket #{} was saved.", {id.text()}));
}

Response delete_ticket_entry(Context& context) {
  const auto id = context.request.path_id<Ticket>();
  require_no_fields(context.request.form);
  context.act([&](Act& act) { delete_ticket(act, id); });
  return context.redirect("/managetickets", message("Ticket #{} was deleted.", {id.text()}));
}

}  // namespace cstims
