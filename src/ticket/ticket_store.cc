#include "ticket/ticket_store.h"

#include "base/failure.h"

namespace cstims {
namespace {

/// The two parameters by which finders know whose tickets to look at.
Parameters seen_by(const Viewer& viewer, Parameters parameters) {
  parameters.push_back({"all", viewer.is_staff()});
  parameters.push_back({"viewer", viewer.user ? viewer.user->number() : 0});
  return parameters;
}

}  // namespace

constexpr Statement find_ticket_by_id{"ticket by id", R"(
  select id, client_id, order_id, subject, body, status, assignee_id, opened_at, last_entry_at,
    waiting_for, closed_at, closed_by, close_comment, priority, targets_from, answered_at,
    paused_at, paused_seconds, reply_due_at, solution_due_at, merged_into
  from tickets
  where id = :ticket
    and (:all = 1 or client_id = :viewer))"};

std::optional<Ticket> find_ticket(Transaction& tx, const Viewer& viewer, TicketId ticket) {
  const auto row = tx.find(find_ticket_by_id, seen_by(viewer, {{"ticket", ticket}}));
  if (!row) return std::nullopt;
  return Ticket{.id = row->id<Ticket>("id"),
                .client = row->id<struct User>("client_id"),
                .order = row->maybe_id<struct Order>("order_id"),
                .subject = row->text("subject"),
                .body = row->text("body"),
                .status = stored_ticket_status(row->text("status")),
                .assignee = row->maybe_id<struct User>("assignee_id"),
                .opened_at = row->instant("opened_at"),
                .last_entry_at = row->instant("last_entry_at"),
                .waiting_for = stored_waiting_for(row->text("waiting_for")),
                .closed_at = row->maybe_instant("closed_at"),
                .closed_by = row->maybe_id<struct User>("closed_by"),
                .close_comment = row->text("close_comment"),
                .priority = stored_ticket_priority(row->number("priority")),
                .clock = {.from = row->maybe_instant("targets_from"),
                          .answered_at = row->maybe_instant("answered_at"),
                          .paused_at = row->maybe_instant("paused_at"),
                          .paused_seconds = row->number("paused_seconds")},
                .due = {.reply_due = row->maybe_instant("reply_due_at"),
                        .solution_due = row->maybe_instant("solution_due_at")},
                .merged_into = row->maybe_id<Ticket>("merged_into")};
}

Ticket require_ticket(Transaction& tx, const Viewer& viewer, TicketId ticket) {
  auto found = find_ticket(tx, viewer, ticket);
  if (!found) throw NotFound("no ticket " + ticket.text() + " for this viewer");
  return std::move(*found);
}

constexpr Statement find_names_of_ticket{"names of a ticket", R"(
  select clients.username as client, assignees.username as assignee,
    orders.name as order_name, orders.status as order_status
  from tickets
  join users clients on clients.id = tickets.client_id
  left join users assignees on assignees.id = tickets.assignee_id
  left join orders on orders.id = tickets.order_id
  where tickets.id = :ticket)"};

TicketNames require_ticket_names(Transaction& tx, TicketId ticket) {
  const auto row = tx.require(find_names_of_ticket, {{"ticket", ticket}});
  return {.client = row.text("client"),
          .assignee = row.maybe_text("assignee").value_or(""),
          .order = row.maybe_text("order_name").value_or(""),
          .order_status = row.maybe_text("order_status").value_or("")};
}

constexpr Statement sum_attachments_of_ticket{"bytes attached to a ticket", R"(
  select cast(coalesce(sum(size), 0) as bigint) as bytes
  from attachments
  where ticket_id = :ticket)"};

std::int64_t sum_attachments(Transaction& tx, TicketId ticket) {
  return tx.require(sum_attachments_of_ticket, {{"ticket", ticket}}).number("bytes");
}

constexpr Statement insert_ticket_row{"insert ticket", R"(
  insert into tickets (client_id, order_id, subject, body, status, opened_at, last_entry_at,
    waiting_for)
  values (:client, :order, :subject, :body, 'open', :now, :now, 'staff')
  returning id)"};

TicketId insert_ticket(Transaction& tx, const TicketInsert& ticket) {
  return tx
      .require(insert_ticket_row, {{"client", ticket.client},
                                   {"order", ticket.order},
                                   {"subject", ticket.subject},
                                   {"body", ticket.body},
                                   {"now", tx.now()}})
      .id<Ticket>("id");
}

constexpr Statement insert_entry_row{"insert ticket entry", R"(
  insert into ticket_entries (ticket_id, kind, author_id, by_staff, source, body, quoted, mail_id,
    created_at)
  values (:ticket, :kind, :author, :by_staff, :source, :body, :quoted, :mail, :now)
  returning id)"};

TicketEntryId insert_ticket_entry(Transaction& tx, const EntryInsert& entry) {
  return tx
      .require(insert_entry_row, {{"ticket", entry.ticket},
                                  {"kind", text(entry.kind)},
                                  {"author", entry.author},
                                  {"by_staff", entry.by_staff},
                                  {"source", text(entry.source)},
                                  {"body", entry.body},
                                  {"quoted", entry.quoted},
                                  {"mail", entry.mail},
                                  {"now", tx.now()}})
      .id<TicketEntry>("id");
}

constexpr Statement insert_attachment_row{"insert attachment", R"(
  insert into attachments (ticket_id, entry_id, name, media_type, size, sha256, created_at)
  values (:ticket, :entry, :name, :media_type, :size, :sha256, :now))"};

void insert_attachment(Transaction& tx, TicketId ticket, std::optional<TicketEntryId> entry,
                       const NewAttachment& attachment) {
  tx.execute(insert_attachment_row, {{"ticket", ticket},
                                     {"entry", entry},
                                     {"name", attachment.name},
                                     {"media_type", attachment.media_type},
                                     {"size", attachment.size},
                                     {"sha256", attachment.sha256},
                                     {"now", tx.now()}});
}

constexpr Statement update_turn_of_ticket{"turn of a ticket", R"(
  update tickets
  set waiting_for = :waiting_for, last_entry_at = :now
  where id = :ticket)"};

void update_turn(Transaction& tx, TicketId ticket, WaitingFor waiting_for) {
  tx.execute(update_turn_of_ticket,
             {{"ticket", ticket}, {"waiting_for", text(waiting_for)}, {"now", tx.now()}});
}

constexpr Statement claim_free_ticket{"claim ticket", R"(
  update tickets
  set assignee_id = :claimant
  where id = :ticket
    and assignee_id is null
    and status = 'open')"};

bool claim_ticket(Transaction& tx, TicketId ticket, UserId claimant) {
  return tx.execute(claim_free_ticket, {{"ticket", ticket}, {"claimant", claimant}}) == 1;
}

constexpr Statement update_assignee_of_ticket{"assignee of a ticket", R"(
  update tickets
  set assignee_id = :assignee
  where id = :ticket)"};

void update_assignee(Transaction& tx, TicketId ticket, std::optional<UserId> assignee) {
  tx.execute(update_assignee_of_ticket, {{"ticket", ticket}, {"assignee", assignee}});
}

constexpr Statement close_open_ticket{"close ticket", R"(
  update tickets
  set status = :status, closed_at = :now, closed_by = :by, close_comment = :comment,
    last_entry_at = :now
  where id = :ticket
    and status = 'open')"};

bool mark_closed(Transaction& tx, TicketId ticket, const Closure& closure,
                 std::optional<UserId> by) {
  return tx.execute(close_open_ticket, {{"ticket", ticket},
                                        {"status", text(closure.status)},
                                        {"by", by},
                                        {"comment", closure.comment},
                                        {"now", tx.now()}}) == 1;
}

constexpr Statement reopen_closed_ticket{"reopen ticket", R"(
  update tickets
  set status = 'open', closed_at = null, closed_by = null, close_comment = '',
    waiting_for = 'staff', last_entry_at = :now, targets_from = :now, answered_at = null,
    paused_at = null, paused_seconds = 0
  where id = :ticket
    and status <> 'open')"};

bool mark_reopened(Transaction& tx, TicketId ticket) {
  return tx.execute(reopen_closed_ticket, {{"ticket", ticket}, {"now", tx.now()}}) == 1;
}

constexpr Statement update_priority_of_ticket{"priority of a ticket", R"(
  update tickets
  set priority = :priority
  where id = :ticket)"};

void update_priority(Transaction& tx, TicketId ticket, TicketPriority priority) {
  tx.execute(update_priority_of_ticket,
             {{"ticket", ticket}, {"priority", static_cast<int>(priority)}});
}

constexpr Statement update_targets_of_ticket{"targets of a ticket", R"(
  update tickets
  set answered_at = :answered, paused_at = :paused, paused_seconds = :seconds,
    reply_due_at = :reply_due, solution_due_at = :solution_due, due_at = :due
  where id = :ticket)"};

void update_targets(Transaction& tx, TicketId ticket, const TargetClock& clock,
                    const TargetTimes& due) {
  const auto first = due.first();
  tx.execute(update_targets_of_ticket, {{"ticket", ticket},
                                        {"answered", clock.answered_at},
                                        {"paused", clock.paused_at},
                                        {"seconds", clock.paused_seconds},
                                        {"reply_due", due.reply_due},
                                        {"solution_due", due.solution_due},
                                        {"due", first ? Value(*first) : Value(never_due)}});
}

constexpr Statement update_text_of_ticket{"edit ticket", R"(
  update tickets
  set client_id = :client, order_id = :order, subject = :subject, body = :body
  where id = :ticket)"};

void update_ticket_text(Transaction& tx, TicketId ticket, const TicketInsert& text) {
  tx.execute(update_text_of_ticket, {{"ticket", ticket},
                                     {"client", text.client},
                                     {"order", text.order},
                                     {"subject", text.subject},
                                     {"body", text.body}});
}

constexpr Statement list_merged_tickets{"tickets merged into one", R"(
  select id
  from tickets
  where merged_into = :ticket)"};
constexpr Statement delete_links_of_ticket{"delete a ticket's links", R"(
  delete from ticket_links
  where ticket_id = :ticket
    or other_id = :ticket)"};
constexpr Statement delete_attachments_of_ticket{"delete a ticket's attachments", R"(
  delete from attachments
  where ticket_id = :ticket)"};
constexpr Statement delete_ratings_of_ticket{"delete a ticket's ratings", R"(
  delete from ticket_ratings
  where ticket_id = :ticket)"};
constexpr Statement delete_entries_of_ticket{"delete a ticket's entries", R"(
  delete from ticket_entries
  where ticket_id = :ticket)"};
constexpr Statement delete_ticket_row{"delete ticket", R"(
  delete from tickets
  where id = :ticket)"};

void delete_ticket_rows(Transaction& tx, TicketId ticket) {
  for (const Row& row : tx.select(list_merged_tickets, {{"ticket", ticket}})) {
    delete_ticket_rows(tx, row.id<Ticket>("id"));
  }
  tx.execute(delete_links_of_ticket, {{"ticket", ticket}});
  tx.execute(delete_attachments_of_ticket, {{"ticket", ticket}});
  tx.execute(delete_ratings_of_ticket, {{"ticket", ticket}});
  tx.execute(delete_entries_of_ticket, {{"ticket", ticket}});
  tx.execute(delete_ticket_row, {{"ticket", ticket}});
}

}  // namespace cstims
