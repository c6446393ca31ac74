#include "invoice/closed_period_pages.h"

#include "base/failure.h"
#include "invoice/closed_period.h"

namespace cstims {

namespace {

constexpr std::string_view path = "/accounting/periods";

struct PeriodsPage {
  static constexpr std::string_view view = "invoice/closed_periods.html";
  const Context& context;
  std::optional<Month> closed;
  std::optional<Month> next;
  std::vector<ClosedPeriod> periods;
  const Refusal* refusal = nullptr;
  bool reopening_refused = false;
  Message title() const { return message("Closed months"); }
};

Form closing_form(const Month& month) {
  return {.action = std::string(path),
          .submit = message("Close this month"),
          .fields = {{.kind = FieldKind::hidden, .name = "month", .value = month.text()}},
          .confirm = message("Close this month? Nothing can be dated into it, or before it, any "
                             "more.")};
}

Form reopening_form(const Month& month) {
  return {.action = std::string(path) + "/" + month.text() + "/reopening",
          .submit = message("Reopen"),
          .fields = {{.name = "reason",
                      .label = message("Reason"),
                      .hint = message("It stays on record, with your name."),
                      .required = true}},
          .tone = "danger",
          .confirm = message("Reopen this month? What was reported to the tax office may change.")};
}

ListView list_of(const PeriodsPage& page) {
  const auto& renderer = page.context.services.renderer;
  ListView list{.path = std::string(path),
                .empty = message("No month was closed yet."),
                .columns = {{message("Month")}, {message("Closed")}, {message("Reopened")}},
                .rows = {},
                .caption = message("Closed months"),
                .plain = true};
  for (const auto& period : page.periods) {
    const bool open = period.reopened_at.has_value();
    list.rows.push_back({{.text = renderer.translate(shown(period.month))},
                         {.text = renderer.show(period.closed_at), .detail = period.closed_by},
                         {.text = open ? renderer.show(*period.reopened_at) : "–",
                          .detail = open ? period.reopened_by + ": " + period.reason : ""}});
  }
  return list;
}

void fill(Dictionary& values, const PeriodsPage& page) {
  const auto& renderer = page.context.services.renderer;
  if (page.closed) {
    values.section("CLOSED").set("MONTH", renderer.translate(shown(*page.closed)));
  }
  if (page.next) {
    Dictionary next = values.section("TO_CLOSE");
    next.set("MONTH", renderer.translate(shown(*page.next)));
    fill_form(next, "CLOSING", closing_form(*page.next),
              page.reopening_refused ? nullptr : page.refusal);
  } else {
    values.show("NOTHING_TO_CLOSE");
  }
  if (page.closed && page.context.viewer.is_admin()) {
    Dictionary reopen = values.section("MAY_REOPEN");
    reopen.set("MONTH", renderer.translate(shown(*page.closed)));
    fill_form(reopen, "REOPENING", reopening_form(*page.closed),
              page.reopening_refused ? page.refusal : nullptr, &page.context.request.form);
  }
  fill_list(values, "PERIODS", list_of(page));
}

PeriodsPage load_page(const Context& context) {
  return context.database().read([&](Transaction& tx) {
    return PeriodsPage{context, closed_through(tx), next_month_to_close(tx),
                       list_closed_periods(tx)};
  });
}

Response refused_page(Context& context, const Refusal& refusal, bool reopening) {
  auto page = load_page(context);
  page.refusal = &refusal;
  page.reopening_refused = reopening;
  return render(context, page, 422);
}

}  // namespace

Response show_closed_periods(Context& context) {
  return render(context, load_page(context));
}

Response create_closed_period(Context& context) {
  FormReader reader(context.request.form);
  const auto typed = reader.finish(reader.line("month", {.required = true, .longest = 7}));
  if (!typed) return refused_page(context, typed.error(), false);
  const auto month = Month::parse(*typed);
  if (!month) return refused_page(context, month.error(), false);
  const auto closed = context.act([&](Act& act) { return close_month(act, *month); });
  if (!closed) return refused_page(context, closed.error(), false);
  return context.redirect(path, message("The month is closed."));
}

Response create_period_reopening(Context& context) {
  const auto& named = context.request.path_values.at(0);
  const auto month = Month::parse(named);
  const auto newest = context.database().read([](Transaction& tx) { return closed_through(tx); });
  if (!month || !newest || *month > *newest) throw NotFound("no such month is closed");
  FormReader reader(context.request.form);
  const auto reason = reader.finish(reader.line("reason", {.required = true, .longest = 300}));
  if (!reason) return refused_page(context, reason.error(), true);
  const auto reopened = context.act([&](Act& act) { return reopen_month(act, *month, *reason); });
  if (!reopened) return refused_page(context, reopened.error(), true);
  return context.redirect(path, message("The month is open again."));
}

}  // namespace cstims
