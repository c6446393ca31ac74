#include "ticket/ticket_actions.h"

#include <algorithm>

#include "account/user_store.h"
#include "base/failure.h"
#include "ticket/ticket_links.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_mails.h"
#include "ticket/ticket_report.h"
#include "ticket/ticket_store.h"
#include "ticket/ticket_targets.h"

namespace cstims {
namespace {

std::unexpected<Refusal> not_on_the_list(std::string_view field) {
  return refuse(field, message("Choose one of the list."));
}

EntrySource source_of(const Act& act) {
  if (act.by_mail) return EntrySource::mail;
  return act.viewer.system ? EntrySource::system : EntrySource::web;
}

bool is_helpdesk_person(Act& act, UserId user) {
  return std::ranges::any_of(list_helpdesk_people(act.tx),
                             [user](const HelpdeskPerson& person) { return person.id == user; });
}

Result<void> check_space(Act& act, TicketId ticket, const std::vector<NewAttachment>& attachments) {
  if (attachments.empty()) return {};
  auto bytes = sum_attachments(act.tx, ticket);
  for (const auto& attachment : attachments) bytes += attachment.size;
  if (bytes <= most_attached) return {};
  return refuse("attachment", message("This ticket has too many files already."));
}

/// Two people answering at once: the second one reads first what the other wrote.
Result<void> check_nobody_wrote(Act& act, TicketId ticket, const NewReply& reply) {
  if (reply.internal || !reply.seen) return {};
  if (!find_newer_reply(act.tx, ticket, *reply.seen, act.viewer.user)) return {};
  return refuse("body", message("Somebody replied while you were writing. Read the new reply, then "
                                "send yours if it still fits."));
}

TicketEntryId insert_reply(Act& act, TicketId ticket, const NewReply& reply) {
  const auto entry =
      insert_ticket_entry(act.tx, {.ticket = ticket,
                                   .kind = reply.internal ? EntryKind::note : EntryKind::reply,
                                   .author = act.viewer.user,
                                   .by_staff = !act.viewer.is_client(),
                                   .source = reply.source,
                                   .body = reply.body,
                                   .quoted = reply.quoted,
                                   .mail = reply.mail});
  for (const auto& attachment : reply.attachments) {
    insert_attachment(act.tx, ticket, entry, attachment);
  }
  return entry;
}

PublicReply public_reply(TicketEntryId entry, const NewReply& reply) {
  PublicReply told{.entry = entry, .body = reply.body, .attachment_names = {}};
  for (const auto& attachment : reply.attachments) {
    told.attachment_names.push_back(attachment.name);
  }
  return told;
}

void answer_client(Act& act, const Ticket& ticket, const PublicReply& reply) {
  update_turn(act.tx, ticket.id, WaitingFor::client);
  note_first_reply(act.tx, ticket.id);
  if (act.viewer.user && claim_ticket(act.tx, ticket.id, *act.viewer.user)) {
    record_ticket_event(act, ticket.id, {TicketEvent::assigned, act.viewer.name});
  }
  settle_targets(act, ticket.id);
  queue_staff_reply(act, ticket, reply);
}

void answer_helpdesk(Act& act, const Ticket& ticket, PublicReply reply) {
  reply.reopened = mark_reopened(act.tx, ticket.id);
  if (reply.reopened) record_ticket_event(act, ticket.id, {TicketEvent::reopened, ""});
  update_turn(act.tx, ticket.id, WaitingFor::staff);
  settle_targets(act, ticket.id);
  queue_client_reply(act, ticket, reply);
}

Result<void> claim(Act& act, const Ticket& ticket) {
  const auto me = act.viewer.require_user();
  if (ticket.assignee == me) return {};
  if (!claim_ticket(act.tx, ticket.id, me)) {
    return refuse("assignee", message("Somebody else has this ticket already."));
  }
  const auto event = record_ticket_event(act, ticket.id, {TicketEvent::assigned, act.viewer.name});
  queue_ticket_assigned(act, ticket, me, event);
  return {};
}

void release(Act& act, const Ticket& ticket) {
  if (!ticket.assignee) return;
  update_assignee(act.tx, ticket.id, std::nullopt);
  record_ticket_event(act, ticket.id, {TicketEvent::released, ""});
}

Result<void> give_to(Act& act, const Ticket& ticket, UserId assignee) {
  if (ticket.assignee == assignee) return {};
  if (!is_helpdesk_person(act, assignee)) return not_on_the_list("assignee");
  const auto former = require_ticket_names(act.tx, ticket.id).assignee;
  const bool takes_over = ticket.assignee && act.viewer.user == assignee;
  const auto name = require_user(act.tx, assignee).username;
  update_assignee(act.tx, ticket.id, assignee);
  const auto event = record_ticket_event(act, ticket.id,
                                         takes_over ? EventText{TicketEvent::taken_over, former}
                                                    : EventText{TicketEvent::assigned, name});
  queue_ticket_assigned(act, ticket, assignee, event);
  return {};
}

void end(Act& act, const Ticket& ticket, const Closure& closure) {
  mark_closed(act.tx, ticket.id, closure, act.viewer.user);
  settle_targets(act, ticket.id);
  const auto word =
      closure.status == TicketStatus::nofix ? TicketEvent::nofix : TicketEvent::closed;
  const auto event = record_ticket_event(act, ticket.id, {word, closure.comment});
  queue_ticket_closed(act, ticket, closure, event);
}

void resume(Act& act, const Ticket& ticket) {
  mark_reopened(act.tx, ticket.id);
  settle_targets(act, ticket.id);
  queue_ticket_reopened(act, ticket,
                        record_ticket_event(act, ticket.id, {TicketEvent::reopened, ""}));
}

void set_priority(Act& act, const Ticket& ticket, TicketPriority priority) {
  if (ticket.priority == priority) return;
  update_priority(act.tx, ticket.id, priority);
  settle_targets(act, ticket.id);
  record_ticket_event(act, ticket.id, {TicketEvent::prioritized, std::string(text(priority))});
}

/// What is done to a merged ticket is done to the one it was merged into.
Ticket require_living(Act& act, TicketId id) {
  const auto asked = require_ticket(act.tx, act.viewer, id);
  return asked.merged_into ? require_ticket(act.tx, act.viewer, follow_merged(act.tx, id)) : asked;
}

/// A merged ticket is managed no more: it is a part of another.
Ticket require_unmerged(Act& act, TicketId id) {
  auto ticket = require_ticket(act.tx, act.viewer, id);
  if (ticket.merged_into) throw NotFound("ticket " + id.text() + " is merged into another");
  return ticket;
}

void require_admin(const Act& act) {
  if (!act.viewer.is_admin()) throw Forbidden("only an admin manages tickets");
}

Result<void> check_edit(Act& act, const TicketEdit& edit, std::optional<UserId> assignee_before) {
  const auto client = find_user(act.tx, edit.client);
  if (!client || client->type != Role::client) return not_on_the_list("client");
  if (edit.order && !client_has_order(act.tx, edit.client, *edit.order)) {
    return refuse("order", message("This order is not one of that client's."));
  }
  if (edit.assignee && edit.assignee != assignee_before &&
      !is_helpdesk_person(act, *edit.assignee)) {
    return not_on_the_list("assignee");
  }
  return {};
}

TicketInsert text_of(const TicketEdit& edit) {
  return {edit.client, edit.order, edit.subject, edit.body};
}

bool differs(const Ticket& ticket, const TicketEdit& edit) {
  return ticket.client != edit.client || ticket.order != edit.order ||
         ticket.subject != edit.subject || ticket.body != edit.body;
}

void change_status(Act& act, const Ticket& ticket, TicketStatus status) {
  if (ticket.status == status) return;
  if (status == TicketStatus::open) return resume(act, ticket);
  if (!ticket.is_open()) mark_reopened(act.tx, ticket.id);  // from one ending to the other
  end(act, ticket, {.status = status, .comment = ""});
}

}  // namespace

TicketEntryId record_ticket_event(Act& act, TicketId ticket, const EventText& event,
                                  std::optional<InboundMailId> mail) {
  const auto entry = insert_ticket_entry(act.tx, {.ticket = ticket,
                                                  .kind = EntryKind::event,
                                                  .author = act.viewer.user,
                                                  .by_staff = !act.viewer.is_client(),
                                                  .source = source_of(act),
                                                  .body = event.body(),
                                                  .mail = mail});
  note_outcome(act.tx, ticket, entry, event.event);
  return entry;
}

void settle_targets(Act& act, TicketId id) {
  const auto ticket = require_ticket(act.tx, act.viewer, id);
  const BusinessHours hours(act.site.targets, act.site.zone);
  const auto clock = advance(ticket.clock, ticket, act.tx.now(), hours);
  update_targets(act.tx, id, clock, target_times(ticket, clock, act.site.targets, hours));
}

Result<TicketId> open_ticket(Act& act, const NewTicket& ticket) {
  const auto client = act.viewer.require_user();
  if (!act.viewer.is_client()) throw Forbidden("tickets are opened by clients");
  if (ticket.order && !client_has_order(act.tx, client, *ticket.order)) {
    return not_on_the_list("order");
  }
  const auto id = insert_ticket(act.tx, {client, ticket.order, ticket.subject, ticket.body});
  for (const auto& attachment : ticket.attachments) {
    insert_attachment(act.tx, id, std::nullopt, attachment);
  }
  settle_targets(act, id);
  queue_ticket_opened(act, require_ticket(act.tx, act.viewer, id), ticket.receipt);
  return id;
}

Result<TicketEntryId> reply_to_ticket(Act& act, TicketId asked, const NewReply& reply) {
  const auto ticket = require_living(act, asked);
  if (reply.internal) {
    require_may_note(act.viewer);
  } else if (auto allowed = may_reply(act.viewer, ticket, act.tx.now()); !allowed) {
    return std::unexpected(allowed.error());
  }
  if (auto alone = check_nobody_wrote(act, ticket.id, reply); !alone) {
    return std::unexpected(alone.error());
  }
  if (auto space = check_space(act, ticket.id, reply.attachments); !space) {
    return std::unexpected(space.error());
  }
  const auto entry = insert_reply(act, ticket.id, reply);
  if (reply.internal) return entry;
  if (act.viewer.is_client()) {
    answer_helpdesk(act, ticket, public_reply(entry, reply));
  } else {
    answer_client(act, ticket, public_reply(entry, reply));
  }
  return entry;
}

Result<void> publish_note(Act& act, const TicketEntry& note, const std::string& body) {
  const auto ticket = require_living(act, note.ticket);
  if (auto allowed = may_reply(act.viewer, ticket, act.tx.now()); !allowed) return allowed;
  if (!mark_note_public(act.tx, note.id, body)) throw Conflict("the note is none any more");
  PublicReply told{.entry = note.id, .body = body, .attachment_names = {}};
  for (const auto& file : note.attachments) told.attachment_names.push_back(file.name);
  answer_client(act, ticket, told);
  return {};
}

Result<void> assign_ticket(Act& act, TicketId asked, const Assignment& assignment) {
  const auto ticket = require_living(act, asked);
  if (auto allowed = may_assign(act.viewer, ticket); !allowed) return allowed;
  if (assignment.to == Assignment::To::self) return claim(act, ticket);
  if (assignment.person) return give_to(act, ticket, *assignment.person);
  release(act, ticket);
  return {};
}

Result<void> prioritize_ticket(Act& act, TicketId asked, TicketPriority priority) {
  const auto ticket = require_living(act, asked);
  require_may_prioritize(act.viewer);
  set_priority(act, ticket, priority);
  return {};
}

Result<void> close_ticket(Act& act, TicketId asked, const Closure& closure) {
  const auto ticket = require_living(act, asked);
  if (auto allowed = may_close(act.viewer, ticket, closure.status); !allowed) return allowed;
  end(act, ticket, closure);
  return {};
}

Result<void> reopen_ticket(Act& act, TicketId asked) {
  const auto ticket = require_living(act, asked);
  if (auto allowed = may_reopen(act.viewer, ticket, act.tx.now()); !allowed) return allowed;
  resume(act, ticket);
  return {};
}

Result<TicketId> add_ticket(Act& act, const TicketEdit& edit) {
  require_admin(act);
  if (auto right = check_edit(act, edit, {}); !right) return std::unexpected(right.error());
  const auto id = insert_ticket(act.tx, text_of(edit));
  if (edit.priority) update_priority(act.tx, id, *edit.priority);
  settle_targets(act, id);
  const auto ticket = require_ticket(act.tx, act.viewer, id);
  queue_ticket_opened(act, ticket, true, edit.assignee);
  if (edit.assignee) {
    if (auto given = give_to(act, ticket, *edit.assignee); !given) {
      return std::unexpected(given.error());
    }
  }
  change_status(act, require_ticket(act.tx, act.viewer, id), edit.status);
  return id;
}

Result<void> edit_ticket(Act& act, TicketId id, const TicketEdit& edit) {
  require_admin(act);
  const auto ticket = require_unmerged(act, id);
  if (auto right = check_edit(act, edit, ticket.assignee); !right) return right;
  if (differs(ticket, edit)) {
    update_ticket_text(act.tx, id, text_of(edit));
    update_client_of_merged(act.tx, id, edit.client);
    record_ticket_event(act, id, {TicketEvent::edited, ""});
  }
  if (edit.priority) set_priority(act, ticket, *edit.priority);
  const auto edited = require_ticket(act.tx, act.viewer, id);
  if (!edit.assignee) {
    release(act, edited);
  } else if (auto given = give_to(act, edited, *edit.assignee); !given) {
    return given;
  }
  change_status(act, require_ticket(act.tx, act.viewer, id), edit.status);
  return {};
}

void delete_ticket(Act& act, TicketId id) {
  require_admin(act);
  delete_ticket_rows(act.tx, require_unmerged(act, id).id);
}

void keep_files(FileStore& files, const std::vector<NewAttachment>& attachments) {
  for (const auto& attachment : attachments) files.keep(attachment.file, attachment.sha256);
}

}  // namespace cstims
