#include "invoice/order_hours.h"

#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "support/world.h"

namespace cstims::test {
namespace {

SENTENCE(order_hours, "the price of an hour follows from the billing term") {
  const auto hour = [](std::string_view term) {
    const auto price = price_of_hour(ResolvedTerm::parse(term, Currency::eur()).value());
    return price ? price->text() : "none";
  };
  EXPECT_EQ(hour("0.0069 €/h"), "0.0069");
  EXPECT_EQ(hour("24 €/d"), "1");
  EXPECT_EQ(hour("168 €/w"), "1");
  EXPECT_EQ(hour("730 €/mo"), "1");
  EXPECT_EQ(hour("8760 €/y"), "1");
  EXPECT_EQ(hour("5 €/mo"), "0.006849");  // 60 / 8760
  EXPECT_EQ(hour("25 € once"), "none");
  EXPECT_EQ(hour("free"), "none");
}

DATABASE_SENTENCE(order_hours, "a manual invoice names an order and a quantity of hours") {
  const auto order = place_order(world, {.billing = "0.50 €/h"});
  const auto write = [&](UserId client, const std::string& number, const std::string& hours) {
    FormData form;
    form.fields = {{"client", client.text()}, {"order", number}, {"hours", hours}};
    const auto draft = parse_invoice_draft(form, Currency::eur());
    if (!draft) return Result<InvoiceId>(std::unexpected(draft.error()));
    return world.act(world.root(), [&](Act& act) { return create_draft(act, *draft); });
  };
  const auto id = write(UserId(1), order.text(), "7.5").value();
  const auto line = lines_of(world, id).at(0);
  EXPECT_EQ(line.net.show(), "3.75 €");
  EXPECT_EQ(line.order, order);
  EXPECT_EQ(line.tax_rate.points(), 2100);
  EXPECT_EQ(line.description, "Small VPS – web");
  EXPECT_TRUE(write(UserId(2), order.text(), "1").error().find("order")) << "it is ada's";
  EXPECT_TRUE(write(UserId(1), "99", "1").error().find("order"));
  EXPECT_TRUE(write(UserId(1), "", "1").error().find("order"));
  EXPECT_TRUE(write(UserId(1), order.text(), "").error().find("hours"));
  EXPECT_TRUE(write(UserId(1), order.text(), "0").error().find("hours"));
  EXPECT_TRUE(write(UserId(1), order.text(), "0.001").error().find("hours"));
}

}  // namespace
}  // namespace cstims::test
