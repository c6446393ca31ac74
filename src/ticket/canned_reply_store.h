// Rows of canned replies. The caller decides who may ask.
#pragma once

#include <optional>
#include <vector>

#include "base/listing.h"
#include "base/site.h"
#include "base/viewer.h"
#include "db/database.h"
#include "ticket/canned_reply.h"

namespace cstims {

std::optional<CannedReply> find_canned_reply(Transaction& tx, CannedReplyId id);
CannedReply require_canned_reply(Transaction& tx, CannedReplyId id);  // throws NotFound

/// Sorts "category" and "name"; the search looks at name, category and text.
const ListingRules& canned_reply_listing_rules();
Page<CannedReply> list_canned_replies(Transaction& tx, const Listing& listing);

/// To choose from, by category and name.
struct CannedReplyName {
  CannedReplyId id;
  std::string name;
  std::string category;
};
std::vector<CannedReplyName> list_canned_reply_names(Transaction& tx, int limit);

/// Name of the service the ticket's order is of; empty when it is about no order.
std::string find_service_of_ticket(Transaction& tx, TicketId ticket);

/// Refuses (field "name") a name that another has.
Result<CannedReplyId> insert_canned_reply(Transaction& tx, const CannedReplyEdit& reply,
                                          std::optional<UserId> by);
/// As that; refused too when it is not at `version` any more.
Result<void> update_canned_reply(Transaction& tx, CannedReplyId id, const CannedReplyEdit& reply,
                                 std::int64_t version, std::optional<UserId> by);
void delete_canned_reply_row(Transaction& tx, CannedReplyId id);

}  // namespace cstims
