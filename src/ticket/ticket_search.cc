#include "ticket/ticket_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "ticket/ticket_documents.h"
#include "ticket/ticket_row.h"

namespace cstims {
namespace {

constexpr std::size_t most_words = 12;
constexpr std::size_t longest_word = 100;  // characters; the index keeps no more of one
constexpr std::size_t longest_excerpt = 180;
constexpr int clients_found = 5;
constexpr int tickets_of_clients = 200;
constexpr int tickets_of_namesake = 5;
/// U+E000 makes no words of texts: it is the mark before a client's number.
constexpr std::string_view client_mark = "\xee\x80\x80";

constexpr Statement newest_of_clients{
    "newest tickets of clients by name",
    R"(
  select coalesce(merged_into, id) as id
  from tickets
  where client_id in (
    select id from users where username >= :name and username < :after limit :clients)
  order by tickets.id desc
  limit :limit)",
    // Compared as bytes, whatever the order of the database's language.
    R"(
  select coalesce(merged_into, id) as id
  from tickets
  where client_id in (
    select id
    from users
    where username collate "C" >= :name and username collate "C" < :after
    limit :clients)
  order by tickets.id desc
  limit :limit)"};

constexpr Statement newest_of_named_client{"newest tickets of a client by name", R"(
  select coalesce(merged_into, id) as id
  from tickets
  where client_id = (select id from users where username = :name)
  order by tickets.id desc
  limit :limit)"};

constexpr Statement ticket_of_number{"ticket of a number", R"(
  select coalesce(merged_into, id) as id
  from tickets
  where id = :ticket
    and (:all = 1 or client_id = :viewer))"};

/// Words hold letters and digits only, so that nothing in them can end the quotes.
std::string quoted(Engine engine, std::string_view word) {
  const std::string_view quote = engine == Engine::sqlite ? "\"" : "'";
  return fmt::format("{0}{1}{0}", quote, word);
}

std::string joined(Engine engine, const std::vector<std::string>& terms) {
  return join(terms, engine == Engine::sqlite ? " " : " & ");
}

void add_number(Transaction& tx, const Viewer& viewer, std::string_view typed, TicketHits& hits) {
  const auto number = parse_id_number(typed.starts_with('#') ? typed.substr(1) : typed);
  if (!number) return;
  const auto row = tx.find(ticket_of_number, {{"ticket", *number},
                                              {"all", viewer.is_staff()},
                                              {"viewer", viewer.user ? viewer.user->number() : 0}});
  if (row) hits.add(row->id<Ticket>("id"));
}

/// As names are kept; empty when nobody can have such a name.
std::string name_of_client(const Viewer& viewer, std::string_view typed) {
  const auto may_be_in_names = [](char c) { return c > ' ' && c < '~'; };
  const bool name = viewer.is_staff() && typed.size() >= 2;
  return name && std::ranges::all_of(typed, may_be_in_names) ? lower_ascii(typed) : "";
}

void add_namesake(Transaction& tx, const std::string& name, TicketHits& hits) {
  if (name.empty()) return;
  for (const Row& row :
       tx.select(newest_of_named_client, {{"name", name}, {"limit", tickets_of_namesake}})) {
    hits.add(row.id<Ticket>("id"));
  }
}

void add_clients(Transaction& tx, const std::string& name, TicketHits& hits) {
  if (name.empty()) return;
  // "~" comes after all characters of names.
  for (const Row& row : tx.select(newest_of_clients, {{"name", name},
                                                      {"after", name + "~"},
                                                      {"clients", clients_found},
                                                      {"limit", tickets_of_clients}})) {
    hits.add(row.id<Ticket>("id"));
  }
}

/// Those that the viewer may see.
std::vector<TicketRow> rows_of_tickets(Transaction& tx, const Viewer& viewer,
                                       const std::vector<std::int64_t>& ids) {
  const auto text = fmt::format("\n  select {}\n  from tickets{}\n  where {}{}", ticket_row_columns,
                                ticket_row_names, is_one_of(tx.engine(), "tickets.id", "ids"),
                                viewer.is_staff() ? "" : "\n    and tickets.client_id = :viewer");
  Parameters parameters{{"ids", id_list(tx.engine(), ids)}};
  if (!viewer.is_staff()) {
    parameters.push_back({"viewer", viewer.user ? viewer.user->number() : 0});
  }
  std::vector<TicketRow> rows;
  for (const Row& row : tx.select_built("tickets found", text, parameters)) {
    rows.push_back(ticket_row_of(row));
  }
  return rows;
}

/// `text_of`: the column, or what is made of columns.
std::map<std::int64_t, std::string> bodies(Transaction& tx, std::string_view text_of,
                                           std::string_view table, std::string_view condition,
                                           const std::vector<std::int64_t>& ids) {
  std::map<std::int64_t, std::string> found;
  if (ids.empty()) return found;
  const auto text = fmt::format("\n  select id, {} as body from {} where {}{}", text_of, table,
                                is_one_of(tx.engine(), "id", "ids"), condition);
  for (const Row& row :
       tx.select_built("texts of excerpts", text, {{"ids", id_list(tx.engine(), ids)}})) {
    found.emplace(row.number("id"), row.text("body"));
  }
  return found;
}

}  // namespace

