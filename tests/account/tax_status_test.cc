#include "account/tax_status.h"

#include "account/account_actions.h"
#include "account/user_store.h"
#include "base/failure.h"
#include "support/world.h"

namespace cstims::test {
namespace {

using enum TaxStatus;

BillingDetails in(std::string country, std::string number = {}) {
  return {
      .name = "x", .address = {}, .country = std::move(country), .tax_number = std::move(number)};
}

SENTENCE(tax_status,
         "a business elsewhere in the EU gets reverse charge by its country and number") {
  struct Case {
    TaxStatus before;
    BillingDetails details;
    TaxStatus after;
  };
  const std::vector<Case> cases{
      {domestic, in("DE", "DE136695976"), reverse_charge},
      {domestic, in("DE"), domestic},  // a consumer
      {domestic, in("ES", "B58378431"), domestic},
      {domestic, in("US", "123"), domestic},  // staff say so when it is outside
      {domestic, in(""), domestic},
      {reverse_charge, in("DE"), domestic},
      {reverse_charge, in("ES", "B58378431"), domestic},
      {reverse_charge, in("FR", "FR40303265045"), reverse_charge},
      {outside_eu, in("DE", "DE136695976"), outside_eu},
      {exempt, in("ES"), exempt},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(tax_status_after(one.before, one.details, "ES"), one.after)
        << text(one.before) << " " << one.details.country;
  }
  EXPECT_EQ(tax_status_after(domestic, in("ES", "B58378431"), "DE"), reverse_charge);
}

SENTENCE(tax_status, "staff give a status only with what it needs") {
  EXPECT_TRUE(check_tax_treatment({reverse_charge}, in("DE", "DE136695976"), "ES"));
  EXPECT_TRUE(check_tax_treatment({outside_eu}, in("CH"), "ES"));
  EXPECT_TRUE(check_tax_treatment({exempt, "art. 20.Uno.9.º"}, in("ES"), "ES"));
  EXPECT_TRUE(check_tax_treatment({}, in(""), "ES"));
  const auto field = [](const Result<void>& result) {
    return result ? "" : result.error().items.at(0).field;
  };
  EXPECT_EQ(field(check_tax_treatment({reverse_charge}, in("DE"), "ES")), "billing_tax_number");
  EXPECT_EQ(field(check_tax_treatment({reverse_charge}, in("ES", "B58378431"), "ES")),
            "tax_status");
  EXPECT_EQ(field(check_tax_treatment({outside_eu}, in("FR"), "ES")), "tax_status");
  EXPECT_EQ(field(check_tax_treatment({outside_eu}, in(""), "ES")), "tax_status");
  EXPECT_EQ(field(check_tax_treatment({exempt}, in("ES"), "ES")), "tax_exemption");
}

SENTENCE(tax_status, "a wrong number is refused at its field with what is wrong") {
  FormData form;
  form.fields = {{"billing_name", "Acme"},
                 {"billing_address", ""},
                 {"billing_country", "es"},
                 {"billing_tax_number", "B58378432"}};
  const auto refused = parse_billing_details(form);
  ASSERT_FALSE(refused);
  ASSERT_TRUE(refused.error().find("billing_tax_number"));
  EXPECT_TRUE(refused.error().find("billing_tax_number")->english().contains("check digit"));
  form.fields["billing_tax_number"] = "es-B58378431";
  EXPECT_EQ(parse_billing_details(form).value().tax_number, "B58378431");
}

DATABASE_SENTENCE(tax_status,
                  "clients change their details, staff also the status, others nothing") {
  const auto of_ada = [&] {
    return world.database().read([](Transaction& tx) { return require_user(tx, UserId(1)); });
  };
  world.act(world.ada(), [](Act& act) {
    change_billing_details(act, in("DE", "DE136695976"));
    return 0;
  });
  EXPECT_EQ(of_ada().tax_status, reverse_charge);
  const ClientBilling exempted{in("ES"), {exempt, "art. 20"}};
  for (const auto& viewer : {world.ada(), world.grace(), Viewer::nobody()}) {
    EXPECT_THROW(world.act(viewer,
                           [&](Act& act) {
                             set_client_billing(act, UserId(1), exempted);
                             return 0;
                           }),
                 Forbidden);
  }
  world.act(world.luca(), [&](Act& act) {
    set_client_billing(act, UserId(1), exempted);
    return 0;
  });
  EXPECT_EQ(of_ada().tax_status, exempt);
  EXPECT_EQ(of_ada().tax_exemption, "art. 20");
}

}  // namespace
}  // namespace cstims::test
