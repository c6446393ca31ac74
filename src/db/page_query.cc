#include "db/page_query.h"

#include <fmt/format.h>

#include <algorithm>

namespace cstims {

namespace {

/// To step over rows takes less than half the time of counting them: the lists that would take
/// longest are told apart first.
std::int64_t count(Transaction& tx, const Listing& listing, const PageQuery& query) {
  const auto name = fmt::format("{} counted", query.name);
  const int most = listing.count_limit() - 1;
  const auto beyond = fmt::format("select 1 as one {} limit 1 offset {}", query.counted, most);
  if (!tx.select_built(name, beyond, query.parameters).empty()) return most + 1;
  const auto text = fmt::format(
      "select count(*) as total from (select 1 as one {} limit {}) counted", query.counted, most);
  return tx.select_built(name, text, query.parameters).at(0).number("total");
}

}  // namespace

Page<Row> select_page(Transaction& tx, const Listing& listing, const PageQuery& query) {
  auto parameters = query.parameters;
  parameters.push_back({"limit", listing.limit()});
  parameters.push_back({"offset", listing.offset()});
  Page<Row> page{.rows = tx.select_built(query.name, query.rows, parameters)};
  const auto here = static_cast<std::int64_t>(page.rows.size());
  const bool is_last = here < listing.limit() && (here > 0 || listing.offset() == 0);
  const auto total =
      is_last || !listing.counting ? listing.offset() + here : count(tx, listing, query);
  page.more_than_counted = total > Listing::most_counted;
  page.total = std::min<std::int64_t>(total, Listing::most_counted);
  return page;
}

}  // namespace cstims
