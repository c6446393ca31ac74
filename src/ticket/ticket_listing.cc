// Lists of tickets: the queue, a client's own, the admin's.
#include <fmt/format.h>

#include <algorithm>

#include "db/page_query.h"
#include "ticket/ticket_row.h"
#include "ticket/ticket_search.h"
#include "ticket/ticket_store.h"

namespace cstims {
namespace {

constexpr Statement newest_of_client{"newest tickets of a client", R"(
  select id, subject, status, waiting_for, client_id, '' as client_name, order_id,
    null as order_name, assignee_id, null as assignee_name, opened_at, last_entry_at, priority,
    due_at
  from tickets
  where client_id = :client
  order by id desc
  limit :limit)"};

/// Conditions built from constants alone, with their parameters.
struct Conditions {
  std::string text;
  Parameters parameters;

  void add(std::string_view condition) {
    text += (text.empty() ? "\n  where " : "\n    and ") + std::string(condition);
  }
  void add(std::string_view condition, std::string_view name, Value value) {
    add(condition);
    parameters.push_back({name, std::move(value)});
  }
};

Conditions conditions_of(const Viewer& viewer, const Listing& listing, Instant now) {
  Conditions conditions;
  const std::int64_t me = viewer.user ? viewer.user->number() : 0;
  if (!viewer.is_staff()) conditions.add("tickets.client_id = :viewer", "viewer", me);
  const auto status = listing.filter("status");
  // A word in the statement: a parameter could not lead SQLite to the index of open tickets.
  if (status == "open") {
    conditions.add("tickets.status = 'open'");
  } else if (!status.empty()) {
    conditions.add("tickets.status = :status", "status", status);
  }
  if (const auto waiting = listing.filter("waiting"); !waiting.empty()) {
    conditions.add("tickets.status = 'open'");
    conditions.add("tickets.waiting_for = :waiting", "waiting", waiting);
  }
  const auto assignee = listing.filter("assignee");
  if (assignee == "mine") conditions.add("tickets.assignee_id = :me", "me", me);
  if (assignee == "unassigned") conditions.add("tickets.assignee_id is null");
  if (const auto priority = parse_ticket_priority(listing.filter("priority"))) {
    conditions.add("tickets.priority = :priority", "priority", static_cast<int>(*priority));
  }
  if (listing.filter("due") == "overdue") {
    conditions.add("tickets.status = 'open'");
    conditions.add("tickets.due_at < :now", "now", now);
  }
  return conditions;
}

/// Found first, then listed: what was found are at most as many tickets as a search looks at.
void add_hits(Conditions& conditions, Engine engine, const std::vector<TicketHit>& hits) {
  std::vector<std::int64_t> ids;
  for (const auto& hit : hits) ids.push_back(hit.ticket.number());
  conditions.add(is_one_of(engine, "tickets.id", "found"), "found", id_list(engine, ids));
}

std::string_view order_of(std::string_view sort) {
  if (sort == "urgency") {
    return "tickets.status desc, tickets.due_at, tickets.waiting_for desc, tickets.last_entry_at, "
           "tickets.id";
  }
  if (sort == "-urgency") {
    return "tickets.status, tickets.due_at desc, tickets.waiting_for, tickets.last_entry_at desc, "
           "tickets.id desc";
  }
  if (sort == "-priority") {
    return "tickets.priority desc, tickets.status desc, tickets.due_at, tickets.waiting_for desc, "
           "tickets.last_entry_at, tickets.id";
  }
  if (sort == "priority") {
    return "tickets.priority, tickets.status, tickets.due_at desc, tickets.waiting_for, "
           "tickets.last_entry_at desc, tickets.id desc";
  }
  if (sort.empty()) return "tickets.last_entry_at desc, tickets.id desc";
  if (sort == "activity") return "tickets.last_entry_at, tickets.id";
  if (sort == "-activity") return "tickets.last_entry_at desc, tickets.id desc";
  return sort == "id" ? "tickets.id" : "tickets.id desc";
}

std::vector<TicketRow> rows_of(const std::vector<Row>& found) {
  std::vector<TicketRow> rows;
  rows.reserve(found.size());
  for (const Row& row : found) rows.push_back(ticket_row_of(row));
  return rows;
}

const std::map<std::string, std::vector<std::string>, std::less<>>& filters() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> filters{
      {"status", {"open", "closed", "nofix"}},
      {"waiting", {"staff", "client"}},
      {"assignee", {"mine", "unassigned"}},
      {"priority", {"urgent", "high", "normal", "low"}},
      {"due", {"overdue"}}};
  return filters;
}

}  // namespace

const ListingRules& ticket_listing_rules() {
  static const ListingRules rules{{"urgency", "-priority", "activity", "id"}, filters()};
  return rules;
}

