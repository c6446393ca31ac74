#include "ticket/ticket_actions.h"

#include <thread>

#include "base/failure.h"
#include "base/text.h"
#include "ticket/desk.h"

namespace cstims::test {
namespace {

using Told = std::vector<std::string>;

Result<TicketId> open_about(World& world, const Viewer& client, OrderId order) {
  return world.act(client, [&](Act& act) {
    return open_ticket(act, {order, "Down", "It is down.", {}});
  });
}

Assignment to(const Viewer& person) {
  return {Assignment::To::person, person.user};
}
Assignment to_nobody() {
  return {Assignment::To::nobody, {}};
}

std::vector<std::string> events_of(World& world, TicketId ticket) {
  std::vector<std::string> events;
  for (const auto& entry : entries_of(world, world.root(), ticket)) {
    if (entry.kind != EntryKind::event) continue;
    events.push_back(describe(EventText::stored(entry.body), entry.author_name).english());
  }
  return events;
}

QueuedMail mail_to(World& world, std::string_view recipient) {
  for (const auto& mail : world.mails()) {
    if (mail.recipient == recipient) return mail;
  }
  ADD_FAILURE() << "no mail to " << recipient;
  return {};
}

TicketEdit edit_of(const Ticket& ticket) {
  return {ticket.client, ticket.order, ticket.subject, ticket.body, ticket.status, ticket.assignee};
}

Result<void> save(World& world, TicketId ticket, const TicketEdit& edit) {
  return world.act(world.root(), [&](Act& act) { return edit_ticket(act, ticket, edit); });
}

}  // namespace

// ---- opening ----

DATABASE_SENTENCE(ticket,
                  "an opened ticket waits for the helpdesk, which is told, and the client "
                  "gets a receipt") {
  const auto id = open_test_ticket(world, world.ada());
  const auto ticket = ticket_of(world, id);
  EXPECT_EQ(ticket.status, TicketStatus::open);
  EXPECT_EQ(ticket.waiting_for, WaitingFor::staff);
  EXPECT_EQ(ticket.opened_at.text(), "2026-03-10T09:00:00Z");
  EXPECT_EQ(ticket.assignee, std::nullopt);
  EXPECT_EQ(mails_told(world),
            (Told{"ticket opened > helpdesk@arf20.com", "ticket received > ada@example.test"}));
  const auto told = mail_to(world, "helpdesk@arf20.com");
  EXPECT_NE(told.body_text.find("ada opened ticket #" + id.text()), std::string::npos);
  EXPECT_NE(told.body_text.find("It stopped at noon."), std::string::npos);
  EXPECT_NE(told.body_text.find("http://portal.example.test/tickets/" + id.text()),
            std::string::npos);
  EXPECT_EQ(world.wakes(), 2);
}

DATABASE_SENTENCE(ticket, "a ticket about an order names it in the mail to the helpdesk") {
  const auto order = insert_test_order(world, world.ada(), "web1");
  const auto id = open_about(world, world.ada(), order);
  ASSERT_TRUE(id);
  EXPECT_EQ(ticket_of(world, *id).order, order);
  EXPECT_NE(mail_to(world, "helpdesk@arf20.com").body_text.find("“web1”"), std::string::npos);
}

DATABASE_SENTENCE(ticket,
                  "ancestor: ticket-idor: a ticket on another client's order is refused "
                  "exactly as one on an absent order") {
  const auto order = insert_test_order(world, world.bob(), "bobs");
  const auto foreign = open_about(world, world.ada(), order);
  const auto absent = open_about(world, world.ada(), OrderId(order.number() + 1000));
  ASSERT_FALSE(foreign);
  ASSERT_FALSE(absent);
  EXPECT_EQ(foreign.error().english(), absent.error().english());
  EXPECT_TRUE(foreign.error().find("order"));
  EXPECT_TRUE(world.mails().empty());
  const auto found = world.database().read(
      [&](Transaction& tx) { return list_tickets(tx, world.root(), {}).rows.size(); });
  EXPECT_EQ(found, 0U);
}

DATABASE_SENTENCE(ticket, "only clients open tickets, staff does it for a client") {
  EXPECT_THROW(open_test_ticket(world, world.grace()), Forbidden);
  EXPECT_THROW(open_test_ticket(world, Viewer::nobody()), Forbidden);
}

DATABASE_SENTENCE(ticket, "a mail header cannot be injected through a ticket's subject") {
  FormData form;
  form.fields = {{"subject", "Hello\r\nBcc: all@example.test"}, {"body", "x"}};
  EXPECT_FALSE(parse_new_ticket(form));
  // And if such a subject ever got past the form, the mail would still hold one line.
  open_test_ticket(world, world.ada(), "Hello\r\nBcc: all@example.test");
  for (const auto& mail : world.mails()) {
    EXPECT_EQ(mail.subject.find_first_of("\r\n"), std::string::npos) << mail.subject;
    EXPECT_EQ(mail.headers.find("Bcc"), std::string::npos);
  }
}

DATABASE_SENTENCE(ticket, "numbers of deleted tickets are never given again") {
  const auto id = open_test_ticket(world, world.ada());
  world.act(world.root(), [&](Act& act) { delete_ticket(act, id); });
  EXPECT_GT(open_test_ticket(world, world.ada()), id);
  EXPECT_EQ(world.mails().size(), 4U);
}

// ---- replying ----

DATABASE_SENTENCE(ticket,
                  "an answer of the helpdesk goes to the client, and the ticket waits for "
                  "it") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  ASSERT_TRUE(write(world, world.grace(), id, "A cable was loose."));
  EXPECT_EQ(ticket_of(world, id).waiting_for, WaitingFor::client);
  EXPECT_EQ(mails_told(world), Told{"ticket replied > ada@example.test"});
  const auto mail = world.mails().front();
  EXPECT_NE(mail.body_text.find("A cable was loose."), std::string::npos);
  EXPECT_EQ(mail.headers.find("Auto-Submitted"), std::string::npos);
  EXPECT_EQ(mail.subject, "Re: [ARFNET #" + id.text() + "] No network");
}

