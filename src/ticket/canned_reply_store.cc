#include "ticket/canned_reply_store.h"

#include "base/failure.h"
#include "base/text.h"
#include "db/page_query.h"

namespace cstims {
namespace {

constexpr Statement find_by_id{"canned reply by id", R"(
  select id, name, category, body, version, changed_at
  from canned_replies
  where id = :reply)"};

constexpr Statement find_by_name{"canned reply by name", R"(
  select id
  from canned_replies
  where name = :name)"};

constexpr Statement list_names{"names of canned replies", R"(
  select id, name, category
  from canned_replies
  order by category, name
  limit :limit)"};

constexpr Statement find_service{"service of a ticket", R"(
  select services.name
  from tickets
  join orders on orders.id = tickets.order_id
  join services on services.id = orders.service_id
  where tickets.id = :ticket)"};

constexpr Statement insert_row{"canned reply insert", R"(
  insert into canned_replies (name, category, body, changed_at, changed_by)
  values (:name, :category, :body, :now, :by)
  returning id)"};

constexpr Statement update_row{"canned reply update", R"(
  update canned_replies
  set name = :name, category = :category, body = :body, version = version + 1, changed_at = :now,
    changed_by = :by
  where id = :reply
    and version = :version)"};

constexpr Statement delete_row{"canned reply delete", R"(
  delete from canned_replies
  where id = :reply)"};

CannedReply reply_of(const Row& row) {
  return {.id = row.id<CannedReply>("id"),
          .content = {.name = row.text("name"),
                      .category = row.text("category"),
                      .body = row.text("body")},
          .version = row.number("version"),
          .changed_at = row.instant("changed_at")};
}

Parameters parameters_of(Transaction& tx, const CannedReplyEdit& reply, std::optional<UserId> by) {
  return {{"name", reply.name},
          {"category", reply.category},
          {"body", reply.body},
          {"now", tx.now()},
          {"by", by}};
}

/// The unique key guards against two at once.
Result<void> check_name(Transaction& tx, std::string_view name, std::optional<CannedReplyId> self) {
  const auto other = tx.find(find_by_name, {{"name", name}});
  if (!other || (self && other->id<CannedReply>("id") == *self)) return {};
  return refuse("name", message("Another canned reply has this name."));
}

std::string_view order_of(std::string_view sort) {
  if (sort == "name") return "name";
  if (sort == "-name") return "name desc";
  return sort == "-category" ? "category desc, name desc" : "category, name";
}

}  // namespace

std::optional<CannedReply> find_canned_reply(Transaction& tx, CannedReplyId id) {
  const auto row = tx.find(find_by_id, {{"reply", id}});
  return row ? std::optional(reply_of(*row)) : std::nullopt;
}

CannedReply require_canned_reply(Transaction& tx, CannedReplyId id) {
  auto reply = find_canned_reply(tx, id);
  if (!reply) throw NotFound("no canned reply " + id.text());
  return *std::move(reply);
}

const ListingRules& canned_reply_listing_rules() {
  static const ListingRules rules{{"category", "name"}, {}};
  return rules;
}

Page<CannedReply> list_canned_replies(Transaction& tx, const Listing& listing) {
  std::string from = "\n  from canned_replies";
  Parameters parameters;
  if (!listing.search.empty()) {
    from += R"(
  where lower(name) like :search escape '\'
    or lower(category) like :search escape '\'
    or lower(body) like :search escape '\')";
    parameters.push_back({"search", "%" + escape_like(lower_ascii(listing.search)) + "%"});
  }
  const PageQuery query{"canned replies",
                        "\n  select id, name, category, body, version, changed_at" + from +
                            "\n  order by " + std::string(order_of(listing.sort)) +
                            "\n  limit :limit offset :offset",
                        from, std::move(parameters)};
  return select_page(tx, listing, query, reply_of);
}

std::vector<CannedReplyName> list_canned_reply_names(Transaction& tx, int limit) {
  std::vector<CannedReplyName> names;
  for (const auto& row : tx.select(list_names, {{"limit", limit}})) {
    names.push_back({row.id<CannedReply>("id"), row.text("name"), row.text("category")});
  }
  return names;
}

std::string find_service_of_ticket(Transaction& tx, TicketId ticket) {
  const auto row = tx.find(find_service, {{"ticket", ticket}});
  return row ? row->text("name") : std::string();
}

Result<CannedReplyId> insert_canned_reply(Transaction& tx, const CannedReplyEdit& reply,
                                          std::optional<UserId> by) {
  if (const auto free = check_name(tx, reply.name, std::nullopt); !free) {
    return std::unexpected(free.error());
  }
  return tx.require(insert_row, parameters_of(tx, reply, by)).id<CannedReply>("id");
}

Result<void> update_canned_reply(Transaction& tx, CannedReplyId id, const CannedReplyEdit& reply,
                                 std::int64_t version, std::optional<UserId> by) {
  if (const auto free = check_name(tx, reply.name, id); !free) return free;
  auto parameters = parameters_of(tx, reply, by);
  parameters.push_back({"reply", id});
  parameters.push_back({"version", version});
  if (tx.execute(update_row, parameters) == 1) return {};
  return refuse("", message("Somebody else changed this text while you were writing. Save again to "
                            "replace it with yours."));
}

void delete_canned_reply_row(Transaction& tx, CannedReplyId id) {
  tx.execute(delete_row, {{"reply", id}});
}

}  // namespace cstims
