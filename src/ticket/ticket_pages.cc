#include "ticket/ticket_pages.h"

#include "base/failure.h"
#include "http/upload_check.h"
#include "ticket/picture.h"
#include "ticket/ticket_actions.h"
#include "ticket/ticket_page.h"

namespace cstims {
namespace {

constexpr int orders_to_choose = 100;

struct NewTicketPage {
  static constexpr std::string_view view = "ticket/new.html";
  std::vector<std::pair<OrderId, std::string>> orders;
  std::string chosen_order;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Open a ticket"); }
};

void fill(Dictionary& values, const NewTicketPage& page) {
  std::vector<Choice> orders{{"", message("None of them")}};
  for (const auto& [id, name] : page.orders) {
    orders.push_back({id.text(), message("{} (#{})", {name, id.text()})});
  }
  fill_form(values, "FORM",
            {.action = "/openticket",
             .submit = message("Open the ticket"),
             .fields = {{.kind = FieldKind::select,
                         .name = "order",
                         .label = message("Which order is it about?"),
                         .value = page.chosen_order,
                         .choices = std::move(orders)},
                        {.name = "subject", .label = message("Subject"), .required = true},
                        {.kind = FieldKind::lines,
                         .name = "body",
                         .label = message("What is the matter?"),
                         .hint = message("What you did, what you expected, what happened instead."),
                         .required = true,
                         .rows = 10},
                        {.kind = FieldKind::file,
                         .name = "attachment",
                         .label = message("Files"),
                         .hint = message("Pictures, PDF, text, office documents or ZIP; at most "
                                         "10 MiB each."),
                         .multiple = true,
                         .accept = allowed_attachment_types()}},
             .with_files = true,
             .once = true},
            page.refusal, page.typed);
}

NewTicketPage new_ticket_page(const Context& context) {
  const auto client = context.viewer.require_user();
  return {.orders = context.database().read(
              [&](Transaction& tx) { return list_order_choices(tx, client, orders_to_choose); }),
          .chosen_order = context.request.query_value("order")};
}

TicketId ticket_of(const Context& context) {
  return context.request.path_id<Ticket>();
}

Response refused(const Context& context, TicketForm form, const Refusal& refusal) {
  auto page = ticket_page(context, ticket_of(context));
  page.refused = form;
  page.refusal = &refusal;
  return render(context, page, 422);
}

Response back_to_ticket(const Context& context, const Message& flash) {
  return context.redirect("/tickets/" + ticket_of(context).text(), flash);
}

/// A ticket that the viewer may not see does not exist, and who only reads it may not act on it,
/// whatever the form says.
void require_may_act(const Context& context) {
  context.database().read(
      [&](Transaction& tx) { require_ticket(tx, context.viewer, ticket_of(context)); });
  if (!context.viewer.is_client() && !context.viewer.is_helpdesk()) {
    throw Forbidden("only its client and the helpdesk act on a ticket");
  }
}

Result<TicketEntryId> reply(const Context& context, const NewReply& reply) {
  return context.act([&](Act& act) {
    auto entry = reply_to_ticket(act, ticket_of(context), reply);
    if (entry) keep_files(context.services.files, reply.attachments);
    return entry;
  });
}

}  // namespace

Response new_ticket(Context& context) {
  return render(context, new_ticket_page(context));
}

Response create_ticket(Context& context) {
  const auto again = [&](const Refusal& refusal) {
    auto page = new_ticket_page(context);
    page.refusal = &refusal;
    page.typed = &context.request.form;
    return render(context, page, 422);
  };
  const auto wanted = parse_new_ticket(context.request.form);
  if (!wanted) return again(wanted.error());
  if (const auto clean = check_uploads(context); !clean) return again(clean.error());
  const auto ticket = context.act([&](Act& act) {
    auto opened = open_ticket(act, *wanted);
    if (opened) keep_files(context.services.files, wanted->attachments);
    return opened;
  });
  if (!ticket) return again(ticket.error());
  return context.redirect(
      "/tickets/" + ticket->text(),
      message("Your ticket has the number #{}. We will answer here and by mail.",
              {ticket->text()}));
}

Response show_ticket(Context& context) {
  const auto page = ticket_page(context, ticket_of(context));
  if (!page.ticket.merged_into) return render(context, page);
  const auto living = context.database().read(
      [&](Transaction& tx) { return follow_merged(tx, *page.ticket.merged_into); });
  return context.redirect("/tickets/" + living.text());
}

Response create_reply(Context& context) {
  require_may_act(context);
  const bool internal = context.request.form.find("internal") != nullptr;
  const auto form = internal ? TicketForm::note : TicketForm::reply;
  const auto wanted = parse_reply(context.request.form, context.viewer);
  if (!wanted) return refused(context, form, wanted.error());
  if (const auto clean = check_uploads(context); !clean) {
    return refused(context, form, clean.error());
  }
  const auto entry = reply(context, *wanted);
  if (!entry) return refused(context, form, entry.error());
  return back_to_ticket(context, wanted->internal ? message("The note was kept.")
                                                  : message("Your message was sent."));
}

Response create_assignment(Context& context) {
  require_may_act(context);
  const auto wanted = parse_assignment(context.request.form);
  if (!wanted) return refused(context, TicketForm::assignment, wanted.error());
  const auto done =
      context.act([&](Act& act) { return assign_ticket(act, ticket_of(context), *wanted); });
  if (!done) return refused(context, TicketForm::assignment, done.error());
  return back_to_ticket(context, wanted->to == Assignment::To::nobody
                                     ? message("The ticket is nobody's now.")
                                     : message("The ticket was assigned."));
}

Response update_ticket_priority(Context& context) {
  require_may_act(context);
  const auto wanted = parse_priority(context.request.form);
  if (!wanted) return refused(context, TicketForm::priority, wanted.error());
  const auto done =
      context.act([&](Act& act) { return prioritize_ticket(act, ticket_of(context), *wanted); });
  if (!done) return refused(context, TicketForm::priority, done.error());
  return back_to_ticket(context, message("The priority was set."));
}

Response create_closure(Context& context) {
  require_may_act(context);
  const auto wanted = parse_closure(context.request.form);
  if (!wanted) return refused(context, TicketForm::closure, wanted.error());
  const auto done =
      context.act([&](Act& act) { return close_ticket(act, ticket_of(context), *wanted); });
  if (!done) return refused(context, TicketForm::closure, done.error());
  return back_to_ticket(context, message("The ticket was closed."));
}

Response create_reopening(Context& context) {
  require_may_act(context);
  require_no_fields(context.request.form);
  const auto done = context.act([&](Act& act) { return reopen_ticket(act, ticket_of(context)); });
  if (!done) return refused(context, TicketForm::reopening, done.error());
  return back_to_ticket(context, message("The ticket is open again."));
}

Response download_attachment(Context& context) {
  const auto id = context.request.path_id<Attachment>(1);
  const auto attachment = context.database().read(
      [&](Transaction& tx) { return find_attachment(tx, context.viewer, ticket_of(context), id); });
  if (!attachment) throw NotFound("no such attachment for this viewer");
  const auto path = context.services.files.path(attachment->sha256).string();
  if (context.request.query_value("view").empty()) {
    return Response::download_file(attachment->name, attachment->media_type, path);
  }
  const auto type = shown_type(*attachment, path);
  if (!type) throw NotFound("not a picture that may be shown");
  return Response::show_picture(attachment->name, *type, path);
}

}  // namespace cstims