DATABASE_SENTENCE(ticket, "staff who answers a ticket of nobody's takes it") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  EXPECT_EQ(ticket_of(world, id).assignee, world.grace().user);
  EXPECT_EQ(events_of(world, id), Told{"grace took the ticket."});
  ASSERT_TRUE(write(world, world.root(), id, "Hello again"));
  EXPECT_EQ(ticket_of(world, id).assignee, world.grace().user);
}

DATABASE_SENTENCE(ticket,
                  "a client's reply goes to the helpdesk while nobody has the ticket, then "
                  "to the assignee alone") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  ASSERT_TRUE(write(world, world.ada(), id, "Still down"));
  EXPECT_EQ(mails_told(world), Told{"ticket answered by client > helpdesk@arf20.com"});
  ASSERT_TRUE(assign(world, world.grace(), id));
  world.clear_mails();
  ASSERT_TRUE(write(world, world.ada(), id, "Still down!"));
  EXPECT_EQ(mails_told(world), Told{"ticket answered by client > grace@example.test"});
  EXPECT_EQ(ticket_of(world, id).waiting_for, WaitingFor::staff);
}

DATABASE_SENTENCE(ticket, "nobody is mailed what he wrote himself") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), id));
  world.clear_mails();
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  ASSERT_TRUE(write(world, world.ada(), id, "Thanks"));
  EXPECT_EQ(mails_told(world), (Told{"ticket replied > ada@example.test",
                                     "ticket answered by client > grace@example.test"}));
}

