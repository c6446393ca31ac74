// Search in tickets: subject, opening text, replies and notes, and the number. All words must stand
// in the subject together with one message (or the opening text); the last word may be the
// beginning of one, from two letters on. Capitals and accents do not matter. Of documents that
// match, the newest are looked at, as many as a page needs and at most a thousand: a common word
// costs no more than a rare one, and nothing is ever counted to its end. Clients find what they may
// read: never notes, never what is another's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/search_words.h"
#include "db/database.h"
#include "ticket/ticket_store.h"

namespace cstims {

/// The words of a search as each engine wants them; absent when there is none in it.
struct SearchQuery {
  std::vector<std::string> words;
  std::string exact;
  std::string beginning;  // the last word may go on; empty: it is too short for that
};
std::optional<SearchQuery> search_query(std::string_view typed, const Viewer& viewer,
                                        Engine engine);

/// A ticket in which something was found: its newest document that matches.
struct TicketHit {
  TicketId ticket;
  TicketId written_on;                 // another one when that was merged into it
  std::optional<TicketEntryId> entry;  // absent: the opening text
};
/// Each ticket once: the one of that number; for staff the newest of a client of exactly that name;
/// then by documents, the newest first; for staff at last those of clients whose name begins so.
struct FoundTickets {
  std::vector<TicketHit> hits;  // as many as are wanted, or a few more
  bool more = false;            // not all documents were looked at
};
inline constexpr int most_hits = 1000;
FoundTickets find_tickets(Transaction& tx, const Viewer& viewer, std::string_view typed,
                          int wanted = most_hits);

/// The rows of a page of what was found, in that order, with the passages: `offset` tickets are
/// passed over.
Page<TicketRow> list_found_tickets(Transaction& tx, const Viewer& viewer, std::string_view typed,
                                   int offset, int limit);

/// For rows that were found by `typed`: the passage, with the words marked.
void add_excerpts(Transaction& tx, const Viewer& viewer, std::string_view typed,
                  const std::vector<TicketHit>& hits, std::vector<TicketRow>& rows);

/// SQLite's index grows in pieces, each of which a search looks into: puts them together, in many
/// short transactions. Does nothing on PostgreSQL. Of the nightly cleaning, and after much was
/// loaded.
void tidy_search_index(Database& database);

/// A list of ids as one parameter: the condition that `column` is one of them, and its value.
std::string is_one_of(Engine engine, std::string_view column, std::string_view parameter);
std::string id_list(Engine engine, const std::vector<std::int64_t>& ids);

}  // namespace cstims
