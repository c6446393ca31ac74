#include "ticket/ticket_row.h"

namespace cstims {
namespace {

std::optional<Instant> due_of(const std::string& text) {
  return text == never_due ? std::nullopt : std::optional(Instant::stored(text));
}

}  // namespace

TicketRow ticket_row_of(const Row& row) {
  return {.id = row.id<Ticket>("id"),
          .subject = row.text("subject"),
          .status = stored_ticket_status(row.text("status")),
          .waiting_for = stored_waiting_for(row.text("waiting_for")),
          .client = row.id<struct User>("client_id"),
          .client_name = row.text("client_name"),
          .order = row.maybe_id<struct Order>("order_id"),
          .order_name = row.maybe_text("order_name").value_or(""),
          .assignee = row.maybe_id<struct User>("assignee_id"),
          .assignee_name = row.maybe_text("assignee_name").value_or(""),
          .opened_at = row.instant("opened_at"),
          .last_entry_at = row.instant("last_entry_at"),
          .priority = stored_ticket_priority(row.number("priority")),
          .due_at = due_of(row.text("due_at"))};
}

}  // namespace cstims