const ListingRules& newest_tickets_listing_rules() {
  static const ListingRules rules{{"-id", "activity", "urgency", "-priority"}, filters()};
  return rules;
}

Listing parse_ticket_listing(const QueryFields& query, const ListingRules& rules) {
  auto listing = parse_listing(query, rules);
  if (!listing.search.empty() && listing.sort == rules.sorts.front()) listing.sort.clear();
  return listing;
}

/// The rows of the page are picked from an index alone; only they are looked up and named.
std::vector<TicketRow> list_tickets_of_client(Transaction& tx, UserId client, int limit) {
  return rows_of(tx.select(newest_of_client, {{"client", client}, {"limit", limit}}));
}

Page<TicketRow> list_tickets(Transaction& tx, const Viewer& viewer, const Listing& listing) {
  const bool searching = !listing.search.empty();
  if (searching && listing.sort.empty() && listing.filters.empty() && !listing.csv) {
    return list_found_tickets(tx, viewer, listing.search, listing.offset(), listing.limit());
  }
  auto conditions = conditions_of(viewer, listing, tx.now());
  FoundTickets found;
  if (searching) {
    found = find_tickets(tx, viewer, listing.search);
    add_hits(conditions, tx.engine(), found.hits);
  }
  const auto order = order_of(listing.sort);
  const auto rows =
      fmt::format(R"(
  select {}
  from (
    select tickets.id as picked_id from tickets{}
    order by {}
    limit :limit offset :offset) picked
  join tickets on tickets.id = picked.picked_id{}
  order by {})",
                  ticket_row_columns, conditions.text, order, ticket_row_names, order);
  const PageQuery query{"tickets", rows, "from tickets" + conditions.text, conditions.parameters};
  auto page = select_page(tx, listing, query, ticket_row_of);
  if (found.more) page.more_than_counted = true;
  if (searching && !listing.csv) add_excerpts(tx, viewer, listing.search, found.hits, page.rows);
  return page;
}

constexpr Statement list_open_tickets_apart{"other open tickets", R"(
  select id, subject
  from tickets
  where client_id = :client
    and status = 'open'
    and id <> :ticket
  order by id desc
  limit :limit)"};

std::vector<OtherTicket> list_other_open_tickets(Transaction& tx, const Ticket& ticket, int limit) {
  std::vector<OtherTicket> others;
  for (const Row& row :
       tx.select(list_open_tickets_apart,
                 {{"client", ticket.client}, {"ticket", ticket.id}, {"limit", limit}})) {
    others.push_back({row.id<Ticket>("id"), row.text("subject")});
  }
  return others;
}

/// 101: more than most_counted_of_queue. To pass over rows costs less than to count them; and
/// least, on SQLite, where the index does not ask of each row whether it is still one of them: only
/// the hundred and first is looked at.
#define TICKETS(condition) "from tickets where status = 'open' and " condition
#define COUNTED(condition) \
  "case when exists (select 1 " TICKETS(condition) " limit 1 offset 100) then 101" \
  " else (select count(*) " TICKETS(condition) ") end"
#define COUNTED_IN(index, condition, place)                                                      \
  "case when (select status = 'open' and " condition " from tickets indexed by " index " " place \
  "status desc, due_at limit 1 offset 100) then 101"                                             \
  " else (select count(*) " TICKETS(condition) ") end"
constexpr Statement count_queue{
    "open tickets counted",
    "select "
    COUNTED_IN("tickets_waiting", "waiting_for = 'staff'",
               "where waiting_for >= 'staff' order by waiting_for, ") " as waiting_for_staff, "
    COUNTED_IN("tickets_queue_of_assignee", "assignee_id is null",
               "order by assignee_id, ") " as unassigned, "
    COUNTED_IN("tickets_queue_of_assignee", "assignee_id = :me",
               "where assignee_id >= :me order by assignee_id, ") " as mine, "
    COUNTED_IN("tickets_queue", "due_at < :now", "order by ") " as overdue",
    "select " COUNTED("waiting_for = 'staff'") " as waiting_for_staff, "
    COUNTED("assignee_id is null") " as unassigned, "
    COUNTED("assignee_id = :me") " as mine, "
    COUNTED("due_at < :now") " as overdue"};
#undef COUNTED_IN
#undef COUNTED
#undef TICKETS
static_assert(most_counted_of_queue == 100);

TicketCounts count_open_tickets(Transaction& tx, UserId me) {
  const auto row = tx.require(count_queue, {{"me", me}, {"now", tx.now()}});
  return {.waiting_for_staff = row.number("waiting_for_staff"),
          .unassigned = row.number("unassigned"),
          .mine = row.number("mine"),
          .overdue = row.number("overdue")};
}

}  // namespace cstims