std::optional<SearchQuery> search_query(std::string_view typed, const Viewer& viewer,
                                        Engine engine) {
  SearchQuery query;
  for (const auto& word : search_words(typed)) {
    if (query.words.size() == most_words) break;
    query.words.emplace_back(first_characters(word.folded, longest_word));
  }
  if (query.words.empty()) return std::nullopt;
  std::vector<std::string> terms;
  if (!viewer.is_staff()) {
    const auto client = viewer.user ? viewer.user->number() : 0;
    terms.push_back(quoted(engine, fmt::format("{}{}", client_mark, client)));
  }
  for (const auto& word : query.words) terms.push_back(quoted(engine, word));
  query.exact = joined(engine, terms);
  if (count_characters(query.words.back()) >= 2) {
    query.beginning = query.exact + (engine == Engine::sqlite ? "*" : ":*");
  }
  return query;
}

namespace {

FoundTickets find(Transaction& tx, const Viewer& viewer, std::string_view typed, int wanted,
                  const std::optional<SearchQuery>& query, const TakeDocument& take) {
  const auto name = name_of_client(viewer, trim(typed));
  TicketHits hits;
  add_number(tx, viewer, trim(typed), hits);
  add_namesake(tx, name, hits);
  const bool more = query && add_documents(tx, viewer, *query, wanted, take, hits);
  if (hits.size() < wanted) add_clients(tx, name, hits);
  return {hits.take(), more};
}

void add_excerpt(TicketRow& row, std::string_view text, const SearchQuery& query) {
  auto excerpt = excerpt_of(text, query.words, longest_excerpt);
  // Where all words stand in the subject, which is shown anyway, the message says nothing.
  if (!excerpt.found.empty()) row.excerpt = std::move(excerpt);
}

}  // namespace

FoundTickets find_tickets(Transaction& tx, const Viewer& viewer, std::string_view typed,
                          int wanted) {
  return find(tx, viewer, typed, wanted, search_query(typed, viewer, tx.engine()), {});
}

/// Most documents bring their ticket's row; those found otherwise, by number or name, are looked
/// up.
Page<TicketRow> list_found_tickets(Transaction& tx, const Viewer& viewer, std::string_view typed,
                                   int offset, int limit) {
  const int end = offset + limit;
  const auto query = search_query(typed, viewer, tx.engine());
  std::map<std::int64_t, TicketRow> rows;
  const auto take = [&](int place, const Row& row) {
    if (place < offset || place >= end) return;
    auto ticket = ticket_row_of(row);
    if (const auto text = row.maybe_text("passage")) add_excerpt(ticket, *text, *query);
    rows.emplace(ticket.id.number(), std::move(ticket));
  };
  auto found = find(tx, viewer, typed, end + 1, query, take);
  const auto whole = static_cast<int>(found.hits.size());
  Page<TicketRow> page{.rows = {}, .total = whole, .more_than_counted = found.more};
  if (found.more) page.total = std::min(whole, end);
  const std::vector<TicketHit> hits(found.hits.begin() + std::min(offset, whole),
                                    found.hits.begin() + std::min(end, whole));
  std::vector<std::int64_t> missing;
  for (const auto& hit : hits) {
    if (!rows.contains(hit.ticket.number())) missing.push_back(hit.ticket.number());
  }
  if (!missing.empty()) {
    auto others = rows_of_tickets(tx, viewer, missing);
    add_excerpts(tx, viewer, typed, hits, others);
    for (auto& row : others) rows.emplace(row.id.number(), std::move(row));
  }
  // In the order in which they were found.
  for (const auto& hit : hits) {
    const auto row = rows.find(hit.ticket.number());
    if (row != rows.end()) page.rows.push_back(std::move(row->second));
  }
  return page;
}

