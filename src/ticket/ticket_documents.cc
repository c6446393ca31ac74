#include "ticket/ticket_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "ticket/ticket_row.h"

namespace cstims {
namespace {

constexpr Statement newest_documents{
    "documents that hold words",
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

/// The same of SQLite, with the ticket's row and the text. The index has said already who may read
/// it; it is shown only if the rows say so too.
Statement newest_documents_with_rows() {
  static const std::string text = fmt::format(R"(
  select coalesce(merged.merged_into, texts.ticket_id) as ticket_id, texts.ticket_id as own_id,
    texts.entry_id,
    case
      when texts.entry_id is null
      then (select opened.body from tickets opened where opened.id = texts.ticket_id)
      else entries.body || ' ' || entries.quoted
    end as passage,
    {}
  from ticket_search
  cross join ticket_texts texts on texts.id = ticket_search.rowid
  left join tickets merged indexed by tickets_merged_away on merged.id = texts.ticket_id
    and merged.merged_into is not null
  cross join tickets on tickets.id = coalesce(merged.merged_into, texts.ticket_id)
    and (:all = 1 or tickets.client_id = :viewer)
  left join ticket_entries entries on entries.id = texts.entry_id
    and (:all = 1 or entries.kind = 'reply'){}
  where ticket_search match :words
  order by ticket_search.rowid desc
  limit :limit)",
                                              ticket_row_columns, ticket_row_names);
  return {"tickets that hold words", text};
}

/// Whether a word is common decides how it is looked for: the plan is made for the very words.
constexpr Statement plan_for_the_words{"plan for the words", "select 1",
                                       "set local plan_cache_mode = force_custom_plan"};

/// Finds documents, newest first.
class DocumentSearch {
 public:
  DocumentSearch(Transaction& tx, const Viewer& viewer, int wanted, const TakeDocument& take)
      : tx_(tx), viewer_(viewer), wanted_(wanted), take_(take) {}

  bool add(const SearchQuery& query, TicketHits& hits) {
    if (tx_.engine() == Engine::sqlite) {
      return add(query.beginning.empty() ? query.exact : query.beginning, hits);
    }
    tx_.select(plan_for_the_words);
    TicketHits exact = hits;
    const bool more = add(query.exact, exact);
    if (!more && !query.beginning.empty()) return add(query.beginning, hits);
    hits = std::move(exact);
    return more;
  }

 private:
  /// Until so many tickets are found as are wanted.
  bool add(const std::string& words, TicketHits& hits) {
    // PostgreSQL gives all at once: it is asked for as many as most likely suffice.
    int limit = tx_.engine() == Engine::sqlite ? most_hits : std::min(2 * wanted_, most_hits);
    while (true) {
      const int looked_at = add(words, limit, hits);
      if (looked_at < limit) return hits.size() >= wanted_;
      if (limit == most_hits || hits.size() >= wanted_) return true;
      limit = most_hits;
    }
  }

  /// How many documents were looked at.
  int add(const std::string& words, int limit, TicketHits& hits) {
    // PostgreSQL plans for the very words: to plan for all those tables takes longer than to look
    // the rows up afterwards.
    const bool with_rows = take_ && tx_.engine() == Engine::sqlite;
    Parameters parameters{{"words", words}, {"limit", limit}};
    if (with_rows) {
      parameters.push_back({"all", viewer_.is_staff()});
      parameters.push_back({"viewer", viewer_.user ? viewer_.user->number() : 0});
    }
    int looked_at = 0;
    const auto statement = with_rows ? newest_documents_with_rows() : newest_documents;
    tx_.each_while(statement, parameters, [&](const Row& row) {
      ++looked_at;
      const bool added = hits.add({row.id<Ticket>("ticket_id"), row.id<Ticket>("own_id"),
                                   row.maybe_id<TicketEntry>("entry_id")});
      if (added && with_rows) take_(hits.size() - 1, row);
      return hits.size() < wanted_;
    });
    return looked_at;
  }

  Transaction& tx_;
  const Viewer& viewer_;
  int wanted_;
  const TakeDocument& take_;
};

}  // namespace

bool add_documents(Transaction& tx, const Viewer& viewer, const SearchQuery& query, int wanted,
                   const TakeDocument& take, TicketHits& hits) {
  return DocumentSearch(tx, viewer, wanted, take).add(query, hits);
}

}  // namespace cstims
