// What the index of words finds: opening texts, replies and notes, the newest first. For
// ticket_search.cc only.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "ticket/ticket_search.h"

namespace cstims {

/// Each ticket once, in the order in which they are found.
class TicketHits {
 public:
  /// Whether it is a new one.
  bool add(TicketHit hit) {
    const bool added = seen_.insert(hit.ticket.number()).second;
    if (added) hits_.push_back(hit);
    return added;
  }
  void add(TicketId ticket) { add({ticket, ticket, {}}); }
  int size() const { return static_cast<int>(hits_.size()); }
  std::vector<TicketHit> take() { return std::move(hits_); }

 private:
  std::set<std::int64_t> seen_;
  std::vector<TicketHit> hits_;
};

/// Told by SQLite of each ticket that a document brings, with its place among all; `row` is what
/// `ticket_row_of` reads, and "passage", the document's text (null: it may not be shown).
using TakeDocument = std::function<void(int place, const Row& row)>;

/// Adds tickets until `wanted` are found; whether there may be more. Without `take` less is read.
/// SQLite has an index of beginnings as well, so that either way the newest come first. PostgreSQL
/// gathers all that begins with something common: there what is written out in full goes first.
bool add_documents(Transaction& tx, const Viewer& viewer, const SearchQuery& query, int wanted,
                   const TakeDocument& take, TicketHits& hits);

}  // namespace cstims
