#include "ticket/ticket.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/failure.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_body = 20'000;
constexpr std::size_t longest_comment = 2'000;

template <typename Enum, std::size_t count>
using Names = std::array<std::pair<Enum, std::string_view>, count>;

constexpr Names<TicketStatus, 3> statuses{{{TicketStatus::open, "open"},
                                           {TicketStatus::closed, "closed"},
                                           {TicketStatus::nofix, "nofix"}}};
constexpr Names<WaitingFor, 2> turns{
    {{WaitingFor::staff, "staff"}, {WaitingFor::client, "client"}}};
constexpr Names<EntryKind, 3> kinds{
    {{EntryKind::reply, "reply"}, {EntryKind::note, "note"}, {EntryKind::event, "event"}}};
constexpr Names<EntrySource, 3> sources{
    {{EntrySource::web, "web"}, {EntrySource::mail, "mail"}, {EntrySource::system, "system"}}};
constexpr Names<TicketPriority, 4> priorities{{{TicketPriority::low, "low"},
                                               {TicketPriority::normal, "normal"},
                                               {TicketPriority::high, "high"},
                                               {TicketPriority::urgent, "urgent"}}};
constexpr Names<TicketEvent, 22> events{{{TicketEvent::assigned, "assigned"},
                                         {TicketEvent::taken_over, "taken over"},
                                         {TicketEvent::released, "released"},
                                         {TicketEvent::closed, "closed"},
                                         {TicketEvent::nofix, "nofix"},
                                         {TicketEvent::reopened, "reopened"},
                                         {TicketEvent::edited, "edited"},
                                         {TicketEvent::mail_held_back, "mail held back"},
                                         {TicketEvent::automatic_reply, "automatic reply"},
                                         {TicketEvent::mail_returned, "mail returned"},
                                         {TicketEvent::mail_delayed, "mail delayed"},
                                         {TicketEvent::unreachable, "unreachable"},
                                         {TicketEvent::files_left_out, "files left out"},
                                         {TicketEvent::mail_attached, "mail attached"},
                                         {TicketEvent::continues, "continues"},
                                         {TicketEvent::prioritized, "prioritized"},
                                         {TicketEvent::warned, "warned"},

                                         {TicketEvent::merged_into, "merged into"},
                                         {TicketEvent::merged_in, "merged in"},
                                         {TicketEvent::linked, "linked"},
                                         {TicketEvent::unlinked, "unlinked"},
                                         {TicketEvent::moved, "moved"}}};

template <typename Enum, std::size_t count>
std::string_view name_of(const Names<Enum, count>& names, Enum value) {
  const auto found = std::ranges::find(names, value, &std::pair<Enum, std::string_view>::first);
  if (found == names.end()) throw std::logic_error("a value without a name");
  return found->second;
}

template <typename Enum, std::size_t count>
std::optional<Enum> value_of(const Names<Enum, count>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &std::pair<Enum, std::string_view>::second);
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

template <typename Enum, std::size_t count>
Enum stored(const Names<Enum, count>& names, std::string_view name) {
  if (const auto value = value_of(names, name)) return *value;
  throw DatabaseError("a ticket holds an unknown word: " + std::string(name));
}

void require_helpdesk(const Viewer& viewer) {
  if (!viewer.is_helpdesk()) throw Forbidden("only the helpdesk answers tickets");
}

/// Closing ended it; a client has a while to object.
Result<void> client_may_return(const Ticket& ticket, Instant now) {
  const auto last = ticket.closed_at.value_or(now).plus(std::chrono::days(days_to_reopen));
  if (now <= last) return {};
  return refuse("", message("This ticket was closed more than {} days ago. Please open a new one.",
                            {std::to_string(days_to_reopen)}));
}

std::string read_subject(FormReader& reader) {
  const auto typed = reader.line("subject", {.required = true, .longest = longest_subject});
  return single_line(typed);  // invisible characters would make two subjects look alike
}

std::string read_body(FormReader& reader) {
  return reader.lines("body", {.required = true, .longest = longest_body});
}

/// In select boxes 0 or nothing stands for none.
std::optional<std::int64_t> read_choice(FormReader& reader, std::string_view field) {
  const auto number = reader.number(field, false);
  return number && *number > 0 ? number : std::nullopt;
}

template <typename Noun>
std::optional<Id<Noun>> read_maybe_id(FormReader& reader, std::string_view field) {
  const auto number = read_choice(reader, field);
  return number ? std::optional(Id<Noun>(*number)) : std::nullopt;
}

}  // namespace

std::string_view text(TicketStatus status) {
  return name_of(statuses, status);
}
std::string_view text(WaitingFor waiting_for) {
  return name_of(turns, waiting_for);
}
std::string_view text(EntryKind kind) {
  return name_of(kinds, kind);
}
std::string_view text(EntrySource source) {
  return name_of(sources, source);
}
std::string_view text(TicketEvent event) {
  return name_of(events, event);
}
std::string_view text(TicketPriority priority) {
  return name_of(priorities, priority);
}

