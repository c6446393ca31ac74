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
/// U+E000 makes no words of texts: it is the mark before a client's number.
constexpr std::string_view client_mark = "\xee\x80\x80";

constexpr Statement newest_documents{
    "tickets that hold words",
    R"(
  select coalesce(tickets.merged_into, tickets.id) as ticket_id, tickets.id as own_id,
    texts.entry_id
  from (
    select rowid as found
    from ticket_search
    where ticket_search match :words
    order by rowid desc
    limit :limit) hits
  join ticket_texts texts on texts.id = hits.found
  join tickets on tickets.id = texts.ticket_id
  order by texts.id desc)",
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
  std::vector<TicketHit> take() { return std::move(hits_); }

 private:
  std::set<std::int64_t> seen_;
  std::vector<TicketHit> hits_;
};

/// What is written out in full first: it streams from the newest and ends early, while all that
/// begins with something common must be gathered.
std::vector<Row> matching_documents(Transaction& tx, const SearchQuery& query) {
  if (tx.engine() == Engine::postgresql) tx.select(plan_for_the_words);
  const auto found = [&](const std::string& words) {
    return tx.select(newest_documents, {{"words", words}, {"limit", most_hits}});
  };
  auto rows = found(query.exact);
  if (rows.size() < most_hits && !query.beginning.empty()) rows = found(query.beginning);
  return rows;
}

void add_number(Transaction& tx, const Viewer& viewer, std::string_view typed, Hits& hits) {
  const auto number = parse_id_number(typed.starts_with('#') ? typed.substr(1) : typed);
  if (!number) return;
  const auto row = tx.find(ticket_of_number, {{"ticket", *number},
                                              {"all", viewer.is_staff()},
                                              {"viewer", viewer.user ? viewer.user->number() : 0}});
  if (row) hits.add({row->id<Ticket>("id"), row->id<Ticket>("id"), {}});
}

void add_clients(Transaction& tx, std::string_view typed, Hits& hits) {
  const auto name = lower_ascii(typed);
  const auto may_be_in_names = [](char c) { return c > ' ' && c < '~'; };
  if (name.size() < 2 || !std::ranges::all_of(name, may_be_in_names)) return;
  // "~" comes after all characters of names.
  for (const Row& row : tx.select(newest_of_clients, {{"name", name},
                                                      {"after", name + "~"},
                                                      {"clients", clients_found},
                                                      {"limit", tickets_of_clients}})) {
    hits.add({row.id<Ticket>("id"), row.id<Ticket>("id"), {}});
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

std::vector<TicketHit> find_ticket_hits(Transaction& tx, const Viewer& viewer,
                                        std::string_view typed) {
  Hits hits;
  add_number(tx, viewer, trim(typed), hits);
  if (const auto query = search_query(typed, viewer, tx.engine())) {
    for (const Row& row : matching_documents(tx, *query)) {
      hits.add({row.id<Ticket>("ticket_id"), row.id<Ticket>("own_id"),
                row.maybe_id<TicketEntry>("entry_id")});
    }
  }
  if (viewer.is_staff()) add_clients(tx, trim(typed), hits);
  return hits.take();
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