DATABASE_SENTENCE(ticket,
                  "an internal note is mailed to nobody and changes nothing for the "
                  "client") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  const auto before = ticket_of(world, id);
  world.clock().advance(std::chrono::hours(1));
  write_note(world, world.grace(), id, "CANARY");
  EXPECT_TRUE(world.mails().empty());
  const auto after = ticket_of(world, id);
  EXPECT_EQ(after.waiting_for, before.waiting_for);
  EXPECT_EQ(after.last_entry_at, before.last_entry_at);
  EXPECT_EQ(after.assignee, std::nullopt);
  EXPECT_TRUE(entries_of(world, world.ada(), id).empty());
  EXPECT_EQ(entries_of(world, world.grace(), id).size(), 1U);
}

DATABASE_SENTENCE(ticket, "notes and names of staff reach the client in no mail") {
  const auto id = open_test_ticket(world, world.ada());
  write_note(world, world.grace(), id, "CANARY");
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  ASSERT_TRUE(assign(world, world.root(), id, to(world.root())));
  ASSERT_TRUE(close(world, world.root(), id, TicketStatus::nofix, "Sorry"));
  ASSERT_TRUE(reopen(world, world.grace(), id));
  for (const auto& mail : world.mails()) {
    if (mail.recipient != "ada@example.test") continue;
    const auto all = mail.subject + mail.from_name + mail.body_text + mail.body_html;
    for (const auto* secret : {"CANARY", "grace", "root"}) {
      EXPECT_EQ(all.find(secret), std::string::npos) << mail.kind << ": " << secret;
    }
  }
}

DATABASE_SENTENCE(ticket, "a client reads replies of staff without the names of their authors") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  ASSERT_TRUE(write(world, world.ada(), id, "Thanks"));
  const auto entries = entries_of(world, world.ada(), id);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].author_name, "");
  EXPECT_TRUE(entries[0].by_staff);
  EXPECT_EQ(entries[1].author_name, "ada");
}

DATABASE_SENTENCE(ticket, "a reply that crosses another's is held back until that one was read") {
  const auto id = open_test_ticket(world, world.ada());
  const auto reply_after = [&](const Viewer& author, std::int64_t seen) {
    return world.act(author, [&](Act& act) {
      return reply_to_ticket(act, id, {.body = "Mine", .seen = seen, .attachments = {}});
    });
  };
  const auto first = write(world, world.root(), id, "I have an idea.");
  ASSERT_TRUE(first);
  const auto crossed = reply_after(world.grace(), 0);
  ASSERT_FALSE(crossed);
  EXPECT_NE(crossed.error().english().find("while you were writing"), std::string::npos);
  EXPECT_TRUE(reply_after(world.grace(), first->number()));
  EXPECT_TRUE(reply_after(world.root(), entries_of(world, world.root(), id).back().id.number()));
  write_note(world, world.root(), id, "only a note");
  EXPECT_TRUE(reply_after(world.root(), entries_of(world, world.root(), id).back().id.number()));
}

DATABASE_SENTENCE(ticket, "one's own earlier reply holds nothing back") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), id, "One"));
  EXPECT_TRUE(world.act(world.grace(), [&](Act& act) {
    return reply_to_ticket(act, id, {.body = "Two", .seen = 0, .attachments = {}});
  }));
}

DATABASE_SENTENCE(ticket, "another client's ticket does not exist for any verb") {
  const auto id = open_test_ticket(world, world.ada());
  const auto bob = world.bob();
  EXPECT_THROW(static_cast<void>(write(world, bob, id, "Hi")), NotFound);
  EXPECT_THROW(static_cast<void>(close(world, bob, id)), NotFound);
  EXPECT_THROW(static_cast<void>(reopen(world, bob, id)), NotFound);
  EXPECT_THROW(static_cast<void>(assign(world, bob, id)), NotFound);
  EXPECT_THROW(static_cast<void>(write(world, Viewer::nobody(), id, "Hi")), NotFound);
  EXPECT_THROW(static_cast<void>(write(world, world.ada(), TicketId(999), "Hi")), NotFound);
  EXPECT_TRUE(entries_of(world, world.root(), id).empty());
}

// ---- assigning ----

