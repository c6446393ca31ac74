#include "order/order.h"

#include <algorithm>

#include "base/failure.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

Date date(std::string_view text) {
  return Date::parse(text).value();
}

DatedTerm dated(std::string_view from, std::string_view term) {
  return {.from = date(from), .term = ResolvedTerm::stored(term)};
}

}  // namespace

SENTENCE(order, "only the edges of the table lead from one status to another") {
  using enum OrderStatus;
  const std::vector<std::pair<OrderStatus, OrderStatus>> edges = {
      {setting_up, active}, {setting_up, ended}, {active, suspended},
      {active, ended},      {suspended, active}, {suspended, ended}};
  for (const auto from : {setting_up, active, suspended, ended}) {
    for (const auto to : {setting_up, active, suspended, ended}) {
      const bool edge = std::ranges::find(edges, std::pair(from, to)) != edges.end();
      EXPECT_EQ(may_become(from, to), edge) << text(from) << " → " << text(to);
    }
    EXPECT_EQ(parse_order_status(text(from)), from);
  }
  EXPECT_EQ(parse_order_status("paid"), std::nullopt);
}

SENTENCE(
    order,
    "ancestor: own-price: the order form has no price, and a form that brings one is refused") {
  const std::map<std::string, std::string, std::less<>> fields = {{"service", "1"},
                                                                  {"name", "web"}};
  EXPECT_TRUE(parse_new_order({fields, {}}));
  for (const std::string name :
       {"billing", "price", "status", "client", "client_id", "notes", "id"}) {
    auto more = fields;
    more.emplace(name, "0.01 €/mo");
    EXPECT_THROW((void)parse_new_order({more, {}}), BadRequest) << name;
  }
}

SENTENCE(order, "an order needs a service and a name") {
  EXPECT_EQ(parse_new_order({{}, {}}).error().english(),
            "service: Fill this in.; name: Fill this in.");
  EXPECT_FALSE(parse_new_order({{{"service", "1"}, {"name", std::string(101, 'x')}}, {}}));
  EXPECT_FALSE(parse_new_order({{{"service", "1"}, {"name", "x"}, {"period", "fortnight"}}, {}}));
  EXPECT_FALSE(parse_new_order({{{"service", "-1"}, {"name", "x"}}, {}}));
}

SENTENCE(order, "a later term takes the place of those from its day on") {
  const std::vector<DatedTerm> terms = {dated("2026-01-31", "5 €/mo"),
                                        dated("2026-03-31", "6 €/mo")};
  EXPECT_EQ(change_terms(terms, dated("2026-04-30", "7 €/mo")),
            (std::vector{terms[0], terms[1], dated("2026-04-30", "7 €/mo")}));
  EXPECT_EQ(change_terms(terms, dated("2026-03-31", "7 €/mo")),
            (std::vector{terms[0], dated("2026-03-31", "7 €/mo")}));
  EXPECT_EQ(change_terms(terms, dated("2026-01-31", "7 €/mo")),
            (std::vector{dated("2026-01-31", "7 €/mo")}));
  EXPECT_EQ(change_terms(terms, dated("2026-01-01", "7 €/mo")),
            (std::vector{dated("2026-01-31", "7 €/mo")}));
}
