#include "invoice/invoice_document.h"

#include <fmt/format.h>

#include <thread>

#include "base/failure.h"
#include "base/secret.h"
#include "invoice/books.h"
#include "invoice/invoice_actions.h"
#include "invoice/rectification_actions.h"
#include "support/pdf_reading.h"
#include "support/world.h"

namespace cstims::test {
namespace {

std::string document_of(World& world, InvoiceId id) {
  return ensure_invoice_document({world.database(), world.renderer(), world.site()}, id);
}

void rename_ada(World& world, const std::string& name) {
  world.database().write([&](Transaction& tx) {
    tx.execute(Statement{"rename", "update users set billing_name = :name where id = 1"},
               {{"name", name}});
  });
}

DATABASE_SENTENCE(document, "it shows all that an invoice must show") {
  world.database().write([](Transaction& tx) {
    tx.execute(Statement{"details", R"(update users set billing_name = 'Ada Lovelace',
      billing_address = '12 St James''s Square', billing_country = 'GB',
      billing_tax_number = 'GB123456789' where id = 1)"});
  });
  const auto invoice =
      issue_sample(world, UserId(1), {{"Work", "2.5", "40", "21"}, {"Book", "1", "10", "4"}});
  const auto bytes = document_of(world, invoice.id);
  const auto text = text_of_pdf(bytes);
  for (const auto* words : {"F2026-000001",
                            "10 Mar 2026",
                            "24 Mar 2026",
                            "ARFNET",
                            "ES B12345678",
                            "Ada Lovelace",
                            "12 St James's Square",
                            "GB123456789",
                            "Work",
                            "2.5",
                            "40.00 €",
                            "100.00 €",
                            "21 %",
                            "4 %",
                            "Tax 21 % on 100.00 €",
                            "21.00 €",
                            "Tax 4 % on 10.00 €",
                            "0.40 €",
                            "131.40 €",
                            "Bank transfer to ES91",
                            "Page 1 of 1"}) {
    EXPECT_TRUE(text.contains(words)) << words << " in\n" << text;
  }
  EXPECT_EQ(count_of("131.40 €", text), 1);
  EXPECT_EQ(faults_of_pdf(bytes), "");
}

DATABASE_SENTENCE(document,
                  "ancestor: pdf-with-html: it is a PDF from its first byte to its last") {
  const auto bytes = document_of(world, issue_sample(world).id);
  EXPECT_TRUE(bytes.starts_with("%PDF-1."));
  EXPECT_TRUE(bytes.ends_with("%%EOF\n"));
  EXPECT_FALSE(bytes.contains("<html"));
}

DATABASE_SENTENCE(document, "once drawn it stays: names, prices, site and clock may change") {
  const auto invoice = issue_sample(world);
  const auto first = document_of(world, invoice.id);
  rename_ada(world, "Somebody Else");
  world.site().seller = "Another Ltd";
  world.site().name = "Another";
  world.site().tax_rate = TaxRate::basis_points(0);
  world.clock().advance(std::chrono::hours(24 * 400));
  EXPECT_EQ(document_of(world, invoice.id), first);
  EXPECT_EQ(count_rows(world, "invoice_documents"), 1);
}

DATABASE_SENTENCE(document, "drawn late it still shows the client and seller of the issue") {
  rename_ada(world, "Ada Lovelace");
  const auto invoice = issue_sample(world);
  rename_ada(world, "Somebody Else");
  world.site().seller = "Another Ltd";
  const auto text = text_of_pdf(document_of(world, invoice.id));
  EXPECT_TRUE(text.contains("Ada Lovelace")) << text;
  EXPECT_TRUE(text.contains("ES B12345678")) << text;
  EXPECT_FALSE(text.contains("Somebody Else")) << text;
  EXPECT_FALSE(text.contains("Another Ltd")) << text;
}

DATABASE_SENTENCE(document, "of several that draw it at once one stays, and all get that one") {
  const auto invoice = issue_sample(world);
  world.renderer();
  std::vector<std::string> drawn(4);
  std::vector<std::thread> threads;
  for (auto& bytes : drawn) {
    threads.emplace_back([&] { bytes = document_of(world, invoice.id); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& bytes : drawn) EXPECT_EQ(bytes, drawn[0]);
  EXPECT_EQ(count_rows(world, "invoice_documents"), 1);
}

DATABASE_SENTENCE(document, "a client's name is text on it, whatever it tries to be") {
  for (const auto* name :
       {")Tj (PAID", "<img src=file:///etc/passwd>", "\\", "株式会社 東京都", "Ωμέγα Жук"}) {
    rename_ada(world, name);
    const auto bytes = document_of(world, issue_sample(world).id);
    const auto text = text_of_pdf(bytes);
    EXPECT_TRUE(text.contains(name)) << name << " in\n" << text;
    EXPECT_EQ(count_of("12.10 €", text), 1);
    EXPECT_EQ(faults_of_pdf(bytes), "");
  }
}

DATABASE_SENTENCE(document, "many lines take several pages and the total stands once") {
  for (int i = 0; i < 60; ++i) place_order(world, {.name = fmt::format("vps{:03}", i)});
  const auto ran = run(world);
  ASSERT_EQ(ran.invoices.size(), 1u);
  const auto bytes = document_of(world, *ran.invoices[0].id);
  const auto text = text_of_pdf(bytes);
  EXPECT_GT(pages_of_pdf(bytes), 2);
  EXPECT_EQ(count_of("726.00 €", text), 1);
  EXPECT_TRUE(text.contains("vps000"));
  EXPECT_TRUE(text.contains("vps059"));
}

DATABASE_SENTENCE(document, "a rectifying invoice names the original, the reason and its sign") {
  const auto original = issue_sample(world);
  const auto id =
      world.act(world.luca(), [&](Act& act) { return rectify_whole(act, original.id, "Too dear"); })
          .value();
  const auto text = text_of_pdf(document_of(world, id));
  for (const auto* words : {"Rectifying invoice", "R2026-000001", "F2026-000001, 10 Mar 2026",
                            "Too dear", "-12.10 €", "-1"}) {
    EXPECT_TRUE(text.contains(words)) << words << " in\n" << text;
  }
}

DATABASE_SENTENCE(document, "a draft has none") {
  const auto id =
      world.act(world.root(), [&](Act& act) { return create_draft(act, draft_of(UserId(1))); });
  EXPECT_THROW(document_of(world, id.value()), NotFound);
  EXPECT_THROW(document_of(world, InvoiceId(99)), NotFound);
}

DATABASE_SENTENCE(document, "the stored digest is that of the bytes, and damage is noticed") {
  const auto invoice = issue_sample(world);
  const auto bytes = document_of(world, invoice.id);
  EXPECT_EQ(
      number_of(world, fmt::format("select count(*) from invoice_documents where sha256 = '{}'",
                                   sha256_hex(bytes))),
      1);
  const bool sqlite = world.database().engine() == Engine::sqlite;
  execute(world, sqlite ? "drop trigger invoice_documents_stay"
                        : "alter table invoice_documents disable trigger user");
  execute(world, "update invoice_documents set content = 'AAAA'");
  EXPECT_THROW(document_of(world, invoice.id), Failure);
  if (!sqlite) execute(world, "alter table invoice_documents enable trigger user");
}

}  // namespace
}  // namespace cstims::test