DATABASE_SENTENCE(ticket, "taking a ticket is recorded and tells who took it") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  ASSERT_TRUE(assign(world, world.grace(), id));
  EXPECT_EQ(ticket_of(world, id).assignee, world.grace().user);
  EXPECT_EQ(events_of(world, id), Told{"grace took the ticket."});
  EXPECT_EQ(mails_told(world), Told{"ticket assigned > grace@example.test"});
  ASSERT_TRUE(assign(world, world.grace(), id));
  EXPECT_EQ(events_of(world, id).size(), 1U);
  EXPECT_EQ(world.mails().size(), 1U);
}

DATABASE_SENTENCE(ticket, "who comes second to take a ticket is told so, and takes nothing") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), id));
  const auto second = assign(world, world.root(), id);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().english(), "assignee: Somebody else has this ticket already.");
  EXPECT_EQ(ticket_of(world, id).assignee, world.grace().user);
}

DATABASE_SENTENCE(ticket, "of two who take a ticket at the same moment one gets it") {
  for (int round = 0; round < 5; ++round) {
    const auto id = open_test_ticket(world, world.ada());
    world.mailer();
    std::atomic<int> won = 0;
    const auto take = [&](const Viewer& person) {
      if (assign(world, person, id)) ++won;
    };
    std::thread one(take, world.grace());
    std::thread other(take, world.root());
    one.join();
    other.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(events_of(world, id).size(), 1U);
  }
}

DATABASE_SENTENCE(ticket, "taking over is named as such") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), id));
  ASSERT_TRUE(assign(world, world.root(), id, to(world.root())));
  EXPECT_EQ(ticket_of(world, id).assignee, world.root().user);
  EXPECT_EQ(events_of(world, id).back(), "root took the ticket over from grace.");
}

DATABASE_SENTENCE(ticket, "an assigned ticket is told to that person alone") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  ASSERT_TRUE(assign(world, world.root(), id, to(world.grace())));
  EXPECT_EQ(mails_told(world), Told{"ticket assigned > grace@example.test"});
  EXPECT_NE(world.mails().front().body_text.find("root assigned ticket"), std::string::npos);
  EXPECT_EQ(events_of(world, id), Told{"root assigned the ticket to grace."});
}

DATABASE_SENTENCE(ticket, "only the helpdesk's people can be assigned") {
  const auto id = open_test_ticket(world, world.ada());
  for (const auto& person : {world.ada(), world.bob(), world.luca()}) {
    EXPECT_FALSE(assign(world, world.root(), id, to(person))) << person.name;
  }
  EXPECT_FALSE(assign(world, world.root(), id, {Assignment::To::person, UserId(999)}));
  EXPECT_EQ(ticket_of(world, id).assignee, std::nullopt);
}

DATABASE_SENTENCE(ticket, "a ticket can be given back") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), id));
  ASSERT_TRUE(assign(world, world.grace(), id, to_nobody()));
  EXPECT_EQ(ticket_of(world, id).assignee, std::nullopt);
  EXPECT_EQ(events_of(world, id).back(), "grace gave the ticket back.");
}

// ---- closing and reopening ----

DATABASE_SENTENCE(ticket,
                  "a closed ticket keeps who closed it, when and why, and tells client and "
                  "assignee") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), id));
  world.clear_mails();
  world.clock().advance(std::chrono::hours(2));
  ASSERT_TRUE(close(world, world.grace(), id, TicketStatus::nofix, "Not ours."));
  const auto ticket = ticket_of(world, id);
  EXPECT_EQ(ticket.status, TicketStatus::nofix);
  EXPECT_EQ(ticket.closed_by, world.grace().user);
  EXPECT_EQ(ticket.closed_at->text(), "2026-03-10T11:00:00Z");
  EXPECT_EQ(ticket.close_comment, "Not ours.");
  EXPECT_EQ(mails_told(world),
            (Told{"ticket closed > ada@example.test", "ticket closed > grace@example.test"}));
  EXPECT_NE(world.mails().front().body_text.find("Not ours."), std::string::npos);
}

