// Tickets: a client's question, the answers to it, who looks after it and how it ended. Types,
// rules and forms; no database, no clock of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/form.h"
#include "base/id.h"
#include "base/refusal.h"
#include "base/viewer.h"
#include "ticket/attachment.h"

namespace cstims {

using InboundMailId = Id<struct InboundMail>;  // a mail that came in: src/inbox

/// `closed` and `nofix` are the two ways to end: solved, or nothing to be done.
enum class TicketStatus { open, closed, nofix };
/// Whose turn it is on an open ticket; follows from who wrote last.
enum class WaitingFor { staff, client };
/// A note is for staff only, always. An event says that something happened to the ticket.
enum class EntryKind { reply, note, event };
enum class EntrySource { web, mail, system };
enum class TicketEvent {
  assigned,
  taken_over,
  released,
  closed,
  nofix,
  reopened,
  edited,
  mail_held_back,
  automatic_reply,
  mail_returned,
  mail_delayed,
  unreachable,
  files_left_out,
  mail_attached,
  continues,
  prioritized,
  warned,
  merged_into,
  merged_in,
  linked,
  unlinked,
  moved
};
/// Stored as this number, which sorts.
enum class TicketPriority { low = 1, normal, high, urgent };

std::string_view text(TicketStatus status);
std::string_view text(WaitingFor waiting_for);
std::string_view text(EntryKind kind);
std::string_view text(EntrySource source);
std::string_view text(TicketEvent event);
std::string_view text(TicketPriority priority);
std::optional<TicketStatus> parse_ticket_status(std::string_view text);
std::optional<TicketEvent> parse_ticket_event(std::string_view text);
std::optional<TicketPriority> parse_ticket_priority(std::string_view text);
// Of the database; throw DatabaseError for anything else.
TicketStatus stored_ticket_status(std::string_view text);
WaitingFor stored_waiting_for(std::string_view text);
EntryKind stored_entry_kind(std::string_view text);
EntrySource stored_entry_source(std::string_view text);
TicketPriority stored_ticket_priority(std::int64_t number);
/// "Open", "Closed", "Won't be fixed", for people.
Message shown(TicketStatus status);
Message shown(TicketPriority priority);

/// From what the targets follow; ticket_targets.h says how.
struct TargetClock {
  std::optional<Instant> from = {};         // absent: the opening
  std::optional<Instant> answered_at = {};  // by staff, in public
  std::optional<Instant> paused_at = {};    // since then it waits for the client
  std::int64_t paused_seconds = 0;          // of business hours, before that
};
/// By when it should be answered and solved; absent: no target, or not our turn.
struct TargetTimes {
  std::optional<Instant> reply_due = {};
  std::optional<Instant> solution_due = {};

  std::optional<Instant> first() const;
};

struct Ticket {
  TicketId id;
  UserId client;
  std::optional<OrderId> order;
  std::string subject;
  std::string body;
  TicketStatus status;
  std::optional<UserId> assignee;
  Instant opened_at;
  Instant last_entry_at;
  WaitingFor waiting_for;
  std::optional<Instant> closed_at;
  std::optional<UserId> closed_by;
  std::string close_comment;
  TicketPriority priority = TicketPriority::normal;
  TargetClock clock = {};
  TargetTimes due = {};
  std::optional<TicketId> merged_into = {};  // whose thread shows what was written here

  bool is_open() const { return status == TicketStatus::open; }
};

/// Everything after the opening text, in the order it happened. Never changed.
struct TicketEntry {
  TicketEntryId id;
  TicketId ticket;
  EntryKind kind;
  std::optional<UserId> author;  // absent: the system
  std::string author_name;       // of staff: for staff only
  bool by_staff;
  EntrySource source;
  std::string body;  // of an event: its word, then on the next lines what it tells
  Instant created_at;
  std::vector<Attachment> attachments;
  std::string quoted = {};                 // what a mail repeated of others
  std::optional<InboundMailId> mail = {};  // that it came by
};

/// What an event tells: "taken over" by the author from `detail`, "closed" with the comment
/// `detail`.
struct EventText {
  TicketEvent event;
  std::string detail;

  std::string body() const;
  /// Throws DatabaseError for a body that is no event.
  static EventText stored(std::string_view body);
};
/// A sentence for people; `author` stands where staff may read it, empty for clients.
Message describe(const EventText& event, std::string_view author);

/// After that a client opens a new ticket instead: the old one is history.
inline constexpr int days_to_reopen = 14;

/// Clients see public replies and what ended or reopened the ticket; who works on it is not theirs
/// to know.
bool visible_to(const Viewer& viewer, const TicketEntry& entry);

// May this viewer, who can see the ticket, do that to it? A refusal says why not, in words for that
// person.
Result<void> may_reply(const Viewer& viewer, const Ticket& ticket, Instant now);
void require_may_note(const Viewer& viewer);
Result<void> may_assign(const Viewer& viewer, const Ticket& ticket);
void require_may_prioritize(const Viewer& viewer);
Result<void> may_close(const Viewer& viewer, const Ticket& ticket, TicketStatus as);
Result<void> may_reopen(const Viewer& viewer, const Ticket& ticket, Instant now);

/// /openticket.
struct NewTicket {
  std::optional<OrderId> order;
  std::string subject;
  std::string body;
  std::vector<NewAttachment> attachments;
  bool receipt = true;  // the client gets one
};
Result<NewTicket> parse_new_ticket(const FormData& form);

/// /tickets/{id}/replies. `seen` is the last entry that stood on the page when the text was
/// written, 0 when there was none, absent when unknown.
struct NewReply {
  std::string body;
  bool internal = false;
  std::optional<std::int64_t> seen;
  std::vector<NewAttachment> attachments;
  EntrySource source = EntrySource::web;
  std::string quoted = {};
  std::optional<InboundMailId> mail = {};
};
/// Throws BadRequest when a client asks for an internal note: no page of ours offers that.
Result<NewReply> parse_reply(const FormData& form, const Viewer& viewer);

/// /tickets/{id}/assignment: to whoever asks, to a named person, or to nobody.
struct Assignment {
  enum class To { self, person, nobody };
  To to = To::self;
  std::optional<UserId> person;
};
Result<Assignment> parse_assignment(const FormData& form);

/// /tickets/{id}/priority.
Result<TicketPriority> parse_priority(const FormData& form);

/// /tickets/{id}/closure.
struct Closure {
  TicketStatus status = TicketStatus::closed;
  std::string comment;
};
Result<Closure> parse_closure(const FormData& form);

/// /managetickets: all of a ticket in one form. The body of a new ticket is its opening text.
struct TicketEdit {
  UserId client;
  std::optional<OrderId> order;
  std::string subject;
  std::string body;
  TicketStatus status;
  std::optional<UserId> assignee;
  std::optional<TicketPriority> priority = {};  // absent: as it is
};
Result<TicketEdit> parse_ticket_edit(const FormData& form);

}  // namespace cstims
