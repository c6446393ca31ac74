#include "ticket/ticket_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

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

constexpr Statement newest_documents{
    "tickets that hold words",
    // In this order of tables, so that whoever has found enough looks no further. The index holds
    // but the few tickets that were merged.
    R"(
  select coalesce(merged.merged_into, texts.ticket_id) as ticket_id, texts.ticket_id as own_id,
    texts.entry_id
  from ticket_search
  cross join ticket_texts texts on texts.id = ticket_search.rowid
  left join tickets merged indexed by tickets_merged_away on merged.id = texts.ticket_id
    and merged.merged_into is not null
  where ticket_search match :words
  order by ticket_search.rowid desc
  limit :limit)",
    // Row by row, as the planner would not: a thousand are few beside all.
    R"(
  select coalesce(document.merged_into, document.ticket_id) as ticket_id,
    document.ticket_id as own_id, document.entry_id
  from (
    select id as found
    from ticket_search
    where words @@ cast(:words as tsquery)
    order by id desc
    limit :limit) hits
  cross join lateral (
    select texts.ticket_id, texts.entry_id, tickets.merged_into
    from ticket_texts texts
    join tickets on tickets.id = texts.ticket_id
    where texts.id = hits.found
    limit 1) document
  order by hits.found desc)"};
/// Whether a word is common decides how it is looked for: the plan is made for the very words.
constexpr Statement plan_for_the_words{"plan for the words", "select 1",
                                       "set local plan_cache_mode = force_custom_plan"};

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
  where client_id in (select id from users where username = :name)
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

class Hits {
 public:
  void add(TicketHit hit) {
    if (seen_.insert(hit.ticket.number()).second) hits_.push_back(hit);
  }
  void add(TicketId ticket) { add({ticket, ticket, {}}); }
  int size() const { return static_cast<int>(hits_.size()); }
  std::vector<TicketHit> take() { return std::move(hits_); }

 private:
  std::set<std::int64_t> seen_;
  std::vector<TicketHit> hits_;
};

/// Documents that match, newest first, until `wanted` tickets are found; whether there may be more.
bool add_documents(Transaction& tx, const std::string& words, int wanted, Hits& hits) {
  // PostgreSQL gives all at once: it is asked for as many as most likely suffice.
  int limit = tx.engine() == Engine::sqlite ? most_hits : std::min(2 * wanted, most_hits);
  while (true) {
    int looked_at = 0;
    tx.each_while(newest_documents, {{"words", words}, {"limit", limit}}, [&](const Row& row) {
      ++looked_at;
      hits.add({row.id<Ticket>("ticket_id"), row.id<Ticket>("own_id"),
                row.maybe_id<TicketEntry>("entry_id")});
      return hits.size() < wanted;
    });
    if (looked_at < limit) return hits.size() >= wanted;
    if (limit == most_hits || hits.size() >= wanted) return true;
    limit = most_hits;
  }
}

/// SQLite has an index of beginnings as well, so that either way the newest come first. PostgreSQL
/// gathers all that begins with something common: there what is written out in full goes first.
bool add_documents(Transaction& tx, const SearchQuery& query, int wanted, Hits& hits) {
  if (tx.engine() == Engine::sqlite) {
    return add_documents(tx, query.beginning.empty() ? query.exact : query.beginning, wanted, hits);
  }
  tx.select(plan_for_the_words);
  Hits exact = hits;
  const bool more = add_documents(tx, query.exact, wanted, exact);
  if (!more && !query.beginning.empty()) {
    return add_documents(tx, query.beginning, wanted, hits);
  }
  hits = std::move(exact);
  return more;
}

void add_number(Transaction& tx, const Viewer& viewer, std::string_view typed, Hits& hits) {
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

void add_namesake(Transaction& tx, const std::string& name, Hits& hits) {
  if (name.empty()) return;
  for (const Row& row :
       tx.select(newest_of_named_client, {{"name", name}, {"limit", tickets_of_namesake}})) {
    hits.add(row.id<Ticket>("id"));
  }
}

void add_clients(Transaction& tx, const std::string& name, Hits& hits) {
  if (name.empty()) return;
  // "~" comes after all characters of names.
  for (const Row& row : tx.select(newest_of_clients, {{"name", name},
                                                      {"after", name + "~"},
                                                      {"clients", clients_found},
                                                      {"limit", tickets_of_clients}})) {
    hits.add(row.id<Ticket>("id"));
  }
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

FoundTickets find_tickets(Transaction& tx, const Viewer& viewer, std::string_view typed,
                          int wanted) {
  const auto query = search_query(typed, viewer, tx.engine());
  const auto name = name_of_client(viewer, trim(typed));
  Hits hits;
  add_number(tx, viewer, trim(typed), hits);
  add_namesake(tx, name, hits);
  const bool more = query && add_documents(tx, *query, wanted, hits);
  if (hits.size() < wanted) add_clients(tx, name, hits);
  return {hits.take(), more};
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
    auto excerpt = excerpt_of(text->second, query->words, longest_excerpt);
    // Where all words stand in the subject, which is shown anyway, the message says nothing.
    if (std::ranges::any_of(excerpt, &ExcerptPiece::found)) row.excerpt = std::move(excerpt);
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
