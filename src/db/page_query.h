// One page of a long list and how many rows there are, both from the same conditions. The total is
// counted only when it is shown, only as far as it is told, and not at all when the page itself
// shows that it is the last.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/listing.h"
#include "db/database.h"

namespace cstims {

struct PageQuery {
  std::string_view name;  // "tickets": for logs and timings
  std::string rows;       // the whole select, with `limit :limit offset :offset`
  std::string counted;    // its "from … where …"
  Parameters parameters;  // of both, without limit and offset
};

Page<Row> select_page(Transaction& tx, const Listing& listing, const PageQuery& query);

/// With each row read by `read`.
template <typename Read>
auto select_page(Transaction& tx, const Listing& listing, const PageQuery& query, Read&& read) {
  auto found = select_page(tx, listing, query);
  Page<decltype(read(found.rows.front()))> page{
      .rows = {}, .total = found.total, .more_than_counted = found.more_than_counted};
  page.rows.reserve(found.rows.size());
  for (const auto& row : found.rows) page.rows.push_back(read(row));
  return page;
}

}  // namespace cstims
