#include "ticket/ticket_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ticket/ticket.h"

namespace cstims {
namespace {

constexpr int most_comments = 50;

constexpr Statement list_opened{"tickets opened between", R"(
  select opened_at, first_reply_at
  from tickets
  where opened_at >= :from
    and opened_at < :to
  order by opened_at)"};

constexpr Statement list_endings{"tickets closed and reopened between", R"(
  select created_at, outcome, ticket_opened_at as opened_at
  from ticket_entries
  where outcome is not null
    and created_at >= :from
    and created_at < :to
  order by created_at)"};

constexpr Statement list_ratings{"tickets rated between", R"(
  select first_rated_at, good
  from ticket_ratings
  where first_rated_at >= :from
    and first_rated_at < :to
  order by first_rated_at)"};

#define GROUPS "users.username as person, services.name as service"
#define GROUP_NAMES                                    \
  "left join users on users.id = tickets.assignee_id " \
  "left join orders on orders.id = tickets.order_id "  \
  "left join services on services.id = orders.service_id "

constexpr Statement list_opened_of_groups{"tickets opened, by person and service",
                                          "select opened_at, first_reply_at, " GROUPS
                                          " from tickets " GROUP_NAMES
                                          "where opened_at >= :from and opened_at < :to"};

constexpr Statement list_endings_of_groups{
    "tickets closed and reopened, by person and service",
    "select entries.created_at, entries.outcome, tickets.opened_at, " GROUPS
    " from ticket_entries entries join tickets on tickets.id = entries.ticket_id " GROUP_NAMES
    "where entries.outcome is not null"
    " and entries.created_at >= :from and entries.created_at < :to"};

constexpr Statement list_ratings_of_groups{
    "tickets rated, by person and service",
    "select good, comment, ratings.ticket_id, " GROUPS
    " from ticket_ratings ratings join tickets on tickets.id = ratings.ticket_id " GROUP_NAMES
    "where first_rated_at >= :from and first_rated_at < :to order by ratings.id desc"};

std::int64_t minutes_between(Instant from, Instant to) {
  return std::max<std::int64_t>(0, to.unix_seconds() - from.unix_seconds()) / 60;
}

/// Figures while they are being counted.
struct Tally {
  TicketFigures figures;
  std::vector<std::int64_t> first_replies;
  std::vector<std::int64_t> solutions;

