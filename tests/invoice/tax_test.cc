#include "invoice/tax.h"

#include "account/billing_store.h"
#include "base/iban.h"
#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/invoice_audit.h"
#include "invoice/invoice_document.h"
#include "invoice/rectification_actions.h"
#include "service/tax_rate_store.h"
#include "support/pdf_reading.h"
#include "support/world.h"

namespace cstims::test {
namespace {

void tax_ada(World& world, const TaxTreatment& treatment) {
  world.database().write([&](Transaction& tx) { update_tax_treatment(tx, UserId(1), treatment); });
}

void add_rate(World& world, const std::string& name, Date from, std::int64_t points) {
  world.database().write([&](Transaction& tx) {
    insert_tax_rate(tx, {name, from, TaxRate::basis_points(points)}, std::nullopt);
  });
}

std::string document_of(World& world, InvoiceId id) {
  return ensure_invoice_document({world.database(), world.renderer(), world.site()}, id);
}

DATABASE_SENTENCE(tax, "the rate of the day on which the price falls due holds") {
  add_rate(world, "standard", Date(2026, 2, 1), 2200);
  place_order(world, {.billing = "100 €/mo", .activated_on = Date(2026, 1, 20)});
  const auto ran = run(world);  // 20 January and 20 February fall due
  ASSERT_EQ(ran.invoices.size(), 2u);
  EXPECT_EQ(ran.invoices[0].total.show(), "121.00 €");
  EXPECT_EQ(ran.invoices[1].total.show(), "122.00 €");
}

DATABASE_SENTENCE(tax, "a service is taxed with the rate it names, others stay") {
  add_rate(world, "reduced", Date(2012, 9, 1), 1000);
  const auto order = place_order(world, {.billing = "100 €/mo"});
  execute(world, "update services set tax_name = 'reduced'");
  const auto ran = run(world);
  EXPECT_EQ(ran.invoices.at(0).total.show(), "110.00 €");
  EXPECT_TRUE(ran.result.faults.empty()) << order.number();
}

DATABASE_SENTENCE(tax, "an order whose rate does not hold yet is a fault that is named, not 0 %") {
  add_rate(world, "later", Date(2027, 1, 1), 1000);
  place_order(world, {.billing = "100 €/mo"});
  execute(world, "update services set tax_name = 'later'");
  const auto ran = run(world);
  EXPECT_TRUE(ran.invoices.empty());
  ASSERT_EQ(ran.result.faults.size(), 1u);
  EXPECT_TRUE(ran.result.faults[0].contains("no tax rate")) << ran.result.faults[0];
}

DATABASE_SENTENCE(tax, "reverse charge: no tax, and the words the law asks for, for good") {
  tax_ada(world, {TaxStatus::reverse_charge});
  place_order(world, {.billing = "100 €/mo"});
  const auto invoice = invoice_of(world, run(world).invoices.at(0).id.value());
  EXPECT_EQ(invoice.total.show(), "100.00 €");
  EXPECT_EQ(invoice.tax_status, TaxStatus::reverse_charge);
  tax_ada(world, {TaxStatus::domestic});
  const auto text = text_of_pdf(document_of(world, invoice.id));
  EXPECT_TRUE(text.contains("Inversión del sujeto pasivo")) << text;
  EXPECT_TRUE(text.contains("Reverse charge")) << text;
  const auto back =
      world.act(world.luca(), [&](Act& act) { return rectify_whole(act, invoice.id, "Undone"); });
  EXPECT_EQ(invoice_of(world, back.value()).tax_note, invoice.tax_note)
      << "though the client is taxed here today";
  EXPECT_EQ(audit_invoices(world.database()), std::vector<std::string>());
}

DATABASE_SENTENCE(tax, "who is not taxed here is not charged tax by hand either") {
  tax_ada(world, {TaxStatus::exempt, "art. 20.Uno.9.º Ley 37/1992"});
  const auto draft = [&](const std::string& rate) {
    return world
        .act(world.root(),
             [&](Act& act) {
               return create_draft(act, draft_of(UserId(1), {{"Course", "1", "10", rate}}));
             })
        .value();
  };
  const auto issue = [&](InvoiceId id) {
    return world.act(world.root(), [&](Act& act) { return issue_invoice(act, id); });
  };
  EXPECT_FALSE(issue(draft("21")));
  const auto invoice = issue(draft("0")).value();
  EXPECT_EQ(invoice.tax_note, "Operación exenta / Exempt: art. 20.Uno.9.º Ley 37/1992");
}

DATABASE_SENTENCE(tax, "what an invoice froze about tax and payment never changes") {
  issue_sample(world);
  for (const auto* statement :
       {"update invoices set tax_status = 'exempt'", "update invoices set tax_note = 'x'",
        "update invoices set payment_code = 'x'"}) {
    EXPECT_THROW(execute(world, statement), DatabaseError) << statement;
  }
}

DATABASE_SENTENCE(document, "its payment code is read from the page, byte by byte") {
  world.site().iban = parse_iban("ES91 2100 0418 4502 0005 1332").value();
  world.site().bic = "CAIXESBBXXX";
  world.site().account_holder = "ARFNET – Señor Ñandú";
  const auto invoice = issue_sample(world);
  const auto bytes = document_of(world, invoice.id);
  EXPECT_EQ(codes_of_pdf(bytes),
            "BCD\n002\n1\nSCT\nCAIXESBBXXX\nARFNET – Señor Ñandú\nES9121000418450200051332\n"
            "EUR12.10\n\n\nF2026-000001");
  const auto text = text_of_pdf(bytes);
  EXPECT_TRUE(text.contains("ES91 2100 0418 4502 0005 1332")) << text;
  EXPECT_TRUE(text.contains("Reference: F2026-000001")) << text;
  EXPECT_EQ(faults_of_pdf(bytes), "");
}

DATABASE_SENTENCE(document, "there is no payment code without an account, nor on a credit note") {
  EXPECT_EQ(issue_sample(world).payment_code, "");
  world.site().iban = "ES9121000418450200051332";
  world.site().account_holder = "ARFNET";
  const auto invoice = issue_sample(world);
  EXPECT_NE(invoice.payment_code, "");
  const auto back =
      world.act(world.luca(), [&](Act& act) { return rectify_whole(act, invoice.id, "Undone"); });
  EXPECT_EQ(invoice_of(world, back.value()).payment_code, "");
}

DATABASE_SENTENCE(document, "the same rows make the same bytes") {
  world.site().iban = "ES9121000418450200051332";
  world.site().account_holder = "ARFNET";
  const auto invoice = issue_sample(world);
  const DocumentParts parts{world.database(), world.renderer(), world.site()};
  const auto draw = [&] {
    const auto printed = world.database().read(
        [&](Transaction& tx) { return load_printed_invoice(tx, invoice.id); });
    return render_pdf(describe_invoice(printed, parts));
  };
  const auto first = draw();
  world.clock().advance(std::chrono::hours(48));
  EXPECT_EQ(draw(), first);
}

}  // namespace
}  // namespace cstims::test
