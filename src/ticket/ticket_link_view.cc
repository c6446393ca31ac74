#include "ticket/ticket_link_view.h"

#include <algorithm>

#include "base/id.h"

namespace cstims {
namespace {

void put(Dictionary& values, std::string_view name, const TicketPage& page, TicketForm kind,
         Form form) {
  const bool refused = page.refused == kind;
  fill_form(values, name, std::move(form), refused ? page.refusal : nullptr,
            refused ? &page.context.request.form : nullptr);
}

Form order_form(const TicketPage& page) {
  std::vector<Choice> orders{{"0", message("None")}};
  for (const auto& [id, name] : page.orders) {
    orders.push_back({id.text(), message("{} (#{})", {name, id.text()})});
  }
  return {.action = "/tickets/" + page.ticket.id.text() + "/order",
          .submit = message("Change the order"),
          .fields = {{.kind = FieldKind::select,
                      .name = "order",
                      .label = message("About which order"),
                      .value = page.ticket.order ? page.ticket.order->text() : "0",
                      .required = true,
                      .choices = std::move(orders)}},
          .tone = "secondary"};
}

Form link_form(const TicketPage& page) {
  return {.action = "/tickets/" + page.ticket.id.text() + "/links",
          .submit = message("Relate them"),
          .fields = {{.name = "other",
                      .label = message("Number of a related ticket"),
                      .required = true,
                      .input_mode = "numeric"}},
          .tone = "secondary"};
}

}  // namespace

void fill_side(Dictionary& facts, const TicketPage& page) {
  if (!page.side.service.empty()) {
    facts.section("SERVICED").set("SERVICE", page.side.service);
  }
  if (page.side.owed.empty()) return;
  Dictionary owing = facts.section("OWING");
  for (const auto& owed : page.side.owed) {
    Dictionary round = owing.section("OWED");
    round.set("SUM", owed.sum);
    round.set("COUNT", owed.invoices);
  }
}

void fill_links(Dictionary& values, const TicketPage& page) {
  Dictionary links = values.section("LINKS");
  const auto number = page.ticket.id.number();
  links.set("TICKET", number);
  for (const auto& linked : page.linked) {
    Dictionary round = links.section("LINKED");
    round.set("OTHER", linked.ticket.number());
    round.set("SUBJECT", linked.subject);
    round.set("STATUS", shown(linked.status));
    fill_form(round, "PART",
              button_form("/tickets/" + page.ticket.id.text() + "/links/deletion",
                          message("Part from #{}", {linked.ticket.text()}), "link",
                          {{"other", linked.ticket.text()}}));
  }
  links.show("UNFOLDED", page.refused == TicketForm::link || page.refused == TicketForm::order);
  put(links, "ORDER_FORM", page, TicketForm::order, order_form(page));
  put(links, "LINK_FORM", page, TicketForm::link, link_form(page));
}

void fill_presence(Dictionary& values, const TicketPage& page) {
  Dictionary presence = values.section("PRESENCE");
  presence.set("ADDRESS", "/tickets/" + page.ticket.id.text() + "/presence");
  std::string told;
  for (const auto& person : page.present) {
    if (!told.empty()) told += '\n';
    told += page.context.services.renderer.translate(shown(person));
  }
  presence.set("PEOPLE", told);
}

void fill_meanwhile(Dictionary& values, const TicketPage& page) {
  if (page.refused != TicketForm::reply) return;
  const auto seen = parse_id_number(page.context.request.form.value("seen")).value_or(0);
  const auto is_news = [&](const TicketEntry& entry) {
    return entry.kind == EntryKind::reply && entry.id.number() > seen &&
           entry.author != page.context.viewer.user;
  };
  if (std::ranges::none_of(page.entries, is_news)) return;
  Dictionary meanwhile = values.section("MEANWHILE");
  for (const auto& entry : page.entries) {
    if (!is_news(entry)) continue;
    Dictionary round = meanwhile.section("NEWS");
    round.set("AUTHOR", entry.author_name.empty() ? page.context.site().name : entry.author_name);
    round.set("TIME", entry.created_at);
    round.set("BODY", entry.body);
  }
}

}  // namespace cstims
