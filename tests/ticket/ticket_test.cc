#include "ticket/ticket.h"

#include "base/failure.h"
#include "base/text.h"
#include "support/sentence.h"

namespace cstims {
namespace {

const Viewer ada{UserId(1), Role::client, "ada", false};
const Viewer grace{UserId(3), Role::helpdesk, "grace", false};
const Viewer luca{UserId(4), Role::accountant, "luca", false};
const Instant now = Instant::stored("2026-03-10T09:00:00Z");

Ticket ticket_with(TicketStatus status, std::optional<Instant> closed_at = {}) {
  return {.id = TicketId(7),
          .client = UserId(1),
          .order = {},
          .subject = "No network",
          .body = "It stopped at noon.",
          .status = status,
          .assignee = {},
          .opened_at = now,
          .last_entry_at = now,
          .waiting_for = WaitingFor::staff,
          .closed_at = closed_at,
          .closed_by = {},
          .close_comment = {}};
}

TicketEntry entry_of(EntryKind kind, std::string body) {
  return {.id = TicketEntryId(1),
          .ticket = TicketId(7),
          .kind = kind,
          .author = UserId(3),
          .author_name = "grace",
          .by_staff = true,
          .source = EntrySource::web,
          .body = std::move(body),
          .created_at = now,
          .attachments = {}};
}

FormData form(std::map<std::string, std::string, std::less<>> fields) {
  return {.fields = std::move(fields), .uploads = {}};
}

std::string long_text(std::size_t characters) {
  std::string text;
  for (std::size_t i = 0; i < characters; ++i) text += "ñ";
  return text;
}

}  // namespace

SENTENCE(ticket, "words of the database are read as they are written, others throw") {
  for (const auto status : {TicketStatus::open, TicketStatus::closed, TicketStatus::nofix}) {
    EXPECT_EQ(stored_ticket_status(text(status)), status);
  }
  for (const auto kind : {EntryKind::reply, EntryKind::note, EntryKind::event}) {
    EXPECT_EQ(stored_entry_kind(text(kind)), kind);
  }
  EXPECT_THROW(stored_ticket_status("deleted"), DatabaseError);
  EXPECT_THROW(stored_waiting_for(""), DatabaseError);
  EXPECT_THROW(stored_entry_source("fax"), DatabaseError);
}

SENTENCE(ticket, "an event keeps its word and what it tells") {
  const auto read = EventText::stored(EventText{TicketEvent::closed, "two\nlines"}.body());
  EXPECT_EQ(read.event, TicketEvent::closed);
  EXPECT_EQ(read.detail, "two\nlines");
  EXPECT_EQ(EventText::stored("reopened").detail, "");
  EXPECT_THROW(EventText::stored("exploded"), DatabaseError);
}

SENTENCE(ticket, "an event names staff only where a name is given") {
  EXPECT_EQ(describe({TicketEvent::closed, ""}, "").english(), "The ticket was closed.");
  EXPECT_EQ(describe({TicketEvent::closed, ""}, "grace").english(), "grace closed the ticket.");
  EXPECT_EQ(describe({TicketEvent::assigned, "grace"}, "grace").english(),
            "grace took the ticket.");
  EXPECT_EQ(describe({TicketEvent::assigned, "grace"}, "root").english(),
            "root assigned the ticket to grace.");
  EXPECT_EQ(describe({TicketEvent::taken_over, "grace"}, "root").english(),
            "root took the ticket over from grace.");
}

SENTENCE(ticket, "a client sees replies and endings, never notes or who works on it") {
  EXPECT_TRUE(visible_to(ada, entry_of(EntryKind::reply, "Hello")));
  EXPECT_FALSE(visible_to(ada, entry_of(EntryKind::note, "Hello")));
  for (const auto event : {TicketEvent::closed, TicketEvent::nofix, TicketEvent::reopened}) {
    EXPECT_TRUE(visible_to(ada, entry_of(EntryKind::event, std::string(text(event)))));
  }
  for (const auto event : {TicketEvent::assigned, TicketEvent::taken_over, TicketEvent::released,
                           TicketEvent::edited}) {
    EXPECT_FALSE(visible_to(ada, entry_of(EntryKind::event, std::string(text(event)))));
    EXPECT_TRUE(visible_to(grace, entry_of(EntryKind::event, std::string(text(event)))));
  }
  EXPECT_TRUE(visible_to(grace, entry_of(EntryKind::note, "Hello")));
}

SENTENCE(ticket, "a client may return for fourteen days, to the second") {
  const auto closed = ticket_with(TicketStatus::closed, now);
  const auto last = now.plus(std::chrono::days(14));
  EXPECT_TRUE(may_reply(ada, closed, last));
  EXPECT_FALSE(may_reply(ada, closed, last.plus(std::chrono::seconds(1))));
  EXPECT_TRUE(may_reopen(ada, closed, last));
  EXPECT_FALSE(may_reopen(ada, closed, last.plus(std::chrono::seconds(1))));
  EXPECT_TRUE(may_reopen(grace, closed, last.plus(std::chrono::days(1000))));
  EXPECT_TRUE(may_reply(ada, ticket_with(TicketStatus::open), last.plus(std::chrono::days(1000))));
}

SENTENCE(ticket, "every act on every status is allowed or refused as the state machine says") {
  const auto open = ticket_with(TicketStatus::open);
  for (const auto status : {TicketStatus::closed, TicketStatus::nofix}) {
    const auto ended = ticket_with(status, now);
    EXPECT_FALSE(may_reply(grace, ended, now));
    EXPECT_FALSE(may_assign(grace, ended));
    EXPECT_FALSE(may_close(grace, ended, TicketStatus::closed));
    EXPECT_FALSE(may_close(grace, ended, TicketStatus::nofix));
    EXPECT_FALSE(may_close(ada, ended, TicketStatus::closed));
    EXPECT_TRUE(may_reopen(grace, ended, now));
  }
  EXPECT_TRUE(may_reply(grace, open, now));
  EXPECT_TRUE(may_assign(grace, open));
  EXPECT_TRUE(may_close(grace, open, TicketStatus::closed));
  EXPECT_TRUE(may_close(grace, open, TicketStatus::nofix));
  EXPECT_FALSE(may_close(grace, open, TicketStatus::open));
  EXPECT_TRUE(may_close(ada, open, TicketStatus::closed));
  EXPECT_FALSE(may_close(ada, open, TicketStatus::nofix));
  EXPECT_FALSE(may_reopen(grace, open, now));
  EXPECT_FALSE(may_reopen(ada, open, now));
}

SENTENCE(ticket, "an accountant reads tickets and does nothing to them") {
  const auto open = ticket_with(TicketStatus::open);
  EXPECT_THROW(static_cast<void>(may_reply(luca, open, now)), Forbidden);
  EXPECT_THROW(static_cast<void>(may_assign(luca, open)), Forbidden);
  EXPECT_THROW(static_cast<void>(may_close(luca, open, TicketStatus::closed)), Forbidden);
  EXPECT_THROW(static_cast<void>(may_reopen(luca, open, now)), Forbidden);
  EXPECT_THROW(require_may_note(luca), Forbidden);
  EXPECT_THROW(static_cast<void>(may_assign(ada, open)), Forbidden);
  EXPECT_THROW(require_may_note(ada), Forbidden);
}

SENTENCE(ticket, "a ticket needs a subject and a text, both bounded") {
  const auto refusal = [](const std::string& subject, const std::string& body) {
    const auto parsed = parse_new_ticket(form({{"subject", subject}, {"body", body}}));
    return parsed ? "" : parsed.error().english();
  };
  EXPECT_EQ(refusal(long_text(200), long_text(20'000)), "");
  EXPECT_NE(refusal(long_text(201), "x"), "");
  EXPECT_NE(refusal("x", long_text(20'001)), "");
  EXPECT_NE(refusal("", "x"), "");
  EXPECT_NE(refusal("x", "  \n "), "");
  EXPECT_NE(refusal("\u200B", "x"), "");
  EXPECT_NE(refusal("a\nb", "x"), "");
}

SENTENCE(ticket, "a subject loses characters that nobody sees") {
  const auto parsed =
      parse_new_ticket(form({{"subject", " No\u202E  net\u200Bwork "}, {"body", "x"}}));
  EXPECT_EQ(parsed.value().subject, "No network");
}

SENTENCE(ticket, "a form with a field of somebody else's is a bad request") {
  for (const auto* field : {"status", "assignee", "client", "client_id", "id", "waiting_for"}) {
    const auto sent = form({{"subject", "x"}, {"body", "x"}, {field, "1"}});
    EXPECT_THROW(static_cast<void>(parse_new_ticket(sent)), BadRequest) << field;
  }
  EXPECT_THROW(static_cast<void>(parse_reply(form({{"body", "x"}, {"internal", "1"}}), ada)),
               BadRequest);
  EXPECT_TRUE(parse_reply(form({{"body", "x"}, {"internal", "1"}}), grace)->internal);
  EXPECT_FALSE(parse_reply(form({{"body", "x"}}), grace)->internal);
}

SENTENCE(ticket, "an assignment is to oneself, to somebody or to nobody") {
  EXPECT_EQ(parse_assignment(form({}))->to, Assignment::To::self);
  EXPECT_EQ(parse_assignment(form({{"assignee", ""}}))->to, Assignment::To::self);
  EXPECT_EQ(parse_assignment(form({{"assignee", "0"}}))->to, Assignment::To::nobody);
  EXPECT_EQ(parse_assignment(form({{"assignee", "3"}}))->person, UserId(3));
  EXPECT_FALSE(parse_assignment(form({{"assignee", "-1"}})));
  EXPECT_FALSE(parse_assignment(form({{"assignee", "grace"}})));
}

SENTENCE(ticket, "a closure is one of the two endings, with a comment or none") {
  EXPECT_EQ(parse_closure(form({{"status", "nofix"}}))->status, TicketStatus::nofix);
  EXPECT_EQ(parse_closure(form({{"status", "closed"}, {"comment", "a\r\nb"}}))->comment, "a\nb");
  EXPECT_FALSE(parse_closure(form({{"status", "open"}})));
  EXPECT_FALSE(parse_closure(form({})));
  EXPECT_FALSE(parse_closure(form({{"status", "closed"}, {"comment", long_text(2'001)}})));
}

SENTENCE(ticket, "the admin's form reads all of a ticket") {
  const auto edit = parse_ticket_edit(form({{"client", "1"},
                                            {"order", "0"},
                                            {"subject", "x"},
                                            {"body", "y"},
                                            {"status", "nofix"},
                                            {"assignee", "3"}}));
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->client, UserId(1));
  EXPECT_EQ(edit->order, std::nullopt);
  EXPECT_EQ(edit->status, TicketStatus::nofix);
  EXPECT_EQ(edit->assignee, UserId(3));
  const auto nothing = parse_ticket_edit(form({}));
  ASSERT_FALSE(nothing);
  for (const auto* field : {"client", "subject", "body", "status"}) {
    EXPECT_TRUE(nothing.error().find(field)) << field;
  }
}

}  // namespace cstims