std::optional<TicketStatus> parse_ticket_status(std::string_view text) {
  return value_of(statuses, text);
}
std::optional<TicketEvent> parse_ticket_event(std::string_view text) {
  return value_of(events, text);
}
std::optional<TicketPriority> parse_ticket_priority(std::string_view text) {
  return value_of(priorities, text);
}

TicketStatus stored_ticket_status(std::string_view text) {
  return stored(statuses, text);
}
WaitingFor stored_waiting_for(std::string_view text) {
  return stored(turns, text);
}
EntryKind stored_entry_kind(std::string_view text) {
  return stored(kinds, text);
}
EntrySource stored_entry_source(std::string_view text) {
  return stored(sources, text);
}
TicketPriority stored_ticket_priority(std::int64_t number) {
  const auto priority = static_cast<TicketPriority>(number);
  if (number >= 1 && number <= static_cast<std::int64_t>(priorities.size())) return priority;
  throw DatabaseError("a ticket has the unknown priority " + std::to_string(number));
}

Message shown(TicketStatus status) {
  switch (status) {
    case TicketStatus::open:
      return message("Open");
    case TicketStatus::closed:
      return message("Closed");
    case TicketStatus::nofix:
      return message("Won't be fixed");
  }
  return message("Open");
}

Message shown(TicketPriority priority) {
  switch (priority) {
    case TicketPriority::low:
      return message("low");
    case TicketPriority::normal:
      return message("normal");
    case TicketPriority::high:
      return message("high");
    case TicketPriority::urgent:
      return message("urgent");
  }
  return message("normal");
}

std::optional<Instant> TargetTimes::first() const {
  if (!reply_due || !solution_due) return reply_due ? reply_due : solution_due;
  return std::min(*reply_due, *solution_due);
}

std::string EventText::body() const {
  return detail.empty() ? std::string(text(event)) : std::string(text(event)) + "\n" + detail;
}

EventText EventText::stored(std::string_view body) {
  const auto end = body.find('\n');
  const auto event = parse_ticket_event(body.substr(0, end));
  if (!event) throw DatabaseError("a ticket's event is none");
  return {*event, end == std::string_view::npos ? "" : std::string(body.substr(end + 1))};
}