  void add_opened(const Row& row) {
    ++figures.opened;
    const auto replied = row.maybe_instant("first_reply_at");
    if (replied) first_replies.push_back(minutes_between(row.instant("opened_at"), *replied));
  }
  void add_event(const Row& row) {
    const auto event = parse_ticket_event(row.text("outcome"));
    if (event == TicketEvent::reopened) ++figures.reopened;
    if (event != TicketEvent::closed && event != TicketEvent::nofix) return;
    ++(event == TicketEvent::closed ? figures.closed : figures.nofix);
    solutions.push_back(minutes_between(row.instant("opened_at"), row.instant("created_at")));
  }
  void add_rating(const Row& row) { ++(row.flag("good") ? figures.good : figures.bad); }
  bool is_nothing() const {
    return figures.opened + figures.ended() + figures.reopened + figures.good + figures.bad == 0;
  }
  TicketFigures finish() {
    figures.first_reply = median(std::move(first_replies));
    figures.solution = median(std::move(solutions));
    return figures;
  }
};

struct Span {
  Instant from;
  Instant to;
  Parameters parameters() const { return {{"from", from}, {"to", to}}; }
};

std::vector<MonthFigures> figures_of_months(Transaction& tx, const TimeZone& zone, Date first_day,
                                            int count) {
  std::vector<Date> firsts;
  std::vector<Instant> ends;
  for (int back = count - 1; back >= 0; --back) firsts.push_back(first_day.plus_months(-back, 1));
  for (const auto& first : firsts) ends.push_back(zone.start_of(first.plus_months(1, 1)));
  const Span whole{zone.start_of(firsts.front()), ends.back()};
  std::vector<Tally> tallies(firsts.size());
  const auto tally = [&](const Statement& statement, std::string_view column,
                         void (Tally::*add)(const Row&)) {
    std::size_t month = 0;  // rows come in the order of time
    tx.each(statement, whole.parameters(), [&](const Row& row) {
      while (row.text(column) >= ends[month].text()) ++month;
      (tallies[month].*add)(row);
    });
  };
  tally(list_opened, "opened_at", &Tally::add_opened);
  tally(list_endings, "created_at", &Tally::add_event);
  tally(list_ratings, "first_rated_at", &Tally::add_rating);
  std::vector<MonthFigures> months;
  for (std::size_t n = 0; n < firsts.size(); ++n)
    months.push_back({firsts[n], tallies[n].finish()});
  return months;
}

using Tallies = std::map<std::string, Tally>;

std::vector<GroupFigures> groups_of(Tallies& tallies) {
  std::vector<GroupFigures> groups;
  for (auto& [name, tally] : tallies) {
    if (!tally.is_nothing()) groups.push_back({name, tally.finish()});
  }
  std::ranges::stable_sort(groups, std::ranges::greater(), [](const GroupFigures& group) {
    return group.figures.opened + group.figures.ended();
  });
  return groups;
}

void fill_groups(Transaction& tx, const Span& month, TicketReport& report) {
  Tallies people;
  Tallies services;
  const auto tally = [&](const Statement& statement, void (Tally::*add)(const Row&)) {
    tx.each(statement, month.parameters(), [&](const Row& row) {
      (people[row.maybe_text("person").value_or("")].*add)(row);
      (services[row.maybe_text("service").value_or("")].*add)(row);
    });
  };
  tally(list_opened_of_groups, &Tally::add_opened);
  tally(list_endings_of_groups, &Tally::add_event);
  tally(list_ratings_of_groups, &Tally::add_rating);
  report.people = groups_of(people);
  report.services = groups_of(services);
  tx.each(list_ratings_of_groups, month.parameters(), [&](const Row& row) {
    if (row.text("comment").empty() || report.comments.size() >= most_comments) return;
    report.comments.push_back({row.number("ticket_id"), row.flag("good"), row.text("comment")});
  });
}

constexpr Statement set_first_reply{"first reply to a ticket", R"(
  update tickets
  set first_reply_at = :now
  where id = :ticket
    and first_reply_at is null)"};

constexpr Statement set_outcome{"outcome of an event", R"(
  update ticket_entries
  set outcome = :outcome, ticket_opened_at = (select opened_at from tickets where id = :ticket)
  where id = :entry)"};

}  // namespace

TicketReport ticket_report(Transaction& tx, const TimeZone& zone, Date first_day, int count) {
  TicketReport report{.months = figures_of_months(tx, zone, first_day, count),
                      .people = {},
                      .services = {},
                      .comments = {}};
  fill_groups(tx, {zone.start_of(first_day), zone.start_of(first_day.plus_months(1, 1))}, report);
  return report;
}

std::optional<std::int64_t> median(std::vector<std::int64_t> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

std::string show_minutes(std::optional<std::int64_t> minutes) {
  constexpr std::int64_t hour = 60;
  constexpr std::int64_t day = 24 * hour;
  if (!minutes) return "–";
  if (*minutes < hour) return fmt::format("{} min", *minutes);
  if (*minutes < day) return fmt::format("{} h {} min", *minutes / hour, *minutes % hour);
  return fmt::format("{} d {} h", *minutes / day, *minutes % day / hour);
}

void note_first_reply(Transaction& tx, TicketId ticket) {
  tx.execute(set_first_reply, {{"ticket", ticket}, {"now", tx.now()}});
}

void note_outcome(Transaction& tx, TicketId ticket, TicketEntryId entry, TicketEvent event) {
  if (event != TicketEvent::closed && event != TicketEvent::nofix &&
      event != TicketEvent::reopened) {
    return;
  }
  tx.execute(set_outcome, {{"ticket", ticket}, {"entry", entry}, {"outcome", text(event)}});
}

}  // namespace cstims
