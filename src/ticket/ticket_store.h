// Every statement about tickets. Finders take the viewer: a client's see its own tickets only, and
// never a note.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/listing.h"
#include "base/search_words.h"
#include "db/database.h"
#include "ticket/ticket.h"

namespace cstims {

std::optional<Ticket> find_ticket(Transaction& tx, const Viewer& viewer, TicketId ticket);
Ticket require_ticket(Transaction& tx, const Viewer& viewer, TicketId ticket);  // throws NotFound
/// The ticket that this one was merged into, at the end of all mergers; itself when it was not.
/// Mail and addresses that name the old number are meant for it.
TicketId follow_merged(Transaction& tx, TicketId ticket);

/// Names of those a ticket is about; empty where there is none.
struct TicketNames {
  std::string client;
  std::string assignee;
  std::string order;
  std::string order_status;
};
TicketNames require_ticket_names(Transaction& tx, TicketId ticket);

/// What this viewer may read after the opening text, oldest first, each with its attachments. With
/// what was written on tickets merged into it.
std::vector<TicketEntry> list_ticket_entries(Transaction& tx, const Viewer& viewer,
                                             TicketId ticket);
/// The same with what it opens with, and with what was merged into it.
struct MergedOpening {
  TicketId ticket;
  std::string subject;
  std::string body;
  Instant opened_at;
  std::vector<Attachment> attachments;
};
struct TicketThread {
  std::vector<Attachment> opening_attachments;
  std::vector<MergedOpening> merged;  // oldest first
  std::vector<TicketEntry> entries;
};
TicketThread read_ticket_thread(Transaction& tx, const Viewer& viewer, TicketId ticket);
/// Of the opening text.
std::vector<Attachment> list_opening_attachments(Transaction& tx, TicketId ticket);
/// Absent too when it belongs to another ticket, or to a note and the viewer is a client.
std::optional<Attachment> find_attachment(Transaction& tx, const Viewer& viewer, TicketId ticket,
                                          AttachmentId attachment);
/// Bytes attached to the ticket so far.
std::int64_t sum_attachments(Transaction& tx, TicketId ticket);
/// The newest reply written after entry `seen` by somebody else than `reader`, if any.
std::optional<TicketEntryId> find_newer_reply(Transaction& tx, TicketId ticket, std::int64_t seen,
                                              std::optional<UserId> reader);

/// What `due_at` holds where there is no target: the end of time, which sorts last.
inline constexpr std::string_view never_due = "9999-12-31T23:59:59Z";

struct TicketRow {
  TicketId id;
  std::string subject;
  TicketStatus status;
  WaitingFor waiting_for;
  UserId client;
  std::string client_name;
  std::optional<OrderId> order;
  std::string order_name;
  std::optional<UserId> assignee;
  std::string assignee_name;
  Instant opened_at;
  Instant last_entry_at;
  TicketPriority priority = TicketPriority::normal;
  std::optional<Instant> due_at = {};
  Excerpt excerpt = {};  // where a search found it
};
/// Sorts "urgency" (open first, then what is due first, then what waits for us), "priority",
/// "activity", "id"; filters "status", "waiting" (staff, client), "assignee" (mine, unassigned),
/// "priority", "due" (overdue). The search is ticket_search.h's.
const ListingRules& ticket_listing_rules();
/// The same, newest first: a client's own list, and the admin's.
const ListingRules& newest_tickets_listing_rules();
/// As parse_listing, but a search has no order of sorting unless another than the usual one is
/// asked for: what was found in the newest message comes first, and with a filter the newest
/// activity.
Listing parse_ticket_listing(const QueryFields& query, const ListingRules& rules);
Page<TicketRow> list_tickets(Transaction& tx, const Viewer& viewer, const Listing& listing);
/// The newest, without the names of people and orders: for the client's home page.
std::vector<TicketRow> list_tickets_of_client(Transaction& tx, UserId client, int limit);
struct OtherTicket {
  TicketId id;
  std::string subject;
};
/// Open tickets of the client apart from this one, newest first.
std::vector<OtherTicket> list_other_open_tickets(Transaction& tx, const Ticket& ticket, int limit);
/// Open tickets by whose turn it is, each counted to 101 and no further: more is "100+".
inline constexpr int most_counted_of_queue = 100;
struct TicketCounts {
  std::int64_t waiting_for_staff = 0;
  std::int64_t unassigned = 0;
  std::int64_t mine = 0;
  std::int64_t overdue = 0;
};
/// All there are, so for the helpdesk only; `me` is who looks.
TicketCounts count_open_tickets(Transaction& tx, UserId me);

struct TicketInsert {
  UserId client;
  std::optional<OrderId> order;
  std::string subject;
  std::string body;
};
TicketId insert_ticket(Transaction& tx, const TicketInsert& ticket);

struct EntryInsert {
  TicketId ticket;
  EntryKind kind;
  std::optional<UserId> author;
  bool by_staff = true;
  EntrySource source = EntrySource::web;
  std::string body;
  std::string quoted = {};
  std::optional<InboundMailId> mail = {};
};
TicketEntryId insert_ticket_entry(Transaction& tx, const EntryInsert& entry);
/// `entry` absent: of the opening text.
void insert_attachment(Transaction& tx, TicketId ticket, std::optional<TicketEntryId> entry,
                       const NewAttachment& attachment);

/// Somebody wrote: now it is the other side's turn.
void update_turn(Transaction& tx, TicketId ticket, WaitingFor waiting_for);
/// False when somebody has it already, or it is closed: of two at once one wins.
bool claim_ticket(Transaction& tx, TicketId ticket, UserId claimant);
void update_assignee(Transaction& tx, TicketId ticket, std::optional<UserId> assignee);
/// False when it was not open any more.
bool mark_closed(Transaction& tx, TicketId ticket, const Closure& closure,
                 std::optional<UserId> by);
/// False when it was open already. It is the helpdesk's turn then.
bool mark_reopened(Transaction& tx, TicketId ticket);
void update_priority(Transaction& tx, TicketId ticket, TicketPriority priority);
/// All of the clock but its beginning, which reopening sets.
void update_targets(Transaction& tx, TicketId ticket, const TargetClock& clock,
                    const TargetTimes& due);
/// Client, order, subject and body only.
void update_ticket_text(Transaction& tx, TicketId ticket, const TicketInsert& text);
/// With its entries, the names of its attachments, and all that was merged into it.
void delete_ticket_rows(Transaction& tx, TicketId ticket);

/// An order of that client, by number: another's does not exist here.
bool client_has_order(Transaction& tx, UserId client, OrderId order);
/// Number and name of the client's orders, newest first: for select boxes.
std::vector<std::pair<OrderId, std::string>> list_order_choices(Transaction& tx, UserId client,
                                                                int limit);

}  // namespace cstims