void add_excerpts(Transaction& tx, const Viewer& viewer, std::string_view typed,
                  const std::vector<TicketHit>& hits, std::vector<TicketRow>& rows) {
  const auto query = search_query(typed, viewer, tx.engine());
  if (!query) return;
  std::map<std::int64_t, TicketHit> by_ticket;
  for (const auto& hit : hits) by_ticket.emplace(hit.ticket.number(), hit);
  std::vector<std::int64_t> openings;
  std::vector<std::int64_t> entries;
  for (const auto& row : rows) {
    const auto hit = by_ticket.find(row.id.number());
    if (hit == by_ticket.end()) continue;
    if (hit->second.entry) {
      entries.push_back(hit->second.entry->number());
    } else {
      openings.push_back(hit->second.written_on.number());
    }
  }
  const auto of_openings = bodies(tx, "body", "tickets", "", openings);
  // The index has said so already; a text is shown only if the row says so too.
  const auto of_entries = bodies(tx, "body || ' ' || quoted", "ticket_entries",
                                 viewer.is_staff() ? "" : " and kind = 'reply'", entries);
  for (auto& row : rows) {
    const auto hit = by_ticket.find(row.id.number());
    if (hit == by_ticket.end()) continue;
    const auto& texts = hit->second.entry ? of_entries : of_openings;
    const auto text = texts.find(hit->second.entry ? hit->second.entry->number()
                                                   : hit->second.written_on.number());
    if (text == texts.end()) continue;
    add_excerpt(row, text->second, *query);
  }
}

// sqlite.org/fts5.html, "the merge command": a negative number of pages begins to make one piece of
// all, positive ones go on with it.
constexpr Statement count_pieces{"pieces of the search index", R"(
  select count(distinct segid) as pieces
  from ticket_search_idx)"};
constexpr Statement merge_pieces{"merge the search index", R"(
  insert into ticket_search (ticket_search, rank) values ('merge', :pages))"};

void tidy_search_index(Database& database) {
  if (database.engine() != Engine::sqlite) return;
  constexpr std::int64_t few_pieces = 3;
  constexpr int pages = 1000;          // a few hundredths of a second
  constexpr int most_steps = 100'000;  // an index of hundreds of gigabytes
  const auto pieces = [](Transaction& tx) { return tx.require(count_pieces).number("pieces"); };
  if (database.read(pieces) <= few_pieces) return;
  database.write([&](Transaction& tx) { tx.execute(merge_pieces, {{"pages", -pages}}); });
  for (int step = 0; step < most_steps; ++step) {
    const auto left = database.write([&](Transaction& tx) {
      tx.execute(merge_pieces, {{"pages", pages}});
      return pieces(tx);
    });
    if (left <= 1) return;
  }
}

std::string is_one_of(Engine engine, std::string_view column, std::string_view parameter) {
  return engine == Engine::sqlite
             ? fmt::format("{} in (select value from json_each(:{}))", column, parameter)
             : fmt::format("{} = any (cast(cast(:{} as text) as bigint[]))", column, parameter);
}

std::string id_list(Engine engine, const std::vector<std::int64_t>& ids) {
  const bool json = engine == Engine::sqlite;
  return fmt::format("{}{}{}", json ? "[" : "{", fmt::join(ids, ","), json ? "]" : "}");
}

}  // namespace cstims
