// The page of one ticket: the conversation, facts beside it, and what this person may do.
#pragma once

#include <optional>
#include <vector>

#include "account/user_store.h"
#include "http/context.h"
#include "ticket/canned_reply_pages.h"
#include "ticket/ticket_links.h"
#include "ticket/ticket_presence.h"
#include "ticket/ticket_rating.h"
#include "ticket/ticket_store.h"

namespace cstims {

/// Which of the page's forms came back refused.
enum class TicketForm { none, reply, note, assignment, priority, closure, reopening, link, order };

struct TicketPage {
  static constexpr std::string_view view = "ticket/show.html";
  const Context& context;
  Ticket ticket;
  TicketNames names;
  std::vector<Attachment> opening_attachments;
  std::vector<TicketEntry> entries;
  std::vector<OtherTicket> others;     // the client's other open tickets, for the helpdesk
  std::vector<HelpdeskPerson> people;  // who can be assigned
  Instant now;
  std::vector<MergedOpening> merged = {};
  // For the helpdesk, or for all staff the first.
  TicketSide side = {};
  std::vector<LinkedTicket> linked = {};
  std::vector<std::pair<OrderId, std::string>> orders = {};
  std::vector<PresentPerson> present = {};
  CannedOffer canned = {};
  std::optional<InboundMailId> opening_mail = {};
  std::optional<Rating> rating = {};
  TicketForm refused = TicketForm::none;
  const Refusal* refusal = nullptr;

  Message title() const { return message("Ticket #{}: {}", {ticket.id.text(), ticket.subject}); }
};
void fill(Dictionary& values, const TicketPage& page);

/// Throws NotFound when the viewer may not see it.
TicketPage ticket_page(const Context& context, TicketId ticket);

}  // namespace cstims
