#include "ticket/ticket_queue.h"

#include "html/renderer.h"

namespace cstims {
namespace {

constexpr std::size_t longest_name = 60;
constexpr std::array<std::string_view, 5> filter_names{"status", "waiting", "assignee", "priority",
                                                       "due"};

using Filters = std::map<std::string, std::string, std::less<>>;

std::string counted(std::int64_t count) {
  return count > most_counted_of_queue ? std::to_string(most_counted_of_queue) + "+"
                                       : std::to_string(count);
}

QueueTab tab(const Listing& listing, Message label, const Filters& filters, std::string count) {
  Listing own;
  own.sort = ticket_listing_rules().sorts.front();
  own.filters = filters;
  return {.label = std::move(label),
          .query = query_of(own),
          .counted = std::move(count),
          .current = listing.search.empty() && listing.filters == filters};
}

}  // namespace

std::vector<QueueTab> queue_tabs(const Listing& listing, const TicketCounts& counts) {
  const auto one = [&](Message label, const Filters& filters, std::string count) {
    return tab(listing, std::move(label), filters, std::move(count));
  };
  return {one(message("Mine"), {{"assignee", "mine"}, {"status", "open"}}, counted(counts.mine)),
          one(message("Nobody's"), {{"assignee", "unassigned"}, {"status", "open"}},
              counted(counts.unassigned)),
          one(message("Waiting for us"), {{"waiting", "staff"}}, counted(counts.waiting_for_staff)),
          one(message("Overdue"), {{"due", "overdue"}}, counted(counts.overdue)),
          one(message("All"), {}, "")};
}

std::string query_of(const Listing& listing) {
  std::string query;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!query.empty()) query += '&';
    query += query_text(name) + "=" + query_text(value);
  };
  add("search", listing.search);
  for (const auto& [name, value] : listing.filters) add(name, value);
  if (listing.sort != ticket_listing_rules().sorts.front()) add("sort", listing.sort);
  return query;
}

bool worth_saving(const Listing& listing) {
  return !query_of(listing).empty();
}

Result<NewFilter> parse_new_filter(const FormData& form) {
  FormReader reader(form);
  const auto name = reader.line("name", {.required = true, .longest = longest_name});
  QueryFields query;
  for (const auto* field : {"search", "sort"}) {
    if (auto value = reader.line(field, {}); !value.empty()) query.emplace(field, std::move(value));
  }
  for (const auto field : filter_names) {
    if (auto value = reader.line(field, {}); !value.empty()) query.emplace(field, std::move(value));
  }
  if (reader.refused()) return reader.finish(NewFilter{});
  // Only what the queue understands is kept.
  return reader.finish(
      NewFilter{single_line(name), query_of(parse_listing(query, ticket_listing_rules()))});
}

Result<TicketFilterId> parse_filter_choice(const FormData& form) {
  FormReader reader(form);
  const auto id = reader.id<struct TicketFilter>("filter", true);
  return reader.finish(id.value_or(TicketFilterId(0)));
}

constexpr Statement list_filters_of_person{"saved filters", R"(
  select id, name, query
  from ticket_filters
  where user_id = :user
  order by name)"};

std::vector<SavedFilter> list_saved_filters(Transaction& tx, UserId user) {
  std::vector<SavedFilter> filters;
  for (const Row& row : tx.select(list_filters_of_person, {{"user", user}})) {
    filters.push_back({row.id<struct TicketFilter>("id"), row.text("name"), row.text("query")});
  }
  return filters;
}

constexpr Statement insert_filter{"save filter", R"(
  insert into ticket_filters (user_id, name, query, created_at)
  values (:user, :name, :query, :now)
  on conflict (user_id, name) do update set query = excluded.query)"};

Result<void> save_filter(Transaction& tx, UserId user, const NewFilter& filter) {
  if (list_saved_filters(tx, user).size() >= most_saved_filters) {
    return refuse("name", message("You have {} saved searches already. Delete one first.",
                                  {std::to_string(most_saved_filters)}));
  }
  tx.execute(insert_filter,
             {{"user", user}, {"name", filter.name}, {"query", filter.query}, {"now", tx.now()}});
  return {};
}

constexpr Statement delete_filter_of_person{"delete saved filter", R"(
  delete from ticket_filters
  where id = :filter
    and user_id = :user)"};

Result<void> delete_filter(Transaction& tx, UserId user, TicketFilterId filter) {
  if (tx.execute(delete_filter_of_person, {{"filter", filter}, {"user", user}}) == 1) return {};
  return refuse("filter", message("Choose one of the list."));
}

}  // namespace cstims
