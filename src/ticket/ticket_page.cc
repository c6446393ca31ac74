#include "ticket/ticket_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/user_store.h"
#include "order/order.h"
#include "ticket/picture.h"
#include "ticket/ticket_link_view.h"
#include "ticket/ticket_list_view.h"
#include "ticket/ticket_mail_store.h"
#include "ticket/ticket_rating_pages.h"
#include "ticket/ticket_rating_store.h"
#include "ticket/ticket_targets.h"

namespace cstims {
namespace {

constexpr int other_tickets_shown = 5;
constexpr int orders_to_choose = 100;

/// The page's forms, for those who may use them.
class TicketForms {
 public:
  TicketForms(Dictionary& values, const TicketPage& page)
      : values_(values),
        page_(page),
        viewer_(page.context.viewer),
        address_("/tickets/" + page.ticket.id.text()) {}

  void fill() {
    if (!viewer_.is_client() && !viewer_.is_helpdesk()) return;
    fill_reply();
    if (viewer_.is_helpdesk()) {
      fill_note();
      if (page_.ticket.is_open()) fill_assignment();
      fill_priority();
    }
    if (page_.ticket.is_open()) {
      fill_closure();
    } else {
      fill_reopening();
    }
  }

 private:
  void put(Dictionary section, std::string_view name, TicketForm kind, Form form) {
    const bool refused = page_.refused == kind;
    fill_form(section, name, std::move(form), refused ? page_.refusal : nullptr,
              refused ? &page_.context.request.form : nullptr);
  }

  static Field files() {
    return {.kind = FieldKind::file,
            .name = "attachment",
            .label = message("Files"),
            .hint = message("Pictures, PDF, text, office documents or ZIP; at most 10 MiB each."),
            .multiple = true,
            .accept = allowed_attachment_types()};
  }

  void fill_reply() {
    if (!may_reply(viewer_, page_.ticket, page_.now)) {
      values_.show("TOO_LATE", viewer_.is_client());
      return;
    }
    const bool client = viewer_.is_client();
    const auto seen = page_.entries.empty() ? "0" : page_.entries.back().id.text();
    Form form{.action = address_ + "/replies",
              .submit = client ? message("Send") : message("Send to the client"),
              .fields = {{.kind = FieldKind::lines,
                          .name = "body",
                          .label = client ? message("Your message") : message("Your reply"),
                          .value = page_.canned.text,
                          .required = true,
                          .rows = 7},
                         files(),
                         {.kind = FieldKind::hidden, .name = "seen", .value = seen}},
              .with_files = true,
              .once = true};
    if (!page_.ticket.is_open()) form.note = message("Writing opens the ticket again.");
    Dictionary section = values_.section("MAY_REPLY");
    section.show(client ? "TO_STAFF" : "TO_CLIENT");
    fill_canned_offer(section, page_.canned, page_.ticket.id);
    put(section, "REPLY", TicketForm::reply, std::move(form));
  }

  void fill_note() {
    put(values_.section("MAY_NOTE"), "NOTE", TicketForm::note,
        {.action = address_ + "/replies",
         .submit = message("Keep as internal note"),
         .fields = {{.kind = FieldKind::lines,
                     .name = "body",
                     .label = message("Internal note"),
                     .hint = message("Only staff sees it. It is never mailed."),
                     .required = true,
                     .rows = 4},
                    files(),
                    {.kind = FieldKind::hidden, .name = "internal", .value = "1"}},
         .with_files = true,
         .tone = "warning"});
  }