namespace {
Message describe_priority(std::string_view priority, const std::string& who) {
  if (priority == "low") return message("{} set the priority to low.", {who});
  if (priority == "high") return message("{} set the priority to high.", {who});
  if (priority == "urgent") return message("{} set the priority to urgent.", {who});
  return message("{} set the priority to normal.", {who});
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Message describe(const EventText& event, std::string_view author) {
  const std::string who(author);
  switch (event.event) {
    case TicketEvent::assigned:
      if (event.detail == author) return message("{} took the ticket.", {who});
      return message("{} assigned the ticket to {}.", {who, event.detail});
    case TicketEvent::taken_over:
      return message("{} took the ticket over from {}.", {who, event.detail});
    case TicketEvent::released:
      return message("{} gave the ticket back.", {who});
    case TicketEvent::warned:
      return message("Without an answer the ticket will be closed on {}.", {event.detail});
    case TicketEvent::edited:
      return message("{} edited the ticket.", {who});
    case TicketEvent::mail_held_back:
      return message("An automatic mail to {} was held back: it got too many in a short time.",
                     {event.detail});
    case TicketEvent::prioritized:
      return describe_priority(event.detail, who);
    case TicketEvent::automatic_reply:
      return message("An automatic reply came from {}.", {first_line(event.detail)});
    case TicketEvent::mail_returned:
      return message("A mail to {} came back.", {first_line(event.detail)});
    case TicketEvent::mail_delayed:
      return message("A mail to {} is delayed.", {first_line(event.detail)});
    case TicketEvent::unreachable:
      return message("{} cannot be reached: automatic mail is not sent there any more.",
                     {event.detail});
    case TicketEvent::files_left_out:
      return message("Files that are not taken here: {}", {event.detail});
    case TicketEvent::mail_attached:
      return message("{} attached a mail from {}.", {who, event.detail});
    case TicketEvent::continues:
      return message("It continues ticket #{}, which was closed long ago.", {event.detail});
    case TicketEvent::merged_into:
      return message("{} merged this ticket into {}.", {who, event.detail});
    case TicketEvent::merged_in:
      return who.empty() ? message("{} was merged into this ticket.", {event.detail})
                         : message("{} merged {} into this ticket.", {who, event.detail});
    case TicketEvent::linked:
      return message("{} related it to {}.", {who, event.detail});
    case TicketEvent::unlinked:
      return message("{} parted it from {}.", {who, event.detail});
    case TicketEvent::moved:
      return event.detail.empty() ? message("{} took the order off.", {who})
                                  : message("{} changed the order to {}.", {who, event.detail});
    case TicketEvent::closed:
      return who.empty() ? message("The ticket was closed.")
                         : message("{} closed the ticket.", {who});
    case TicketEvent::nofix:
      return who.empty() ? message("The ticket was closed: it won't be fixed.")
                         : message("{} closed the ticket: it won't be fixed.", {who});
    case TicketEvent::reopened:
      return who.empty() ? message("The ticket was reopened.")
                         : message("{} reopened the ticket.", {who});
  }
  return message("Something happened to the ticket.");
}

bool visible_to(const Viewer& viewer, const TicketEntry& entry) {
  if (viewer.is_staff()) return true;
  if (entry.kind == EntryKind::note) return false;
  if (entry.kind == EntryKind::reply) return true;
  const auto event = EventText::stored(entry.body).event;
  return event == TicketEvent::closed || event == TicketEvent::nofix ||
         event == TicketEvent::reopened || event == TicketEvent::files_left_out ||
         event == TicketEvent::continues || event == TicketEvent::warned ||
         event == TicketEvent::merged_in;
}

Result<void> may_reply(const Viewer& viewer, const Ticket& ticket, Instant now) {
  if (viewer.is_client()) {
    return ticket.is_open() ? Result<void>() : client_may_return(ticket, now);
  }
  require_helpdesk(viewer);
  if (ticket.is_open()) return {};
  return refuse("", message("The ticket is closed. Reopen it before you reply."));
}

void require_may_note(const Viewer& viewer) {
  require_helpdesk(viewer);
}

Result<void> may_assign(const Viewer& viewer, const Ticket& ticket) {
  require_helpdesk(viewer);
  if (ticket.is_open()) return {};
  return refuse("", message("The ticket is closed. Reopen it before you assign it."));
}

void require_may_prioritize(const Viewer& viewer) {
  require_helpdesk(viewer);
}

Result<void> may_close(const Viewer& viewer, const Ticket& ticket, TicketStatus as) {
  if (!viewer.is_client()) require_helpdesk(viewer);
  if (as == TicketStatus::open || (viewer.is_client() && as != TicketStatus::closed)) {
    return refuse("status", message("Choose one of the list."));
  }
  if (ticket.is_open()) return {};
  return refuse("", message("The ticket is closed already."));
}

Result<void> may_reopen(const Viewer& viewer, const Ticket& ticket, Instant now) {
  if (!viewer.is_client()) require_helpdesk(viewer);
  if (ticket.is_open()) return refuse("", message("The ticket is open already."));
  return viewer.is_client() ? client_may_return(ticket, now) : Result<void>();
}

Result<NewTicket> parse_new_ticket(const FormData& form) {
  FormReader reader(form);
  NewTicket ticket{.order = read_maybe_id<struct Order>(reader, "order"),
                   .subject = read_subject(reader),
                   .body = read_body(reader),
                   .attachments = read_attachments(reader)};
  return reader.finish(std::move(ticket));
}

Result<NewReply> parse_reply(const FormData& form, const Viewer& viewer) {
  FormReader reader(form);
  NewReply reply{.body = read_body(reader),
                 .internal = viewer.is_helpdesk() && reader.checked("internal"),
                 .seen = reader.number("seen", false),
                 .attachments = read_attachments(reader)};
  return reader.finish(std::move(reply));
}

Result<Assignment> parse_assignment(const FormData& form) {
  FormReader reader(form);
  const auto assignee = reader.number("assignee", false);
  Assignment assignment;
  if (assignee) {
    assignment.to = *assignee == 0 ? Assignment::To::nobody : Assignment::To::person;
    if (*assignee > 0) assignment.person = UserId(*assignee);
  }
  return reader.finish(assignment);
}

Result<TicketPriority> parse_priority(const FormData& form) {
  FormReader reader(form);
  const auto word = reader.choice("priority", {"low", "normal", "high", "urgent"}, true);
  return reader.finish(parse_ticket_priority(word).value_or(TicketPriority::normal));
}

Result<Closure> parse_closure(const FormData& form) {
  FormReader reader(form);
  const auto status = reader.choice("status", {"closed", "nofix"}, true);
  Closure closure{.status = parse_ticket_status(status).value_or(TicketStatus::closed),
                  .comment = reader.lines("comment", {.longest = longest_comment})};
  return reader.finish(std::move(closure));
}

Result<TicketEdit> parse_ticket_edit(const FormData& form) {
  FormReader reader(form);
  const auto client = reader.id<struct User>("client", true);
  TicketEdit edit{.client = client.value_or(UserId(0)),
                  .order = read_maybe_id<struct Order>(reader, "order"),
                  .subject = read_subject(reader),
                  .body = read_body(reader),
                  .status = TicketStatus::open,
                  .assignee = {}};
  const auto status = reader.choice("status", {"open", "closed", "nofix"}, true);
  edit.status = parse_ticket_status(status).value_or(TicketStatus::open);
  edit.assignee = read_maybe_id<struct User>(reader, "assignee");
  edit.priority =
      parse_ticket_priority(reader.choice("priority", {"low", "normal", "high", "urgent"}, false));
  return reader.finish(std::move(edit));
}

}  // namespace cstims
