#include "ticket/ticket_link_pages.h"

#include "ticket/ticket_links.h"
#include "ticket/ticket_list_view.h"
#include "ticket/ticket_page.h"

namespace cstims {
namespace {

constexpr int tickets_to_choose = 20;

TicketId ticket_of(const Context& context) {
  return context.request.path_id<Ticket>();
}

/// Asks which ticket, then shows both and asks once more: it is for good.
struct MergerPage {
  static constexpr std::string_view view = "ticket/merge.html";
  const Context& context;
  Ticket ticket;
  TicketNames names;
  std::vector<OtherTicket> others;  // of the same client
  std::optional<Merger> merger = {};
  std::string typed = {};
  const Refusal* refusal = nullptr;
  Message title() const { return message("Merge ticket #{}", {ticket.id.text()}); }
};

Form choosing_form(const MergerPage& page) {
  return {.action = "/tickets/" + page.ticket.id.text() + "/merge",
          .submit = message("Look at both"),
          .fields = {{.name = "into",
                      .label = message("Number of the ticket that stays"),
                      .value = page.typed,
                      .required = true,
                      .input_mode = "numeric"}},
          .tone = "secondary",
          .method = "get"};
}

Form confirming_form(const Merger& merger) {
  auto form =
      button_form("/tickets/" + merger.from.id.text() + "/merge",
                  message("Merge #{} into #{}", {merger.from.id.text(), merger.into.id.text()}),
                  "danger", {{"into", merger.into.id.text()}});
  form.once = true;
  return form;
}

void fill_ticket(Dictionary values, const Ticket& ticket, const Context& context) {
  values.set("NUMBER", ticket.id.number());
  values.set("SUBJECT", ticket.subject);
  values.set("STATUS", shown(ticket.status, ticket.waiting_for, context.viewer));
  values.set("TONE", tone(ticket.status, ticket.waiting_for));
  values.set("OPENED", ticket.opened_at);
  values.set("BODY", ticket.body);
}

void fill(Dictionary& values, const MergerPage& page) {
  values.set("TICKET", page.ticket.id.number());
  if (page.merger) {
    Dictionary both = values.section("BOTH");
    fill_ticket(both.section("FROM"), page.merger->from, page.context);
    fill_ticket(both.section("INTO"), page.merger->into, page.context);
    fill_form(both, "CONFIRM", confirming_form(*page.merger));
  }
  fill_form(values, "CHOOSE", choosing_form(page), page.refusal);
  if (page.others.empty()) return;
  Dictionary others = values.section("OTHERS");
  others.set("CLIENT", page.names.client);
  for (const auto& row : page.others) {
    Dictionary other = others.section("TICKETS");
    other.set("OTHER", row.id.number());
    other.set("SUBJECT", row.subject);
  }
}

MergerPage merger_page(const Context& context) {
  return context.database().read([&](Transaction& tx) {
    auto ticket = require_ticket(tx, context.viewer, ticket_of(context));
    auto names = require_ticket_names(tx, ticket.id);
    auto others = list_other_open_tickets(tx, ticket, tickets_to_choose);
    return MergerPage{context, std::move(ticket), std::move(names), std::move(others)};
  });
}

Response refused_merger(const Context& context, const Refusal& refusal, std::string typed) {
  auto page = merger_page(context);
  page.refusal = &refusal;
  page.typed = std::move(typed);
  return render(context, page, 422);
}

Response refused(const Context& context, TicketForm form, const Refusal& refusal) {
  auto page = ticket_page(context, ticket_of(context));
  page.refused = form;
  page.refusal = &refusal;
  return render(context, page, 422);
}

Response back_to_ticket(const Context& context, const Message& flash) {
  return context.redirect("/tickets/" + ticket_of(context).text(), flash);
}

void require_ticket_there(const Context& context) {
  context.database().read(
      [&](Transaction& tx) { require_ticket(tx, context.viewer, ticket_of(context)); });
}

}  // namespace

Response show_ticket_merger(Context& context) {
  auto page = merger_page(context);
  page.typed = context.request.query_value("into");
  if (page.typed.empty()) return render(context, page);
  FormData typed;
  typed.fields.emplace("into", page.typed);
  const auto into = parse_other_ticket(typed, "into");
  if (!into) return refused_merger(context, into.error(), page.typed);
  const auto merger = context.database().read(
      [&](Transaction& tx) { return check_merger(tx, context.viewer, page.ticket.id, *into); });
  if (!merger) return refused_merger(context, merger.error(), page.typed);
  page.merger = *merger;
  return render(context, page);
}

Response create_ticket_merger(Context& context) {
  require_ticket_there(context);
  const auto into = parse_other_ticket(context.request.form, "into");
  const auto typed = context.request.form.value("into");
  if (!into) return refused_merger(context, into.error(), typed);
  const auto target =
      context.act([&](Act& act) { return merge_ticket(act, ticket_of(context), *into); });
  if (!target) return refused_merger(context, target.error(), typed);
  return context.redirect(
      "/tickets/" + target->text(),
      message("Ticket #{} was merged into this one.", {ticket_of(context).text()}));
}

Response create_ticket_link(Context& context) {
  require_ticket_there(context);
  const auto other = parse_other_ticket(context.request.form, "other");
  if (!other) return refused(context, TicketForm::link, other.error());
  const auto done =
      context.act([&](Act& act) { return link_tickets(act, ticket_of(context), *other); });
  if (!done) return refused(context, TicketForm::link, done.error());
  return back_to_ticket(context, message("The tickets are related now."));
}

Response delete_ticket_link(Context& context) {
  require_ticket_there(context);
  const auto other = parse_other_ticket(context.request.form, "other");
  if (!other) return refused(context, TicketForm::link, other.error());
  const auto done =
      context.act([&](Act& act) { return unlink_tickets(act, ticket_of(context), *other); });
  if (!done) return refused(context, TicketForm::link, done.error());
  return back_to_ticket(context, message("The tickets are not related any more."));
}

Response update_ticket_order(Context& context) {
  require_ticket_there(context);
  const auto order = parse_ticket_order(context.request.form);
  if (!order) return refused(context, TicketForm::order, order.error());
  const auto done =
      context.act([&](Act& act) { return change_ticket_order(act, ticket_of(context), *order); });
  if (!done) return refused(context, TicketForm::order, done.error());
  return back_to_ticket(context, message("The order of the ticket was changed."));
}

}  // namespace cstims
