#include "ticket/ticket_links.h"

#include <algorithm>

#include "base/failure.h"
#include "base/text.h"
#include "ticket/ticket_actions.h"

namespace cstims {
namespace {

constexpr Statement find_merged_into{"merged into", R"(
  select merged_into
  from tickets
  where id = :ticket
    and merged_into is not null)"};

constexpr Statement mark_ticket_merged{"merge ticket", R"(
  update tickets
  set merged_into = :into, status = case status when 'open' then 'closed' else status end,
    closed_at = coalesce(closed_at, :now), closed_by = coalesce(closed_by, :by),
    due_at = :never, reply_due_at = null, solution_due_at = null
  where id = :ticket
    and merged_into is null)"};
/// What was merged into it before goes on to the end: no chain is longer than one step.
constexpr Statement lead_on_merged{"lead on what is merged", R"(
  update tickets
  set merged_into = :into
  where merged_into = :ticket)"};

constexpr Statement move_merged_to_client{"client of merged tickets", R"(
  update tickets
  set client_id = :client, order_id = null
  where merged_into = :ticket
    and client_id <> :client)"};

constexpr Statement insert_link{"link tickets", R"(
  insert into ticket_links (ticket_id, other_id, linked_at)
  values (:one, :other, :now)
  on conflict do nothing)"};
constexpr Statement delete_link{"unlink tickets", R"(
  delete from ticket_links
  where ticket_id = :one
    and other_id = :other)"};
constexpr Statement list_links{"tickets linked", R"(
  select tickets.id, tickets.subject, tickets.status
  from (
    select other_id as id from ticket_links where ticket_id = :ticket
    union all
    select ticket_id from ticket_links where other_id = :ticket) linked
  join tickets on tickets.id = linked.id
  order by tickets.id)"};

constexpr Statement update_order_of_ticket{"order of a ticket", R"(
  update tickets
  set order_id = :order
  where id = :ticket)"};

constexpr Statement service_of_order{"service of a ticket", R"(
  select services.name
  from orders
  join services on services.id = orders.service_id
  where orders.id = :order)"};
/// Invoices stand above tickets; what they leave open is read where they keep it.
constexpr Statement owed_by_client{"what a ticket's client owes", R"(
  select currency, count(*) as invoices,
    cast(sum(total - credited - paid) as bigint) as owed
  from invoices
  where client_id = :client
    and status = 'issued'
    and kind = 'ordinary'
    and total > paid + credited
  group by currency
  order by currency)"};

void require_helpdesk(const Viewer& viewer) {
  if (!viewer.is_helpdesk()) throw Forbidden("only the helpdesk puts tickets together");
}

std::string number_sign(TicketId ticket) {
  return "#" + ticket.text();
}

Parameters pair(TicketId one, TicketId other) {
  return {{"one", std::min(one, other)}, {"other", std::max(one, other)}};
}

/// Absent when nobody, or not this viewer, has such a ticket.
std::optional<Ticket> find_end(Transaction& tx, const Viewer& viewer, TicketId ticket) {
  if (!find_ticket(tx, viewer, ticket)) return std::nullopt;
  return find_ticket(tx, viewer, follow_merged(tx, ticket));
}

std::unexpected<Refusal> no_such_ticket(std::string_view field) {
  return refuse(field, message("There is no ticket with this number."));
}

void move_links(Act& act, TicketId from, TicketId into) {
  for (const auto& linked : list_linked_tickets(act.tx, from)) {
    act.tx.execute(delete_link, pair(from, linked.ticket));
    if (linked.ticket == into) continue;
    auto parameters = pair(into, linked.ticket);
    parameters.push_back({"now", act.tx.now()});
    act.tx.execute(insert_link, parameters);
  }
}

}  // namespace

TicketId follow_merged(Transaction& tx, TicketId ticket) {
  // Chains are one step long; should one be longer, it ends all the same.
  constexpr int longest_chain = 100;
  for (int step = 0; step < longest_chain; ++step) {
    const auto row = tx.find(find_merged_into, {{"ticket", ticket}});
    if (!row) break;
    ticket = row->id<Ticket>("merged_into");
  }
  return ticket;
}

Result<TicketId> parse_other_ticket(const FormData& form, std::string_view field) {
  FormReader reader(form);
  const auto typed = reader.line(field, {.required = true, .longest = 20});
  const auto number =
      parse_id_number(typed.starts_with('#') ? std::string_view(typed).substr(1) : typed);
  if (!number && !reader.refused()) {
    reader.refuse(field, message("Write the number of a ticket."));
  }
  return reader.finish(TicketId(number.value_or(0)));
}

Result<std::optional<OrderId>> parse_ticket_order(const FormData& form) {
  FormReader reader(form);
  const auto number = reader.number("order", true);
  return reader.finish(number && *number > 0 ? std::optional(OrderId(*number)) : std::nullopt);
}

Result<Merger> check_merger(Transaction& tx, const Viewer& viewer, TicketId from, TicketId into) {
  const auto source = require_ticket(tx, viewer, from);
  require_helpdesk(viewer);
  if (source.merged_into) {
    return refuse("", message("This ticket is merged into {} already.",
                              {number_sign(follow_merged(tx, from))}));
  }
  const auto target = find_end(tx, viewer, into);
  if (!target) return no_such_ticket("into");
  if (target->id == from) {
    return refuse("into", message("A ticket cannot be merged into itself."));
  }
  if (target->client != source.client) {
    return refuse("into", message("Both tickets must be of the same client."));
  }
  if (!target->is_open()) {
    return refuse("into", message("Ticket {} is closed. Reopen it before you merge into it.",
                                  {number_sign(target->id)}));
  }
  return Merger{source, *target};
}

Result<TicketId> merge_ticket(Act& act, TicketId from, TicketId into) {
  const auto checked = check_merger(act.tx, act.viewer, from, into);
  if (!checked) return std::unexpected(checked.error());
  const auto& [source, target] = *checked;
  act.tx.execute(mark_ticket_merged, {{"ticket", from},
                                      {"into", target.id},
                                      {"by", act.viewer.user},
                                      {"never", never_due},
                                      {"now", act.tx.now()}});
  act.tx.execute(lead_on_merged, {{"ticket", from}, {"into", target.id}});
  move_links(act, from, target.id);
  record_ticket_event(act, from, {TicketEvent::merged_into, number_sign(target.id)});
  record_ticket_event(act, target.id, {TicketEvent::merged_in, number_sign(from)});
  if (source.is_open() && source.waiting_for == WaitingFor::staff) {
    update_turn(act.tx, target.id, WaitingFor::staff);
  }
  if (source.assignee && !target.assignee) {
    update_assignee(act.tx, target.id, source.assignee);
  }
  settle_targets(act, target.id);
  return target.id;
}

Result<void> link_tickets(Act& act, TicketId id, TicketId other) {
  const auto ticket = require_ticket(act.tx, act.viewer, follow_merged(act.tx, id));
  require_helpdesk(act.viewer);
  const auto found = find_end(act.tx, act.viewer, other);
  if (!found) return no_such_ticket("other");
  if (found->id == ticket.id) {
    return refuse("other", message("A ticket cannot be related to itself."));
  }
  auto parameters = pair(ticket.id, found->id);
  parameters.push_back({"now", act.tx.now()});
  if (act.tx.execute(insert_link, parameters) == 0) return {};
  record_ticket_event(act, ticket.id, {TicketEvent::linked, number_sign(found->id)});
  record_ticket_event(act, found->id, {TicketEvent::linked, number_sign(ticket.id)});
  return {};
}

Result<void> unlink_tickets(Act& act, TicketId id, TicketId other) {
  const auto ticket = require_ticket(act.tx, act.viewer, id);
  require_helpdesk(act.viewer);
  if (act.tx.execute(delete_link, pair(ticket.id, other)) == 0) return no_such_ticket("other");
  record_ticket_event(act, ticket.id, {TicketEvent::unlinked, number_sign(other)});
  record_ticket_event(act, other, {TicketEvent::unlinked, number_sign(ticket.id)});
  return {};
}

Result<void> change_ticket_order(Act& act, TicketId id, std::optional<OrderId> order) {
  const auto ticket = require_ticket(act.tx, act.viewer, follow_merged(act.tx, id));
  require_helpdesk(act.viewer);
  if (ticket.order == order) return {};
  if (order && !client_has_order(act.tx, ticket.client, *order)) {
    return refuse("order", message("This order is not one of that client's."));
  }
  act.tx.execute(update_order_of_ticket, {{"ticket", ticket.id}, {"order", order}});
  record_ticket_event(act, ticket.id,
                      {TicketEvent::moved, require_ticket_names(act.tx, ticket.id).order});
  return {};
}

void update_client_of_merged(Transaction& tx, TicketId ticket, UserId client) {
  tx.execute(move_merged_to_client, {{"ticket", ticket}, {"client", client}});
}

std::vector<LinkedTicket> list_linked_tickets(Transaction& tx, TicketId ticket) {
  std::vector<LinkedTicket> linked;
  for (const Row& row : tx.select(list_links, {{"ticket", ticket}})) {
    linked.push_back(
        {row.id<Ticket>("id"), row.text("subject"), stored_ticket_status(row.text("status"))});
  }
  return linked;
}

TicketSide find_ticket_side(Transaction& tx, const Ticket& ticket) {
  TicketSide side;
  if (ticket.order) {
    side.service = tx.require(service_of_order, {{"order", ticket.order}}).text("name");
  }
  for (const Row& row : tx.select(owed_by_client, {{"client", ticket.client}})) {
    side.owed.push_back({row.number("invoices"),
                         Money(row.number("owed"), Currency::parse(row.text("currency")).value())});
  }
  return side;
}

}  // namespace cstims