DATABASE_SENTENCE(ticket, "a ticket is closed once") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(close(world, world.grace(), id));
  EXPECT_FALSE(close(world, world.grace(), id));
  EXPECT_FALSE(close(world, world.ada(), id));
  EXPECT_EQ(events_of(world, id).size(), 1U);
}

DATABASE_SENTENCE(ticket, "a client closes its ticket as solved, and not as won't be fixed") {
  const auto id = open_test_ticket(world, world.ada());
  EXPECT_FALSE(close(world, world.ada(), id, TicketStatus::nofix));
  ASSERT_TRUE(close(world, world.ada(), id));
  EXPECT_EQ(ticket_of(world, id).status, TicketStatus::closed);
}

DATABASE_SENTENCE(ticket, "a client's reply opens a closed ticket again") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(assign(world, world.grace(), id));
  ASSERT_TRUE(close(world, world.grace(), id));
  world.clear_mails();
  ASSERT_TRUE(write(world, world.ada(), id, "It is back."));
  const auto ticket = ticket_of(world, id);
  EXPECT_TRUE(ticket.is_open());
  EXPECT_EQ(ticket.closed_at, std::nullopt);
  EXPECT_EQ(ticket.waiting_for, WaitingFor::staff);
  EXPECT_EQ(mails_told(world), Told{"ticket answered by client > grace@example.test"});
  EXPECT_NE(world.mails().front().body_text.find("opened it again"), std::string::npos);
}

DATABASE_SENTENCE(ticket, "after fourteen days a client opens a new ticket instead") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(close(world, world.grace(), id));
  world.clock().advance(std::chrono::days(14) + std::chrono::seconds(1));
  EXPECT_FALSE(write(world, world.ada(), id, "It is back."));
  EXPECT_FALSE(reopen(world, world.ada(), id));
  EXPECT_TRUE(reopen(world, world.grace(), id));
}

DATABASE_SENTENCE(ticket, "reopening tells client and assignee, and it is the helpdesk's turn") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  ASSERT_TRUE(close(world, world.grace(), id, TicketStatus::closed, "Done"));
  world.clear_mails();
  ASSERT_TRUE(reopen(world, world.ada(), id));
  EXPECT_FALSE(reopen(world, world.ada(), id));
  const auto ticket = ticket_of(world, id);
  EXPECT_EQ(ticket.waiting_for, WaitingFor::staff);
  EXPECT_EQ(ticket.close_comment, "");
  EXPECT_EQ(mails_told(world),
            (Told{"ticket reopened > ada@example.test", "ticket reopened > grace@example.test"}));
}

DATABASE_SENTENCE(ticket, "staff reopens a ticket before answering it, notes go always") {
  const auto id = open_test_ticket(world, world.ada());
  ASSERT_TRUE(close(world, world.grace(), id));
  EXPECT_FALSE(write(world, world.grace(), id, "One more thing"));
  write_note(world, world.grace(), id, "for the record");
  EXPECT_FALSE(ticket_of(world, id).is_open());
}

// ---- the admin's ----

DATABASE_SENTENCE(ticket, "an admin adds a ticket for a client, with the mails of an opened one") {
  const auto order = insert_test_order(world, world.ada(), "web1");
  const TicketEdit edit{*world.ada().user, order, "On the phone", "She called.", TicketStatus::open,
                        world.grace().user};
  const auto id = world.act(world.root(), [&](Act& act) { return add_ticket(act, edit); });
  ASSERT_TRUE(id);
  EXPECT_EQ(ticket_of(world, *id).assignee, world.grace().user);
  EXPECT_EQ(mails_told(world),
            (Told{"ticket opened > helpdesk@arf20.com", "ticket received > ada@example.test",
                  "ticket assigned > grace@example.test"}));
}

