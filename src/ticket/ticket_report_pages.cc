#include "ticket/ticket_report_pages.h"

#include <fmt/format.h>

#include "html/chart_view.h"
#include "html/form_view.h"
#include "ticket/ticket_rating.h"
#include "ticket/ticket_report.h"

namespace cstims {
namespace {

constexpr std::string_view path = "/helpdesk/report";
constexpr int months_shown = 12;
constexpr int months_offered = 36;
constexpr std::int64_t minutes_per_tenth = 6;  // of an hour: what the chart counts in

struct ReportPage {
  static constexpr std::string_view view = "ticket/report.html";
  const Renderer& renderer;
  std::vector<Date> offered;  // first days, newest first
  TicketReport report;
  Message title() const { return message("Helpdesk report"); }
};

/// "Nov 2026".
std::string month_name(const Renderer& renderer, Date first_day) {
  const auto shown = renderer.show(first_day);
  return shown.substr(shown.find(' ') + 1);
}

std::vector<Date> offered_months(Date today) {
  std::vector<Date> months;
  const Date this_month = Date::stored(today.month_text() + "-01");
  for (int back = 0; back < months_offered; ++back) {
    months.push_back(this_month.plus_months(-back, 1));
  }
  return months;
}

std::vector<Cell> cells_of(std::string label, const TicketFigures& figures) {
  return {{.text = std::move(label)},
          {.text = std::to_string(figures.opened)},
          {.text = std::to_string(figures.closed)},
          {.text = std::to_string(figures.nofix)},
          {.text = std::to_string(figures.reopened)},
          {.text = show_minutes(figures.first_reply)},
          {.text = show_minutes(figures.solution)},
          {.text = fmt::format("{} / {}", figures.good, figures.bad)}};
}

ListView table(Message first_column, Message caption) {
  return {.path = std::string(path),
          .empty = message("Nothing happened."),
          .columns = {{std::move(first_column)},
                      {message("Opened"), "", true},
                      {message("Closed"), "", true},
                      {message("Won't be fixed"), "", true},
                      {message("Reopened"), "", true},
                      {message("First reply"), "", true},
                      {message("Solution"), "", true},
                      {message("Good / bad"), "", true}},
          .rows = {},
          .caption = std::move(caption),
          .plain = true};
}

void fill_groups(Dictionary& values, std::string_view name, const ReportPage& page,
                 const std::vector<GroupFigures>& groups, ListView list, const Message& nameless) {
  for (const auto& group : groups) {
    list.rows.push_back(cells_of(
        group.name.empty() ? page.renderer.translate(nameless) : group.name, group.figures));
  }
  fill_list(values, name, list);
}

/// One series a figure; `sign` -1 hangs it below the line.
ChartSeries series(const ReportPage& page, const Message& name,
                   std::int64_t (*value)(const TicketFigures&)) {
  ChartSeries series{page.renderer.translate(name), {}};
  for (const auto& month : page.report.months) series.values.push_back(value(month.figures));
  return series;
}

std::vector<std::string> labels(const ReportPage& page) {
  std::vector<std::string> names;
  for (const auto& month : page.report.months) {
    names.push_back(month_name(page.renderer, month.first_day));
  }
  return names;
}

void fill_charts(Dictionary& values, const ReportPage& page) {
  using Figures = TicketFigures;
  fill_chart(
      values, "TICKETS_CHART",
      {.title = message("Opened and closed tickets by month"),
       .description = message("Opened tickets stand above the line, closed ones hang below it; the "
                              "table below has the figures."),
       .labels = labels(page),
       .series = {
           series(page, message("Opened"), [](const Figures& f) { return f.opened; }),
           series(page, message("Closed"), [](const Figures& f) { return -f.closed; }),
           series(page, message("Won't be fixed"), [](const Figures& f) { return -f.nofix; })}});
  fill_chart(
      values, "WAITING_CHART",
      {.title = message("Hours to the first reply by month"),
       .description = message("One bar a month, the median of the hours from opening to our first "
                              "reply; the table below has the figures."),
       .labels = labels(page),
       .series = {series(
           page, message("First reply"),
           [](const Figures& f) { return f.first_reply.value_or(0) / minutes_per_tenth; })},
       .unit = 10,
       .sign = "h"});
  fill_chart(
      values, "RATINGS_CHART",
      {.title = message("Ratings by month"),
       .description = message("Good ones stand above the line, bad ones hang below it; the "
                              "table below has the figures."),
       .labels = labels(page),
       .series = {series(page, shown_rating(true), [](const Figures& f) { return f.good; }),
                  series(page, shown_rating(false), [](const Figures& f) { return -f.bad; })}});
}

void fill_chooser(Dictionary& values, const ReportPage& page) {
  std::vector<Choice> months;
  for (const auto& month : page.offered) {
    months.push_back({month.month_text(), message("{}", {month_name(page.renderer, month)})});
  }
  fill_form(values, "CHOOSER",
            {.action = std::string(path),
             .submit = message("Show"),
             .fields = {{.kind = FieldKind::select,
                         .name = "month",
                         .label = message("Month"),
                         .value = page.report.months.back().first_day.month_text(),
                         .required = true,
                         .choices = std::move(months)}},
             .tone = "secondary",
             .method = "get"});
}

void fill_comments(Dictionary& values, const ReportPage& page) {
  if (page.report.comments.empty()) return;
  Dictionary said = values.section("SAID");
  for (const auto& comment : page.report.comments) {
    Dictionary one = said.section("COMMENTS");
    one.set("TICKET", comment.ticket);
    one.set("ANSWER", shown_rating(comment.good));
    one.set("TONE", comment.good ? "success" : "danger");
    one.set("COMMENT", comment.comment);
  }
}

void fill(Dictionary& values, const ReportPage& page) {
  const auto& now = page.report.months.back();
  const auto month = now.first_day.month_text();
  values.set("MONTH", month_name(page.renderer, now.first_day));
  values.set("CSV", fmt::format("{}?month={}&format=csv", path, month));
  values.set("OPENED", now.figures.opened);
  values.set("ENDED", now.figures.ended());
  values.set("REOPENED", now.figures.reopened);
  values.set("FIRST_REPLY", show_minutes(now.figures.first_reply));
  values.set("SOLUTION", show_minutes(now.figures.solution));
  values.set("GOOD", now.figures.good);
  values.set("RATINGS", now.figures.good + now.figures.bad);
  fill_chooser(values, page);
  fill_charts(values, page);
  auto months = table(message("Month"), message("Tickets by month"));
  for (const auto& each : page.report.months) {
    months.rows.insert(months.rows.begin(),
                       cells_of(month_name(page.renderer, each.first_day), each.figures));
  }
  fill_list(values, "MONTHS", months);
  fill_groups(values, "PEOPLE", page, page.report.people,
              table(message("Person"), message("Tickets by person")), message("Nobody"));
  fill_groups(values, "SERVICES", page, page.report.services,
              table(message("Service"), message("Tickets by service")), message("No order"));
  fill_comments(values, page);
}

std::string minutes_text(std::optional<std::int64_t> minutes) {
  return minutes ? std::to_string(*minutes) : "";
}

Response csv_of(const ReportPage& page) {
  auto file = csv_row({"month", "of", "name", "opened", "closed", "nofix", "reopened",
                       "median_first_reply_minutes", "median_solution_minutes", "good", "bad"});
  const auto add = [&](Date month, const char* of, const std::string& name,
                       const TicketFigures& figures) {
    file += csv_row({month.month_text(), of, name, std::to_string(figures.opened),
                     std::to_string(figures.closed), std::to_string(figures.nofix),
                     std::to_string(figures.reopened), minutes_text(figures.first_reply),
                     minutes_text(figures.solution), std::to_string(figures.good),
                     std::to_string(figures.bad)});
  };
  for (const auto& month : page.report.months) add(month.first_day, "all", "", month.figures);
  const Date month = page.report.months.back().first_day;
  for (const auto& person : page.report.people) {
    add(month, "person", person.name, person.figures);
  }
  for (const auto& service : page.report.services) {
    add(month, "service", service.name, service.figures);
  }
  return Response::csv(fmt::format("helpdesk-{}.csv", month.month_text()), std::move(file));
}

}  // namespace

Response show_ticket_report(Context& context) {
  const auto page = context.database().read([&](Transaction& tx) {
    auto offered = offered_months(tx.today());
    ListingRules rules{{}, {{"month", {}}}};
    for (const auto& month : offered) rules.filters["month"].push_back(month.month_text());
    const auto listing = parse_listing(context.request.query, rules);
    const auto wanted = listing.filter("month");
    const Date month = wanted.empty() ? offered.front() : Date::stored(wanted + "-01");
    auto report = ticket_report(tx, context.site().zone, month, months_shown);
    return std::pair(ReportPage{context.services.renderer, std::move(offered), std::move(report)},
                     listing.csv);
  });
  if (page.second) return csv_of(page.first);
  return render(context, page.first);
}

}  // namespace cstims