  void fill_assignment() {
    Dictionary section = values_.section("MAY_ASSIGN");
    const auto me = viewer_.user;
    if (!page_.ticket.assignee) {
      Dictionary claimable = section.section("CLAIMABLE");
      fill_form(claimable, "CLAIM",
                button_form(address_ + "/assignment", message("Assign to me"), "primary"));
    } else if (me && page_.ticket.assignee != me) {
      Dictionary claimable = section.section("CLAIMABLE");
      fill_form(claimable, "CLAIM",
                button_form(address_ + "/assignment", message("Take over"), "secondary",
                            {{"assignee", me->text()}}));
    }
    std::vector<Choice> people{{"0", message("Nobody")}};
    for (const auto& person : page_.people) {
      people.push_back({person.id.text(), message("{}", {person.username})});
    }
    put(section, "ASSIGNMENT", TicketForm::assignment,
        {.action = address_ + "/assignment",
         .submit = message("Assign"),
         .fields = {{.kind = FieldKind::select,
                     .name = "assignee",
                     .label = message("Assignee"),
                     .value = page_.ticket.assignee ? page_.ticket.assignee->text() : "0",
                     .required = true,
                     .choices = std::move(people)}},
         .tone = "secondary"});
  }

  void fill_priority() {
    put(values_.section("MAY_PRIORITIZE"), "PRIORITY", TicketForm::priority,
        {.action = address_ + "/priority",
         .submit = message("Set the priority"),
         .fields = {{.kind = FieldKind::select,
                     .name = "priority",
                     .label = message("Priority"),
                     .value = std::string(text(page_.ticket.priority)),
                     .required = true,
                     .choices = priority_choices()}},
         .tone = "secondary"});
  }

  void fill_closure() {
    Form form{.action = address_ + "/closure",
              .submit = message("Close the ticket"),
              .fields = {},
              .tone = "secondary"};
    if (viewer_.is_client()) {
      form.submit = message("It is solved, close it");
      form.fields.push_back({.kind = FieldKind::hidden, .name = "status", .value = "closed"});
    } else {
      form.fields = {
          {.kind = FieldKind::select,
           .name = "status",
           .label = message("Close as"),
           .value = "closed",
           .required = true,
           .choices = {{"closed", message("Solved")}, {"nofix", message("Won't be fixed")}}},
          {.kind = FieldKind::lines,
           .name = "comment",
           .label = message("Comment"),
           .hint = message("The client sees it."),
           .rows = 3}};
    }
    put(values_.section("MAY_CLOSE"), "CLOSURE", TicketForm::closure, std::move(form));
  }

  void fill_reopening() {
    if (!may_reopen(viewer_, page_.ticket, page_.now)) return;
    put(values_.section("MAY_REOPEN"), "REOPENING", TicketForm::reopening,
        button_form(address_ + "/reopening", message("Reopen the ticket")));
  }

