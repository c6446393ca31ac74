#include "ticket/ticket_rating_store.h"

#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

constexpr Statement find_key{"key of ratings", R"(
  select value
  from installation
  where name = 'rating key')"};

constexpr Statement insert_key{"first key of ratings", R"(
  insert into installation (name, value)
  values ('rating key', :value)
  on conflict (name) do nothing)"};

constexpr Statement find_event{"closing of a ticket", R"(
  select id
  from ticket_entries
  where id = :event
    and ticket_id = :ticket
    and kind = 'event')"};

constexpr Statement find_of_closing{"rating of a closing", R"(
  select good, comment, first_rated_at
  from ticket_ratings
  where closing_id = :event)"};

constexpr Statement find_newest{"newest rating of a ticket", R"(
  select good, comment, first_rated_at
  from ticket_ratings
  where closing_id = (
    select max(closing_id)
    from (
      select closing_id
      from ticket_ratings
      where ticket_id = :ticket
      union all
      select ratings.closing_id
      from tickets
      join ticket_ratings ratings on ratings.ticket_id = tickets.id
      where tickets.merged_into = :ticket) closings))"};

constexpr Statement put_row{"rate a closing", R"(
  insert into ticket_ratings (ticket_id, closing_id, good, comment, first_rated_at, rated_at)
  values (:ticket, :event, :good, :comment, :now, :now)
  on conflict (closing_id) do update
  set good = excluded.good, comment = excluded.comment, rated_at = excluded.rated_at)"};

std::string key_of(const Row& row) {
  auto key = parse_base64(row.text("value")).value_or(std::string());
  if (key.size() != 32) throw DatabaseError("the key of ratings is none");
  return key;
}

std::optional<Rating> rating_of(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return Rating{.good = row->flag("good"),
                .comment = row->text("comment"),
                .first_rated_at = row->instant("first_rated_at")};
}

}  // namespace

std::string require_rating_key(Transaction& tx) {
  if (const auto row = tx.find(find_key)) return key_of(*row);
  tx.execute(insert_key, {{"value", base64(random_bytes(32))}});
  return key_of(tx.require(find_key));
}

std::optional<Closing> find_closing(Transaction& tx, std::string_view code) {
  const auto key = tx.find(find_key);
  const auto closing = key ? read_rating_code(key_of(*key), code) : std::nullopt;
  if (!closing) return std::nullopt;
  const auto row = tx.find(find_event, {{"event", closing->event}, {"ticket", closing->ticket}});
  return row ? closing : std::nullopt;
}

std::optional<Rating> find_rating(Transaction& tx, const Closing& closing) {
  return rating_of(tx.find(find_of_closing, {{"event", closing.event}}));
}

std::optional<Rating> find_newest_rating(Transaction& tx, TicketId ticket) {
  return rating_of(tx.find(find_newest, {{"ticket", ticket}}));
}

void put_rating(Transaction& tx, const Closing& closing, const NewRating& rating) {
  tx.execute(put_row, {{"ticket", closing.ticket},
                       {"event", closing.event},
                       {"good", rating.good},
                       {"comment", rating.comment},
                       {"now", tx.now()}});
}

}  // namespace cstims
