// Search in tickets: subject, opening text, replies and notes, and the number. All words must stand
// in the subject together with one message (or the opening text); the last word may be the
// beginning of one, from two letters on. Capitals and accents do not matter. Of documents that
// match, the newest thousand are looked at: a common word costs no more than a rare one, and
// nothing is ever counted to its end. Clients find what they may read: never notes, never what is
// another's.
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
/// Each ticket once, newest document first. Staff's search also finds clients by the beginning of
/// their name: their newest tickets follow. A number is a ticket's number too.
std::vector<TicketHit> find_ticket_hits(Transaction& tx, const Viewer& viewer,
                                        std::string_view typed);
inline constexpr int most_hits = 1000;

/// For rows that were found by `typed`: the passage, with the words marked.
void add_excerpts(Transaction& tx, const Viewer& viewer, std::string_view typed,
                  const std::vector<TicketHit>& hits, std::vector<TicketRow>& rows);

/// A list of ids as one parameter: the condition that `column` is one of them, and its value.
std::string is_one_of(Engine engine, std::string_view column, std::string_view parameter);
std::string id_list(Engine engine, const std::vector<std::int64_t>& ids);

}  // namespace cstims