  Dictionary& values_;
  const TicketPage& page_;
  const Viewer& viewer_;
  const std::string address_;
};

/// Fills the section `list_name` unless there are none.
void fill_files(Dictionary& values, std::string_view list_name, TicketId ticket,
                const std::vector<Attachment>& attachments) {
  if (attachments.empty()) return;
  Dictionary list = values.section(list_name);
  for (const auto& attachment : attachments) {
    const auto address =
        fmt::format("/tickets/{}/attachments/{}", ticket.number(), attachment.id.number());
    Dictionary file = list.section("FILES");
    if (looks_like_picture(attachment)) file.section("PICTURE").set("VIEW", address + "?view=1");
    file.set("ADDRESS", address);
    file.set("NAME", attachment.name);
    file.set("SIZE", show_size(attachment.size));
  }
}

void fill_time(Dictionary& values, Instant instant) {
  values.set("TIME", instant);
  values.set("MACHINE_TIME", instant.text());
}

/// The mail an entry was, for those who may look at it.
void fill_mail(Dictionary& entry, const TicketEntry& told, const Viewer& viewer) {
  if (told.mail && viewer.is_helpdesk()) entry.section("RAW").set("MAIL", told.mail->number());
}

void fill_event(Dictionary entry, const TicketEntry& event, const Context& context) {
  fill_mail(entry, event, context.viewer);
  auto told = EventText::stored(event.body);
  if (told.event == TicketEvent::warned) {
    told.detail = context.services.renderer.show(Date::stored(told.detail));
  }
  entry.set("SENTENCE", describe(told, event.author_name));
  fill_time(entry, event.created_at);
  const bool closing = told.event == TicketEvent::closed || told.event == TicketEvent::nofix;
  const std::size_t first_line = told.detail.find('\n');
  if (first_line != std::string::npos && !closing) {
    entry.section("DETAILED").set("DETAIL", told.detail.substr(first_line + 1));
  }
  if (closing && !told.detail.empty()) entry.section("COMMENTED").set("COMMENT", told.detail);
}

std::string_view look_of(const TicketEntry& entry) {
  if (entry.kind == EntryKind::note) return "note";
  return entry.by_staff ? "staff" : "client";
}

/// Most entries have none of these: their sections stand in one.
void fill_marks(Dictionary& entry, const TicketEntry& text, const Viewer& viewer) {
  const bool internal = text.kind == EntryKind::note;
  const bool by_mail = text.source == EntrySource::mail;
  if (!internal && !by_mail && !text.mail) return;
  Dictionary marks = entry.section("MARKED");
  marks.show("INTERNAL", internal);
  marks.show("BY_MAIL", by_mail);
  fill_mail(marks, text, viewer);
}

void fill_below(Dictionary& entry, const TicketEntry& text) {
  if (text.quoted.empty() && text.attachments.empty()) return;
  Dictionary below = entry.section("BELOW");
  if (!text.quoted.empty()) below.section("QUOTING").set("QUOTED", text.quoted);
  fill_files(below, "ATTACHED", text.ticket, text.attachments);
}

void fill_text(Dictionary entry, const TicketEntry& text, const Context& context) {
  entry.set("LOOK", look_of(text));
  entry.set("AUTHOR", text.author_name.empty() ? context.site().name : text.author_name);
  if (text.by_staff && text.kind == EntryKind::reply) entry.show("BY_STAFF");
  entry.set("BODY", text.body);
  fill_time(entry, text.created_at);
  fill_marks(entry, text, context.viewer);
  fill_below(entry, text);
}

/// The opening texts, its own and those of what was merged into it, oldest first.
std::vector<MergedOpening> openings_of(const TicketPage& page) {
  auto openings = page.merged;
  openings.push_back({page.ticket.id, page.ticket.subject, page.ticket.body, page.ticket.opened_at,
                      page.opening_attachments});
  std::ranges::stable_sort(openings, {}, [](const MergedOpening& each) {
    return std::pair(each.opened_at, each.ticket);
  });
  return openings;
}

void fill_opening(Dictionary values, const MergedOpening& opening, const TicketPage& page) {
  values.set("OPENED_BY", page.names.client);
  values.set("OPENING", opening.body);
  fill_time(values, opening.opened_at);
  if (opening.ticket == page.ticket.id) {
    values.show("OWN");
    if (page.opening_mail && page.context.viewer.is_helpdesk()) {
      values.section("OPENED_RAW").set("MAIL", page.opening_mail->number());
    }
  } else {
    Dictionary merged = values.section("MERGED");
    merged.set("MERGED_NUMBER", opening.ticket.number());
    merged.set("MERGED_SUBJECT", opening.subject);
  }
  fill_files(values, "OPENED_WITH", opening.ticket, opening.attachments);
}

void fill_thread(Dictionary& values, const TicketPage& page) {
  const auto openings = openings_of(page);
  auto opening = openings.begin();
  const auto fill_openings_before = [&](std::optional<Instant> end) {
    for (; opening != openings.end() && (!end || opening->opened_at <= *end); ++opening) {
      fill_opening(values.section("ENTRIES").section("START"), *opening, page);
    }
  };
  for (const auto& entry : page.entries) {
    fill_openings_before(entry.created_at);
    Dictionary round = values.section("ENTRIES");
    round.set("ENTRY", entry.id.number());
    if (entry.kind == EntryKind::event) {
      fill_event(round.section("EVENT"), entry, page.context);
    } else {
      fill_text(round.section("TEXT"), entry, page.context);
    }
  }
  fill_openings_before(std::nullopt);
}

void fill_target(Dictionary& values, std::string_view name, const std::optional<Instant>& due,
                 Instant now) {
  if (!due) return;
  Dictionary target = values.section(name);
  target.set("DUE", shown_due(*due, now));
  target.set("TONE", *due < now ? "danger" : "secondary");
  target.set("TIME", *due);
}

void fill_facts(Dictionary& values, const TicketPage& page) {
  const auto& ticket = page.ticket;
  const auto& viewer = page.context.viewer;
  values.set("STATUS", shown(ticket.status, ticket.waiting_for, viewer));
  values.set("TONE", tone(ticket.status, ticket.waiting_for));
  values.set("OPENED", ticket.opened_at);
  if (ticket.order) {
    Dictionary order = values.section("ORDERED");
    order.set("ORDER", ticket.order->number());
    order.set("ORDER_NAME", page.names.order);
    const auto status = parse_order_status(page.names.order_status);
    order.set("ORDER_STATUS", status ? shown(*status) : Message{});
  }
  if (!viewer.is_staff()) return;
  Dictionary staff = values.section("STAFF_FACTS");
  staff.set("CLIENT", page.names.client);
  staff.set("ASSIGNEE", page.names.assignee.empty() ? "–" : page.names.assignee);
  staff.set("PRIORITY", shown(ticket.priority));
  fill_target(staff, "FIRST_REPLY", ticket.due.reply_due, page.now);
  fill_target(staff, "SOLUTION", ticket.due.solution_due, page.now);
  fill_side(staff, page);
  staff.show("MANAGED", viewer.is_admin());
  fill_rating(values, page.rating);
}

void fill_others(Dictionary& values, const TicketPage& page) {
  if (page.others.empty()) return;
  Dictionary others = values.section("OTHERS");
  others.set("CLIENT", page.names.client);
  for (const auto& row : page.others) {
    Dictionary other = others.section("TICKETS");
    other.set("OTHER", row.id.number());
    other.set("SUBJECT", row.subject);
  }
}

}  // namespace

void fill(Dictionary& values, const TicketPage& page) {
  values.set("NUMBER", page.ticket.id.number());
  values.set("SUBJECT", page.ticket.subject);
  fill_facts(values, page);
  fill_thread(values, page);
  fill_others(values, page);
  TicketForms(values, page).fill();
  if (!page.context.viewer.is_helpdesk()) return;
  fill_links(values, page);
  fill_presence(values, page);
  fill_meanwhile(values, page);
  values.include("KEYS", "ticket/_keys.html");
}

TicketPage ticket_page(const Context& context, TicketId id) {
  const auto& viewer = context.viewer;
  return context.database().read([&](Transaction& tx) {
    auto ticket = require_ticket(tx, viewer, id);
    auto thread = read_ticket_thread(tx, viewer, id);
    TicketPage page{.context = context,
                    .ticket = std::move(ticket),
                    .names = require_ticket_names(tx, id),
                    .opening_attachments = std::move(thread.opening_attachments),
                    .entries = std::move(thread.entries),
                    .others = {},
                    .people = {},
                    .now = tx.now(),
                    .merged = std::move(thread.merged)};
    if (viewer.is_staff()) page.side = find_ticket_side(tx, page.ticket);
    if (viewer.is_helpdesk()) {
      page.opening_mail = find_opening_mail(tx, id);
      page.others = list_other_open_tickets(tx, page.ticket, other_tickets_shown);
      page.people = list_helpdesk_people(tx);
      page.linked = list_linked_tickets(tx, id);
      page.orders = list_order_choices(tx, page.ticket.client, orders_to_choose);
      page.present = list_present(tx, viewer, id);
      page.canned = canned_offer(tx, context, id);
      page.rating = find_newest_rating(tx, id);
    }
    return page;
  });
}

}  // namespace cstims
