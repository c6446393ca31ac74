#include "service/tax_rates.h"

#include "base/failure.h"
#include "service/service_actions.h"
#include "service/tax_rate_pages.h"
#include "service/tax_rate_store.h"
#include "support/person.h"
#include "support/world.h"

namespace cstims::test {
namespace {

TaxRate percent(std::int64_t points) {
  return TaxRate::basis_points(points);
}

const TaxRates spain({{"reduced", Date(2012, 9, 1), percent(1000)},
                      {"standard", Date(2010, 7, 1), percent(1800)},
                      {"standard", Date(2012, 9, 1), percent(2100)}},
                     percent(1600));

SENTENCE(tax_rates, "the newest rate of its name that holds on the day counts") {
  EXPECT_EQ(spain.find("standard", Date(2012, 8, 31)), percent(1800));
  EXPECT_EQ(spain.find("standard", Date(2012, 9, 1)), percent(2100));
  EXPECT_EQ(spain.find("standard", Date(2030, 1, 1)), percent(2100));
  EXPECT_EQ(spain.find("standard", Date(2009, 1, 1)), percent(1600)) << "the setting";
  EXPECT_EQ(spain.find("reduced", Date(2012, 8, 31)), std::nullopt);
  EXPECT_EQ(spain.find("unknown", Date(2030, 1, 1)), std::nullopt);
  EXPECT_THROW((void)spain.require("unknown", Date(2030, 1, 1)), Failure);
}

SENTENCE(tax_rates, "rates only follow each other, and never change what was billed") {
  const Date today(2026, 3, 10);
  EXPECT_TRUE(may_add(spain, {"standard", Date(2027, 1, 1), percent(2200)}, today));
  EXPECT_TRUE(may_add(spain, {"standard", today, percent(2200)}, today));
  EXPECT_FALSE(may_add(spain, {"standard", Date(2026, 3, 9), percent(2200)}, today));
  EXPECT_FALSE(may_add(spain, {"standard", Date(2012, 9, 1), percent(2200)}, today));
  EXPECT_TRUE(may_add(spain, {"super reduced", Date(2012, 9, 1), percent(400)}, today));
}

constexpr std::array routes{
    Route{"GET", "/taxrates", Who::accountant, list_tax_rates_page},
    Route{"POST", "/taxrates", Who::accountant, create_tax_rate, Body::form},
};

DATABASE_SENTENCE(tax_rates, "an accountant adds a rate on the page, and nobody changes it") {
  Person luca{world, routes, world.luca()};
  EXPECT_TRUE(luca.get("/taxrates").body.contains("everything is taxed at 21 %"));
  const Fields fields{{"name", "Standard"}, {"valid_from", "2026-04-01"}, {"rate", "22"}};
  EXPECT_EQ(luca.post("/taxrates", fields).status, 303);
  EXPECT_TRUE(luca.get("/taxrates").body.contains("to come"));
  EXPECT_EQ(luca.post("/taxrates", fields).status, 422);
  EXPECT_EQ(
      luca.post("/taxrates", {{"name", "x"}, {"valid_from", "2026-04-01"}, {"rate", "x"}}).status,
      422);
  Person grace{world, routes, world.grace()};
  EXPECT_EQ(grace.get("/taxrates").status, 403);
  for (const auto* statement : {"update tax_rates set rate = 0", "delete from tax_rates"}) {
    EXPECT_THROW(world.database().write([&](Transaction& tx) {
      tx.execute(Statement{"test", statement});
    }),
                 DatabaseError)
        << statement;
  }
}

DATABASE_SENTENCE(tax_rates, "a service names a rate that there is") {
  FormData form;
  form.fields = {
      {"name", "Books"}, {"type", "standard"}, {"billing", "5 €/mo"}, {"tax", "reduced"}};
  const auto edit = parse_service(form, Currency::eur()).value();
  const auto add = [&] {
    return world.act(world.root(), [&](Act& act) { return add_service(act, edit); });
  };
  const auto refused = add();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().find("tax"));
  world
      .act(world.luca(),
           [](Act& act) {
             return add_tax_rate(act, {"reduced", Date(2012, 9, 1), percent(1000)});
           })
      .value();
  const auto id = add().value();
  const auto names = world.database().read([](Transaction& tx) { return list_tax_names(tx); });
  EXPECT_EQ(names.at(id), "reduced");
}

}  // namespace
}  // namespace cstims::test
