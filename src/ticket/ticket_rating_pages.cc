#include "ticket/ticket_rating_pages.h"

#include "account/form_fields.h"
#include "base/failure.h"
#include "ticket/ticket_rating_actions.h"
#include "ticket/ticket_rating_store.h"

namespace cstims {
namespace {

struct RatingPage {
  static constexpr std::string_view view = "ticket/rating.html";
  std::string address;
  Closing closing;
  std::string answer;
  std::optional<Rating> rating;
  bool open;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("How did we do?"); }
};

void fill(Dictionary& values, const RatingPage& page) {
  values.set("NUMBER", page.closing.ticket.number());
  if (page.rating) {
    Dictionary said = values.section("SAID");
    said.set("ANSWER", shown_rating(page.rating->good));
    said.set("TONE", page.rating->good ? "success" : "danger");
    if (!page.open && !page.rating->comment.empty()) {
      said.section("COMMENTED").set("COMMENT", page.rating->comment);
    }
  }
  values.show("OVER", !page.open);
  if (!page.open) return;
  Dictionary asked = values.section("ASKED");
  fill_form(asked, "FORM",
            {.action = page.address,
             .submit = page.rating ? message("Change my answer") : message("Send my answer"),
             .fields = {{.kind = FieldKind::select,
                         .name = "answer",
                         .label = message("Your answer"),
                         .value = page.answer,
                         .required = true,
                         .choices = {{"", message("Choose")},
                                     {"good", shown_rating(true)},
                                     {"bad", shown_rating(false)}}},
                        {.kind = FieldKind::lines,
                         .name = "comment",
                         .label = message("What should we know?"),
                         .value = page.rating ? page.rating->comment : "",
                         .hint = message("Only our staff reads it. For an answer write on the "
                                         "ticket itself."),
                         .rows = 4}}},
            page.refusal, page.typed);
}

std::string code_of(const Context& context) {
  return context.request.path_values.at(0);
}

/// Nobody learns from a wrong code whether there is such a ticket.
RatingPage rating_page(const Context& context) {
  const auto code = code_of(context);
  return context.database().read([&](Transaction& tx) {
    const auto closing = find_closing(tx, code);
    if (!closing) throw NotFound("no such rating");
    auto rating = find_rating(tx, *closing);
    const bool open = !rating || may_change(*rating, tx.now());
    std::string answer = context.request.query_value("answer");
    if (answer != "good" && answer != "bad") answer = "";
    if (answer.empty() && rating) answer = rating->good ? "good" : "bad";
    return RatingPage{.address = "/ratings/" + code,
                      .closing = *closing,
                      .answer = answer,
                      .rating = std::move(rating),
                      .open = open};
  });
}

Response again(const Context& context, const Refusal& refusal) {
  auto page = rating_page(context);
  page.refusal = &refusal;
  page.typed = &context.request.form;
  return with_secret_address(render(context, page, 422));
}

}  // namespace

Response show_rating(Context& context) {
  return with_secret_address(render(context, rating_page(context)));
}

Response create_rating(Context& context) {
  const auto page = rating_page(context);
  const auto wanted = parse_rating(context.request.form);
  if (!wanted) return again(context, wanted.error());
  const auto done =
      context.act([&](Act& act) { return rate_closing(act, code_of(context), *wanted); });
  if (!done) return again(context, done.error());
  return context.redirect(page.address, message("Thank you for your answer."));
}

void fill_rating(Dictionary& values, const std::optional<Rating>& rating) {
  if (!rating) return;
  Dictionary rated = values.section("RATED");
  rated.set("RATING", shown_rating(rating->good));
  rated.set("RATING_TONE", rating->good ? "success" : "danger");
  if (!rating->comment.empty()) rated.section("RATING_COMMENTED").set("COMMENT", rating->comment);
}

}  // namespace cstims
