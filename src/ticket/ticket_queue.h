// The helpdesk's queue: its tabs, and the searches that a person keeps under a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"
#include "base/listing.h"
#include "db/database.h"
#include "ticket/ticket_store.h"

namespace cstims {

using TicketFilterId = Id<struct TicketFilter>;

/// A tab is a set of filters with a name; the one that is looked at is recognised by them.
struct QueueTab {
  Message label;
  std::string query;    // of its address
  std::string counted;  // "12", "100+"; empty: not counted
  bool current = false;
};
std::vector<QueueTab> queue_tabs(const Listing& listing, const TicketCounts& counts);

/// Search, filters and sort as an address has them, always in the same order:
/// "status=open&sort=id".
std::string query_of(const Listing& listing);
/// Anything but the plain queue: worth a name.
bool worth_saving(const Listing& listing);

struct SavedFilter {
  TicketFilterId id;
  std::string name;
  std::string query;
};
inline constexpr int most_saved_filters = 30;  // of one person

/// /helpdesk/filters.
struct NewFilter {
  std::string name;
  std::string query;
};
Result<NewFilter> parse_new_filter(const FormData& form);
/// /helpdesk/filters/deletion: the filter's number.
Result<TicketFilterId> parse_filter_choice(const FormData& form);

/// By name. Everybody sees only what it saved itself.
std::vector<SavedFilter> list_saved_filters(Transaction& tx, UserId user);
/// Under a name that is there already: instead of it.
Result<void> save_filter(Transaction& tx, UserId user, const NewFilter& filter);
/// Refused when this person has no such filter.
Result<void> delete_filter(Transaction& tx, UserId user, TicketFilterId filter);

}  // namespace cstims
