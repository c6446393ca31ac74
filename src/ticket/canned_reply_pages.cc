#include "ticket/canned_reply_pages.h"

#include "base/failure.h"
#include "base/text.h"
#include "ticket/canned_reply_actions.h"

namespace cstims {
namespace {

constexpr int most_offered = 500;
constexpr std::size_t shown_of_text = 90;

struct CannedRepliesPage {
  static constexpr std::string_view view = "ticket/canned_replies.html";
  const Renderer& renderer;
  Page<CannedReply> replies;
  Listing listing;
  Message title() const { return message("Canned replies"); }
};

void fill(Dictionary& values, const CannedRepliesPage& page) {
  ListView list{.path = "/cannedreplies",
                .empty = message("No canned replies yet."),
                .columns = {{message("Name"), "name"},
                            {message("Category"), "category"},
                            {message("Text")},
                            {message("Changed")}},
                .rows = {},
                .caption = message("Canned replies"),
                .total = page.replies.total,
                .more_than_counted = page.replies.more_than_counted};
  for (const auto& reply : page.replies.rows) {
    list.rows.push_back(
        {{.text = reply.content.name, .href = "/cannedreplies/" + reply.id.text()},
         {.text = reply.content.category.empty() ? "–" : reply.content.category},
         {.text = shorten(single_line(replace_all(reply.content.body, "\n", " ")), shown_of_text)},
         {.text = page.renderer.show(reply.changed_at)}});
  }
  fill_list(values, "LIST", list, page.listing);
}

Response canned_replies_csv(const std::vector<CannedReply>& replies) {
  auto file = csv_row({"id", "name", "category", "text", "changed_at"});
  for (const auto& reply : replies) {
    file += csv_row({reply.id.text(), reply.content.name, reply.content.category,
                     reply.content.body, reply.changed_at.text()});
  }
  return Response::csv("canned-replies.csv", std::move(file));
}

Form canned_reply_form(const CannedReply* reply) {
  Form form{.action = reply ? "/cannedreplies/" + reply->id.text() : "/cannedreplies",
            .submit = reply ? message("Save") : message("Add the canned reply"),
            .fields = {{.name = "name",
                        .label = message("Name"),
                        .value = reply ? reply->content.name : "",
                        .hint = message("What it is chosen by."),
                        .required = true,
                        .columns = 7},
                       {.name = "category",
                        .label = message("Category"),
                        .value = reply ? reply->content.category : "",
                        .columns = 5},
                       {.kind = FieldKind::lines,
                        .name = "body",
                        .label = message("Text"),
                        .value = reply ? reply->content.body : "",
                        .hint = message("Filled in from the ticket: {}.", {known_variables()}),
                        .required = true,
                        .rows = 12}}};
  if (reply) {
    form.fields.push_back(
        {.kind = FieldKind::hidden, .name = "version", .value = std::to_string(reply->version)});
  }
  return form;
}

struct NewCannedReplyPage {
  static constexpr std::string_view view = "ticket/new_canned_reply.html";
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Add a canned reply"); }
};

void fill(Dictionary& values, const NewCannedReplyPage& page) {
  fill_form(values, "FORM", canned_reply_form(nullptr), page.refusal, page.typed);
}

struct EditCannedReplyPage {
  static constexpr std::string_view view = "ticket/edit_canned_reply.html";
  CannedReply reply;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Canned reply {}", {reply.content.name}); }
};

void fill(Dictionary& values, const EditCannedReplyPage& page) {
  values.set("NAME", page.reply.content.name);
  fill_form(values, "FORM", canned_reply_form(&page.reply), page.refusal, page.typed);
  auto deletion = button_form("/cannedreplies/" + page.reply.id.text() + "/deletion",
                              message("Delete this text"), "danger");
  deletion.confirm = message("Delete {} for good?", {page.reply.content.name});
  fill_form(values, "DELETION", std::move(deletion));
}

CannedReply reply_of(const Context& context) {
  const auto id = context.request.path_id<CannedReply>();
  return context.database().read([&](Transaction& tx) { return require_canned_reply(tx, id); });
}

/// Read anew: the form then holds the version that another save would replace.
Response edit_again(const Context& context, const Refusal& refusal) {
  return render(context, EditCannedReplyPage{reply_of(context), &refusal, &context.request.form},
                422);
}

}  // namespace

Response list_canned_replies_page(Context& context) {
  const auto listing = parse_listing(context.request.query, canned_reply_listing_rules());
  auto replies =
      context.database().read([&](Transaction& tx) { return list_canned_replies(tx, listing); });
  if (listing.csv) return canned_replies_csv(replies.rows);
  return render(context, CannedRepliesPage{context.services.renderer, std::move(replies), listing});
}

Response new_canned_reply(Context& context) {
  return render(context, NewCannedReplyPage{});
}

Response create_canned_reply(Context& context) {
  const auto& form = context.request.form;
  FormReader reader(form);
  const auto wanted = parse_canned_reply(reader);
  if (!wanted) return render(context, NewCannedReplyPage{&wanted.error(), &form}, 422);
  const auto id = context.act([&](Act& act) { return add_canned_reply(act, *wanted); });
  if (!id) return render(context, NewCannedReplyPage{&id.error(), &form}, 422);
  return context.redirect("/cannedreplies", message("{} was added.", {wanted->name}));
}

Response edit_canned_reply_page(Context& context) {
  return render(context, EditCannedReplyPage{reply_of(context)});
}

Response update_canned_reply_entry(Context& context) {
  const auto id = context.request.path_id<CannedReply>();
  reply_of(context);
  FormReader reader(context.request.form);
  const auto version = reader.number("version", true).value_or(0);
  const auto wanted = parse_canned_reply(reader);
  if (!wanted) return edit_again(context, wanted.error());
  const auto done =
      context.act([&](Act& act) { return edit_canned_reply(act, id, *wanted, version); });
  if (!done) return edit_again(context, done.error());
  return context.redirect("/cannedreplies", message("{} was saved.", {wanted->name}));
}

Response delete_canned_reply_entry(Context& context) {
  const auto reply = reply_of(context);
  require_no_fields(context.request.form);
  context.act([&](Act& act) { delete_canned_reply(act, reply.id); });
  return context.redirect("/cannedreplies", message("{} was deleted.", {reply.content.name}));
}

Response show_canned_reply_text(Context& context) {
  const auto ticket = context.request.path_id<Ticket>(0);
  const auto reply = context.request.path_id<CannedReply>(1);
  return Response::text(context.database().read([&](Transaction& tx) {
    return write_canned_reply(tx, context.viewer, context.services.mailer, ticket, reply);
  }));
}

CannedOffer canned_offer(Transaction& tx, const Context& context, TicketId ticket) {
  CannedOffer offer{.replies = list_canned_reply_names(tx, most_offered), .text = {}};
  const auto asked = context.request.query_value("canned");
  if (asked.empty()) return offer;
  const auto id = CannedReplyId::parse(asked);
  if (!id) throw NotFound("no canned reply");
  offer.text = write_canned_reply(tx, context.viewer, context.services.mailer, ticket, *id);
  return offer;
}

void fill_canned_offer(Dictionary& values, const CannedOffer& offer, TicketId ticket) {
  if (offer.replies.empty()) return;
  const auto address = "/tickets/" + ticket.text();
  std::vector<Choice> choices{{"", message("Choose a text")}};
  for (const auto& reply : offer.replies) {
    choices.push_back({reply.id.text(), reply.category.empty()
                                            ? message("{}", {reply.name})
                                            : message("{}: {}", {reply.category, reply.name})});
  }
  Dictionary box = values.include("CANNED", "ticket/_canned.html");
  box.set("ADDRESS", address + "/cannedreplies/");
  fill_form(box, "CHOOSE",
            {.action = address,
             .submit = message("Insert"),
             .fields = {{.kind = FieldKind::select,
                         .name = "canned",
                         .label = message("Canned reply"),
                         .required = true,
                         .choices = std::move(choices)}},
             .tone = "secondary",
             .method = "get"});
}

}  // namespace cstims