DATABASE_SENTENCE(ticket,
                  "an admin's ticket is for a client, about one of its orders, assigned to "
                  "the helpdesk") {
  const auto bobs = insert_test_order(world, world.bob(), "bobs");
  const auto add = [&](const TicketEdit& edit) {
    const auto id = world.act(world.root(), [&](Act& act) { return add_ticket(act, edit); });
    return id ? "" : id.error().items.front().field;
  };
  TicketEdit edit{*world.ada().user, {}, "x", "y", TicketStatus::open, {}};
  edit.client = *world.grace().user;
  EXPECT_EQ(add(edit), "client");
  edit.client = UserId(999);
  EXPECT_EQ(add(edit), "client");
  edit.client = *world.ada().user;
  edit.order = bobs;
  EXPECT_EQ(add(edit), "order");
  edit.order = {};
  edit.assignee = world.luca().user;
  EXPECT_EQ(add(edit), "assignee");
  EXPECT_TRUE(world.mails().empty());
  edit.assignee = {};
  EXPECT_EQ(add(edit), "");
}

DATABASE_SENTENCE(ticket,
                  "editing the status closes or reopens, with mails, and from one ending "
                  "to the other") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  auto edit = edit_of(ticket_of(world, id));
  edit.status = TicketStatus::closed;
  ASSERT_TRUE(save(world, id, edit));
  edit.status = TicketStatus::nofix;
  ASSERT_TRUE(save(world, id, edit));
  EXPECT_EQ(ticket_of(world, id).status, TicketStatus::nofix);
  edit.status = TicketStatus::open;
  ASSERT_TRUE(save(world, id, edit));
  EXPECT_TRUE(ticket_of(world, id).is_open());
  EXPECT_EQ(mails_told(world),
            (Told{"ticket closed > ada@example.test", "ticket closed > ada@example.test",
                  "ticket reopened > ada@example.test"}));
}

DATABASE_SENTENCE(ticket, "an edit that changes nothing tells nobody and leaves no trace") {
  const auto id = open_test_ticket(world, world.ada());
  world.clear_mails();
  ASSERT_TRUE(save(world, id, edit_of(ticket_of(world, id))));
  EXPECT_TRUE(world.mails().empty());
  EXPECT_TRUE(events_of(world, id).empty());
  auto edit = edit_of(ticket_of(world, id));
  edit.subject = "Another";
  ASSERT_TRUE(save(world, id, edit));
  EXPECT_EQ(ticket_of(world, id).subject, "Another");
  EXPECT_EQ(events_of(world, id), Told{"root edited the ticket."});
  EXPECT_TRUE(world.mails().empty());
}

DATABASE_SENTENCE(ticket, "a deleted ticket is gone with all that was written on it") {
  const auto id = open_test_ticket(world, world.ada());
  const auto other = open_test_ticket(world, world.ada());
  ASSERT_TRUE(write(world, world.grace(), id, "Hello"));
  ASSERT_TRUE(write(world, world.grace(), other, "Hello"));
  world.act(world.root(), [&](Act& act) { delete_ticket(act, id); });
  EXPECT_THROW(ticket_of(world, id), NotFound);
  EXPECT_TRUE(entries_of(world, world.root(), id).empty());
  EXPECT_EQ(entries_of(world, world.root(), other).size(), 2U);
  EXPECT_THROW(world.act(world.root(), [&](Act& act) { delete_ticket(act, id); }), NotFound);
}

DATABASE_SENTENCE(ticket, "only an admin adds, edits and deletes tickets") {
  const auto id = open_test_ticket(world, world.ada());
  const auto edit = edit_of(ticket_of(world, id));
  for (const auto& person : {world.ada(), world.grace(), world.luca()}) {
    EXPECT_THROW(world.act(person, [&](Act& act) { return add_ticket(act, edit); }), Forbidden);
    EXPECT_THROW(world.act(person, [&](Act& act) { return edit_ticket(act, id, edit); }),
                 Forbidden);
    EXPECT_THROW(world.act(person, [&](Act& act) { delete_ticket(act, id); }), Forbidden);
  }
}

}  // namespace cstims::test
